"""What a ranking needs beside the sums of a month: the months behind it, targets, published figures."""

from __future__ import annotations

import pandas as pd

from data.queries import ranking as queries
from geo.units import boundary_set_of, boundary_sets
from indicators.rates import coverage_pct
from indicators.rules import goal, programme_of
from ui.loaders.comparison import load_level_shared
from ui.loaders.figures import load_level
from ui.loaders.groups import Scope, load_scopes
from ui.loaders.snapshot import cached, load_catalogue, load_programmes, store_of, threshold_at
from ui.loaders.units import load_units, place_labels
from ui.ranking import RankingFacts, build_facts

COUNTS = ["population", "insured"]


@cached
def load_rate_months(
    snapshot_id: str, level: str, boundary_set: str, first: str, last: str, codes: tuple[str, ...] = ()
) -> pd.DataFrame:
    """Coverage in percent (for drawing; NaN unknown): a row per month, a column per unit of the boundary set.

    Provinces before the reform of 2025 are added up into those they became. Districts and communes of another boundary set
    have no month there. `codes` names the communes; other levels come whole.
    """
    store = store_of(snapshot_id)
    if level == "commune":
        rows = queries.commune_rates_by_month(store, codes, first, last)
    else:
        rows = queries.rates_by_month(store, level, first, last)
    shown_as = rows["unit_code"].where(rows["boundary_set"] == boundary_set)
    if level == "province":
        old = boundary_sets()[:-1]  # the same 63 provinces
        if boundary_set in old:
            shown_as = rows["unit_code"].where(rows["boundary_set"].isin(old))
        else:
            heirs = load_catalogue(snapshot_id).successors
            became = [heirs.get((boundary_set, code), code) for code in rows["unit_code"]]
            shown_as = pd.Series(became, index=rows.index, dtype=str)
    known = rows.assign(unit_code=shown_as)[(rows[COUNTS] >= 0).all(axis=1) & shown_as.notna()]
    sums = known.groupby(["period", "unit_code"])[COUNTS].sum()
    rates = pd.Series(coverage_pct(sums["insured"], sums["population"]), index=sums.index, dtype=float)
    return rates.unstack("unit_code")


@cached
def load_published_at(snapshot_id: str, period: str, boundary_set: str) -> dict[str, dict[str, object]]:
    """What was published for a month, by unit: coverage_pct, insured, wording, source. Empty on other boundaries than the
    month's own: it was published for the units of its time.
    """
    if boundary_set != boundary_set_of(period):
        return {}
    return queries.published_at(store_of(snapshot_id), period).set_index("unit_code").to_dict("index")


@cached
def load_facts(snapshot_id: str, period: str, boundary_set: str, since: str, scope_code: str) -> RankingFacts:
    """The ranking of a scope in a month; `since` "" where there is no earlier month."""
    return rank_scope(
        snapshot_id, period, boundary_set, since, load_scopes(snapshot_id, period, boundary_set)[scope_code]
    )


@cached
def load_district_facts(snapshot_id: str, period: str, boundary_set: str, since: str, province: str) -> RankingFacts:
    """The ranking of a province's districts among themselves."""
    units = load_units(snapshot_id, boundary_set)
    inside = units[(units["level"] == "district") & (units["province_code"] == province)]
    scope = Scope(
        f"province.{province}",
        "group",
        str(units.at[province, "name"]),
        "",
        "own",
        "district",
        tuple(inside["unit_code"]),
    )
    return rank_scope(snapshot_id, period, boundary_set, since, scope)


def rank_scope(snapshot_id: str, period: str, boundary_set: str, since: str, scope: Scope) -> RankingFacts:
    units = load_units(snapshot_id, boundary_set)
    if scope.level == "province":
        labels = units["short_name"]
    else:
        labels = place_labels(snapshot_id, boundary_set, scope.level, not scope.code.startswith("province."))
    threshold = threshold_at(snapshot_id, period)
    programme = programme_of(load_programmes(snapshot_id), period)
    plan = goal(programme, "coverage", period) if programme and scope.level != "commune" else None
    return build_facts(
        scope,
        period,
        since,
        load_level(snapshot_id, period, boundary_set, scope.level),
        load_level(snapshot_id, since, boundary_set, scope.level) if since else None,
        threshold,
        labels,
        # Communes are judged by the threshold; a province's way leads to what the plan wants of the nation.
        gap_rule=plan or threshold,
        is_share_comparable=bool(since) and threshold_at(snapshot_id, since) == threshold,
        shared=load_level_shared(snapshot_id, period, since, boundary_set, scope.level)
        if since and scope.level != "commune"
        else None,
    )
