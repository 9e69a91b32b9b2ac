"""A figure in the making: parts are collected as plain dicts and handed to Plotly once, at the end.

`go.Figure.add_annotation` checks all earlier annotations anew at each call: a chart with thirty of them cost 300 ms. Checking
them once still was half of the time of a page with three charts, and finds what a test finds once and for all:
`tests/test_charts_checked.py` has Plotly check the figures of every chart.
"""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

from charts.palette import Ink

HALO_PX = 2
CLEAR = "rgba(0,0,0,0)"


def write_halo(ground: str) -> str:
    """A shadow of the ground's colour on every side of the letters, as CSS; `charts.vector` draws it as their edge."""
    sides = [(x, y) for x in (-HALO_PX, 0, HALO_PX) for y in (-HALO_PX, 0, HALO_PX) if x or y]
    return ", ".join(f"{x}px {y}px 1px {ground}" for x, y in sides)


def set_ground(font: dict[str, Any], ink: Ink) -> dict[str, Any]:
    """What every chart over time has alike: it lies on the page's ground, has no legend and is not dragged."""
    return {
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "font": font,
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "hoverlabel": {"font": font, "bgcolor": ink.ground, "bordercolor": ink.muted},
    }


class Sheet:
    """Takes what `go.Figure` takes by the same names, and becomes one with `finish`. `ground`: the colour of a halo behind every
    label, so that a line that crosses it does not cross its letters; "" for none."""

    def __init__(self, layout: dict[str, Any], ground: str = "") -> None:
        self.layout, self.data = dict(layout), []
        self.ground = ground
        self.shapes: list[dict[str, Any]] = []
        self.annotations: list[dict[str, Any]] = []

    def update_layout(self, **more: Any) -> None:
        self.layout.update(more)

    def add_scatter(self, **trace: Any) -> None:
        self.data.append({"type": "scatter", **trace})

    def add_shape(self, **shape: Any) -> None:
        self.shapes.append(shape)

    def add_annotation(self, **annotation: Any) -> None:
        if self.ground:
            annotation["font"] = {"shadow": write_halo(self.ground)} | dict(annotation.get("font") or {})
        self.annotations.append(annotation)

    def finish(self) -> go.Figure:
        return go.Figure({"data": self.data, "layout": self.whole_layout()}, _validate=False)

    def whole_layout(self) -> dict[str, Any]:
        return self.layout | {"shapes": self.shapes, "annotations": self.annotations}
