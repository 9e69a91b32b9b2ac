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
from charts.vector import draw_svg
from ui import parts
from ui.frame import Frame
from ui.markup import draw_markup

# A picture is drawn at each of these widths, and the style sheet shows the one that its place has room for: its words
# keep their size.
REST_WIDTHS = (340, 460, 600, 780)


@dataclass(frozen=True)
class Chart:
    """`figure` is a Plotly figure; `alt` what a screen reader says; `notes` are sentences that belong below it."""

    figure: Any
    title: str
    subtitle: str
    alt: str
    notes: Sequence[str] = ()


def draw_chart(chart: Chart, key: str) -> None:
    """Title and chart; the notes are the page's to draw."""
    parts.title(chart.title, chart.subtitle)
    draw_figure(chart, key)


def draw_figure(chart: Chart, key: str, **more: Any) -> None:
    """The chart alone; `more` goes to `st.plotly_chart`."""
    st.plotly_chart(chart.figure, config=trend.CONFIG, key=key, theme=None, alt=chart.alt, **more)


def draw_resting(page: Frame, chart: Chart, key: str) -> None:
    """Title and chart, as a picture until a reader reaches for it: by Plotly then, for the rest of the session."""
    parts.title(chart.title, chart.subtitle)
    # No fragment: what is kept of a page (ui/kept_parts.py) is sent to sessions that never drew it, and a fragment belongs to
    # the one that did. A whole run costs a reader little, since both forms of the page are kept.
    if page.kept(f"{key}_reached"):
        draw_figure(chart, key)
        return
    pictures = "".join(
        f'<div class="bp-rest-{width}">{draw_svg(chart.figure, width, title=chart.alt)}</div>' for width in REST_WIDTHS
    )
    draw_markup(
        f"{key}_rest",
        f'<div class="bp-rest" data-reach="{key}">{pictures}</div>',
        lambda: page.keep(f"{key}_reached", True),
    )
