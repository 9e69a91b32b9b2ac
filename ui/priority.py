"""The priority view: which units to begin with, as a sentence per quadrant, a chart, and the rows of the quadrant chosen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pandas as pd
import streamlit as st

from charts import priority as chart
from geo.units import map_order
from indicators.counts import percent_terms
from indicators.priority import find_quadrants, half_line
from indicators.rates import coverage_pct, shown_pct
from ui import loaders, parts
from ui.chart import Chart, draw_figure
from ui.frame import Frame
from ui.layers import QUADRANTS
from ui.map_layers import Layer
from ui.markup import button, draw_markup
from ui.parts import escape
from ui.takeaway import bar
from ui.view import NATION

MOST_DOTS = 1500
# "Low" below communes' threshold by so much: the class edge under it on the map.
LOW_POINTS = Decimal(5)


@dataclass(frozen=True)
class Priority:
    """`frame`: the units of the place with people missing: unit_code, label, insured, population, people, rate, quadrant.
    `line`: the rate, as a fraction, and `many` the people where the quadrants meet; `holders`: how many units have at least
    `many`, which is where half of all people missing are.
    """

    frame: pd.DataFrame
    line: tuple[int, int]
    many: int
    holders: int

    def of(self, quadrant: str) -> pd.DataFrame:
        return self.frame[self.frame["quadrant"] == quadrant]


def find_priority(page: Frame, layer: Layer) -> Priority | None:
    """The units of the map with people missing; None where no threshold is in force or nobody is missing."""
    if layer.threshold is None:
        return None
    figures, units = layer.figures, layer.figures.units
    chosen = layer.inside & (figures.need > 0)
    if layer.level == "commune":
        chosen &= units["type"].isin(layer.threshold.unit_types).to_numpy()
    if not chosen.any():
        return None
    n, p, people = (np.asarray(values)[chosen] for values in (units["insured"], units["population"], figures.need))
    line = find_line(layer, units)
    many, holders = half_line(people)
    quadrant = find_quadrants(n, p, people, line, many)
    labels = loaders.place_labels(page.snapshot_id, page.boundary_set, layer.level, page.view.unit == NATION)
    codes = units["unit_code"].to_numpy()[chosen]
    frame = pd.DataFrame(
        {
            "unit_code": codes,
            "label": labels.reindex(codes).to_numpy(),
            "insured": n,
            "population": p,
            "people": people,
            "rate": coverage_pct(n, p),
            "quadrant": [QUADRANTS[place] if place >= 0 else "" for place in quadrant],
        }
    )
    return Priority(frame[frame["quadrant"] != ""], line, many, holders)


def find_line(layer: Layer, units: pd.DataFrame) -> tuple[int, int]:
    """Below which coverage a unit is "low", as a fraction: of communes the class edge below the threshold; of districts and
    provinces, which seldom lie below it as a whole, the coverage of all of them together."""
    if layer.level == "commune":
        return percent_terms(layer.threshold.value - LOW_POINTS)
    known = units[layer.inside & (units["insured"] >= 0).to_numpy() & (units["population"] > 0).to_numpy()]
    return int(known["insured"].sum()), int(known["population"].sum())


def draw_priority(page: Frame, layer: Layer, on_act: Callable[[], None], on_pick: Callable[[str], None]) -> None:
    """Quadrants as switches that filter the table, and the chart; nothing where nobody is missing."""
    found = find_priority(page, layer)
    if found is None or found.frame.empty:
        return
    title, subtitle = say_title(page, layer, found)
    parts.title(title, f"{subtitle}; {page.words.say('priority.hint')}")
    items = "".join(say_quadrant(page, found, name) for name in QUADRANTS)
    note = say_rule(page, layer, found)
    draw_markup("quadrants", f'<ul class="bp-news">{items}</ul><p class="bp-subtitle">{escape(note)}</p>', on_act)
    draw_chart(page, layer, found, on_pick)


def say_title(page: Frame, layer: Layer, found: Priority) -> tuple[str, str]:
    """The finding, and of what, where and when."""
    words, formats, first = page.words, page.formats, found.of("low_many")
    title = words.say(
        "priority.title",
        units=formats.count(len(first)),
        level=words.say(f"level.{layer.level}"),
        people=formats.count(int(first["people"].sum())),
    )
    return title, words.say("priority.subtitle", place=page.place(), period=formats.month(page.view.period))


def say_rule(page: Frame, layer: Layer, found: Priority) -> str:
    """Where the quadrants meet."""
    return page.words.say(
        "priority.rule" if layer.level == "commune" else "priority.rule_mean",
        rate=page.formats.rate(shown_pct(*found.line)),
        many=page.formats.count(found.many),
        units=page.formats.count(found.holders),
    )


def say_quadrant(page: Frame, found: Priority, name: str) -> str:
    """One line: how many units, what they are, and how many people are missing there."""
    part, chosen = found.of(name), page.choice("quadrant") == name
    said = page.words.say(
        "priority.line", name=page.words.say(f"priority.{name}"), people=page.formats.count(int(part["people"].sum()))
    )
    count = page.formats.count(len(part))
    switch = button(
        "quadrant",
        "" if chosen else name,
        count,
        name=page.words.say("priority.filter", count=count, said=said),
        key=f"quadrant-{name}",
        pressed=chosen,
    )
    dot = f'<i class="bp-dot bp-{name.replace("_", "-")}" aria-hidden="true"></i>'
    return f'<li><span class="bp-news-count">{switch}</span><span>{dot}{escape(said)}</span></li>'


def draw_chart(page: Frame, layer: Layer, found: Priority, on_pick: Callable[[str], None]) -> None:
    """The dots; where there are very many, those with most people missing, and how many were left out."""
    own = page.apart()

    def picked() -> None:
        selection = own.read_trigger("priority", "selection")
        points = selection["points"] if selection else []
        if points and (code := points[0].get("customdata")):
            on_pick(str(code[0] if isinstance(code, list) else code))

    built = build_chart(page, layer, found)
    draw_figure(built, "priority", on_select=picked, selection_mode="points")
    for note in built.notes:
        parts.prose(note)


@dataclass(frozen=True)
class Dots:
    """What the chart has drawn: the units of each quadrant in order, and where the quadrants meet."""

    codes: dict[str, list[str]]
    line: tuple[int, int]
    many: int


def find_dots(page: Frame, layer: Layer) -> Dots | None:
    """The dots of `draw_priority`; None where it draws nothing."""
    found = find_priority(page, layer)
    if found is None or found.frame.empty:
        return None
    shown = list_shown(found.frame)
    codes = {name: shown.loc[(shown["quadrant"] == name).to_numpy(), "unit_code"].tolist() for name in QUADRANTS}
    return Dots(codes, found.line, found.many)


def draw_mark(page: Frame, plain: Frame, layer: Layer) -> None:
    """The marked unit: a ring round its dot, a sentence that says the same, and the files of the figure. A block of its own:
    the chart is one for all that readers mark (`plain` is the frame that does not know it)."""
    dots = plain.once("priority dots", lambda own: find_dots(own, layer))
    if dots is None:
        return
    said, sheet = "", ""
    order = map_order(layer.key.boundary_set, layer.level)
    if page.view.selected in order:
        said = say_mark(page, layer, dots, int(order.get_loc(page.view.selected)))
        rule = chart.ring(dots.codes, page.view.selected)
        sheet = f"<style>{rule}</style>" if rule else ""
    st.html(f'<p class="bp-subtitle">{escape(said)}</p>{sheet}' if said else '<p class="bp-subtitle" hidden></p>')
    bar.show(page, "dots", "priority")


def say_mark(page: Frame, layer: Layer, dots: Dots, at: int) -> str:
    """ "Xã Tân Lập: 71,2%, thiếu 312 người, thấp và đông người"; "" where nobody is missing there."""
    words, formats, units = page.words, page.formats, layer.figures.units
    people = int(np.asarray(layer.figures.need)[at])
    if people <= 0:
        return ""
    n, p = int(units["insured"].iat[at]), int(units["population"].iat[at])
    (quadrant,) = find_quadrants([n], [p], [people], dots.line, dots.many)
    said = words.say(
        "priority.marked",
        name=str(units["name"].iat[at]),
        rate=formats.rate(shown_pct(n, p, layer.threshold)),
        people=formats.count(people),
        quadrant=words.say(f"priority.{QUADRANTS[quadrant]}"),
    )
    if not any(page.view.selected in codes for codes in dots.codes.values()):
        drawn = formats.count(sum(map(len, dots.codes.values())))
        said += " " + words.say("priority.marked_not_drawn", shown=drawn)
    return said


def list_shown(frame: pd.DataFrame) -> pd.DataFrame:
    """The units that are drawn, those with most people missing first."""
    return frame.sort_values("people", ascending=False, kind="stable").head(MOST_DOTS)


def build_chart(page: Frame, layer: Layer, found: Priority, selected: str = "") -> Chart:
    """The dots; `selected` is named among them in a file, on the page `draw_mark` rings it."""
    words, formats = page.words, page.formats
    shown = list_shown(found.frame)
    if selected and selected not in set(shown["unit_code"]):
        shown = pd.concat([shown, found.frame[found.frame["unit_code"] == selected]])
    said = chart.PriorityWords(
        rate=words.say("priority.axis_rate"),
        people=words.say("priority.axis_people"),
        quadrants={name: words.say(f"priority.{name}") for name in QUADRANTS},
        hover=words.say("priority.hover", rate="%{x:.1f}%", people="%{y:,d}"),
        separators=words.say("format.decimal") + words.say("format.thousands"),
    )
    figure = chart.draw_priority(shown, coverage_pct(*found.line).item(), found.many, words=said, selected=selected)
    notes = []
    if len(found.frame) > len(shown):
        counts = {"shown": formats.count(len(shown)), "units": formats.count(len(found.frame))}
        notes.append(words.say("priority.most_dots", **counts))
    alt = words.say("priority.alt", units=formats.count(len(shown)))
    return Chart(figure, *say_title(page, layer, found), alt, notes)
