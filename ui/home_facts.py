"""The facts of the home page: sums, threshold, goals and published figures for one View."""

from __future__ import annotations

from indicators.rules import MEASURES, Goal, Programme, goal, last_day, threshold_in_force
from ui import loaders
from ui.comparison import NOTHING, compare_place
from ui.frame import Frame
from ui.home import HomeFacts
from ui.sums import PlaceSummary
from ui.view import NATION

# The choices that say which figures are shown: of which place, on which boundaries, and when.
PLACE = ("programme", "period", "boundaries", "unit")


def load_programme(page: Frame) -> Programme:
    return loaders.load_programmes(page.snapshot_id)[page.view.programme]


def load_facts(page: Frame) -> HomeFacts:
    """What the sentences of the page are made of."""
    view, programme = page.view, load_programme(page)
    months = page.catalogue.programmes[view.programme]
    threshold = threshold_in_force(programme, view.period) if months else None
    earlier = f"{int(view.period[:4]) - 1}{view.period[4:]}"

    def summary(period: str) -> PlaceSummary | None:
        return loaders.load_summary(page.snapshot_id, period, set_of_month(page, period), view.unit, page.unit_level)

    return HomeFacts(
        place=page.label(view.unit),
        is_nation=view.unit == NATION,
        period=view.period,
        earlier=earlier,
        programme=view.programme,
        now=summary(view.period) if months else None,
        year=compare_place(page, earlier, threshold) if months else NOTHING,
        start=compare_place(page, months[0], threshold).judged if months else None,
        threshold=threshold,
        goals=find_goals(page, programme),
        published=say_published(page),
        last_published="" if months else say_last_published(page, programme),
    )


def set_of_month(page: Frame, period: str) -> str:
    """The boundary set that a month's sums of the place are taken on: the one on the screen, but for the nation each month's
    own. Its land is the same in all of them, and converting would leave out the new units of which a part sent nothing."""
    if page.view.unit == NATION and not page.view.boundaries:
        return page.catalogue.boundary_of.get(period, page.boundary_set)
    return page.boundary_set


def find_goals(page: Frame, programme: Programme) -> dict[str, Goal]:
    """The goals held against the place's figures: the plan's for the nation, a province's own target of the year."""
    has_months = bool(page.catalogue.programmes[programme.programme])
    period = page.view.period if has_months else programme.to_period
    found = {measure: goal(programme, measure, period) for measure in MEASURES}
    if page.view.unit != NATION:
        found["coverage"] = loaders.load_target(
            page.snapshot_id, page.view.unit, int(page.view.period[:4]), page.boundary_set
        )
    return {measure: rule for measure, rule in found.items() if rule is not None}


def say_published(page: Frame) -> str:
    """The published national figure of the month, where there is one: it uses another population and is shown apart."""
    if page.view.unit != NATION:
        return ""
    series = loaders.load_published(page.snapshot_id, NATION)
    rows = series[(series["period"] == page.view.period) & series["coverage_pct"].notna()]
    if rows.empty:
        return ""
    return page.words.say("home.coverage_published", published=page.formats.rate(rows["coverage_pct"].iloc[-1], 2))


def say_last_published(page: Frame, programme: Programme) -> str:
    """The last published rate of the place in a programme that has no monthly figures, with its date, or that there is
    none."""
    series = loaders.load_published(page.snapshot_id, page.view.unit)
    rows = series[series["period"].between(programme.from_period, programme.to_period) & series["coverage_pct"].notna()]
    place = page.label(page.view.unit)
    if rows.empty:
        named = page.words.say(f"programme.{programme.programme}")
        return page.words.say("home.headline_not_published", place=place, programme=named)
    found = rows.iloc[-1]
    rate, day = page.formats.rate(found["coverage_pct"], 1), page.formats.day(last_day(found["period"]))
    return page.words.say("home.headline_published", place=place, rate=rate, date=day)
