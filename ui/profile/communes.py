"""The communes of a place by status: counts, and for each list its table, sorted and paged here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from indicators.closest import AT_RISK_PERCENT, Standing, sort_by_standing
from indicators.rates import shown_pct
from indicators.rules import last_day
from text.names import lower_first
from ui import loaders, parts, table
from ui.frame import Frame
from ui.home_facts import PLACE
from ui.loaders import profile
from ui.loading_help import show_templates
from ui.markup import button, draw_markup
from ui.profile.facts import ProfileFacts
from ui.table import PAGE_ROWS, Column, Pager, Row
from ui.takeaway import bar

LISTS = ("below", "at_risk", "met", "fallen", "over", "unknown")
LISTED = (*PLACE, "part", "list", "page", "selected")  # what decides the lists and the rows of the chosen one
SENT_IN = {"fallen": "ntm_recognition"}  # the empty workbook that what a list is made of comes in


@dataclass(frozen=True)
class Communes:
    """The communes of a place with where each stands. `frame`: rows of `loaders.load_communes`; `labels` by unit_code."""

    frame: pd.DataFrame
    standing: Standing
    labels: pd.Series
    decisions: dict[str, str]
    counted: int

    def rows(self, name: str) -> pd.DataFrame:
        """The rows of a list in its order, with `missing` and `loss`."""
        places = getattr(self.standing, name)
        shown = self.frame.iloc[places]
        return shown.assign(missing=self.standing.missing[places], loss=self.standing.loss[places])


def load_communes(page: Frame, facts: ProfileFacts) -> Communes | None:
    """None for a commune, and where the month has no figures."""
    if facts.is_commune or facts.now is None:
        return None
    view, level = page.view, page.unit_level
    frame = profile.load_place_communes(page.snapshot_id, view.period, page.boundary_set, view.unit, level)
    day = last_day(view.period).isoformat()
    decisions = profile.load_recognised(page.snapshot_id, page.boundary_set, day)
    types = facts.threshold.unit_types if facts.threshold else ()
    counted = frame["type"].isin(types).to_numpy() & ~frame["stands_alone"].to_numpy(dtype=bool)
    standing = sort_by_standing(
        frame["insured"],
        frame["population"],
        facts.threshold,
        counted=counted,
        recognised=frame["unit_code"].isin(decisions.keys()).to_numpy(),
    )
    is_wide = level in ("nation", "region")
    labels = loaders.place_labels(page.snapshot_id, page.boundary_set, "commune", is_wide)
    return Communes(frame, standing, labels, decisions, int(counted.sum()))


def draw_lists(page: Frame, facts: ProfileFacts, communes: Communes | None) -> None:
    """The switch of the lists with their counts, and the chosen list."""
    words = page.words
    if communes is None or communes.frame.empty:
        parts.prose(words.say("profile.no_communes"))
        return
    chosen = page.choice("list")
    switches = [
        button(
            "list",
            name,
            words.say(f"profile.list_{name}", count=page.formats.count(len(getattr(communes.standing, name)))),
            pressed=name == chosen,
        )
        for name in LISTS
    ]
    group = parts.escape(words.say("profile.lists"))
    markup = f'<div class="bp-tabs bp-small" role="group" aria-label="{group}">{"".join(switches)}</div>'
    draw_markup("lists", markup, page.report_of("lists"))
    rows = communes.rows(chosen)
    parts.title(say_title(page, facts, chosen, len(rows)), say_rule(page, facts, chosen, communes))
    if rows.empty:
        parts.prose(words.say(f"profile.list_{chosen}_none"))
    else:
        draw_list(page, facts, communes, chosen, rows)
        bar.show(page, "communes")
    if chosen in SENT_IN:
        show_templates(page, SENT_IN[chosen])


def say_title(page: Frame, facts: ProfileFacts, name: str, count: int) -> str:
    value = page.formats.percent_rule(facts.threshold.value) if facts.threshold else ""
    return page.words.say(f"profile.title_{name}", count=page.formats.count(count), threshold=value)


def say_rule(page: Frame, facts: ProfileFacts, name: str, communes: Communes) -> str:
    """What the list holds and in which order; how many of the place's units are outside what the programme counts."""
    words, formats = page.words, page.formats
    rule = words.say(f"profile.rule_{name}", percent=AT_RISK_PERCENT)
    outside = int((~communes.frame["stands_alone"].astype(bool)).sum()) - communes.counted
    if facts.threshold is None:
        return words.say("rule.unknown") + ". " + rule if name in ("below", "at_risk", "met", "fallen") else rule
    if outside <= 0:
        return rule
    return f"{rule} {words.say('profile.rule_outside', count=formats.count(outside))}"


def draw_list(page: Frame, facts: ProfileFacts, communes: Communes, name: str, rows: pd.DataFrame) -> None:
    words, formats = page.words, page.formats
    pages = max(1, -(-len(rows) // PAGE_ROWS))
    at = min(page.view.page, pages)
    shown = rows.iloc[(at - 1) * PAGE_ROWS : at * PAGE_ROWS]
    columns = [
        Column(words.say("profile.column_commune")),
        Column(words.say("home.table_coverage"), is_figure=True),
        Column(words.say("home.table_people"), is_figure=True),
        Column(words.say(f"profile.column_{name}"), is_figure=name in ("below", "at_risk", "met", "over")),
    ]
    sentence = words.say(
        "home.table_rows",
        from_row=formats.count((at - 1) * PAGE_ROWS + 1),
        to_row=formats.count((at - 1) * PAGE_ROWS + len(shown)),
        rows=formats.count(len(rows)),
    )
    pager = Pager(sentence, at, pages, words.say("home.table_previous"), words.say("home.table_next"))
    table.draw_table(
        "list",
        columns,
        [list_row(page, facts, communes, name, row) for row in shown.itertuples()],
        pager,
        "",
        page.report_of("list"),
        label=say_title(page, facts, name, len(rows)),
    )


def list_row(page: Frame, facts: ProfileFacts, communes: Communes, name: str, row) -> Row:
    formats = page.formats
    rate = shown_pct(int(row.insured), int(row.population), facts.threshold)
    known = rate is not None
    cells = (
        str(communes.labels[row.unit_code]),
        formats.rate(rate) if known else formats.missing,
        formats.part_of(row.insured, row.population) if known else formats.missing,
        say_last(page, communes, name, row),
    )
    return Row(row.unit_code, cells, is_selected=row.unit_code == page.view.selected)


def say_last(page: Frame, communes: Communes, name: str, row) -> str:
    """The column that the list is about: people missing, people to lose, the decision, the excess, or the file awaited."""
    words, formats = page.words, page.formats
    if name == "below":
        return formats.people(row.missing)
    if name in ("met", "at_risk"):
        return formats.people(row.loss)
    if name == "over":
        return words.say("profile.over_by", people=formats.count(row.insured - row.population))
    if name == "fallen":
        decision = communes.decisions[row.unit_code]
        missing = formats.people(row.missing)
        return f"{decision}; {missing}" if decision else missing
    return say_awaited(page, row)


def say_awaited(page: Frame, row) -> str:
    """In which file the missing figure should come, or why it is not shown."""
    words = page.words
    if row.obs_status == "held_back":
        return words.say("absence.held_back_long")
    if row.obs_status == "not_applicable":
        return words.say("profile.nobody_lives")
    if row.obs_status == "reported":
        return words.say("profile.no_residents")
    reports = loaders.load_reports(page.snapshot_id, page.view.period).set_index("province_code")
    province = lower_first(page.label(row.province_code))
    has_come = row.province_code in reports.index and bool(reports.at[row.province_code, "has_reported"])
    key = "profile.awaited_row" if has_come else "profile.awaited_report"
    return words.say(key, province=province, period=page.formats.month(page.view.period))


def largest_groups(page: Frame, codes: np.ndarray) -> dict[str, str]:
    """Of each commune the payer group with most people not yet insured, in words; "chưa rà soát" where not surveyed."""
    if page.view.boundaries or not len(codes):
        return {}
    found = profile.load_largest_groups(page.snapshot_id, page.view.period, tuple(sorted(codes)))
    return {code: page.words.say(f"payer_group.{found[code]}") if code in found else "" for code in codes}
