"""What tests share: a small store made through the production ingest, and a guard against the real one.

Which store a test takes (the first that will do):
- `small_store`: open, six months of the whole nation over all three boundary sets; for everything that only reads.
- `small_settings`, `empty_settings`: the same as settings, for pages and commands; empty is without any monthly figure.
- `records_store`, `records_settings`: the small store after it has received plans, awards, groups, surveys and reports.
- `public_store`, `public_settings`: the public edition of the store with records, 2020-12 released and 2020-11 a draft.
- `own_settings`: a copy of the small store that the test may change (0.1 s).
They are built once for the code and data as they are, kept in pytest's cache, and shared by parallel workers
(tests/kept_stores.py). A test that needs other months builds them itself, as few as it can.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parent.parent
REAL_VAR = str(Path(os.environ.get("BAOPHU_VAR") or PROJECT_ROOT / "var").resolve())
# Before anything reads the settings: a process-wide store that does not exist.
os.environ["BAOPHU_VAR"] = str(Path(tempfile.gettempdir()) / f"baophu-tests-without-store-{os.getpid()}")

import duckdb  # noqa: E402
import hypothesis  # noqa: E402
import pytest  # noqa: E402
from kept_stores import KeptStores  # noqa: E402
from received_records import receive_records  # noqa: E402

from data.ingest.build_snapshot import build_snapshot  # noqa: E402
from data.ingest.public_edition import publish_public  # noqa: E402
from data.settings import Settings, get_settings  # noqa: E402
from data.snapshot_commands import run_release  # noqa: E402
from data.store import Store, open_current  # noqa: E402
from text.words import Words  # noqa: E402

# A machine that is busy with something else must not fail a test: the time of an example is not what is tested.
hypothesis.settings.register_profile(
    "busy machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("busy machine")
hypothesis.settings.register_profile("quick", hypothesis.settings.get_profile("busy machine"), max_examples=20)

# Fixtures by which a test shows what it does: only those with neither are fast (`./check unit`).
OPENS_PAGES = {"use_store"}
WRITES_STORES = {"own_settings", "records_settings", "records_store", "loaded"}
# Fault tests that nothing may run beside: they hold servers, replicas and proxies to deadlines of seconds, kill them at
# a chosen moment, or weigh a server's memory.
ALONE = {"test_attacks_server.py", "test_data_replica_faults.py", "test_deploy_machine.py", "test_deploy_proxy.py"}
# Workers take a file at a time; the longest begins, so that none is left working alone at the end.
FIRST = "test_data_store_faults.py"
SMALL_MONTHS = ["2019-12", "2020-11", "2020-12", "2025-06", "2025-07", "2026-02"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what takes its time: `store` (writes a store or needs one that was loaded into), else `pages` (opens pages).

    A module whose tests build stores or start servers of their own says so itself: `pytestmark = pytest.mark.store`, `.pages`.
    """
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if fixtures & WRITES_STORES:
            item.add_marker(pytest.mark.store)
        if fixtures & OPENS_PAGES and item.get_closest_marker("store") is None:
            item.add_marker(pytest.mark.pages)
        if item.path.name in ALONE and item.get_closest_marker("fault"):
            item.add_marker(pytest.mark.alone)
    items.sort(key=lambda item: item.path.name != FIRST)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """A test may be skipped where ../shared is absent, which is no part of the project; a missing tool is a failure."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and item.get_closest_marker("fault") is None:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if "../shared" not in reason:
            report.outcome, report.longrepr = "failed", f"{reason}: only what needs ../shared may be skipped"
    return report


def forbid_real_store(event: str, arguments: tuple[object, ...]) -> None:
    """An audit hook: any file of the real store that is opened in a test is an error."""
    if event == "open" and isinstance(arguments[0], str) and arguments[0].startswith(REAL_VAR + os.sep):
        raise RuntimeError(f"a test touches the real store: {arguments[0]}")


sys.addaudithook(forbid_real_store)
_connect = duckdb.connect


def connect_outside_real_store(
    database: object = ":memory:", *arguments: object, **options: object
) -> duckdb.DuckDBPyConnection:
    """`duckdb.connect` opens files without an audit event, so it is guarded by itself."""
    if str(database).startswith(REAL_VAR + os.sep):
        raise RuntimeError(f"a test touches the real store: {database}")
    return _connect(database, *arguments, **options)


duckdb.connect = connect_outside_real_store
get_settings.cache_clear()


@pytest.fixture(scope="session")
def small_settings(kept_stores: KeptStores) -> Settings:
    """Settings of a store with six months of the whole nation, over all three boundary sets. Tests must not change
    it."""
    return kept_stores.copy("small", lambda settings: build_snapshot(settings, months=SMALL_MONTHS))


@pytest.fixture(scope="session")
def empty_settings(kept_stores: KeptStores) -> Settings:
    """Settings of a store without any monthly figure (`./run --empty`). Tests must not change it."""
    return kept_stores.copy("empty", lambda settings: build_snapshot(settings, empty=True))


@pytest.fixture(scope="session")
def kept_stores(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> KeptStores:
    """Stores that are built once for the present code and data: `kept_stores.copy(name, build)` gives settings of a
    copy."""
    cache = request.config.cache
    kept = cache.mkdir("stores") if cache else tmp_path_factory.getbasetemp() / "stores"
    return KeptStores(Path(kept), tmp_path_factory.mktemp("stores"))


@pytest.fixture(scope="session")
def small_store(small_settings: Settings) -> Iterator[Store]:
    """The store of `small_settings`, open."""
    store = open_current(small_settings)
    yield store
    store.close()


@pytest.fixture(scope="session")
def records_settings(
    kept_stores: KeptStores, small_settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    """The small store after it has received records (plans, awards, groups, surveys …) and reports of three provinces.
    Tests must not change it."""

    def build(settings: Settings) -> None:
        shutil.copytree(small_settings.var_directory, settings.var_directory)
        receive_records(settings, tmp_path_factory.mktemp("records"))

    return kept_stores.copy("records", build)


@pytest.fixture(scope="session")
def records_store(records_settings: Settings) -> Iterator[Store]:
    """The store of `records_settings`, open."""
    store = open_current(records_settings)
    yield store
    store.close()


@pytest.fixture(scope="session")
def public_settings(kept_stores: KeptStores, records_settings: Settings) -> Settings:
    """The store of records after 2020-12 was released (2020-11 stays a draft), with the public edition of it. The settings are
    those of the public edition. Tests must not change it."""

    def build(settings: Settings) -> None:
        shutil.copytree(records_settings.var_directory, settings.var_directory)
        run_release(settings, Words("vi"), "2020-12")
        publish_public(settings)

    return replace(kept_stores.copy("public", build), edition="public")


@pytest.fixture(scope="session")
def public_store(public_settings: Settings) -> Iterator[Store]:
    """The store of `public_settings`, open."""
    store = open_current(public_settings)
    yield store
    store.close()


@pytest.fixture
def own_settings(small_settings: Settings, tmp_path: Path) -> Settings:
    """A copy of the small store that a test may change."""
    shutil.copytree(small_settings.var_directory, tmp_path / "var")
    return Settings(var_directory=tmp_path / "var")


@pytest.fixture
def use_store(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path], None]]:
    """`use_store(var_directory)`: the store that this process's pages and server read, for one test."""

    def use(var_directory: Path, edition: str = "internal") -> None:
        monkeypatch.setenv("BAOPHU_VAR", str(var_directory))
        monkeypatch.setenv("BAOPHU_EDITION", edition)
        get_settings.cache_clear()

    yield use
    get_settings.cache_clear()


@pytest.fixture(scope="session")
def real_store_directory() -> Path:
    """Where the real store would lie. For the test that it cannot be reached."""
    return Path(REAL_VAR)
