"""Whether a snapshot holds what it says: its file, its id, its keys, its sums and its value files.

Every check asks the file again in the plainest way, and not by the code that wrote it.
"""

import gzip
import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import pandas as pd

from data import queries
from data.bundle import list_value_files
from data.errors import StoreUnavailable
from data.ingest.content_hash import HASHED_TABLES, hash_tables
from data.ingest.summaries import make_rule_id
from data.settings import Settings
from data.store import Pointer, Store, open_snapshot
from indicators.counts import both_known
from indicators.met import MET, NOT_MET, met_status, still_to_enrol
from indicators.rule_rows import programmes_from_rows
from indicators.rules import Threshold, threshold_in_force

# The keys that no index of the file holds: one over half a million rows of group_total took 66 of 159 MB.
KEYS = {
    "commune_month": "period, unit_code",
    "group_month": "period, unit_code, payer_group",
    "group_total": "period, level, unit_code, payer_group",
}
PARENTS = {"nation": "nation", "province": "province_code", "district": "district_code"}
REGION_SCHEMES = ("region6", "region7")
PEOPLE = ("population", "insured", "uninsured", "still_to_enrol", "population_counted", "population_met")
JUDGED = ("met", "not_met", "unknown", "still_to_enrol", "population_met")


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: a word key and the values of its sentence."""

    key: str
    values: dict[str, object] = field(default_factory=dict)


def find_faults(pointer: Pointer, settings: Settings, *, quick: bool = False) -> list[Fault]:
    """Everything that is wrong with a snapshot; an empty list where it can be trusted. Where the file itself is not
    whole, nothing further is asked of it. `quick`: only what can go wrong once it was published, its content against its
    id and its value files (half a second instead of half a minute on the full store)."""
    try:
        store = open_snapshot(pointer, settings)
    except StoreUnavailable as problem:
        return [Fault(problem.words_key, problem.values)]
    try:
        figures = [] if quick else [*check_keys(store), *check_sums(store)]
        return [*check_id(store), *figures, *check_value_files(store, settings)]
    finally:
        store.close()


def check_id(store: Store) -> Iterator[Fault]:
    """The id is the hash of the content. A snapshot of an older schema lacks some tables; its id does not name them."""
    there = list_tables(store)
    tables = [table for table in HASHED_TABLES if table in there]
    content = hash_tables(lambda sql: tuple(store.query(sql).iloc[0]), tables, store.pointer.schema_version)
    if content != store.snapshot_id:
        yield Fault("snapshot.fault.id", {"found": content})


def list_tables(store: Store) -> set[str]:
    return set(store.query("SELECT table_name FROM duckdb_tables()")["table_name"])


def check_keys(store: Store) -> Iterator[Fault]:
    """No unit twice in a month, no group and no sum of one twice in a unit, no unit unknown to its month's boundary set."""
    twice = "SELECT {key} FROM {table} GROUP BY ALL HAVING count(*) > 1"
    there = list_tables(store)
    for table, key in KEYS.items():
        rows = store.query(twice.format(table=table, key=key)) if table in there else ()
        if len(rows):
            yield Fault("snapshot.fault.twice", {"table": table, "count": len(rows), "example": name_row(rows)})
    for table in ("commune_month", "group_month"):
        rows = store.query(
            f"""
            SELECT DISTINCT f.period, f.unit_code FROM {table} AS f LEFT JOIN period AS t USING (period)
            ANTI JOIN unit AS u ON u.boundary_set = t.boundary_set AND u.unit_code = f.unit_code
            """
        )
        if len(rows):
            yield Fault("snapshot.fault.foreign_unit", {"table": table, "count": len(rows), "example": name_row(rows)})


def name_row(rows: pd.DataFrame) -> str:
    return " ".join(map(str, rows.iloc[0]))


def check_sums(store: Store) -> Iterator[Fault]:
    """`unit_summary` against the communes added up again, month by month."""
    programmes = programmes_from_rows(
        *(ask(store).to_dict("records") for ask in (queries.programmes, queries.thresholds, queries.goals))
    )
    for period, _, programme, *_ in queries.periods(store).itertuples(index=False):
        rule = threshold_in_force(programmes[programme], period) if isinstance(programme, str) else None
        expected = add_up(read_units(store, period), rule)
        found = store.query("SELECT * FROM unit_summary WHERE period = $period", {"period": period}).set_index(
            ["level", "unit_code"]
        )
        rule_ids = set(found["rule_id"].dropna())
        if rule_ids != ({make_rule_id(programme, rule)} if rule else set()):
            yield Fault("snapshot.fault.rule", {"period": period, "rules": ", ".join(sorted(rule_ids)) or "–"})
        if set(found.index) != set(expected.index):
            yield Fault("snapshot.fault.sum_rows", {"period": period})
            continue
        stored = found.loc[expected.index, expected.columns].astype("Int64").fillna(-1).astype("int64")
        wrong = (stored != expected).stack()
        if wrong.any():
            level, code, column = wrong.index[wrong][0]
            yield Fault(
                "snapshot.fault.sum",
                {
                    "period": period,
                    "unit": f"{level} {code}",
                    "column": column,
                    "stored": stored.at[(level, code), column],
                    "expected": expected.at[(level, code), column],
                    "count": int(wrong.sum()),
                },
            )


def read_units(store: Store, period: str) -> pd.DataFrame:
    """Every unit of the commune map of a month with its figures (-1 unknown) and the codes above it."""
    return store.query(
        """
        SELECT u.province_code, u.district_code, u.region6, u.region7, u.type, u.stands_alone, 'VN' AS nation,
               coalesce(f.population, -1)::BIGINT AS population, coalesce(f.insured, -1)::BIGINT AS insured,
               coalesce(f.is_simulated, false) AS is_simulated
        FROM period AS t
        JOIN unit AS u ON u.boundary_set = t.boundary_set AND u.map_order IS NOT NULL
        LEFT JOIN commune_month AS f ON f.period = t.period AND f.unit_code = u.unit_code
        WHERE t.period = $period
        """,
        {"period": period},
    )


def add_up(units: pd.DataFrame, rule: Threshold | None) -> pd.DataFrame:
    """The columns of `unit_summary` that communes add up to, by level and unit_code; -1 unknown."""
    insured, population = units["insured"], units["population"]
    known = both_known(insured, population)
    communes = ~units["stands_alone"]
    types = rule.unit_types if rule else ("xa",)
    counted = units["type"].isin(types) & communes
    status = met_status(insured, population, rule)
    parts = pd.DataFrame(
        {
            "units": communes,
            "units_reported": communes & known,
            "units_simulated": units["is_simulated"] & (insured >= 0),
            "counted": counted,
            "met": counted & (status == MET),
            "not_met": counted & (status == NOT_MET),
            "unknown": counted & ~known,
            "population": population.where(known, 0),
            "insured": insured.where(known, 0),
            "population_all": population.clip(lower=0),
            "population_counted": population.where(counted & known, 0),
            "population_met": population.where(counted & (status == MET), 0),
            "still_to_enrol": pd.Series(still_to_enrol(insured, population, rule)).where(counted & known, 0),
            "known": known,
            "counted_known": counted & known,
        }
    ).astype("int64")
    keys = [("region", scheme) for scheme in REGION_SCHEMES] + list(PARENTS.items())
    sums = {}
    for level, column in keys:
        inside = units[column].notna()
        if inside.any():
            sums[level, column] = parts[inside].groupby(units[column][inside]).sum()
    result = pd.concat(
        [frame.set_axis(pd.MultiIndex.from_product([[level], frame.index])) for (level, _), frame in sums.items()]
    )
    result["uninsured"] = (result["population"] - result["insured"]).clip(lower=0)
    for column in PEOPLE:
        reported = "counted_known" if column in ("still_to_enrol", "population_counted", "population_met") else "known"
        result[column] = result[column].where(result[reported] > 0, -1)
    if rule is None:
        result[list(JUDGED)] = -1
    return result.drop(columns=["known", "counted_known"])


def check_value_files(store: Store, settings: Settings) -> Iterator[Fault]:
    """The value files that the snapshot names are there, and hold what their names say."""
    for name in list_value_files(store):
        path = settings.value_directory / name
        try:
            content = gzip.decompress(path.read_bytes())
        except FileNotFoundError:
            yield Fault("snapshot.fault.value_file_missing", {"file": name})
            continue
        except (OSError, EOFError, zlib.error):
            yield Fault("snapshot.fault.value_file_damaged", {"file": name})
            continue
        if not name.startswith(hashlib.sha256(content).hexdigest()[:16] + "."):
            yield Fault("snapshot.fault.value_file_damaged", {"file": name})
