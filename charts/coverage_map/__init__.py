"""The one map of the screen: what Python sends to it (`message`); the drawing itself is in `assets/`."""
