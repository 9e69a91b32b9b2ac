"""Every colour of the project, and the measures by which they were chosen. No other module writes a colour.

Blue means met, on every page; red/green pairs are banned (colour-blindness). Classes diverge at the threshold. Where no
threshold is in force nothing may look met, so a sequence of one neutral hue takes over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indicators.classes import CARRIED, HELD_BACK, NO_DATA, NOT_APPLICABLE, ClassEdges
from indicators.reclassify import GAINED, LOST, STAYS_MET, STAYS_UNMET

# Diverging palettes: (classes below the threshold, classes from it on), lowest first.
_DIVERGING = {
    "screen": (("#8c2d04", "#cc4c02", "#ec8a2f", "#fcd08a"), ("#a9d3e6", "#3f8fbf", "#0b4a7d")),
    "print": (("#fff4e3", "#fddcae", "#f8bd7f", "#e89c51"), ("#4f93bd", "#2a6a9c", "#0b3c66")),
}
# Purple, neither the orange of "not met" nor the blue of "met"; evenly spaced in lightness, so it prints too.
_SEQUENTIAL = ("#f1e6f6", "#dcc9e6", "#c4a8d4", "#a886bf", "#8b64a7", "#6d448b", "#4b276a")

# Change of a rate, diverging at none: brown falls, green-blue rises; neither the blue of "met" nor its orange.
CHANGE = ("#543005", "#8c510a", "#bf812d", "#e6cf9c", "#cdece7", "#72bdb3", "#2f8c84", "#00514a")
# People still to enrol, as circles: one colour, their size says how many.
PEOPLE = "#a63603"
PRIORITY = {"low_many": "#8c2d04", "near_many": "#ec8a2f", "low_few": "#6b7480", "near_few": "#b4bac2"}

MET = "#0b4a7d"
NOT_MET = "#d9822b"
ABSENCE = {NO_DATA: "#d9d9d9", NOT_APPLICABLE: "#c3ccd6", CARRIED: "#c7c1b0", HELD_BACK: "#b3b3b3"}
STATUS = {
    "met": "#0b4a7d", "on_track": "#6db1d6", "speed_up": "#f2a54a", "slow": "#a63603", "falling": "#a63603",
    "not_met": "#a63603",
}  # fmt: skip

# Lines of compared units: four at most, then the quiet one. Told apart by lightness too, and each labelled at its end.
COMPARED = ("#0b4a7d", "#a63603", "#8b64a7", "#3f8fbf")
QUIET_LINE = "#c3c8ce"
FAN = "rgba(63, 143, 191, 0.22)"

OUTLINE = "#5b5b5b"
SELECTED = "#111111"
SEA = "#f3f7fb"
# Another threshold applied (indicators.reclassify): strong where the status changes, pale where it stays.
RECLASSIFIED = {LOST: "#cc4c02", STAYS_UNMET: "#fcd08a", STAYS_MET: "#a9d3e6", GAINED: "#0b4a7d"}
SIMULATED_MARK = "#d9822b"


@dataclass(frozen=True)
class Ink:
    """The colours of a chart on one ground: text, quiet text, lines, and the two series of the home page."""

    ground: str
    text: str
    muted: str
    grid: str
    coverage: str
    communes_met: str


LIGHT = Ink(
    ground="#ffffff", text="#1d2126", muted="#595959", grid="#e3e6ea", coverage="#0b4a7d", communes_met="#a63603"
)
DARK = Ink(
    ground="#14181e", text="#e8ebee", muted="#b4bac2", grid="#333a44", coverage="#8cc4ea", communes_met="#f2a06a"
)

# Around the figures: the variables of the page's style sheet, and the lines of the map.
PAGE = {
    "ground": LIGHT.ground,
    "ink": LIGHT.text,
    "muted": LIGHT.muted,
    "line": "#d5d9de",
    "edge": "#8a929b",
    "faint": "#767d85",
    "track": "#e9ecef",
    "accent": MET,
    "notice": SIMULATED_MARK,
    "notice-fill": "#fdf3e3",
    "notice-ink": "#8a4b08",
    "error": "#a63603",
    "error-fill": "#fbe9e0",
    "selected-fill": "#eef4f9",
    **{f"priority-{name.replace('_', '-')}": colour for name, colour in PRIORITY.items()},
}
# The same around figures where the reader prefers dark. Figures stand on paper there (`--paper` of ui/style.py): their colours
# are meanings, and a picture of one reads the same whoever took it.
PAGE_DARK = PAGE | {
    "ground": DARK.ground,
    "ink": DARK.text,
    "muted": DARK.muted,
    "line": DARK.grid,
    "edge": "#828b95",
    "faint": "#848c95",
    "track": "#2b323b",
    "accent": DARK.coverage,
    "notice-fill": "#33270f",
    "notice-ink": "#f0b871",
    "error": DARK.communes_met,
    "error-fill": "#3c2118",
    "selected-fill": "#22303d",
}
MAP = {
    "line": OUTLINE,
    "selected": SELECTED,
    "neighbour": "#efefef",
    "neighbour_line": "#c4c4c4",
    "frame": "#8a8a8a",
    "sea": SEA,
    "dimmed": "#ececec",
    "land": "#f1efe9",
}
HATCH = "#b5b5b5"


# A wall lit by the sun shows every colour half-way to grey (`wash_out`): what is written on it must stay readable then.
WALL = {
    "wall-ground": "#ffffff",
    "wall-ink": "#111111",
    "wall-quiet": "#3d3d3d",
    "wall-good": "#0b3c66",
    "wall-bad": "#8c2d04",
    "wall-line": "#8a8a8a",
    "wall-button": "#ffffff",
    "wall-mark": "#ffe2b8",
}
WALL_TEXT = (
    ("wall-ink", "wall-ground"),
    ("wall-quiet", "wall-ground"),
    ("wall-good", "wall-ground"),
    ("wall-bad", "wall-ground"),
    ("wall-ink", "wall-button"),
    ("wall-ink", "wall-mark"),
)
"""Every pair of text and ground that meeting mode writes."""
WALL_MAP = {"met": "#0b3c66", "not_met": "#d9822b", "no_data": "#e3e3e3", "hatch": "#7a7a7a"}
WALL_STEPS = ("#dcc9e6", "#a886bf", "#6d448b", "#4b276a")  # where nothing may look met
WASHED = "#808080"
WALL_INK = Ink(
    ground="#ffffff", text="#111111", muted="#3d3d3d", grid="#c4c4c4", coverage="#0b3c66", communes_met="#8c2d04"
)


def wash_out(colour: str) -> str:
    """A colour as a bad projector in a bright room shows it: half-way to grey."""
    pairs = zip(_bytes(colour), _bytes(WASHED), strict=True)
    return "#" + "".join(f"{(one + other) // 2:02x}" for one, other in pairs)


def _bytes(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[place : place + 2], 16) for place in (1, 3, 5))


def class_colours(edges: ClassEdges, medium: str = "screen") -> tuple[str, ...]:
    """One colour per class, lowest class first. `medium` is "screen" or "print" (black and white).

    Without a threshold in force the neutral sequence is used, so that no class looks met.
    """
    if edges.below_count is None:
        return _spread(_SEQUENTIAL, edges.class_count)
    below, above = _DIVERGING[medium]
    return _spread(below, edges.below_count) + _spread(above, edges.class_count - edges.below_count)


def binary_colours() -> dict[int, str]:
    """Colours of the met / not met map, by `met_status`: 1, 0 and -1 (unknown)."""
    return {1: MET, 0: NOT_MET, -1: ABSENCE[NO_DATA]}


def byte_colours(edges: ClassEdges, medium: str = "screen") -> dict[int, str]:
    """Colour of every class byte of a value file: the classes, then the four kinds of absence."""
    return dict(enumerate(class_colours(edges, medium))) | ABSENCE


def text_on(ground: str) -> str:
    """The text colour that reads better on a filled ground."""
    return max((LIGHT.text, "#ffffff"), key=lambda ink: contrast(ink, ground))


def _spread(colours: Sequence[str], count: int) -> tuple[str, ...]:
    """`count` of the colours in order, the ends kept; ValueError where there are too few."""
    if count > len(colours):
        raise ValueError(f"{count} classes need more than the {len(colours)} colours there are")
    if count == 1:
        return (colours[len(colours) // 2],)
    return tuple(colours[round(place * (len(colours) - 1) / (count - 1))] for place in range(count))


def channels(colour: str) -> tuple[float, float, float]:
    """Linear red, green and blue, 0…1, of `#rrggbb` (sRGB)."""
    steps = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (step / 12.92 if step <= 0.04045 else ((step + 0.055) / 1.055) ** 2.4 for step in steps)
    return red, green, blue


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2, 0…1."""
    red, green, blue = channels(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Contrast ratio of WCAG 2: 1…21. Text needs 4.5, graphics 3."""
    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def lightness(colour: str) -> float:
    """CIE L*, 0 black … 100 white: what is left of a colour in a grey print."""
    level = luminance(colour)
    return 116 * level ** (1 / 3) - 16 if level > 216 / 24389 else level * 24389 / 27
