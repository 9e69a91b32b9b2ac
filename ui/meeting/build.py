"""Every screen by its name, and all of them in order: for the page and for slides."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ui.frame import Frame
from ui.meeting import screens
from ui.meeting.facts import Meeting, load_meeting
from ui.meeting.lists import build_behind, build_ranking
from ui.meeting.nation import build_map, build_nation
from ui.meeting.news import build_changed, build_province
from ui.meeting.screens import SCREENS, MeetingScreen

BUILDERS: Mapping[str, Callable[[Meeting], MeetingScreen]] = {
    screens.NATION_SCREEN: build_nation,
    screens.MAP: build_map,
    screens.RANKING: build_ranking,
    screens.BEHIND: build_behind,
    screens.CHANGED: build_changed,
    screens.PROVINCE: build_province,
}


def build_screen(page: Frame, name: str) -> MeetingScreen:
    return BUILDERS[name](load_meeting(page))


def build_script(page: Frame) -> list[MeetingScreen]:
    """All screens in the order in which they are shown."""
    meeting = load_meeting(page)
    return [BUILDERS[name](meeting) for name in SCREENS]
