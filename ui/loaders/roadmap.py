"""Payer groups of communes, filed plans, and what came of them."""

from __future__ import annotations

import pandas as pd

from data import queries
from data.queries import profile as profile_queries
from data.queries import roadmap as roadmap_queries
from ui.loaders.snapshot import cached, store_of


@cached
def load_largest_groups(snapshot_id: str, period: str, scope: str) -> dict[str, str]:
    """The payer group with most people outside, of each commune of a place of which that is sure
    (`queries.profile.largest_groups`)."""
    store = store_of(snapshot_id)
    codes = roadmap_queries.commune_groups(store, period, scope)["unit_code"].unique().tolist()
    rows = profile_queries.largest_groups(store, period, codes)
    return dict(zip(rows["unit_code"], rows["word"], strict=True))


@cached
def load_group_gaps(snapshot_id: str, period: str, scope: str) -> pd.DataFrame:
    """Eligible, insured and uninsured by group of a place (`queries.group_gaps`)."""
    return queries.group_gaps(store_of(snapshot_id), period, scope)


@cached
def load_commune_groups(snapshot_id: str, period: str, scope: str) -> pd.DataFrame:
    """unit_code, payer_group, eligible, insured of the communes of a place that surveyed their groups."""
    return roadmap_queries.commune_groups(store_of(snapshot_id), period, scope)


@cached
def load_plan_months(snapshot_id: str, scope: str | None) -> pd.DataFrame:
    """Filed plans by unit and month (`roadmap_queries.plan_months`)."""
    return roadmap_queries.plan_months(store_of(snapshot_id), scope)


@cached
def load_plan_items(snapshot_id: str, scope: str) -> pd.DataFrame:
    """Tasks of the plan register of a place."""
    return roadmap_queries.plan_items(store_of(snapshot_id), scope)


@cached
def load_insured(snapshot_id: str, codes: tuple[str, ...], first: str, last: str) -> pd.DataFrame:
    """Insured people of units over months: unit_code, period, insured."""
    return roadmap_queries.insured_by_month(store_of(snapshot_id), list(codes), first, last)
