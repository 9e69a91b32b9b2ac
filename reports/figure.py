"""One map or chart as a file to take away (PNG at twice the screen's sharpness, SVG, PDF): with its title, key, caption and the
mark of simulated figures, so that it says the same outside the page as on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from charts import palette
from reports.typesetting import typeset

WIDTH, MARGIN = 960, 16  # points of the page; a point of the drawing is a point of the page


@dataclass(frozen=True)
class LegendItem:
    """One class of a map's key. `edge`: the threshold stands before it; `radius` (points): it is a circle of that size, and
    of no size for nobody; `is_bright`: the reader's filter keeps it."""

    colour: str
    label: str
    count: str = ""
    edge: bool = False
    radius: float | None = None
    is_bright: bool = True


def inks() -> dict[str, str]:
    """The colours of documents, by the names that the templates use."""
    page = palette.PAGE
    return {
        "text": palette.LIGHT.text,
        "muted": palette.LIGHT.muted,
        "line": page["line"],
        "track": page["track"],
        "accent": page["accent"],
        "mark": page["notice"],
        "mark-text": page["notice-ink"],
    }


def make_figure(
    drawing: str,
    form: Literal["png", "svg", "pdf"],
    *,
    title: str,
    subtitle: str,
    caption: str,
    alt: str,
    lang: str,
    simulated: str = "",
    legend: Sequence[LegendItem] = (),
    notes: Sequence[str] = (),
    width: int = WIDTH,
) -> bytes:
    """The file. `drawing` is an SVG (`charts.vector`, `charts.coverage_map.picture`), MARGIN points smaller than the page on each
    side; `simulated` is the mark, or ""; `notes` are sentences below the drawing."""
    content = {
        "title": title,
        "subtitle": subtitle,
        "caption": caption,
        "alt": alt,
        "lang": lang,
        "simulated": simulated,
        "legend": [asdict(item) for item in legend],
        "notes": list(notes),
        "margin": MARGIN,
        "drawing": "drawing.svg",
        "width": width,
        "ink": inks(),
    }
    made = typeset("figure", content, {"drawing.svg": drawing}, form)
    return made[0] if isinstance(made, list) else made


def draw_png(drawing: str, width: float, *, alt: str, lang: str) -> bytes:
    """A drawing (SVG) alone as PNG, `width` points wide, without title, key and caption: for slides, which have their own."""
    content = {"title": alt, "alt": alt, "lang": lang, "drawing": "drawing.svg", "width": width, "ink": inks()}
    made = typeset("drawing", content, {"drawing.svg": drawing}, "png")
    return made[0] if isinstance(made, list) else made


def make_preview(
    drawing: str,
    *,
    title: str,
    figures: Sequence[tuple[str, str, str]],
    brand: str,
    date: str,
    simulated: str,
    lang: str,
) -> bytes:
    """A PNG of 1200 × 630 pixels for links that are shared: the finding, a few figures (label, value, unit) and the map (an SVG,
    or "")."""
    content = {
        "title": title,
        "figures": [{"label": label, "value": value, "unit": unit} for label, value, unit in figures],
        "brand": brand,
        "date": date,
        "simulated": simulated,
        "lang": lang,
        "drawing": "drawing.svg" if drawing else "",
        "ink": inks(),
    }
    made = typeset("preview", content, {"drawing.svg": drawing} if drawing else {}, "png")
    return made[0] if isinstance(made, list) else made
