"""Trình chiếu: a script of screens for a wall. `screens` is what they hold, without any drawing; `draw` draws them."""
