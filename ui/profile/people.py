"""Who the people are: payer groups with what is still out, and the rate on every population that is known."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from charts import palette
from data.settings import get_settings
from indicators.met import MET, met_status
from indicators.rates import coverage_pct, shown_pct
from text.formats import Formats
from text.names import lower_first
from text.words import Words
from ui import loaders, parts
from ui.fact_words import say_fact
from ui.frame import Frame
from ui.loaders import profile
from ui.loading_help import show_templates
from ui.profile.facts import ProfileFacts
from ui.profile.markup import data_table
from ui.takeaway import bar

SERIES_YEARS = 3


@dataclass(frozen=True)
class Groups:
    """Payer groups of a place in the law's order: payer_group, word, eligible, insured, uninsured (-1 not surveyed)."""

    frame: pd.DataFrame
    surveyed: int
    units: int

    @property
    def is_surveyed(self) -> bool:
        return self.surveyed > 0


def load_groups(page: Frame) -> Groups | None:
    """None on boundaries of another time: surveys are of the month's own units."""
    if page.view.boundaries or not page.catalogue.programmes[page.view.programme]:
        return None
    frame = profile.load_groups(page.snapshot_id, page.view.period, page.view.unit)
    if frame.empty:
        return None
    return Groups(frame, int(frame["units_surveyed"].max()), int(frame["units"].max()))


def draw_group_bars(page: Frame, facts: ProfileFacts, groups: Groups | None) -> None:
    """Rate of each group as a bar with the goal as a tick; on the right the people still out."""
    words = page.words
    if groups is None or not groups.is_surveyed:
        parts.title(words.say("profile.groups_title_unknown"), words.say("profile.groups_subtitle_none"))
        key = "groups_converted" if groups is None and page.view.boundaries else "groups_none"
        parts.prose(words.say(f"profile.{key}"))
        if key == "groups_none":
            show_templates(page, "group_survey", asks=True)
        return
    rule = facts.threshold or facts.goal
    communes = facts.now.units if facts.now is not None else 0
    surveyed = say_surveyed(groups, page.words, page.formats, communes)
    subtitle = words.say("profile.groups_subtitle", surveyed=surveyed)
    if rule:
        subtitle += "; " + words.say("profile.groups_tick", rule=page.formats.percent_rule(rule.value))
    parts.title(say_finding(groups, words), subtitle)
    rows = "".join(group_bar(row, rule, words, page.formats) for row in groups.frame.itertuples())
    parts.markup(f'<div class="bp-groups" role="list">{rows}</div>')


def say_surveyed(groups: Groups, words: Words, formats: Formats, communes: int = 0) -> str:
    """How many units surveyed their groups; where they are more than the place's `communes`, what is counted besides."""
    key = "surveyed_islands" if 0 < communes < groups.units else "surveyed"
    return words.say(f"profile.{key}", part=formats.part_of(groups.surveyed, groups.units))


def say_unknown(row, words: Words) -> str:
    """Why a group has no numbers: nobody surveyed it, or the public edition hides them."""
    return words.say("public.small" if row.units_surveyed > 0 else "profile.not_surveyed")


def has_hidden(frame: pd.DataFrame) -> bool:
    return bool(((frame["eligible"] < 0) & (frame["units_surveyed"] > 0)).any())


def say_finding(groups: Groups, words: Words) -> str:
    """Which group most of the people still out belong to; where a group's number is hidden that is not known."""
    if has_hidden(groups.frame):
        return words.say("public.groups_title")
    largest = groups.frame.sort_values("uninsured", ascending=False, kind="stable").iloc[0]
    if largest["uninsured"] <= 0:
        return words.say("profile.groups_title_all")
    return words.say("profile.groups_title", group=lower_first(words.say(f"payer_group.{largest['word']}")))


def group_bar(row, rule, words: Words, formats: Formats) -> str:
    name = parts.escape(words.say(f"payer_group.{row.word}"))
    if row.eligible < 0:
        said = parts.escape(say_unknown(row, words))
        return f'<div role="listitem"><span>{name}</span><span></span><span class="bp-num">{said}</span></div>'
    rate = coverage_pct(row.insured, row.eligible).item()
    tick = f'<b style="left:{float(rule.value):.2f}%"></b>' if rule else ""
    met = rule is None or met_status(row.insured, row.eligible, rule).item() == MET
    colour = palette.MET if met else palette.NOT_MET
    width = 0.0 if rate != rate else min(rate, 100.0)
    bar = f'<div class="bp-bar" aria-hidden="true"><i style="width:{width:.2f}%;background:{colour}"></i>{tick}</div>'
    shown = formats.rate(shown_pct(int(row.insured), int(row.eligible), rule))
    people = parts.escape(formats.people(row.uninsured))
    return (
        f'<div role="listitem"><span>{name}</span><span class="bp-rate">{bar}<em>{parts.escape(shown)}</em></span>'
        f'<span class="bp-num">{people}</span></div>'
    )


def draw_group_table(page: Frame, groups: Groups | None) -> None:
    """Eligible, insured and still out per group of the list in force, and which lists there were before and after."""
    words, formats = page.words, page.formats
    if groups is None:
        return
    head = [words.say(f"profile.group_{name}") for name in ("name", "eligible", "insured", "rate", "out")]
    rows = []
    for row in groups.frame.itertuples():
        name = words.say(f"payer_group.{row.word}")
        if row.eligible < 0:
            rows.append([name, *[say_unknown(row, words)] * 4])
            continue
        rate = formats.rate(shown_pct(int(row.insured), int(row.eligible)))
        rows.append([name, *map(formats.count, (row.eligible, row.insured)), rate, formats.count(row.uninsured)])
    parts.markup(data_table(words.say("profile.groups_table"), head, rows, figures=(1, 2, 3, 4)))
    if has_hidden(groups.frame):
        parts.prose(words.say("public.small_note", limit=formats.count(get_settings().small_cell)))
    bar.show(page, "groups")
    basis = groups.frame["legal_basis"].iloc[0]
    parts.prose(words.say("profile.groups_basis", count=len(groups.frame), basis=basis))
    parts.prose(words.say("profile.groups_history"))


def draw_populations(page: Frame, facts: ProfileFacts) -> None:
    """The same insured people over every population known, the one in use named."""
    words = page.words
    if not facts.has_figures:
        return
    parts.title(words.say("profile.populations_title"), words.say("profile.populations_subtitle", place=facts.place))
    head = [words.say(f"profile.population_{name}") for name in ("series", "date", "people", "rate", "source")]
    parts.markup(data_table(words.say("profile.populations_title"), head, population_rows(page, facts), figures=(2, 3)))
    bar.show(page, "populations")
    parts.prose(words.say("profile.populations_why"))
    if 0 <= facts.now.units_reported < facts.now.units:
        part = page.formats.part_of(facts.now.units_reported, facts.now.units)
        parts.prose(words.say("profile.populations_partial", part=part))


@dataclass(frozen=True)
class Residents:
    """One population of the place: its series and date in words, people, whether they are of the whole place (`part`: of how
    much of it, "" for all), and its source in words."""

    series: str
    date: str
    population: int
    is_whole: bool
    part: str
    source: str


def list_populations(page: Frame, facts: ProfileFacts) -> list[Residents]:
    """The population in use first, then every other that is known."""
    words, formats, now = page.words, page.formats, facts.now
    simulated = words.say(
        "profile.population_report_simulated" if now.units_simulated > 0 else "profile.population_report"
    )
    month = formats.month(facts.period)
    found = [Residents(simulated, month, now.population, True, "", words.say("profile.in_use"))]
    # A rate over the people of some communes and the residents of all would be too low.
    is_whole = now.units <= 0 or now.units_reported >= now.units
    for series in load_year_series(page, facts).itertuples():
        year = words.say("profile.population_year", year=series.year)
        source = say_fact(series.source, words) + (f" ({words.say('home.estimated')})" if series.is_estimated else "")
        found.append(Residents(name_series(page, series.series), year, int(series.population), is_whole, "", source))
    received = profile.load_received_populations(page.snapshot_id, page.boundary_set, page.view.unit, facts.period)
    for row in received.itertuples():
        is_part = row.units < row.units_all
        part = words.say("profile.population_part", part=formats.part_of(row.units, row.units_all)) if is_part else ""
        month, people = formats.month(row.period), int(row.population)
        found.append(
            Residents(
                name_series(page, row.series),
                month,
                people,
                is_whole and not is_part,
                part,
                row.file_name or words.say("public.reported"),
            )
        )
    return found


def name_series(page: Frame, series: str) -> str:
    key = f"profile.series_{series}"
    return page.words.say(key) if page.words.has(key) else series


def population_rows(page: Frame, facts: ProfileFacts) -> list[list[str]]:
    rule = facts.threshold if facts.is_commune else facts.goal

    def rate(row: Residents) -> str:
        if row.is_whole:
            return page.formats.rate(shown_pct(facts.now.insured, row.population, rule))
        return row.part or page.words.say("profile.not_whole")

    return [
        [row.series, row.date, page.formats.count(row.population), rate(row), row.source]
        for row in list_populations(page, facts)
    ]


def load_year_series(page: Frame, facts: ProfileFacts) -> pd.DataFrame:
    """Of every series the latest year up to the period's, not older than SERIES_YEARS; of nation, region and provinces
    only."""
    if facts.level == "nation":
        codes: tuple[str, ...] = (facts.unit,)
    elif facts.level == "province":
        codes = tuple(loaders.predecessors(page.snapshot_id, page.boundary_set, facts.unit))
    elif facts.level == "region":
        codes = profile.provinces_of_region(page.snapshot_id, page.boundary_set, facts.unit)
    else:
        return pd.DataFrame(columns=["series"])
    frame = profile.load_populations(page.snapshot_id, codes)
    if frame.empty:
        return frame
    year = int(facts.period[:4])
    recent = frame[frame["year"].between(year - SERIES_YEARS, year)]
    return recent.sort_values("year").drop_duplicates("series", keep="last").sort_values("series")


def draw_published(page: Frame, facts: ProfileFacts) -> None:
    """What was published of the unit, beside our figure of the same month."""
    words = page.words
    rows = published_rows(page, facts)
    if not rows:
        return
    parts.title(words.say("profile.published_title"), words.say("profile.published_subtitle"))
    head = [words.say(f"profile.published_{name}") for name in ("date", "value", "ours", "source")]
    parts.markup(data_table(words.say("profile.published_title"), head, rows, figures=(1, 2)))
    bar.show(page, "published")


def published_rows(page: Frame, facts: ProfileFacts) -> list[list[str]]:
    formats = page.formats
    ours = facts.months.set_index("period")
    first, last = facts.programme.from_period, facts.programme.to_period
    rows = []
    if facts.level in ("nation", "province", "district"):
        series = loaders.load_published(page.snapshot_id, facts.unit)
        for row in series[series["period"].between(first, last)].itertuples():
            said = formats.rate(row.coverage_pct, 2) if row.coverage_pct == row.coverage_pct else formats.missing
            if wording := say_fact(row.wording, page.words):
                said = f"{said} (“{wording}”)" if said != formats.missing else f"“{wording}”"
            source = say_fact(row.source, page.words)
            rows.append([formats.month(row.period), said, rate_of(ours, row.period, formats), source])
    elif facts.is_commune:
        for row in profile.load_published_communes(page.snapshot_id, facts.unit).itertuples():
            period = f"{row.as_of:%Y-%m}"
            wording = f"“{say_fact(row.wording, page.words)}”"
            said = formats.rate(row.coverage_pct, 2) if row.coverage_pct == row.coverage_pct else wording
            rows.append([formats.day(row.as_of), said, rate_of(ours, period, formats), row.source])
    return rows


def rate_of(ours: pd.DataFrame, period: str, formats: Formats) -> str:
    if period not in ours.index:
        return formats.missing
    row = ours.loc[period]
    return formats.rate(shown_pct(int(row["insured"]), int(row["population"]), decimals=2))


def draw_part(page: Frame, facts: ProfileFacts) -> None:
    """Payer groups, then populations and what was published."""
    groups = load_groups(page)
    draw_group_bars(page, facts, groups)
    draw_group_table(page, groups)
    draw_populations(page, facts)
    draw_published(page, facts)
