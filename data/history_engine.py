"""Runs in the environment of its own (.venv-history): reads rows of PostgreSQL or DuckLake with DuckDB 1.5.5 and writes
one CSV file per month and province.

A program, not a module: it is given one JSON object on standard input and answers with one on standard output, so that
neither environment needs the other's packages. It knows no rule about figures: the files that it writes are received as
any other.
"""

import contextlib
import csv
import importlib.util
import json
import re
import sys
import time
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

PERIOD = re.compile(r"20\d\d-(0[1-9]|1[0-2])")
AT_A_TIME = 20_000
ATTEMPTS, PAUSE = 20, 0.1
GROUPS = ("employer_employee", "si_agency", "state_budget", "subsidised", "household", "employer_defence")
LAKE_COLUMNS = (
    "load_id VARCHAR, loaded_at TIMESTAMP WITH TIME ZONE, loaded_by VARCHAR, sha256 VARCHAR, origin VARCHAR, period VARCHAR, "
    "province_code VARCHAR, unit_code VARCHAR, unit_name VARCHAR, population INTEGER, insured INTEGER, "
    + ", ".join(f"{group} INTEGER" for group in GROUPS)
)


class Refused(Exception):
    """What a person can put right: a code and what belongs to it."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code, self.values = code, values


def load_extension(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """An extension from its wheel; nothing is fetched."""
    found = importlib.util.find_spec(f"duckdb_extension_{name}")
    if found is None or found.origin is None:
        raise Refused("no_extension", name=name)
    folder = Path(found.origin).parent / "extensions" / f"v{duckdb.__version__}"
    connection.execute(f"LOAD {quote_text(str(folder / f'{name}.duckdb_extension'))}")


def quote_text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def quote_name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def connect(request: dict[str, Any], *, writes: bool = False) -> duckdb.DuckDBPyConnection:
    """A connection with the source attached as `source`: a database, or where `data_path` is given a lake."""
    connection = duckdb.connect(
        config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false", "threads": "2"}
    )
    connection.execute("SET enable_progress_bar = false")
    load_extension(connection, "postgres_scanner")
    options = "TYPE postgres, READ_ONLY"
    address = request["dsn"]
    if "data_path" in request:
        load_extension(connection, "ducklake")
        address = f"ducklake:postgres:{request['dsn']}"
        options = f"DATA_PATH {quote_text(request['data_path'])}" + ("" if writes else ", READ_ONLY")
    # Two that make a new lake at once: one of them finds it half made, and finds it whole a moment later.
    for attempt in range(ATTEMPTS):
        try:
            connection.execute(f"ATTACH {quote_text(address)} AS source ({options})")
            return connection
        except duckdb.Error as problem:
            if not writes or attempt == ATTEMPTS - 1 or not is_conflict(problem):
                raise Refused("no_connection", detail=first_line(problem)) from problem
            time.sleep(PAUSE * (attempt + 1))
    raise AssertionError("the loop ends by itself")


def is_conflict(problem: duckdb.Error) -> bool:
    """Whether another loader was at the same thing, so that to try again is the answer."""
    return bool(re.search(r"duplicate key|already exists|conflict|deadlock|serializ", str(problem), re.I))


def append_rows(request: dict[str, Any]) -> dict[str, Any]:
    """Add the rows of a Parquet file to the lake in one transaction: all of them or none, whoever else adds some. Files that
    the lake has already are left out."""
    connection = connect(request, writes=True)
    for attempt in range(ATTEMPTS):
        try:
            connection.execute("BEGIN")
            connection.execute(f"CREATE TABLE IF NOT EXISTS source.report_row ({LAKE_COLUMNS})")
            rows = f"read_parquet({quote_text(request['rows'])})"
            new = f"SELECT * FROM {rows} WHERE sha256 NOT IN (SELECT sha256 FROM source.report_row)"
            added = connection.execute(f"SELECT count(*), count(DISTINCT sha256) FROM ({new})").fetchone()
            connection.execute(f"INSERT INTO source.report_row BY NAME SELECT now() AS loaded_at, * FROM ({new})")
            connection.execute("COMMIT")
            return {"rows": added[0], "files": added[1]}
        except duckdb.Error as problem:
            with contextlib.suppress(duckdb.Error):
                connection.execute("ROLLBACK")
            if attempt == ATTEMPTS - 1 or not is_conflict(problem):
                raise
            time.sleep(PAUSE * (attempt + 1))
    raise AssertionError("the loop ends by itself")


def first_line(problem: Exception) -> str:
    """The cause in one line, without a password."""
    return re.sub(r"password=\S+", "password=…", str(problem).strip().splitlines()[0])


def read_table(connection: duckdb.DuckDBPyConnection, request: dict[str, Any]) -> list[str]:
    """Copy the columns of the table in one statement, and so in one state of the database, into `taken`, all as text;
    returns the elements in their order."""
    table = f"source.{quote_name(request['schema'])}.{quote_name(request['table'])}"
    try:
        described = connection.execute(f"DESCRIBE {table}").fetchall()
    except duckdb.Error as problem:
        raise Refused(
            "no_table", table=f"{request['schema']}.{request['table']}", detail=first_line(problem)
        ) from problem
    types = {row[0]: row[1] for row in described}
    missing = [column for column in request["columns"].values() if column not in types]
    if missing:
        raise Refused("no_column", column=missing[0], found=", ".join(types))
    # A lake keeps every version of a unit's month; the last that was added is the one in force. Its row numbers follow the
    # order in which loads were committed, whatever the clocks of the loaders say.
    newest = (
        " QUALIFY row_number() OVER (PARTITION BY period, unit_code ORDER BY rowid DESC) = 1"
        if "data_path" in request
        else ""
    )
    parts = []
    for element, column in request["columns"].items():
        text = f"CAST({quote_name(column)} AS VARCHAR)"
        if element == "period" and types[column].split()[0] in ("DATE", "TIMESTAMP"):
            text = f"strftime({quote_name(column)}, '%Y-%m')"
        parts.append(f"trim({text}) AS {quote_name(element)}")
    connection.execute(f"CREATE TEMP TABLE taken AS SELECT {', '.join(parts)} FROM {table}{newest}")
    if request.get("periods"):
        connection.execute(
            "DELETE FROM taken WHERE period IS NULL OR NOT list_contains(?, period)", [request["periods"]]
        )
    return list(request["columns"])


def extract(request: dict[str, Any]) -> dict[str, Any]:
    """Write the files; returns their names in order of month and province."""
    connection = connect(request)
    elements = read_table(connection, request)
    nameless = connection.execute(
        "SELECT count(*) FROM taken WHERE period IS NULL OR province_code IS NULL OR province_code = ''"
    ).fetchone()
    if nameless and nameless[0]:
        raise Refused("no_period_or_province", rows=nameless[0])
    strange = connection.execute("SELECT DISTINCT period FROM taken ORDER BY period").fetchall()
    for (period,) in strange:
        if not PERIOD.fullmatch(period):
            raise Refused("not_a_month", value=period)
    codes = connection.execute("SELECT DISTINCT province_code FROM taken ORDER BY ALL").fetchall()
    for (code,) in codes:
        if not re.fullmatch(r"[0-9]{2}", code):
            raise Refused("not_a_province", value=code)
    # The same rows give the same bytes, whatever order the database has them in.
    order = ", ".join(map(quote_name, dict.fromkeys(["period", "province_code", "unit_code", *elements])))
    connection.execute(f"SELECT * FROM taken ORDER BY {order}")
    names = [description[0] for description in connection.description]
    folder, files = Path(request["folder"]), []
    at_period, at_province = names.index("period"), names.index("province_code")
    for (period, province), rows in groupby(fetch_rows(connection), key=lambda row: (row[at_period], row[at_province])):
        name = f"{request['label']}_{period}_{province}.csv"
        write_file(folder / name, request, period, names, rows)
        files.append(name)
    return {"files": files, "elements": elements}


def fetch_rows(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while rows := connection.fetchmany(AT_A_TIME):
        yield from rows


def write_file(
    path: Path, request: dict[str, Any], period: str, names: list[str], rows: Iterator[tuple[Any, ...]]
) -> None:
    """A report as the layout wants it: a title that says the month, headings, a row per unit."""
    year, month = period.split("-")
    places = [names.index(element) for element in request["headings"]]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow([f"{request['title']} Tháng {month}/{year}"])
        writer.writerow(request["headings"].values())
        for row in rows:
            writer.writerow("" if row[place] is None else row[place] for place in places)


def main() -> int:
    request = json.load(sys.stdin)
    try:
        answer = {"done": append_rows(request) if "rows" in request else extract(request)}
    except Refused as refused:
        answer = {"refused": refused.code, "values": refused.values}
    except duckdb.Error as problem:
        answer = {"refused": "engine", "values": {"detail": first_line(problem)}}
    with contextlib.suppress(BrokenPipeError):
        json.dump(answer, sys.stdout, ensure_ascii=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
