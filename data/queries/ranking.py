"""What stands beside a ranking: the months behind each unit, targets of a year, published figures of a month."""

from collections.abc import Sequence

import pandas as pd

from data.queries.common import AMONG_CODES
from data.store import Store


def rates_by_month(store: Store, level: str, from_period: str, to_period: str) -> pd.DataFrame:
    """Residents and insured of every unit of a level above communes: period, boundary_set, unit_code, population, insured
    (-1 unknown)."""
    return store.query(
        """
        SELECT s.period, t.boundary_set, s.unit_code, coalesce(s.population, -1)::BIGINT AS population,
               coalesce(s.insured, -1)::BIGINT AS insured
        FROM unit_summary AS s JOIN period AS t USING (period)
        WHERE s.level = $level AND s.period BETWEEN $from_period AND $to_period ORDER BY s.period, s.unit_code
        """,
        {"level": level, "from_period": from_period, "to_period": to_period},
    )


def commune_rates_by_month(store: Store, codes: Sequence[str], from_period: str, to_period: str) -> pd.DataFrame:
    """The same for single communes (or districts that stand alone) by their codes, in no order."""
    return store.query(
        f"""
        SELECT f.period, t.boundary_set, f.unit_code, coalesce(f.population, -1)::BIGINT AS population,
               coalesce(f.insured, -1)::BIGINT AS insured
        FROM commune_month AS f JOIN period AS t USING (period)
        WHERE f.period BETWEEN $from_period AND $to_period AND f.{AMONG_CODES}
        """,
        {"codes": list(codes), "from_period": from_period, "to_period": to_period},
    )


def published_at(store: Store, period: str) -> pd.DataFrame:
    """Coverage published for a month: unit_code, coverage_pct (NaN where only people were published), insured (-1), is_estimate,
    wording, confidence, source."""
    return store.query(
        """
        SELECT unit_code, coverage_pct::DOUBLE AS coverage_pct, coalesce(insured, -1)::BIGINT AS insured, is_estimate,
               wording, confidence, source
        FROM published_coverage WHERE period = $period ORDER BY unit_code
        """,
        {"period": period},
    )
