"""What the profile of one unit asks beside the sums: its communes over time, populations, decisions, revisions."""

from collections.abc import Sequence

import pandas as pd

from data.queries.common import AMONG_CODES, IN_SCOPE, coalesce_counts
from data.store import Store

LEVEL_COUNTS = ("population", "insured", "met", "counted", "units", "units_reported")


def communes_over_time(store: Store, codes: Sequence[str], from_period: str, to_period: str) -> pd.DataFrame:
    """Monthly figures of some communes or stand-alone districts: period, boundary_set, unit_code, population, insured (-1
    unknown), obs_status, is_simulated; in no order. A code that outlives a reform stands for the land it had then."""
    return store.query(
        f"""
        SELECT f.period, t.boundary_set, f.unit_code, coalesce(f.population, -1)::BIGINT AS population,
               coalesce(f.insured, -1)::BIGINT AS insured, f.obs_status, f.is_simulated
        FROM commune_month AS f JOIN period AS t USING (period)
        WHERE f.{AMONG_CODES} AND f.period BETWEEN $from_period AND $to_period
        """,
        {"codes": list(codes), "from_period": from_period, "to_period": to_period},
    )


def level_over_time(store: Store, level: str, periods: Sequence[str]) -> pd.DataFrame:
    """Sums of every unit of a level in some months, in no order: period, boundary_set, unit_code and LEVEL_COUNTS (-1
    unknown)."""
    return store.query(
        f"""
        SELECT s.period, t.boundary_set, s.unit_code, {coalesce_counts(LEVEL_COUNTS)}
        FROM unit_summary AS s JOIN period AS t USING (period)
        WHERE s.level = $level AND s.period IN (SELECT unnest($periods::VARCHAR[]))
        """,
        {"level": level, "periods": list(periods)},
    )


def crosswalk_of(store: Store, codes: Sequence[str]) -> pd.DataFrame:
    """Every step of the reforms that starts from or leads to one of some communes: from_set, to_set, from_code, to_code,
    weight (float), kind (same, renamed, merged, split, moved), estimated, source."""
    return store.query(
        """
        SELECT from_set, to_set, from_code, to_code, weight::DOUBLE AS weight, kind, estimated, source FROM crosswalk
        WHERE list_contains($codes, from_code) OR list_contains($codes, to_code)
        ORDER BY from_set, from_code, weight DESC, to_code
        """,
        {"codes": list(codes)},
    )


def received_populations(store: Store, boundary_set: str, scope: str | None, until: str) -> pd.DataFrame:
    """Populations received beside the reports, added up over the communes of `scope`, the latest of each series up to a
    month: series, period, population, units (how many communes are in it), units_all, file_name."""
    return store.query(
        f"""
        WITH scoped AS (
            SELECT u.unit_code FROM unit AS u
            WHERE u.boundary_set = $boundary_set AND u.map_order IS NOT NULL AND {IN_SCOPE}
        ), latest AS (
            SELECT series, max(period) AS period FROM unit_population
            WHERE boundary_set = $boundary_set AND period <= $until GROUP BY series
        )
        SELECT p.series, p.period, sum(p.population)::BIGINT AS population, count(*) AS units,
               (SELECT count(*) FROM scoped) AS units_all, min(s.name) AS file_name
        FROM unit_population AS p
        JOIN latest USING (series, period) JOIN scoped USING (unit_code) JOIN source AS s USING (source_id)
        WHERE p.boundary_set = $boundary_set
        GROUP BY p.series, p.period ORDER BY p.series
        """,
        {"boundary_set": boundary_set, "scope": scope, "until": until},
    )


def recognised_communes(store: Store, boundary_set: str, day: str) -> pd.DataFrame:
    """Communes with a decision in force on a day (ISO text) that recognises them as new rural communes: unit_code,
    decided_on, decision. Decisions on an older boundary set count where the unit stayed what it was."""
    return store.query(
        """
        SELECT r.unit_code, max_by(r.status, r.decided_on) AS status, max(r.decided_on) AS decided_on,
               max_by(r.decision, r.decided_on) AS decision
        FROM ntm_recognition AS r
        WHERE r.standard = 'ntm' AND r.decided_on <= CAST($day AS DATE) AND (r.boundary_set = $boundary_set OR EXISTS (
            SELECT 1 FROM crosswalk AS c
            WHERE c.from_set = r.boundary_set AND c.to_set = $boundary_set AND c.from_code = r.unit_code
                AND c.to_code = r.unit_code AND c.kind IN ('same', 'renamed')
        ))
        GROUP BY r.unit_code HAVING max_by(r.status, r.decided_on) = 'recognised' ORDER BY r.unit_code
        """,
        {"boundary_set": boundary_set, "day": day},
    )


def revisions(store: Store, scope: str | None, until: str) -> pd.DataFrame:
    """Figures of the communes of `scope` that a later file replaced, up to a month, newest month first: period, state of
    the month (draft, released), unit_code, name, population_before, insured_before, population, insured (those in force;
    -1 unknown), file_before, file_now, loaded_at of the file in force (None where not known).
    """
    return store.query(
        f"""
        WITH loads AS (SELECT sha256, min(loaded_at) AS loaded_at FROM load_audit GROUP BY sha256)
        SELECT h.period, t.state, h.unit_code, u.name,
               coalesce(h.population, -1)::BIGINT AS population_before, coalesce(h.insured, -1)::BIGINT AS insured_before,
               coalesce(f.population, -1)::BIGINT AS population, coalesce(f.insured, -1)::BIGINT AS insured,
               b.name AS file_before, n.name AS file_now, l.loaded_at
        FROM figure_history AS h
        JOIN period AS t USING (period)
        JOIN unit AS u ON u.boundary_set = t.boundary_set AND u.unit_code = h.unit_code
        JOIN source AS b ON b.source_id = h.source_id
        LEFT JOIN commune_month AS f ON f.period = h.period AND f.unit_code = h.unit_code
        LEFT JOIN source AS n ON n.source_id = coalesce(h.replaced_by, f.source_id)
        LEFT JOIN loads AS l ON l.sha256 = n.sha256
        WHERE h.state = 'superseded' AND h.payer_group = '' AND h.period <= $until AND {IN_SCOPE}
        ORDER BY h.period DESC, h.unit_code, h.source_id DESC
        """,
        {"scope": scope, "until": until},
    )


def files_of_place(store: Store, period: str, scope: str | None) -> pd.DataFrame:
    """The files that the figures of a month in `scope` came from: name, sheet, kind, is_simulated, units."""
    return store.query(
        f"""
        SELECT s.name, s.sheet, s.kind, f.is_simulated, count(*) AS units
        FROM commune_month AS f
        JOIN period AS t USING (period)
        JOIN unit AS u ON u.boundary_set = t.boundary_set AND u.unit_code = f.unit_code
        JOIN source AS s USING (source_id)
        WHERE f.period = $period AND f.obs_status = 'reported' AND {IN_SCOPE}
        GROUP BY ALL ORDER BY f.is_simulated, units DESC, s.name
        """,
        {"period": period, "scope": scope},
    )


def largest_groups(store: Store, period: str, codes: Sequence[str]) -> pd.DataFrame:
    """Of each of some communes the payer group with most people not yet insured: unit_code, word, uninsured. A commune that
    has not surveyed its groups is not in it; of equal groups the law's first one stands. In the public edition a commune is
    not in it either where its hidden groups together could be more than any that is shown."""
    is_surest = "max(g.eligible - g.insured) > 0"
    if store.edition == "public":
        is_surest += """ AND (count(*) = (
                SELECT count(*) FROM group_month AS a WHERE a.period = $period AND a.unit_code = g.unit_code
            )
            OR max(g.eligible - g.insured) >= (
                SELECT m.population - m.insured FROM commune_month AS m WHERE m.period = $period AND m.unit_code = g.unit_code
            ) - sum(greatest(g.eligible - g.insured, 0)))"""
    return store.query(
        f"""
        SELECT g.unit_code, arg_max(l.word, [(g.eligible - g.insured)::BIGINT, -l.position]) AS word,
               max(g.eligible - g.insured)::BIGINT AS uninsured
        FROM group_month AS g
        JOIN payer_group AS l ON l.payer_group = g.payer_group
            AND l.from_period <= $period AND (l.to_period IS NULL OR l.to_period >= $period)
        WHERE g.period = $period AND list_contains($codes, g.unit_code)
            AND g.eligible IS NOT NULL AND g.insured IS NOT NULL
        GROUP BY g.unit_code HAVING {is_surest} ORDER BY g.unit_code
        """,
        {"period": period, "codes": list(codes)},
    )
