"""Begins a snapshot as a copy of the one before it: millions of rows that do not change need not be written again.

Figures are kept where the schema is the same; units, rules, published figures, sources and sums where the files that the
reference comes from are the same too (their stamp is kept in `meta`). Everything else is dropped, and written anew by the
builder.
"""

import hashlib
import re
import shutil
from pathlib import Path

import duckdb

from data.ingest.facts import FACTS_DIRECTORY
from data.store import SCHEMA_VERSION
from geo.units import SETS_DIR

FACT_TABLES = ("commune_month", "group_month")
# What only grows, and the sums of months, which stay right where the rules do.
LOG_TABLES = ("source", "source_column", "rejection", "load_audit", "record_history", "figure_history")
SUM_TABLES = ("unit_summary", "report_received")
FILE_TABLE = "value_file"
# A file that is not finished is thrown away, so nothing needs to be read back from a log of what was written to it.
NO_WAL = "RECOVERY_MODE 'NO_WAL_WRITES'"
STAMP_KEY = "reference_stamp"
# `target` is not among them: received targets are laid over the published ones, so it is always made anew.
REFERENCE_TABLES = frozenset(
    {
        "boundary_set", "region", "unit", "crosswalk", "programme", "rule", "goal", "payer_group", "published_coverage",
        "published_commune_coverage", "population_year", "ntm_progress", "reform_event", "emulation_cluster",
        "published_unit_count",
    }
)  # fmt: skip
_OBJECT = re.compile(r"(?:CREATE TABLE|COMMENT ON TABLE|COMMENT ON COLUMN)\s+(\w+)")


def stamp_reference(schema: str, rules_directory: Path | None) -> str:
    """A hash of all that the reference tables are made from: schema, data files, and the code that reads them."""
    root = SETS_DIR.parent.parent
    files = [*SETS_DIR.rglob("*.csv"), *(SETS_DIR.parent / "crosswalks").glob("*.csv"), *SETS_DIR.parent.glob("*.csv")]
    files += [
        *FACTS_DIRECTORY.glob("*.csv"),
        *(root / "indicators").rglob("*.toml"),
        *(root / "indicators").glob("*.py"),
    ]
    files += [root / "text" / "names.py", *(root / "data" / "ingest").glob("reference*.py"), root / "geo" / "units.py"]
    files += [root / "data" / "ingest" / name for name in ("summaries.py", "value_files.py", "map_files.py")]
    if rules_directory is not None and rules_directory.is_dir():
        files += [path for path in rules_directory.rglob("*") if path.is_file()]
    digest = hashlib.sha256(schema.encode())
    for path in sorted(files):
        digest.update(path.name.encode() + b"\n" + path.read_bytes())
    return digest.hexdigest()[:16]


def copy_base(
    connection: duckdb.DuckDBPyConnection,
    base: Path,
    path: Path,
    stamp: str,
    schema_tables: list[str],
    *,
    simulation_removed: bool,
) -> set[str]:
    """Attach a copy of `base` at `path` as `store`, with only the tables in it that can stay; returns their names.

    Empty where nothing can stay: then nothing is attached, and no file is left. `schema_tables` are the tables of
    schema.sql in their order, parents before children. Where the simulation was removed for good, a base that still has
    it (an older snapshot, after a rollback) cannot be copied: rows that were only deleted would still lie in the file.
    """
    shutil.copyfile(base, path)
    quoted = str(path).replace("'", "''")
    connection.execute(f"ATTACH '{quoted}' AS store ({NO_WAL})")
    found = connection.execute("SELECT table_name FROM duckdb_tables() WHERE database_name = 'store'").fetchall()
    tables = {row[0] for row in found}
    known = dict(connection.execute("SELECT key, value FROM store.meta").fetchall())
    can_stay = (
        known.get("schema_version") == str(SCHEMA_VERSION) and known.get(STAMP_KEY) and tables == set(schema_tables)
    )
    if can_stay and simulation_removed:
        tables_with_both = ("commune_month", "source")
        simulated = [f"SELECT 1 FROM store.{table} WHERE is_simulated LIMIT 1" for table in tables_with_both]
        can_stay = all(connection.execute(question).fetchone() is None for question in simulated)
    if not can_stay:
        connection.execute("DETACH store")
        path.unlink()
        return set()
    kept = set(FACT_TABLES)
    if known[STAMP_KEY] == stamp:
        kept |= {*REFERENCE_TABLES, *LOG_TABLES, *SUM_TABLES, FILE_TABLE}
    for table in reversed(schema_tables):
        if table not in kept:
            connection.execute(f"DROP TABLE store.{table}")
    return kept


def name_of_statement(statement: str) -> str:
    """The table that a statement of schema.sql creates or describes; empty for any other."""
    found = _OBJECT.search(re.sub(r"--[^\n]*", "", statement))
    return found.group(1) if found else ""
