"""Streamlit's side of the coverage map: what the component is told, and what comes back. The drawing is
charts/coverage_map.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from charts import palette
from charts.coverage_map.installed import SCRIPT, STYLE
from charts.coverage_map.message import pack_message
from indicators.classes import CARRIED, HELD_BACK, NO_DATA, NOT_APPLICABLE, ClassEdges, class_bounds
from text.formats import Formats
from text.words import Words

COMPONENT = "baophu-coverage-map.map"
ABSENCE_WORDS = {NO_DATA: "no_data", HELD_BACK: "held_back", CARRIED: "carried", NOT_APPLICABLE: "not_applicable"}


@dataclass(frozen=True)
class MapFrame:
    """What one map shows: the classes of every unit in map order, and where its files lie.

    `uncounted` are the places of stand-alone districts; `selected` is a place in the order or None; `focus` are the
    places to bring into view, none for the whole scope; `stops` says why play stops where;
    `files` are the addresses `outlines`, `scope_outlines`, `background`, `names`, `values`, `rest` (None where there
    is none). `legends` are given where the measure is another than coverage, `extra` (sentence, signed) is what hover says
    of it. `controls` names what stands around the map; none means everything. `insets` are the boxes beside it; none means all.
    `wall`: (height as share of the window's, size of words as CSS length) where it is looked at from metres away.
    """

    boundary_set: str
    level: str
    period: str
    scope: str
    order_hash: str
    classes: np.ndarray
    edges: ClassEdges | None
    legend: str
    files: Mapping[str, str | None]
    sentence: str
    selected: int | None = None
    focus: tuple[int, ...] = ()
    uncounted: tuple[int, ...] = ()
    stops: Mapping[str, str] | None = None
    previous_period: str | None = None
    next_period: str | None = None
    is_converted: bool = False
    filter: tuple[int, ...] = ()
    legends: Mapping[str, list[dict[str, Any]]] | None = None
    extra: Mapping[str, Any] | None = None
    controls: tuple[str, ...] = ()
    insets: tuple[str, ...] = ()
    wall: tuple[float, str] | None = None


@st.cache_resource
def mount_map():
    """The packaged component, registered once per process."""
    return st.components.v2.component(COMPONENT, js=SCRIPT, css=STYLE)


def draw_map(
    frame: MapFrame,
    words: Words,
    formats: Formats,
    callbacks: Mapping[str, Callable[[], None]],
    key: str = "map",
    second: MapFrame | None = None,
) -> None:
    """Draw the map, or two side by side under one legend; `callbacks` by trigger name: picked, rested, filtered,
    recoloured, and rested_second where there is a second map.
    """
    header = build_header(frame, words, formats)
    beside = None
    if second is not None:
        told = build_header(second, words, formats) | {"legends": header["legends"], "legend": header["legend"]}
        beside = (told, second.classes)
    # Bytes, not a dict: Streamlit would send the dict's bytes as their Python text.
    mount_map()(
        key=key,
        data=pack_message(header, frame.classes, beside),
        **{f"on_{name}_change": call for name, call in callbacks.items()},
    )


def build_header(frame: MapFrame, words: Words, formats: Formats) -> dict[str, Any]:
    """The header of charts/coverage_map/README.md for one map."""
    said = words.section("map")
    no_values = said["no_values_converted" if frame.is_converted else "no_values"]
    shown: dict[str, Any] = {"controls": list(frame.controls)} if frame.controls else {}
    if frame.wall:
        shown["wall"] = {"height": frame.wall[0], "type": frame.wall[1]}
    insets = {key: name for key, name in words.section("map.insets").items() if not frame.insets or key in frame.insets}
    return shown | {
        "boundary_set": frame.boundary_set,
        "level": frame.level,
        "period": frame.period,
        "scope": frame.scope,
        "order_hash": frame.order_hash,
        **frame.files,
        "selected": frame.selected,
        "focus": list(frame.focus),
        "legend": frame.legend,
        "legends": frame.legends or build_legends(frame, words, formats),
        "extra": frame.extra,
        "filter": list(frame.filter),
        "uncounted": list(frame.uncounted),
        "stops": dict(frame.stops or {}),
        "previous_period": frame.previous_period,
        "next_period": frame.next_period,
        "number": {"group": words.say("format.thousands"), "decimal": words.say("format.decimal")},
        "colours": palette.MAP,
        "words": {name: text for name, text in said.items() if "." not in name}
        | words.section("absence")
        | {"map": frame.sentence, "insets": insets, "no_values": no_values},
    }


def build_legends(frame: MapFrame, words: Words, formats: Formats) -> dict[str, list[dict[str, Any]]]:
    """The two ways to colour: by class, and at or below the threshold where one is in force."""
    edges, absent = frame.edges, absence_entries(words)
    if edges is None:
        raise ValueError("a map of another measure than coverage brings its legends")
    classes = [
        {"codes": [code], "label": formats.class_tag(b.low, b.low_included, b.high, b.high_included), "colour": colour}
        for code, (b, colour) in enumerate(zip(class_bounds(edges), palette.class_colours(edges), strict=True))
    ]
    below = edges.below_count
    if below is None:
        return {"classes": [*classes, *absent]}
    classes[below]["edge"] = True
    # "Met" is a word about communes; of a district it would say that every commune meets, which is another count.
    kind = "commune" if frame.level == "commune" else "rate"
    codes = (list(range(below)), list(range(below, edges.class_count)))
    line = formats.percent_rule(edges.edges[below - 1].value)
    met = [
        {
            "codes": codes[0],
            "label": words.say(f"home.legend_{kind}_not_met", threshold=line),
            "colour": palette.NOT_MET,
        },
        {
            "codes": codes[1],
            "label": words.say(f"home.legend_{kind}_met", threshold=line),
            "colour": palette.MET,
            "edge": True,
        },
    ]
    return {"classes": [*classes, *absent], "met": [*met, *absent]}


def absence_entries(words: Words) -> list[dict[str, Any]]:
    """The four kinds of absence, each by itself since each means something else; all but "no data" only where they
    occur.
    """
    return [
        {"codes": [code], "label": words.say(f"absence.{name}"), "colour": palette.ABSENCE[code]}
        | ({"hatch": palette.HATCH} if code == NO_DATA else {"optional": True})
        for code, name in ABSENCE_WORDS.items()
    ]
