"""Trình chiếu: a script of screens for a meeting room, moved by keys, a clicker or a finger."""

from ui import frame
from ui.meeting.build import build_screen
from ui.meeting.draw import draw_screen
from ui.meeting.screens import CHOICES


def draw(page: frame.Frame) -> None:
    draw_screen(page, build_screen(page, page.choice("screen")))


frame.show("meeting", draw, CHOICES)
