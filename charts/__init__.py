"""Frames in, figures out. `palette` is the only place with a colour."""
