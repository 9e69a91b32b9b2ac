"""The trend of a programme: coverage and the share of communes that meet, held against their goals, month by month."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from charts.palette import LIGHT, Ink
from charts.sheet import Sheet, set_ground
from charts.trend_labels import (
    FONT_SIZE,
    LONG_SPAN_MONTHS,
    SERIES,
    Plot,
    label_ends,
    last_known,
    main_goals,
    place_goals,
    to_x,
    write_rate,
)
from charts.trend_marks import (
    MARK_PX,
    Mark,
    Milestone,
    count_lanes,
    draw_marks,
    draw_milestone,
    draw_needed,
    draw_published,
    draw_upright,
    mark_change,
    say_changes,
    write_note,
)
from indicators.rules import Goal, Programme, Threshold, periods_between
from text.formats import Formats
from text.words import Words

FONT = "Be Vietnam Pro, sans-serif"
HEIGHT = 320
# Room for the years below, the percentages on the left and the direct labels on the right, down to 340 px of width.
MARGIN = {"l": 48, "r": 90, "t": 10, "b": 30}
NOTE_PX = 24  # one more line below the years, where a note is needed
CONFIG = {"displayModeBar": False, "responsive": True, "scrollZoom": False, "doubleClick": False, "showTips": False}


def draw_trend(frame: pd.DataFrame, programme: Programme, **chosen: Any) -> go.Figure:
    """The figure of `sketch_trend`, for Plotly."""
    return sketch_trend(frame, programme, **chosen).finish()


def sketch_trend(
    frame: pd.DataFrame,
    programme: Programme,
    *,
    words: Words,
    formats: Formats,
    goals: Iterable[Goal] = (),
    published: pd.DataFrame | None = None,
    milestones: Iterable[Milestone] = (),
    threshold_changes: Iterable[tuple[str, Threshold | None, Threshold | None]] = (),
    boundary_changes: Iterable[str] = (),
    marks: Iterable[Mark] = (),
    selected: str | None = None,
    needed: Goal | None = None,
    ink: Ink = LIGHT,
    height: int = HEIGHT,
    has_hover: bool = True,
) -> Sheet:
    """The two lines over the whole span of `programme`, so that the way still to go is seen.

    `frame`: one row per month with `period` (text), `coverage_pct`, `communes_met_pct` (float, NaN unknown) and
    `is_simulated` (bool); a month without a row or a value is a gap, never zero. `published`: `period`,
    `coverage_pct` and, where the source says "trên 94%", `wording`. `goals`: those of `rules`, the main ones are
    drawn dotted. `threshold_changes`: of `rules.threshold_changes`; `boundary_changes`: the first periods of a new
    boundary set. Both are marked; the share of communes is broken there, because what it counts has changed.
    `marks`: numbered uprights, where a list under the chart says what they are (for long spans); those that `breaks` break
    the share of communes too. A column `is_estimated` of `frame` dashes the coverage line over those months.
    `selected`: the period of the page, marked on both lines. `needed`: a thin straight line leads from the last month to
    this goal of coverage. Show the figure with `CONFIG`, and with `describe_trend`
    as its alternative text. `has_hover`: whether it is shown by Plotly, where each month says its figures under the pointer.
    """
    months = periods_between(programme.from_period, programme.to_period)
    lines = _lines(frame, months)
    goals = main_goals(goals)
    simulated = "is_simulated" in frame and bool(frame["is_simulated"].any())
    margin = MARGIN | {"b": MARGIN["b"] + (NOTE_PX if simulated else 0)}
    changes = say_changes(threshold_changes, boundary_changes, months, words, formats)
    marks = [mark for mark in marks if mark.period in months]
    low, high = _y_range(lines, published, goals, note_lines=len(changes))
    margin["t"] += MARK_PX * count_lanes(marks)

    figure = Sheet(_layout(months, low, high, formats, ink), ink.ground)
    figure.update_layout(height=height, margin=margin, meta={"simulated": simulated})
    colours = {"coverage": ink.coverage, "communes_met": ink.communes_met}
    px_per_point = (height - margin["t"] - margin["b"]) / (high - low)
    plot = Plot(figure, months, lines, px_per_point, words, formats, colours, ink, goals)

    for line_number, (period, text) in enumerate(changes):
        mark_change(plot, period, text, line_number)
    draw_marks(plot, marks)
    if selected in months and selected != months[-1]:
        draw_upright(figure, "selected", selected, {"color": ink.muted, "width": 1})
    taken = [*place_goals(plot), *draw_needed(plot, needed)]
    for series in lines:
        breaks = {period for period, _ in changes} | {mark.period for mark in marks if mark.breaks}
        estimated = find_estimated(frame) if series == "coverage" else frozenset()
        _draw_line(plot, series, selected, breaks if series == "communes_met" else set(), estimated, has_hover)
    if published is not None:
        draw_published(plot, published)
    for milestone in milestones:
        draw_milestone(plot, milestone)
    label_ends(plot, taken)
    if simulated:
        write_note(plot, "simulated", words.say("trend.simulated"), x=1, y=0, xanchor="right", yshift=-50)
    nothing_published = published is None or published["coverage_pct"].isna().all()
    if nothing_published and all(value is None for values in lines.values() for value in values):
        write_note(plot, "empty", formats.missing, x=0.5, y=0.4, xanchor="center")
    return figure


def describe_trend(
    frame: pd.DataFrame, programme: Programme, *, words: Words, formats: Formats, goals: Iterable[Goal] = ()
) -> str:
    """The same in a sentence, for `alt=` and for screen readers."""
    months = periods_between(programme.from_period, programme.to_period)
    goals, parts, reached = main_goals(goals), [], []
    for series, values in _lines(frame, months).items():
        known = [place for place, value in enumerate(values) if value is not None]
        if known:
            reached += [months[known[0]], months[known[-1]]]
            start, end = (
                write_rate(values[place], series, months[place], goals, formats) for place in (known[0], known[-1])
            )
            parts.append(
                words.say("trend.alt_series", name=words.say(f"indicator.{series}.short"), start=start, end=end)
            )
    if not parts:
        return words.say("trend.alt_empty")
    first, last = formats.month(min(reached)), formats.month(max(reached))
    return words.say("trend.alt", first=first, last=last, series="; ".join(parts))


def _lines(frame: pd.DataFrame, months: Sequence[str]) -> dict[str, list[float | None]]:
    """Every month of the programme per series; None where nothing is known."""
    periods, lines = frame["period"].tolist(), {}
    for series, column in SERIES.items():
        known = dict(zip(periods, frame[column].astype(float).tolist(), strict=True))
        values = [known.get(month) for month in months]
        lines[series] = [None if value is None or value != value else value for value in values]
    return lines


def _y_range(
    lines: dict[str, list[float | None]], published: pd.DataFrame | None, goals: Sequence[Goal], *, note_lines: int
) -> tuple[float, float]:
    """From the ten below the lowest figure to a little over 100, with room for the labels of goals and changes."""
    values = [value for line in lines.values() for value in line if value is not None]
    if published is not None:
        values += published["coverage_pct"].dropna().astype(float).tolist()
    lowest = min([*values, *(float(goal.value) for goal in goals)]) if values else 40
    low = max(0, int(lowest - 3) // 10 * 10)
    top = max([*values, 100])
    return low - (top - low) * 0.08 * note_lines, top + (top - low) * 0.1


def _layout(months: Sequence[str], low: float, high: float, formats: Formats, ink: Ink) -> dict[str, Any]:
    years = [period for period in months if period.endswith("-01")]
    if len(months) > LONG_SPAN_MONTHS:  # only every fifth year has room on a phone
        years = [period for period in years if int(period[:4]) % 5 == 0]
    step = 10 if high - low < 45 else 20
    ticks = [tick for tick in range(0, int(high) + 1, step) if tick >= low]
    font = {"family": FONT, "size": FONT_SIZE, "color": ink.text}
    return {
        "autosize": True,
        **set_ground(font, ink),
        "xaxis": {
            "type": "date",
            "range": [to_x(months[0]), to_x(months[-1])],
            "tickmode": "array",
            "tickvals": [to_x(period) for period in years],
            "ticktext": [period[:4] for period in years],
            "tickangle": 0,
            "showgrid": False,
            "zeroline": False,
            "fixedrange": True,
            "ticks": "outside",
            "ticklen": 5,
            "tickcolor": ink.muted,
            "tickfont": {"color": ink.muted},
        },
        "yaxis": {
            "range": [low, high],
            "tickmode": "array",
            "tickvals": ticks,
            "ticktext": [formats.rate(Decimal(tick)) for tick in ticks],
            "gridcolor": ink.grid,
            "zeroline": False,
            "fixedrange": True,
            "tickfont": {"color": ink.muted},
        },
    }


def find_estimated(frame: pd.DataFrame) -> frozenset[str]:
    """The months whose coverage is estimated, of a frame that may say so."""
    if "is_estimated" not in frame:
        return frozenset()
    return frozenset(frame.loc[frame["is_estimated"].astype(bool), "period"])


def _draw_line(
    plot: Plot, series: str, selected: str | None, breaks: set[str], estimated: frozenset[str], has_hover: bool
) -> None:
    """One trace; before each period of `breaks` stands a point without a value, so that the line does not run on.

    Months of `estimated` are a dashed trace of their own, which starts at the month before them.
    """
    name, values = plot.words.say(f"indicator.{series}.short"), plot.lines[series]
    end = last_known(values)

    def dot_size(place: int) -> int:
        """A dot at the end, at the chosen period, and on a month alone between two gaps, where a line draws nothing."""
        if values[place] is None:
            return 0
        alone = all(values[near] is None for near in (place - 1, place + 1) if 0 <= near < len(values))
        return 9 if place == end or plot.months[place] == selected else 5 if alone else 0

    points = []
    for place, (period, value) in enumerate(zip(plot.months, values, strict=True)):
        if period in breaks:
            points.append((to_x(period), None, 0, ""))
        said = ""
        if has_hover:
            month, rate = plot.formats.month(period), plot.rate(series, place)
            said = plot.words.say("trend.hover", name=name, month=month, value=rate)
        shown = None if period in estimated else value
        points.append((to_x(period), shown, dot_size(place), said))
    x, y, sizes, texts = (list(column) for column in zip(*points, strict=True))
    plot.figure.add_scatter(
        name=series,
        x=x,
        y=y,
        mode="lines+markers",
        connectgaps=False,
        line={"color": plot.colours[series], "width": 2.5},
        marker={"color": plot.colours[series], "size": sizes, "opacity": 1},
        text=texts,
        hovertemplate="%{text}<extra></extra>",
        cliponaxis=False,
    )
    if estimated:
        # The months beside them belong to the dashes too, so that nothing is torn.
        steps = list(itertools.pairwise(plot.months))
        beside = {first for first, then in steps if then in estimated} | {
            then for first, then in steps if first in estimated
        }
        shown = zip(plot.months, values, strict=True)
        dashed = [value if period in estimated | beside else None for period, value in shown]
        plot.figure.add_scatter(
            name=f"{series}_estimated",
            x=[to_x(period) for period in plot.months],
            y=dashed,
            mode="lines",
            connectgaps=False,
            line={"color": plot.colours[series], "width": 2.5, "dash": "dash"},
            text=[
                plot.words.say("trend.hover_estimated", name=name, month=plot.formats.month(period), value=said)
                for place, period in enumerate(plot.months)
                for said in [plot.rate(series, place)]
            ],
            hovertemplate="%{text}<extra></extra>",
            cliponaxis=False,
        )
