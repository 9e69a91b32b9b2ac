"""No statement gets out of the read-only connection, and nothing from the address bar gets into a statement."""

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from screen import open_page

from data.settings import PROJECT_ROOT, Settings
from data.store import Store, get_store
from ui import loaders
from ui.takeaway.headless import open_frame
from ui.takeaway.registry import PAGES
from ui.view import View

# {outside}: a file beside the store, {new}: one that is not there yet, {store}: the store's own file.
ESCAPES = {
    "reads a file as csv": "SELECT * FROM read_csv('{outside}')",
    "reads a file as text": "SELECT * FROM read_text('{outside}')",
    "reads a file as bytes": "SELECT * FROM read_blob('{outside}')",
    "reads a file as json": "SELECT * FROM read_json_auto('{outside}')",
    "reads a parquet file": "SELECT * FROM read_parquet('{outside}')",
    "reads a file by its name as a table": "SELECT * FROM '{outside}'",
    "reads the machine's users": "SELECT * FROM read_text('/etc/passwd')",
    "lists files": "SELECT * FROM glob('{folder}/*')",
    "sniffs a file": "SELECT * FROM sniff_csv('{outside}')",
    "attaches a new file": "ATTACH '{new}'",
    "attaches the store to write": "ATTACH '{store}' AS again (READ_WRITE)",
    "attaches an address": "ATTACH 'https://example.org/x.duckdb'",
    "writes rows to a file": "COPY unit TO '{new}'",
    "writes a query to a file": "COPY (SELECT 1) TO '{new}' (FORMAT csv)",
    "fills a table from a file": "COPY unit FROM '{outside}'",
    "exports the database": "EXPORT DATABASE '{new}'",
    "imports a database": "IMPORT DATABASE '{folder}'",
    "installs an extension": "INSTALL httpfs",
    "loads an extension": "LOAD httpfs",
    "loads an extension from a file": "LOAD '{outside}'",
    "asks an address": "SELECT * FROM read_csv('https://example.org/x.csv')",
    "asks a bucket": "SELECT * FROM 's3://example/x.parquet'",
    "reads the environment": "SELECT getenv('HOME')",
    "opens up the outside": "SET enable_external_access = true",
    "opens up folders": "SET allowed_directories = ['/']",
    "unlocks settings": "SET lock_configuration = false",
    "takes more memory": "SET memory_limit = '100GB'",
    "takes more time": "SET max_execution_time = 0",
    "writes to another folder": "PRAGMA temp_directory='{folder}'",
    "writes a log": "PRAGMA enable_logging",
    "profiles to a file": "PRAGMA profiling_output='{new}'",
    "keeps a secret": "CREATE PERSISTENT SECRET s (TYPE s3)",
    "creates a table": "CREATE TABLE t (a INTEGER)",
    "changes a row": "UPDATE unit SET name = 'x'",
    "deletes rows": "DELETE FROM commune_month",
    "drops a table": "DROP TABLE unit",
    "adds a statement": "SELECT 1; DROP TABLE unit",
    "adds a statement that writes": "SELECT 1; COPY unit TO '{new}'",
    "vacuums": "VACUUM",
    "checkpoints": "CHECKPOINT",
}
PAYLOADS = (
    "' OR 1=1 --", "'; DROP TABLE unit; --", "38' UNION SELECT sha256 FROM source --", '"); ATTACH \'x\'; --',
    "read_csv('/etc/passwd')", "${jndi:ldap://example.org}", "../../etc/passwd", "%27%20OR%201%3D1", "\x00", "1e999",
)  # fmt: skip

FREE_TEXT = {"find", "value", "group"}  # words looked for in a library, a threshold as typed, the code of a group


def list_files(folder: Path) -> dict[str, tuple[int, int]]:
    return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in sorted(folder.rglob("*"))}


@pytest.fixture
def places(small_store: Store, small_settings: Settings, tmp_path: Path) -> dict[str, str]:
    outside = tmp_path / "outside.csv"
    outside.write_text("secret\n42\n", "utf-8")
    store = small_settings.snapshot_directory / small_store.pointer.file
    return {"outside": str(outside), "new": str(tmp_path / "new"), "folder": str(tmp_path), "store": str(store)}


@pytest.mark.parametrize("statement", ESCAPES.values(), ids=ESCAPES)
def test_a_statement_cannot_leave_the_store(small_store: Store, places: dict[str, str], statement: str, tmp_path: Path):
    before = (
        list_files(tmp_path),
        list_files(Path(places["store"]).parent),
        small_store.query("SELECT count(*) n FROM unit"),
    )
    said = ""
    with contextlib.suppress(
        duckdb.Error, AttributeError
    ):  # AttributeError: a statement without rows gives no relation
        said = str(small_store.query(statement.format(**places)).to_dict())
    assert "42" not in said and os.environ.get("HOME", "/root") not in said and "root:" not in said
    after = (
        list_files(tmp_path),
        list_files(Path(places["store"]).parent),
        small_store.query("SELECT count(*) n FROM unit"),
    )
    assert before[:2] == after[:2] and before[2].equals(after[2])
    settings = small_store.query(
        "SELECT name, value FROM duckdb_settings() WHERE name IN ('enable_external_access', 'lock_configuration')"
    )
    assert dict(settings.itertuples(index=False)) == {"enable_external_access": "false", "lock_configuration": "true"}
    with pytest.raises(duckdb.Error):
        small_store.query(f"SELECT * FROM read_csv('{places['outside']}')")


@pytest.mark.parametrize("page", PAGES)
def test_nothing_from_the_address_bar_reaches_a_statement(
    page: str, use_store: Callable[[Path], None], small_settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    use_store(small_settings.var_directory)
    asked: list[str] = []
    ask = Store.query
    monkeypatch.setattr(
        Store, "query", lambda store, sql, parameters=None: asked.append(sql) or ask(store, sql, parameters)
    )
    names = [*View.__dataclass_fields__, *(choice.name for choice in PAGES[page].choices), "nonsense"]
    for payload in PAYLOADS:
        for name in names:
            said = str(open_frame(page, {"period": "2020-12", name: payload}).view)
            assert payload not in said or name in FREE_TEXT, name
        open_frame(page, dict.fromkeys(names, payload))
        if page == "home":
            loaders.search_units(get_store().snapshot_id, "2019-10", payload)
            loaders.search_former(get_store().snapshot_id, "2019-10", payload)
    # Where a reader may write what they like, the page itself is opened with it.
    if free := FREE_TEXT & set(names):
        open_page(PROJECT_ROOT / "pages" / f"{page}.py", **dict.fromkeys(free, PAYLOADS[2]))
    assert asked or page != "home", "what a search asks is not kept"
    assert not [sql for sql in asked for payload in PAYLOADS if payload in sql]
