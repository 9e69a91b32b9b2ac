"""Where the present pace leads: fan and pace line to the deadline, or a sentence where there is nothing to project."""

from __future__ import annotations

import streamlit as st

from charts import projection, trend
from indicators.arrival import project_rates
from indicators.pace import MONTHS_A_QUARTER
from indicators.rates import shown_value
from indicators.rules import periods_between
from ui import parts
from ui.behind import draw_behind
from ui.frame import Frame
from ui.loaders import pace
from ui.trends_page import Story, say_arrival, say_goal, say_pace

YEARS_BACK = 3
AFTER_QUARTERS = 2


def draw_projection(page: Frame, story: Story) -> None:
    words, formats, row = page.words, page.formats, story.pace
    if story.goal is None or row["months_left"] <= 0 or row["need"] < 0:
        key = "none_goal" if story.goal is None else "none_deadline" if row["months_left"] == 0 else "none_figures"
        parts.title(words.say("projection.title"), words.say(f"projection.{key}"))
        return
    counts = pace.load_quarters(page.snapshot_id, page.view.period, page.boundary_set, story.level)
    at = [counts.codes.index(story.unit)]
    quarters = -(-int(row["months_left"]) // MONTHS_A_QUARTER) + AFTER_QUARTERS
    fan = project_rates(counts.insured[at], counts.population[at], quarters)
    shown = build_projection(page, story, fan)
    status = words.say(f"pace.status_{row['status']}")
    parts.title(
        words.say("projection.title_status", status=status),
        words.say(
            "projection.subtitle", place=page.label(story.unit), goal=say_goal(page, story.goal),
            date=formats.day(story.goal.deadline), now=say_pace(page, row["pace_now"]),
            needed=say_pace(page, row["pace_needed"]),
        ),
    )  # fmt: skip
    figure = projection.draw_projection(shown, words=words, formats=formats)
    alt = words.say("projection.alt", status=status, arrival=say_arrival(page, story))
    st.plotly_chart(figure, config=trend.CONFIG, key="projection", theme=None, alt=alt)
    head = [words.say(f"projection.column_{name}") for name in ("month", "low", "middle", "high")]
    rows = [
        [formats.month_short(month), *(formats.rate(shown_value(rate, story.goal)) for rate in rates)]
        for month, *rates in zip(shown.ahead[1:], shown.low[1:], shown.middle[1:], shown.high[1:], strict=True)
    ]
    draw_behind(words.say("projection.table"), head, rows)


def build_projection(page: Frame, story: Story, fan) -> projection.Projection:
    """The past years of the unit, month by month, and the fan from its last month on."""
    period = page.view.period
    start = f"{int(period[:4]) - YEARS_BACK}{period[4:]}"
    months = periods_between(start, period)
    rates = story.series.set_index("period")["rate"].reindex(months)
    past = [None if rate != rate else float(rate) for rate in rates]
    ahead: list[str] = []
    low, middle, high = [], [], []
    if fan.shape[1]:
        future = periods_between(period, "2099-12")
        ahead = [period, *(future[(at + 1) * MONTHS_A_QUARTER] for at in range(fan.shape[1]))]
        last = past[-1]
        low, middle, high = ([last, *line.tolist()] for line in fan)
    return projection.Projection(months, past, ahead, low, middle, high, story.goal)
