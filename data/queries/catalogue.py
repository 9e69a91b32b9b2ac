"""What the snapshot holds: periods, programmes, rules, boundary sets, payer groups."""

import pandas as pd

from data.queries.common import EXACT_VALUE
from data.store import Store


def snapshot_info(store: Store) -> dict[str, object]:
    """What is open: id, made_at, fallback_from (None, or the id of the damaged one), first_period, last_period (None
    where there are no figures), and how many monthly figures of units there are: rows, simulated_rows, real_rows."""
    row = store.query(
        """
        SELECT min(period) AS first_period, max(period) AS last_period,
               coalesce(sum(units_reported), 0)::BIGINT AS found, coalesce(sum(units_simulated), 0)::BIGINT AS simulated
        FROM report_received
        """
    ).iloc[0]
    total, simulated = int(row["found"]), int(row["simulated"])
    return {
        "id": store.pointer.id,
        "made_at": store.pointer.made_at,
        "fallback_from": store.fallback_from,
        "first_period": row["first_period"] if total else None,
        "last_period": row["last_period"] if total else None,
        "rows": total,
        "simulated_rows": simulated,
        "real_rows": total - simulated,
    }


def programmes(store: Store) -> pd.DataFrame:
    """Programmes in order of time: rows of `indicators.rule_rows.programmes_from_rows`."""
    return store.query("SELECT * FROM programme ORDER BY from_period")


def thresholds(store: Store) -> pd.DataFrame:
    """Every threshold with its rule_id and legal source."""
    return store.query(
        f"SELECT * REPLACE ({EXACT_VALUE}) FROM rule ORDER BY programme, level, kind, scope, effective_from"
    )


def goals(store: Store) -> pd.DataFrame:
    """Every goal of every programme."""
    return store.query(
        f"SELECT * REPLACE ({EXACT_VALUE}) FROM goal ORDER BY programme, measure, main DESC, deadline, goal.value"
    )


def periods(store: Store, programme: str | None = None) -> pd.DataFrame:
    """period, boundary_set, programme, state; the months that hold figures, oldest first."""
    return store.query(
        "SELECT * FROM period WHERE $programme IS NULL OR programme = $programme ORDER BY period",
        {"programme": programme},
    )


def boundary_sets(store: Store) -> pd.DataFrame:
    """boundary_set, commune_count, district_count, province_count; oldest first."""
    return store.query("SELECT * FROM boundary_set ORDER BY position")


def regions(store: Store, scheme: str | None = None) -> pd.DataFrame:
    """region_code, scheme (region6, region7, region6_2025), name, name_en."""
    return store.query(
        "SELECT * FROM region WHERE $scheme IS NULL OR scheme = $scheme ORDER BY scheme", {"scheme": scheme}
    )


def payer_groups(store: Store, period: str) -> pd.DataFrame:
    """The groups of the list in force in a month, in the law's order: payer_group, word, legal_basis."""
    return store.query(
        """
        SELECT list, payer_group, position, word, legal_basis, source FROM payer_group
        WHERE from_period <= $period AND (to_period IS NULL OR to_period >= $period) ORDER BY position
        """,
        {"period": period},
    )
