"""What every screen of meeting mode begins with: the nation's frame and figures, the month compared with, caption and mark."""

from __future__ import annotations

from dataclasses import dataclass, replace

from indicators.rules import last_day
from ui import loaders
from ui.captions import name_outlines
from ui.frame import Frame
from ui.home import HomeFacts, HomeWords
from ui.home_facts import load_facts
from ui.meeting.screens import MeetingScreen
from ui.view import NATION
from ui.whats_new import previous_month


@dataclass(frozen=True)
class Meeting:
    """`page` is the reader's, `nation` the same frame at the nation; `since` is None where there is no earlier month."""

    page: Frame
    nation: Frame
    facts: HomeFacts
    since: str | None

    @property
    def said(self) -> HomeWords:
        return HomeWords(self.facts, self.page.words, self.page.formats)

    def say(self, key: str, **values: object) -> str:
        return self.page.words.say(f"meeting.{key}", **values)

    def screen(self, name: str, title: str, **content: object) -> MeetingScreen:
        """A screen with its label; caption and mark are those of the nation unless given."""
        common = {"caption": say_caption(self, self.facts), "mark": say_mark(self, self.facts)}
        return MeetingScreen(name=name, label=self.say(f"screen_{name}"), title=title, **(common | content))

    def without_figures(self, name: str) -> MeetingScreen:
        """A screen that has nothing to show: why, and what to do."""
        return self.screen(name, say_absence(self), caption="", mark="", notes=(self.say("absence_next"),))


def load_meeting(page: Frame) -> Meeting:
    nation = at_place(page, NATION)
    since = page.choice("since") or previous_month(page.catalogue, page.view)
    return Meeting(page, nation, load_facts(nation), since)


def at_place(page: Frame, unit: str) -> Frame:
    """The frame at another place, with the map's plain view: communes, met and not met, nothing marked or filtered."""
    return page.showing(replace(page.view, unit=unit, level="commune", measure="met", selected="", classes="", page=1))


def say_absence(meeting: Meeting) -> str:
    """Why there are no monthly figures."""
    page, programme = meeting.page, meeting.page.view.programme
    if not loaders.snapshot_info().has_figures:
        return meeting.say("absence_store")
    if not page.catalogue.programmes[programme]:
        return meeting.say("absence_months", programme=page.words.say(f"programme.{programme}"))
    return meeting.say("absence_period", period=page.formats.month(page.view.period))


def say_mark(meeting: Meeting, facts: HomeFacts) -> str:
    """The mark of simulated figures, in words; "" where none are."""
    return meeting.say("simulated") if facts.now is not None and facts.now.units_simulated > 0 else ""


def say_caption(meeting: Meeting, facts: HomeFacts, has_map: bool = False) -> str:
    """Source, date, criterion, boundaries, and how many units it covers where some are missing: one line of large type."""
    if facts.now is None:
        return ""
    page, now, formats = meeting.page, facts.now, meeting.page.formats
    outlines = loaders.outlines_of(page.boundary_set)
    rule = facts.threshold
    some = now.units_reported < now.units
    pieces = [
        say_source(meeting, facts),
        formats.day(last_day(page.view.period)),
        meeting.say("caption_rule", legal=rule.legal_basis) if rule else page.words.say("caption.no_threshold"),
        meeting.say("caption_converted") if page.view.boundaries else "",
        meeting.say("caption_units", part=formats.part_of(now.units_reported, now.units)) if some else "",
    ]
    if has_map:
        is_approximate = outlines.get("source", {}).get("approximate", True)
        pieces.append(meeting.say("caption_approximate") if is_approximate else "")
        pieces.append(
            meeting.say("caption_outlines") if "source" not in outlines else name_outlines(outlines, page.words)
        )
    return " · ".join(piece for piece in pieces if piece)


def say_source(meeting: Meeting, facts: HomeFacts) -> str:
    simulated, reported = facts.now.units_simulated, facts.now.units_reported
    if simulated <= 0:
        return meeting.say("source_reported")
    if simulated >= reported:
        return meeting.say("source_simulated")
    return meeting.say("source_mixed", count=meeting.page.formats.count(simulated))
