"""What is marked on the trend beside its lines: published figures, milestones, changes of the law and of boundaries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Any

import pandas as pd

from charts.sheet import Sheet
from charts.trend_labels import FONT_SIZE, Band, Plot, last_known, to_x
from indicators.rules import Goal, Threshold
from text.formats import Formats
from text.words import Words


@dataclass(frozen=True)
class Milestone:
    """An open circle on a series, with a word (already said) beside it."""

    period: str
    label: str
    series: str = "communes_met"


MARK_PX = 20  # the height of a lane of numbers
LANE_MONTHS = 14  # numbers closer than this stand in lanes above each other: a phone has a pixel a month


@dataclass(frozen=True)
class Mark:
    """A numbered upright; a list beside the chart says what the number means. `breaks`: the share of communes that meet
    cannot be compared across it.
    """

    period: str
    number: str
    breaks: bool = False


def place_lanes(marks: Sequence[Mark]) -> list[int]:
    """Per mark, in order of time, the lane of its number: the lowest one in which it touches no other."""
    ends: list[int] = []
    lanes = []
    for mark in marks:
        at = int(mark.period[:4]) * 12 + int(mark.period[5:])
        lane = next((number for number, end in enumerate(ends) if at - end >= LANE_MONTHS), len(ends))
        ends[lane : lane + 1] = [at]
        lanes.append(lane)
    return lanes


def count_lanes(marks: Sequence[Mark]) -> int:
    return max(place_lanes(marks), default=-1) + 1


def draw_marks(plot: Plot, marks: Sequence[Mark]) -> None:
    """Thin uprights with their numbers above the plot."""
    for mark, lane in zip(marks, place_lanes(marks), strict=True):
        draw_upright(plot.figure, "mark", mark.period, {"color": plot.ink.muted, "width": 1, "dash": "dot"})
        write_note(
            plot, "mark", f"<b>{mark.number}</b>", x=to_x(mark.period), y=1, xref="x", xanchor="center",
            yshift=2 + lane * MARK_PX,
        )  # fmt: skip


def draw_published(plot: Plot, published: pd.DataFrame) -> None:
    """National figures as published, beside the computed line and never joined to it (their population is another)."""
    inside = published[published["period"].isin(plot.months) & published["coverage_pct"].notna()].sort_values("period")
    if inside.empty:
        return
    name = plot.words.say("trend.published")
    wordings = inside["wording"] if "wording" in inside else [""] * len(inside)
    texts = []
    for period, value, wording in zip(inside["period"], inside["coverage_pct"], wordings, strict=True):
        said = (
            escape(wording, quote=False)
            if isinstance(wording, str) and wording
            else plot.formats.percent_rule(Decimal(str(value)))
        )
        texts.append(plot.words.say("trend.hover", name=name, month=plot.formats.month(period), value=said))
    plot.figure.add_scatter(
        name="published",
        x=[to_x(period) for period in inside["period"]],
        y=inside["coverage_pct"].astype(float).tolist(),
        mode="markers",
        marker={"symbol": "diamond-open", "size": 9, "color": plot.ink.text, "line": {"width": 1.5}},
        text=texts,
        hovertemplate="%{text}<extra></extra>",
        cliponaxis=False,
    )
    first = inside.iloc[0]
    write_note(
        plot,
        "published",
        name,
        x=to_x(first["period"]),
        y=float(first["coverage_pct"]),
        xref="x",
        yref="y",
        xanchor="center",
        yanchor="top",
        yshift=-7,
    )


def draw_milestone(plot: Plot, milestone: Milestone) -> None:
    if milestone.period not in plot.months:
        return
    value = plot.lines[milestone.series][plot.months.index(milestone.period)]
    if value is None:
        return
    x = to_x(milestone.period)
    ring = {"color": plot.colours[milestone.series], "width": 2}
    plot.figure.add_scatter(
        name="milestone",
        x=[x],
        y=[value],
        mode="markers",
        marker={"size": 11, "color": plot.ink.ground, "line": ring},
        hoverinfo="skip",
    )
    # Below and to the right: under a rising line there is room.
    write_note(
        plot, "milestone", milestone.label, x=x, y=value, xref="x", yref="y", xanchor="left", yanchor="top", yshift=-6
    )


def draw_needed(plot: Plot, goal: Goal | None) -> list[Band]:
    """The pace needed: from the last known month to the goal at its deadline; gives the height it takes, for the labels."""
    place = last_known(plot.lines["coverage"])
    if goal is None or place is None or f"{goal.deadline:%Y-%m}" not in plot.months:
        return []
    value, end = plot.lines["coverage"][place], float(goal.value)
    if plot.months[place] >= f"{goal.deadline:%Y-%m}":
        return []
    plot.figure.add_scatter(
        name="needed",
        x=[to_x(plot.months[place]), to_x(f"{goal.deadline:%Y-%m}")],
        y=[value, end],
        mode="lines+markers",
        line={"color": plot.ink.text, "width": 1.25},
        marker={"size": [0, 7], "color": plot.ink.text},
        hoverinfo="skip",
        cliponaxis=False,
    )
    return [Band(value, max(value, end))]


def say_changes(
    thresholds: Iterable[tuple[str, Threshold | None, Threshold | None]],
    boundaries: Iterable[str],
    months: Sequence[str],
    words: Words,
    formats: Formats,
) -> list[tuple[str, str]]:
    """(first period of the new state, what changed), in order of time, inside the programme."""
    changes = [(period, words.say("trend.boundary_changes")) for period in boundaries]
    for period, old, new in thresholds:
        before, after = (formats.percent_rule(rule.value) if rule else "" for rule in (old, new))
        key = "trend.threshold_ends" if not new else "trend.threshold_changes" if old else "trend.threshold_begins"
        changes.append((period, words.say(key, old=before, new=after)))
    return sorted(change for change in changes if change[0] in months)


def mark_change(plot: Plot, period: str, text: str, line_number: int) -> None:
    """A dashed upright where the law moves the threshold or the boundaries, its note at the foot, one line each."""
    draw_upright(plot.figure, "change", period, {"color": plot.ink.muted, "width": 1, "dash": "dash"})
    late = plot.months.index(period) > len(plot.months) / 2
    place = {"xanchor": "right", "xshift": -4} if late else {"xanchor": "left", "xshift": 4}
    write_note(plot, "change", text, x=to_x(period), y=0, xref="x", yshift=line_number * 20, **place)


def draw_upright(figure: Sheet, name: str, period: str, line: dict[str, Any]) -> None:
    x = to_x(period)
    figure.add_shape(name=name, type="line", x0=x, x1=x, y0=0, y1=1, yref="paper", line=line)


def write_note(plot: Plot, name: str, text: str, **place: Any) -> None:
    """A quiet label; its place is in parts of the whole plot unless `xref`/`yref` say otherwise."""
    font = {"color": plot.ink.muted, "size": FONT_SIZE}
    place = {"xref": "paper", "yref": "paper", "yanchor": "bottom"} | place
    plot.figure.add_annotation(name=name, text=text, showarrow=False, borderpad=0, font=font, **place)
