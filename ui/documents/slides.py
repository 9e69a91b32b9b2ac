"""The meeting script as a presentation (PPTX): maps as sharp pictures, and notes for the speaker with source and method."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from charts import palette
from charts.coverage_map.picture import Picture, draw_picture
from indicators.classes import NOT_APPLICABLE
from reports.figure import draw_png
from reports.slides import write_slides
from ui.documents.map_drawing import find_file
from ui.frame import Frame
from ui.map_frame import build_map_frame
from ui.meeting import screens
from ui.meeting.build import build_script
from ui.meeting.facts import at_place
from ui.meeting.screens import MapPart, MeetingScreen
from ui.meeting.slides import make_slides
from ui.takeaway.offers import SLIDES, NothingToTake, Offer
from ui.view import write_params

# The drawing is made small and set large: its names are then readable from the last row, and only the archipelagos have
# boxes, as on the wall (decision 38).
MAP_WIDTH, MAP_HEIGHT = 300.0, 275.0
MAP_SCALE = 2.4  # of the drawing's points to those of the picture: 1.920 pixels
METHODS: dict[str, Sequence[str]] = {
    screens.NATION_SCREEN: ("coverage", "communes_met", "districts_met", "still_to_enrol"),
    screens.MAP: ("communes_met", "still_to_enrol"),
    screens.RANKING: ("coverage", "communes_met"),
    screens.BEHIND: ("coverage", "still_to_enrol"),
    screens.CHANGED: ("coverage",),
    screens.PROVINCE: ("coverage", "communes_met", "still_to_enrol"),
}
RULES: dict[str, Sequence[str]] = {
    screens.RANKING: ("meeting.notes_ties",),
    screens.BEHIND: ("pace.rule", "pace.now_rule", "pace.needed_rule"),
}


def make_deck(page: Frame, ending: str = "pptx") -> bytes:
    """The presentation of the page's View. NothingToTake where no screen has anything to show."""
    script = [screen for screen in build_script(page) if has_content(screen)]
    if not script:
        raise NothingToTake
    slides = make_slides(script, lambda part: draw_part(page, part), lambda screen: say_notes(page, screen))
    title = page.words.say("meeting.deck_title", period=page.formats.month(page.view.period))
    return write_slides(slides, title=title, lang=page.view.lang)


def has_content(screen: MeetingScreen) -> bool:
    return bool(screen.number or screen.figures or screen.rows or screen.lines or screen.map)


def draw_part(page: Frame, part: MapPart) -> bytes | None:
    """The map of a screen in its own colours; None where the outlines are missing."""
    place = at_place(page, part.unit)
    frame = build_map_frame(place, part.sentence)
    if frame is None:
        return None
    colours = np.full(256, "", dtype=object)
    for entry in part.key:
        colours[list(entry.codes)] = entry.colour
    colours[NOT_APPLICABLE] = palette.MAP["land"]
    found = colours[frame.classes]
    if frame.focus:
        outside = np.ones(len(found), dtype=bool)
        outside[list(frame.focus)] = False
        found[outside] = palette.MAP["neighbour"]
    picture = Picture(
        find_file(frame.files["scope_outlines"] or frame.files["outlines"]),
        [colour or None for colour in found],
        page.words.section("map.insets"),
        background=find_file(frame.files["background"]),
        focus=frame.focus,
    )
    svg = draw_picture(picture, MAP_WIDTH, MAP_HEIGHT, part.sentence)
    return draw_png(svg, MAP_WIDTH * MAP_SCALE, alt=part.sentence, lang=page.view.lang)


def say_notes(page: Frame, screen: MeetingScreen) -> str:
    """What to say, what is measured and how, where the figures come from, and which screen this is."""
    words = page.words
    lines = [screen.title, screen.subtitle, *screen.notes, "", words.say("meeting.notes_method")]
    lines += [say_method(page, name) for name in METHODS[screen.name]]
    lines += [words.say(key) for key in RULES.get(screen.name, ())]
    lines += ["", words.say("meeting.notes_source"), screen.caption]
    if screen.mark:
        lines.append(words.say("meeting.notes_simulated"))
    view = page.view.change(screen=screen.name)
    address = "&".join(f"{name}={value}" for name, value in write_params(view, page.catalogue).items())
    lines.append(words.say("meeting.notes_screen", address=f"/meeting?{address}", snapshot=page.snapshot_id))
    return "\n".join(lines)


def say_method(page: Frame, name: str) -> str:
    """ "Tỷ lệ bao phủ BHYT = số người có thẻ … ÷ dân số …", from the definitions; a number of people has no ÷."""
    words, key = page.words, f"indicator.{name}"
    said = {part: words.say(f"{key}.{part}") for part in ("name", "numerator", "denominator")}
    is_number = name in ("still_to_enrol", "uninsured")
    return words.say("meeting.notes_number" if is_number else "meeting.notes_rate", **said)


DECK = Offer(make_deck, SLIDES, "trinh_chieu")
