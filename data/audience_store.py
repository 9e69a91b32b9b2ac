"""The store as one audience sees it: the same snapshot, asked through views that leave out what it may not see.

Every question of `data.queries` names its tables plainly; on the connections of an audience, views of the same names stand before
them. So no query has to remember who asks, and one that is written tomorrow is held to the same rule. The views live in the
connection (temporary), since the file is open for reading only; making them takes some milliseconds, so connections are kept.
"""

from __future__ import annotations

import threading

import duckdb
import pandas as pd

from data.queries.audience import OWN_TABLES, own_statements, restrict_tables
from data.store import Store
from data.visibility import Audience

KEPT_CONNECTIONS = (
    4  # of one audience: so many readers of a province are asked for at one moment without making views anew
)


class AudienceStore(Store):
    """A `Store` for one province. Its `snapshot_id` names the audience too, so that nothing is cached for two."""

    def __init__(self, whole: Store, audience: Audience) -> None:
        super().__init__(whole._connection, whole.pointer, whole.fallback_from, whole.edition)
        self.audience = audience
        self._idle: list[duckdb.DuckDBPyConnection] = []
        self._lock = threading.Lock()
        self._own = {"own_unit": find_own_units(whole, audience.province)}
        self.drafts = tuple(whole.query("SELECT period FROM period WHERE state = 'draft' ORDER BY period")["period"])
        self._fill_own()

    @property
    def snapshot_id(self) -> str:
        return self.audience.name(self.pointer.id)

    def own_provinces(self) -> dict[str, tuple[str, ...]]:
        """boundary set -> the audience's provinces in it, the one of its code first."""
        units = self._own["own_unit"]
        provinces = units[units["level"] == "province"]
        return {
            str(name): tuple(sorted(codes, key=lambda code: (code != self.audience.province, code)))
            for name, codes in provinces.groupby("boundary_set")["unit_code"]
        }

    def _fill_own(self) -> None:
        """Ask once what the small tables hold, on the whole store: every connection gets them as they are."""
        connection = self._connection.cursor()
        try:
            main = f'"{find_catalog(connection)}".main.'
            fill_own_table(connection, "own_unit", self._own["own_unit"])
            for table, statement in own_statements(main).items():
                self._own[table] = connection.sql(statement).to_arrow_table().to_pandas()
        finally:
            connection.close()

    def query(self, sql, parameters=None) -> pd.DataFrame:
        connection = self._take()
        try:
            found = connection.sql(sql, params=parameters or None).to_arrow_table().to_pandas()
        except BaseException:
            connection.close()  # whatever state it is in
            raise
        with self._lock:
            if len(self._idle) < KEPT_CONNECTIONS:
                self._idle.append(connection)
                return found
        connection.close()
        return found

    def _take(self) -> duckdb.DuckDBPyConnection:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return self._connect()

    def _connect(self) -> duckdb.DuckDBPyConnection:
        """A connection on which the tables are what this audience may see; none is handed out half-made."""
        connection = self._connection.cursor()
        try:
            catalog = find_catalog(connection)
            main = f'"{catalog}".main.'
            tables = [
                name
                for (name,) in connection.execute(
                    "SELECT table_name FROM duckdb_tables() WHERE database_name = ? AND schema_name = 'main'", [catalog]
                ).fetchall()
            ]
            for table, frame in self._own.items():
                fill_own_table(connection, table, frame)
            any_held = not self._own["others_held"].empty
            for table, select in restrict_tables(main, tables, self.drafts, any_held=any_held).items():
                connection.execute(f'CREATE TEMP VIEW "{table}" AS {select}')
        except BaseException:
            connection.close()
            raise
        return connection

    def close(self) -> None:
        """The whole store stays open: other audiences read it."""
        with self._lock:
            while self._idle:
                self._idle.pop().close()


def see_as(store: Store, audience: Audience) -> Store:
    """A snapshot as an audience sees it; the same object for the same audience."""
    if audience.sees_all:
        return store
    with store.audiences_lock:
        if audience not in store.audiences:
            store.audiences[audience] = AudienceStore(store, audience)
        return store.audiences[audience]


def find_catalog(connection: duckdb.DuckDBPyConnection) -> str:
    """The name under which the snapshot is open: that of its file."""
    return str(connection.execute("SELECT current_database()").fetchall()[0][0]).replace('"', '""')


def fill_own_table(connection: duckdb.DuckDBPyConnection, table: str, frame: pd.DataFrame) -> None:
    """Make one of the small tables on a connection."""
    kind = "INTEGER" if table == "own_source" else "VARCHAR"
    columns = OWN_TABLES[table]
    connection.execute(f"CREATE TEMP TABLE {table} ({', '.join(f'{name} {kind}' for name in columns)})")
    if len(frame):
        lists = ", ".join(f"unnest(${name}::{kind}[])" for name in columns)
        connection.execute(f"INSERT INTO {table} SELECT {lists}", {name: frame[name].tolist() for name in columns})


def find_own_units(store: Store, province: str) -> pd.DataFrame:
    """boundary_set, unit_code, level of every unit of a province over the reforms: in the last boundary set that has the code
    itself, and before it of the provinces that went into it (by most of their communes). After it there is none: whoever has
    taken the land over is another office."""
    units = store.query("SELECT boundary_set, unit_code, level, province_code FROM unit WHERE level <> 'nation'")
    sets = store.query("SELECT boundary_set FROM boundary_set ORDER BY position")["boundary_set"].tolist()
    own: set[str] = set()
    found = []
    for place, name in reversed(list(enumerate(sets))):
        here = units[units["boundary_set"] == name]
        provinces = set(here.loc[here["level"] == "province", "unit_code"])
        own = find_parts(store, sets, place, own) if own else {province} & provinces
        found.append(here.loc[here["province_code"].isin(own), ["boundary_set", "unit_code", "level"]])
    return pd.concat(found, ignore_index=True)


def find_parts(store: Store, sets: list[str], place: int, heirs: set[str]) -> set[str]:
    """The provinces of a boundary set most of whose communes went to the provinces `heirs` of the set after it."""
    before, after = sets[place], sets[place + 1]
    moved = store.query(
        """
        SELECT o.province_code AS old, n.province_code AS new, count(*) AS communes
        FROM crosswalk AS w
        JOIN unit AS o ON o.boundary_set = w.from_set AND o.unit_code = w.from_code
        JOIN unit AS n ON n.boundary_set = w.to_set AND n.unit_code = w.to_code
        WHERE w.from_set = $before AND w.to_set = $after AND w.weight >= 0.5 GROUP BY ALL ORDER BY communes, new
        """,
        {"before": before, "after": after},
    )
    heir = dict(zip(moved["old"], moved["new"], strict=True))  # the last, and so the one with most communes, stays
    return {old for old, new in heir.items() if new in heirs}
