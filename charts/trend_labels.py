"""Where the labels of the trend stand: goals on their dotted lines, the last values at the ends, none over another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from charts.palette import Ink
from charts.sheet import Sheet
from indicators.rates import shown_value
from indicators.rules import Goal
from text.formats import Formats
from text.words import Words

FONT_SIZE = 14
SERIES = {"coverage": "coverage_pct", "communes_met": "communes_met_pct"}

LONG_SPAN_MONTHS = 120
LONG_STEP_MONTHS = 24
MANY_STEPS = 2

_END_PX = 40  # the label of a last value: two lines
_GOAL_PX = 22  # the label of a goal: one line


@dataclass(frozen=True)
class Plot:
    """What every part of the drawing needs. `lines`: per series one value per month, None where unknown."""

    figure: Sheet
    months: Sequence[str]
    lines: dict[str, list[float | None]]
    px_per_point: float
    words: Words
    formats: Formats
    colours: dict[str, str]
    ink: Ink
    goals: Sequence[Goal]

    def rate(self, series: str, place: int) -> str:
        """The value of a month in words, never rounded across the goal that this month works towards."""
        return write_rate(self.lines[series][place], series, self.months[place], self.goals, self.formats)


@dataclass(frozen=True)
class Band:
    """The height that a label takes, in percent of the y axis."""

    low: float
    high: float


def to_x(period: str) -> str:
    """The place of a month on the date axis: its first day."""
    return f"{period}-01"


def main_goals(goals: Iterable[Goal]) -> list[Goal]:
    """Those that the two lines are held against."""
    return [goal for goal in goals if goal.main and goal.measure in SERIES]


def write_rate(value: float | None, series: str, period: str, goals: Sequence[Goal], formats: Formats) -> str:
    ahead = [goal for goal in goals if goal.measure == series and write_month(goal.deadline) >= period]
    return formats.rate(shown_value(value, min(ahead, key=lambda goal: goal.deadline, default=None)))


@lru_cache(256)
def write_month(day: date) -> str:
    return f"{day:%Y-%m}"


def last_known(values: Sequence[float | None]) -> int | None:
    return next((place for place in reversed(range(len(values))) if values[place] is not None), None)


def place_goals(plot: Plot) -> list[Band]:
    """Each measure's goals as dotted steps from deadline to deadline; gives the bands that their labels take.

    The last goal is named in full, earlier steps by their value only: on a phone there is no room for more. Over a long
    span, and where there are many steps, all are named by their value.
    """
    taken = []
    for measure in SERIES:
        start = 0
        own = sorted((goal for goal in plot.goals if goal.measure == measure), key=lambda goal: goal.deadline)
        for goal in own:
            end = sum(period <= f"{goal.deadline:%Y-%m}" for period in plot.months) - 1
            if end < start:
                continue
            value = float(goal.value)
            plot.figure.add_shape(
                name=f"goal_{measure}",
                type="line",
                x0=to_x(plot.months[start]),
                x1=to_x(plot.months[end]),
                y0=value,
                y1=value,
                line={"color": plot.colours[measure], "width": 1.5, "dash": "dot"},
            )
            if len(plot.months) > LONG_SPAN_MONTHS and end - start < LONG_STEP_MONTHS:
                pass  # too short for its value, which would lie over the ends of the lines; the table has it
            elif goal is not own[-1] or len(plot.months) > LONG_SPAN_MONTHS:
                _label_goal(plot, goal, plot.formats.percent_rule(goal.value), start, "left")
            else:
                side = "left" if start == 0 else "right"
                said = _say_goal(plot, goal, is_short=len(own) > MANY_STEPS)
                taken.append(_label_goal(plot, goal, said, start if start == 0 else end, side))
            start = end
    return taken


def _say_goal(plot: Plot, goal: Goal, *, is_short: bool = False) -> str:
    if goal.measure == "communes_met":  # "at least 100 %" of the communes would be an odd way to say all of them
        return plot.words.say("trend.goal_communes", rule=plot.formats.percent_rule(goal.value))
    if is_short:  # words would lie over the value of the step before
        return plot.formats.percent_rule(goal.value)
    rule = plot.formats.rule(goal.value, goal.operator)
    return plot.words.say("trend.goal_by", rule=rule, year=goal.deadline.year)


def _label_goal(plot: Plot, goal: Goal, text: str, place: int, side: str) -> Band:
    """Above its line, or below where the data lie above it; the half of the months beside `place` decides."""
    value, half, room = float(goal.value), len(plot.months) // 2, _GOAL_PX / plot.px_per_point
    beside = slice(place, place + half) if side == "left" else slice(max(place - half, 0), place + 1)
    near = [point for line in plot.lines.values() for point in line[beside] if point is not None]
    above = sum(value <= point <= value + room for point in near)
    below = sum(value - room <= point <= value for point in near)
    upward = above <= below
    plot.figure.add_annotation(
        name=f"goal_{goal.measure}",
        text=text,
        x=to_x(plot.months[place]),
        y=value,
        xanchor=side,
        yanchor="bottom" if upward else "top",
        showarrow=False,
        borderpad=1,
        font={"color": plot.colours[goal.measure], "size": FONT_SIZE},
    )
    return Band(value, value + room) if upward else Band(value - room, value)


def label_ends(plot: Plot, taken: Sequence[Band]) -> None:
    """The last value of each line beside its end, in its colour; labels that would touch are pushed apart.

    A line that ends inside the plot has its label among the goals' labels (`taken`) and steps aside for them; one that
    ends with the programme has it in the margin.
    """
    half = _END_PX / 2 / plot.px_per_point
    ends, pushed = {}, {}
    for series, values in plot.lines.items():
        place = last_known(values)
        if place is None:
            continue
        centre = values[place]
        for band in taken if place < len(plot.months) - 1 else ():
            if band.low - half < centre < band.high + half:
                middle = (band.low + band.high) / 2
                pushed[series] = 1 if centre >= middle else -1
                centre = band.high + half if centre >= middle else band.low - half
        ends[series] = (place, values[place], centre)

    centres = {series: centre for series, (_, _, centre) in ends.items()}
    if len(ends) == 2:
        upper, lower = sorted(ends, key=lambda series: (centres[series], ends[series][1]), reverse=True)
        apart = abs(ends[upper][0] - ends[lower][0]) >= len(plot.months) / 4
        missing = 2 * half - (centres[upper] - centres[lower])
        if missing > 0 and not apart:
            # One that stepped aside for a goal must not be pushed back onto it.
            up = 0 if pushed.get(upper) == -1 else 1 if pushed.get(lower) == 1 else 0.5
            centres[upper] += missing * up
            centres[lower] -= missing * (1 - up)

    for series, (place, value, _) in ends.items():
        plot.figure.add_annotation(
            name=f"end_{series}",
            x=to_x(plot.months[place]),
            y=value,
            xanchor="left",
            xshift=9,
            yshift=(centres[series] - value) * plot.px_per_point,
            showarrow=False,
            align="left",
            text=f"<b>{plot.rate(series, place)}</b><br>{plot.words.say(f'trend.{series}')}",
            font={"color": plot.colours[series], "size": FONT_SIZE},
        )
