"""Where the present pace leads: fan and pace line to the deadline, or a sentence where there is nothing to project."""

from __future__ import annotations

from charts import projection
from indicators.arrival import project_rates
from indicators.pace import MONTHS_A_QUARTER
from indicators.rates import shown_value
from indicators.rules import periods_between
from ui import chart, parts
from ui.behind import draw_behind
from ui.frame import Frame
from ui.loaders import pace
from ui.pace_words import say_status
from ui.takeaway import bar
from ui.trends_page import Story, say_arrival, say_goal, say_pace

YEARS_BACK = 3
AFTER_QUARTERS = 2


def draw_projection(page: Frame, story: Story) -> None:
    words, formats = page.words, page.formats
    found = read_projection(page, story)
    if found is None:
        left = story.pace["months_left"]
        key = "none_goal" if story.goal is None else "none_deadline" if left == 0 else "none_figures"
        parts.title(words.say("projection.title"), words.say(f"projection.{key}"))
        return
    chart.draw_chart(build_chart(page, story, found), "projection")
    head = [words.say(f"projection.column_{name}") for name in ("month", "low", "middle", "high")]
    rows = [
        [formats.month_short(month), *(formats.rate(shown_value(rate, story.goal)) for rate in rates)]
        for month, *rates in list_ahead(found)
    ]
    draw_behind(words.say("projection.table"), head, rows)
    bar.show(page, "fan", *(["projection"] if rows else []))


def build_chart(page: Frame, story: Story, found: projection.Projection) -> chart.Chart:
    figure = projection.draw_projection(found, words=page.words, formats=page.formats)
    return chart.Chart(figure, *say_title(page, story), say_alt(page, story))


def read_projection(page: Frame, story: Story) -> projection.Projection | None:
    """What is drawn; None where there is nothing to project."""
    row = story.pace
    if row is None or story.goal is None or row["months_left"] <= 0 or row["need"] < 0:
        return None
    counts = pace.load_quarters(page.snapshot_id, page.view.period, page.boundary_set, story.level)
    at = [counts.codes.index(story.unit)]
    quarters = -(-int(row["months_left"]) // MONTHS_A_QUARTER) + AFTER_QUARTERS
    return build_projection(page, story, project_rates(counts.insured[at], counts.population[at], quarters))


def say_title(page: Frame, story: Story) -> tuple[str, str]:
    words, row = page.words, story.pace
    status = say_status(row["status"], story.level, story.goal, words, page.formats)
    subtitle = words.say(
        "projection.subtitle", place=page.label(story.unit), goal=say_goal(page, story.goal),
        date=page.formats.day(story.goal.deadline), now=say_pace(page, row["pace_now"]),
        needed=say_pace(page, row["pace_needed"]),
    )  # fmt: skip
    return words.say("projection.title_status", status=status), subtitle


def say_alt(page: Frame, story: Story) -> str:
    status = say_status(story.pace["status"], story.level, story.goal, page.words, page.formats)
    return page.words.say("projection.alt", status=status, arrival=say_arrival(page, story))


def list_ahead(found: projection.Projection) -> list[tuple[str, float, float, float]]:
    """(month, low, middle, high) of the quarters to come."""
    return list(zip(found.ahead[1:], found.low[1:], found.middle[1:], found.high[1:], strict=True))


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
