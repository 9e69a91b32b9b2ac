"""A chart with the words around it: drawn on the screen by Plotly and for files as vector, from the same figure.

Where the map must not wait (the home page), the chart rests as a picture, drawn by the same code as the files, until a
reader reaches for it. Plotly is 1.2 MB on the line and more than a second of the browser's one thread, which a browser
that has it already spends before the map is painted (decisions.md, 51).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from charts import trend
from charts.vector import draw_svgs
from ui import parts
from ui.frame import Frame
from ui.markup import draw_markup

# A picture is drawn at each of these widths, and the style sheet shows the one that its place has room for: its words
# keep their size.
REST_WIDTHS = (340, 460, 600, 780)


@dataclass(frozen=True)
class Chart:
    """`figure` is a Plotly figure, or the `charts.sheet.Sheet` of one that only rests; `alt` what a screen reader says; `notes`
    are sentences that belong below it."""

    figure: Any
    title: str
    subtitle: str
    alt: str
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class DotPlot:
    """A strip or funnel (`markup`, an SVG of `charts.dots.frame`; "" where no unit has a rate) with the words around it;
    `note` is the sentence below on how to read it."""

    markup: str
    title: str
    subtitle: str
    note: str = ""


def draw_chart(chart: Chart, key: str) -> None:
    """Title and chart; the notes are the page's to draw."""
    parts.title(chart.title, chart.subtitle)
    draw_figure(chart, key)


def draw_figure(chart: Chart, key: str, **more: Any) -> None:
    """The chart alone; `more` goes to `st.plotly_chart`."""
    st.plotly_chart(chart.figure, config=trend.CONFIG, key=key, theme=None, alt=chart.alt, **more)


@dataclass(frozen=True)
class Resting:
    """A chart as it rests, ready to be shown: its words and the pictures of it at REST_WIDTHS."""

    title: str
    subtitle: str
    pictures: str


def rest_chart(chart: Chart) -> Resting:
    drawn = draw_svgs(chart.figure, REST_WIDTHS, title=chart.alt)
    pictures = (f'<div class="bp-rest-{width}">{svg}</div>' for width, svg in zip(REST_WIDTHS, drawn, strict=True))
    return Resting(chart.title, chart.subtitle, "".join(pictures))


def is_reached(page: Frame, key: str) -> bool:
    """Whether this reader has reached for the chart: Plotly draws it then, for the rest of the session.

    No fragment: what is kept of a page (ui/kept_parts.py) is sent to sessions that never drew it, and a fragment belongs to the
    one that did. A whole run costs a reader little, since both forms of the page are kept.
    """
    return page.is_on(f"{key}_reached")


def draw_resting(page: Frame, resting: Resting, key: str) -> None:
    """Title and chart, as a picture until a reader reaches for it."""
    own = page.apart()
    parts.title(resting.title, resting.subtitle)
    draw_markup(
        f"{key}_rest",
        f'<div class="bp-rest" data-reach="{key}">{resting.pictures}</div>',
        lambda: own.switch_on(f"{key}_reached"),
    )
