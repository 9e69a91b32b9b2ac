"""The roadmap, block by block: choices, headline, payer groups, communes, caption."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import streamlit as st

from charts import palette
from indicators.met import MET, NOT_MET
from indicators.rates import coverage_pct, shown_pct
from text.names import collation_key
from ui import captions, choices, home_page, loaders, parts
from ui.edition import is_public
from ui.frame import Frame
from ui.loaders import roadmap as loader
from ui.markup import button, draw_markup, dropdown
from ui.parts import Figure, escape
from ui.roadmap import Roadmap, default_end, months_after, own_goal
from ui.table import Column, Pager, Row, draw_table
from ui.takeaway import bar

ROWS = 20
SHARES = ("50", "60", "70", "75", "80", "85", "90", "95", "100")
RATES = ("80", "85", "90", "92", "94", "95", "96", "97", "98", "100")
SWATCH = {MET: palette.MET, NOT_MET: palette.NOT_MET}


def draw_choices(page: Frame) -> None:
    """Place, programme and month; below, inside a place, the goal, its height, the last month and the order."""
    controls = [choices.programme_choice(page)]
    has_months = bool(page.catalogue.programmes[page.view.programme])
    if has_months:
        controls.append(choices.period_choice(page))
    markup = (
        f'<div class="bp-choices">{choices.breadcrumb(page)}<div class="bp-controls">{"".join(controls)}</div></div>'
    )
    if has_months and page.unit_level != "nation":
        markup += f'<div class="bp-choices bp-goal">{goal_choices(page)}</div>'
    draw_markup("choices", markup, page.report_of("choices"))


def goal_choices(page: Frame) -> str:
    words, formats = page.words, page.formats
    is_share = page.choice("goal") == "communes"
    own = own_goal(page)
    values = list(SHARES if is_share else RATES)
    chosen = page.choice("at")
    if chosen and chosen not in values:
        values = sorted([*values, chosen], key=Decimal)
    default = words.say("roadmap.at_all") if is_share else (
        words.say("roadmap.at_own", goal=formats.rule(own.value, own.operator)) if own else formats.percent_rule(Decimal(95))
    )  # fmt: skip
    values = [value for value in values if not (is_share and value == "100")]
    options = [("", default), *((value, formats.rule(Decimal(value), ">=")) for value in values)]
    later = months_after(page.view.period)
    ends = sorted({month for month in later if month[5:] in ("06", "12")} | {page.choice("by") or default_end(page)})
    pieces = [
        segments(page, "goal", ("communes", "coverage")),
        labelled(words.say("roadmap.at"), dropdown("at", words.say("roadmap.at"), [("", options)], chosen)),
        labelled(
            words.say("roadmap.by"),
            dropdown(
                "by", words.say("roadmap.by"), [("", [(month, formats.month(month)) for month in ends])],
                page.choice("by") or default_end(page),
            ),
        ),
    ]  # fmt: skip
    if not is_share:
        pieces.append(segments(page, "way", ("closest", "largest")))
    return f'<div class="bp-controls">{"".join(pieces)}</div>'


def labelled(label: str, control: str) -> str:
    return f'<span class="bp-field"><span class="bp-label">{escape(label)}</span>{control}</span>'


def segments(page: Frame, name: str, values: tuple[str, ...]) -> str:
    words = page.words
    switches = "".join(
        button(name, value, words.say(f"roadmap.{name}_{value}"), pressed=page.choice(name) == value)
        for value in values
    )
    return (
        f'<span class="bp-segments" role="group" aria-label="{escape(words.say(f"roadmap.{name}"))}">{switches}</span>'
    )


def draw_empty_headline(page: Frame) -> None:
    parts.headline(page.words.say("roadmap.headline_empty", place=page.label(page.view.unit)))


def say_banners(page: Frame, road: Roadmap) -> None:
    with st.container(key="banners"):
        home_page.say_simulated(page, int(road.communes["is_simulated"].sum()))
        unknown = int((road.communes["insured"] < 0).sum())
        if unknown:
            said = page.words.say("roadmap.banner_unknown", count=page.formats.count(unknown))
            parts.banner(said, words=page.words)


def draw_headline(page: Frame, road: Roadmap) -> None:
    parts.headline(say_headline(page, road))
    if road.has_figures and road.wanted > 0:
        parts.figures(list_figures(page, road))
    parts.prose(page.words.say("roadmap.arithmetic"))
    if later := say_later_threshold(page, road):
        parts.prose(later)


def say_later_threshold(page: Frame, road: Roadmap) -> str:
    """That another threshold (or none that is known) is in force when the plan ends; "" where it is the same."""
    if road.threshold is None or road.wanted <= 0 or road.rule.measure != "communes_met":
        return ""
    formats, end = page.formats, road.months[-1]
    later = loaders.threshold_at(page.snapshot_id, end)
    said = {"now": formats.rule(road.threshold.value, road.threshold.operator), "month": formats.month(end)}
    if later is None:
        return page.words.say("roadmap.later_unknown", **said)
    if (later.value, later.operator) == (road.threshold.value, road.threshold.operator):
        return ""
    rule = formats.rule(later.value, later.operator)
    return page.words.say("roadmap.later_threshold", rule=rule, legal=later.legal_basis, **said)


def say_headline(page: Frame, road: Roadmap) -> str:
    words, formats = page.words, page.formats
    said = {"place": page.label(page.view.unit), "goal": say_goal(page, road), "month": formats.month(road.months[-1])}
    if not road.has_figures:
        return words.say("roadmap.headline_no_figures", **said)
    if road.wanted < 0:
        return words.say("roadmap.headline_no_threshold", **said)
    if road.wanted == 0:
        return words.say("roadmap.headline_reached", **said)
    said |= {"people": formats.count(road.lift.total), "communes": formats.count(len(road.lift.chosen))}
    if not road.lift.is_reached and road.rule.measure == "communes_met" and road.lift.total == 0:
        return words.say("roadmap.headline_short_met", missing=formats.count(road.lift.missing), **said)
    if not road.lift.is_reached:
        return words.say("roadmap.headline_short", missing=formats.count(road.lift.missing), **said)
    return words.say("roadmap.headline", **said)


def say_goal(page: Frame, road: Roadmap) -> str:
    rule = page.formats.rule(road.rule.value, road.rule.operator)
    if road.rule.measure == "coverage":
        return page.words.say("roadmap.goal_is_coverage", rule=rule)
    if road.rule.value == 100:
        return page.words.say("roadmap.goal_is_all")
    return page.words.say("roadmap.goal_is_share", rule=rule)


def list_figures(page: Frame, road: Roadmap) -> list[Figure]:
    words, formats = page.words, page.formats
    mark = words.say("home.simulated") if road.communes["is_simulated"].any() else ""
    met, counted, unknown = road.counts
    insured, population = road.sums
    rate = formats.rate(shown_pct(insured, population, road.rule if road.rule.measure == "coverage" else None))
    months = len(road.months)
    a_month = road.steps.sum(axis=0).max() if months else 0
    unknown_note = words.say("home.communes_unknown", count=formats.count(unknown)) if unknown else ""
    return [
        Figure(words.say("roadmap.people"), formats.count(road.lift.total), words.say("roadmap.people_unit"), None, None,
               words.say("roadmap.people_note", goal=say_goal(page, road)), 0, "", mark),
        Figure(words.say("roadmap.communes"), formats.count(len(road.lift.chosen)), words.say("roadmap.communes_unit"),
               None, None, words.say("roadmap.communes_note", met=formats.count(met), counted=formats.count(counted)), 0,
               unknown_note, mark),
        Figure(words.say("roadmap.a_month"), formats.count(a_month), words.say("trends.people_a_month"), None, None,
               words.say("roadmap.a_month_note", months=formats.count(months), month=formats.month(road.months[-1])), 0,
               "", mark),
        Figure(words.say("roadmap.coverage"), rate, "", None, None,
               words.say("roadmap.coverage_note", insured=formats.count(insured), population=formats.count(population)), 0,
               "", mark),
    ]  # fmt: skip


def draw_groups(page: Frame, road: Roadmap) -> None:
    """Payer groups: the insured of those eligible as a bar, and how many are still out."""
    words, formats = page.words, page.formats
    groups = loader.load_group_gaps(page.snapshot_id, page.view.period, page.view.unit)
    if groups.empty:
        return
    surveyed = groups[groups["eligible"] >= 0]
    if surveyed.empty:
        parts.title(words.say("roadmap.groups_title_none"), words.say("roadmap.groups_subtitle_none"))
        return
    first = surveyed.loc[surveyed["uninsured"].idxmax()]
    hidden = bool(((groups["eligible"] < 0) & (groups["units_surveyed"] > 0)).any())
    units, of = int(surveyed["units_surveyed"].max()), int(groups["units"].iloc[0])
    parts.title(
        words.say("public.groups_title")
        if hidden
        else words.say("roadmap.groups_title", group=words.say(f"payer_group.{first['word']}")),
        words.say("roadmap.groups_subtitle", units=formats.count(units), of=formats.count(of)),
    )
    rows = "".join(group_row(page, row) for row in groups.itertuples())
    label = escape(words.say("roadmap.groups_label"))
    st.html(f'<table class="bp-table bp-groups" aria-label="{label}">{group_head(page)}<tbody>{rows}</tbody></table>')
    bar.show(page, "groups", of="profile")


def group_head(page: Frame) -> str:
    cells = "".join(
        f'<th scope="col"{" class=bp-num" if at else ""}>{escape(page.words.say(f"roadmap.column_{name}"))}</th>'
        for at, name in enumerate(("group", "insured_of", "rate", "out"))
    )
    return f"<thead><tr>{cells}</tr></thead>"


def group_row(page: Frame, row) -> str:
    words, formats = page.words, page.formats
    name = escape(words.say(f"payer_group.{row.word}"))
    if row.eligible < 0:
        said = "public.small" if row.units_surveyed > 0 else "roadmap.not_surveyed"
        return f'<tr><th scope="row">{name}</th><td colspan="3" class="bp-num">{escape(words.say(said))}</td></tr>'
    pct = float(coverage_pct(row.insured, row.eligible)) if row.eligible > 0 else 0.0
    bar = f'<div class="bp-bar" aria-hidden="true"><i style="width:{min(pct, 100):.1f}%"></i></div>'
    rate = formats.rate(shown_pct(row.insured, row.eligible))
    return (
        f"<tr><th scope=row>{name}{bar}</th><td class=bp-num>{escape(formats.part_of(row.insured, row.eligible))}</td>"
        f"<td class=bp-num>{escape(rate)}</td><td class=bp-num>{escape(formats.people(row.uninsured))}</td></tr>"
    )


def draw_communes(page: Frame, road: Roadmap) -> None:
    """The gap by commune: those of the plan first, in the order in which they are taken; then by people missing."""
    words, formats = page.words, page.formats
    frame = order_communes(page, road)
    unmet = frame[(frame["need"] > 0) & frame["counted"]]
    parts.title(
        words.say("roadmap.table_title", communes=formats.count(len(unmet))),
        words.say("roadmap.table_subtitle"),
    )
    pages = max(1, -(-len(frame) // ROWS))
    number = min(page.view.page, pages)
    shown = frame.iloc[(number - 1) * ROWS : number * ROWS]
    columns = [
        Column(words.say(f"roadmap.column_{name}"), is_figure=name not in ("commune", "largest", "state"))
        for name in ("commune", "coverage", "people", "need", "plan", "largest", "state")
    ]
    largest = largest_groups(page)
    rows = [commune_row(page, road, row, largest) for row in shown.itertuples()]
    first = (number - 1) * ROWS
    sentence = words.say(
        "home.table_rows", from_row=formats.count(first + min(1, len(shown))), to_row=formats.count(first + len(shown)),
        rows=formats.count(len(frame)),
    )  # fmt: skip
    pager = Pager(sentence, number, pages, words.say("home.table_previous"), words.say("home.table_next"))
    draw_table("communes", columns, rows, pager, "", page.report_of("communes"), words.say("roadmap.table_label"))
    bar.show(page, "gap")


def order_communes(page: Frame, road: Roadmap) -> pd.DataFrame:
    order = {position: rank for rank, position in enumerate(road.lift.chosen)}
    labels = loaders.place_labels(page.snapshot_id, page.boundary_set, "commune", False)
    frame = road.communes.assign(
        rank=[order.get(at, len(order)) for at in range(len(road.communes))],
        label=labels.reindex(road.communes["unit_code"]).to_numpy(),
    )
    keys = [collation_key(label) for label in frame["label"]]
    need = frame["need"].where(frame["need"] >= 0, 0)
    at = sorted(range(len(frame)), key=lambda i: (frame["rank"].iloc[i], -int(need.iloc[i]), keys[i]))
    return frame.iloc[at]


def largest_groups(page: Frame) -> dict[str, str]:
    """The payer group with the most people outside, of each commune that surveyed its groups."""
    if is_public():
        # Where numbers are hidden, the largest that is shown need not be the largest there is.
        return loader.load_largest_groups(page.snapshot_id, page.view.period, page.view.unit)
    rows = loader.load_commune_groups(page.snapshot_id, page.view.period, page.view.unit)
    rows = rows.assign(out=(rows["eligible"] - rows["insured"]).clip(lower=0)).sort_values("out", kind="stable")
    return rows.groupby("unit_code")["payer_group"].last().to_dict()


def commune_row(page: Frame, road: Roadmap, row, largest: dict[str, str]) -> Row:
    words, formats = page.words, page.formats
    is_known = row.insured >= 0 and row.population > 0
    group = largest.get(row.unit_code)
    state = find_state(road, row)
    cells = (
        row.label,
        formats.rate(shown_pct(row.insured, row.population, road.threshold)) if is_known else formats.missing,
        formats.part_of(row.insured, row.population) if is_known else formats.missing,
        formats.count(row.need),
        formats.count(row.plan) if row.plan else "–",
        words.say(f"payer_group.{group}") if group else words.say("roadmap.not_surveyed"),
        words.say(f"roadmap.state_{state}"),
    )
    swatch = SWATCH.get(row.state, palette.ABSENCE[255]) if state in ("met", "not_met") else ""
    return Row(row.unit_code, cells, is_selected=row.unit_code == page.view.selected, swatch=swatch)


def find_state(road: Roadmap, row) -> str:
    """met, not_met, not_counted (the programme does not judge it) or none (no threshold, no figures)."""
    if road.threshold is None or row.insured < 0 or row.population <= 0:
        return "none"
    if not row.counted:
        return "not_counted"
    return {MET: "met", NOT_MET: "not_met"}.get(row.state, "none")


def list_caption(page: Frame, road: Roadmap) -> list[str]:
    """Where the figures are from; nothing where the place has none."""
    now = loaders.load_summary(page.snapshot_id, page.view.period, page.boundary_set, page.view.unit, page.unit_level)
    if now is None:
        return []
    rule = page.words.say("roadmap.caption_rule", goal=say_goal(page, road))
    return captions.list_pieces(page, now, road.threshold, page.label(page.view.unit), [rule])


def draw_caption(page: Frame, road: Roadmap) -> None:
    if pieces := list_caption(page, road):
        parts.caption(pieces)
