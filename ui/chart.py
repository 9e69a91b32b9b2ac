"""A chart with the words around it: drawn on the screen by Plotly and for files as vector, from the same figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from charts import trend
from ui import parts


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
