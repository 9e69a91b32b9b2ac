"""Snapshots: opened whole or not at all, locked down, shared by threads, replaced without a restart."""

import json
import shutil
import threading
from dataclasses import replace
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from data import queries
from data.errors import IngestRefused, StoreUnavailable
from data.ingest.build_snapshot import build_snapshot
from data.ingest.publish import hold_write_lock
from data.settings import Settings, read_settings
from data.snapshot import run_list, run_rollback
from data.store import CurrentStore, Pointer, Store, hash_file, list_snapshots, open_current, parse_pointer
from text.words import Words


@pytest.fixture(scope="module")
def with_an_empty_one(small_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, str, str]:
    """A store with an older snapshot (figures) and a newer one (empty). Tests must not change it."""
    settings = Settings(var_directory=tmp_path_factory.mktemp("two") / "var")
    shutil.copytree(small_settings.var_directory, settings.var_directory)
    older = parse_pointer(settings.pointer_file.read_text(encoding="utf-8")).id
    newer, _ = build_snapshot(settings, empty=True)
    return settings, older, newer.id


@pytest.fixture
def two_snapshots(with_an_empty_one: tuple[Settings, str, str], tmp_path: Path) -> tuple[Settings, str, str]:
    """The same as a copy that a test may change."""
    settings, older, newer = with_an_empty_one
    shutil.copytree(settings.var_directory, tmp_path / "var")
    return Settings(var_directory=tmp_path / "var"), older, newer


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(bytes(content))


def test_without_a_store_the_error_says_how_to_make_one(tmp_path: Path):
    with pytest.raises(StoreUnavailable) as problem:
        open_current(Settings(var_directory=tmp_path))
    assert problem.value.code == "STORE-NONE"
    assert "python -m data.snapshot build" in Words("vi").say(problem.value.words_key, **problem.value.values)


@pytest.mark.parametrize("kept", [0, 1, 4096, 1_000_000])
def test_a_truncated_file_is_never_opened(small_settings: Settings, tmp_path: Path, kept: int):
    settings = Settings(var_directory=tmp_path)
    settings.snapshot_directory.mkdir(parents=True)
    pointer = parse_pointer(small_settings.pointer_file.read_text(encoding="utf-8"))
    shutil.copyfile(small_settings.pointer_file, settings.pointer_file)
    with (small_settings.snapshot_directory / pointer.file).open("rb") as whole:
        (settings.snapshot_directory / pointer.file).write_bytes(whole.read(kept))
    with pytest.raises(StoreUnavailable) as problem:
        open_current(settings)
    assert problem.value.code == "STORE-DAMAGED"


def test_a_foreign_file_with_the_right_sum_is_not_taken_for_a_store(tmp_path: Path):
    settings = Settings(var_directory=tmp_path)
    settings.snapshot_directory.mkdir(parents=True)
    path = settings.snapshot_directory / "other.duckdb"
    duckdb.connect(str(path)).execute(
        "CREATE TABLE meta AS SELECT 'snapshot_id' AS key, 'somebody else' AS value"
    ).close()
    pointer = Pointer("abc", path.name, hash_file(path), 1, "2026-01-01")
    settings.pointer_file.write_text(pointer.to_json(), encoding="utf-8")
    with pytest.raises(StoreUnavailable) as problem:
        open_current(settings)
    assert problem.value.code == "STORE-FOREIGN"
    settings.pointer_file.write_text(replace(pointer, schema_version=999).to_json(), encoding="utf-8")
    with pytest.raises(StoreUnavailable) as problem:
        open_current(settings)
    assert problem.value.code == "STORE-SCHEMA"


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"id": 1}', '{"id":"a","file":"../../etc/x.duckdb","sha256":"","schema_version":1,"made_at":""}'],
)
def test_a_pointer_that_is_none_is_refused(text: str):
    with pytest.raises(ValueError, match="not"):
        parse_pointer(text)


def test_a_damaged_newest_snapshot_falls_back_to_the_one_before_and_says_so(two_snapshots: tuple[Settings, str, str]):
    settings, older, newer = two_snapshots
    assert open_current(settings).snapshot_id == newer
    damage(settings.snapshot_directory / f"{newer}.duckdb")
    store = open_current(settings)
    assert (store.snapshot_id, store.fallback_from) == (older, newer)
    assert queries.snapshot_info(store)["fallback_from"] == newer
    damage(settings.snapshot_directory / f"{older}.duckdb")
    with pytest.raises(StoreUnavailable):
        open_current(settings)


def test_a_torn_pointer_falls_back_to_the_newest_whole_snapshot(two_snapshots: tuple[Settings, str, str]):
    settings, _, newer = two_snapshots
    settings.pointer_file.write_text('{"id": "', encoding="utf-8")
    store = open_current(settings)
    assert (store.snapshot_id, store.fallback_from) == (newer, "current.json")


def test_a_rollback_points_at_the_older_snapshot_and_keeps_the_newer(two_snapshots, capsys: pytest.CaptureFixture):
    settings, older, newer = two_snapshots
    assert run_rollback(settings, Words("vi"), None) == 0
    assert open_current(settings).snapshot_id == older
    assert {pointer.id for pointer in list_snapshots(settings.snapshot_directory)} == {older, newer}
    run_list(settings, Words("vi"))
    assert f"* {older}" in capsys.readouterr().out
    with pytest.raises(StoreUnavailable):
        run_rollback(settings, Words("vi"), "no-such-id")


def test_a_running_reader_sees_the_new_snapshot_and_keeps_the_old_one_usable(two_snapshots: tuple[Settings, str, str]):
    settings, older, newer = two_snapshots
    pointer_text = settings.pointer_file.read_text(encoding="utf-8")
    settings.pointer_file.write_text((settings.snapshot_directory / f"{older}.json").read_text(encoding="utf-8"))
    current = CurrentStore(settings)
    before = current.get()
    assert before.snapshot_id == older and current.get() is before
    settings.pointer_file.write_text(pointer_text, encoding="utf-8")
    after = current.get()
    assert after.snapshot_id == newer
    assert len(queries.periods(before)) > 4 and queries.periods(after).empty
    settings.pointer_file.unlink()
    assert current.get() is after, "the last good snapshot is better than none"


def test_an_empty_store_has_the_real_part_only(with_an_empty_one: tuple[Settings, str, str]):
    store = open_current(with_an_empty_one[0])
    info = queries.snapshot_info(store)
    assert (info["rows"], info["last_period"]) == (0, None)
    assert len(queries.units(store, "2019-10", "commune")) == 11_164
    assert len(queries.published_series(store)) > 15 and len(queries.targets(store, "20", 2020)) == 1
    assert queries.commune_values(store, "2020-12").empty and queries.summary_at(store, "2020-12", "nation").empty


def test_debris_of_a_writer_that_was_killed_is_gone_after_the_next_one(own_settings: Settings):
    before = open_current(own_settings).snapshot_id
    debris = [
        own_settings.snapshot_directory / ".building-1.duckdb",
        own_settings.snapshot_directory / ".building-1.duckdb.wal",
        own_settings.snapshot_directory / ".current.json.partial",
        own_settings.value_directory / ".x.bin.gz.partial",
    ]
    for path in debris:
        path.write_bytes(b"half")
    assert open_current(own_settings).snapshot_id == before
    with hold_write_lock(own_settings):
        assert not any(path.exists() for path in debris)
        with pytest.raises(IngestRefused, match="INGEST-BUSY"), hold_write_lock(own_settings):
            pass


def test_a_build_that_fails_leaves_the_store_as_it_was(own_settings: Settings, monkeypatch: pytest.MonkeyPatch):
    before = {path.name for path in own_settings.snapshot_directory.iterdir()}

    def break_down(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr("data.ingest.build_snapshot.compute_derived_tables", break_down)
    with pytest.raises(OSError, match="No space"):
        build_snapshot(own_settings, empty=True)
    assert {path.name for path in own_settings.snapshot_directory.iterdir()} - {".lock"} == before - {".lock"}


def test_threads_never_get_each_others_rows(small_store: Store):
    codes = list(queries.units(small_store, "2019-10", "commune")["unit_code"][::300])
    alone = {code: queries.commune_series(small_store, code, "2019-12", "2025-07") for code in codes}
    wrong: list[str] = []

    def ask(turn: int) -> None:
        for code in codes[turn:] + codes[:turn]:
            if not queries.commune_series(small_store, code, "2019-12", "2025-07").equals(alone[code]):
                wrong.append(code)

    threads = [threading.Thread(target=ask, args=(turn,)) for turn in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_the_real_store_is_out_of_reach_of_tests(real_store_directory: Path):
    with pytest.raises(RuntimeError, match="real store"):
        (real_store_directory / "snapshots" / "current.json").open()
    with pytest.raises(RuntimeError, match="real store"):
        duckdb.connect(f"{real_store_directory}/snapshots/x.duckdb")


def test_every_table_and_the_unclear_columns_have_a_comment(small_store: Store):
    tables = small_store.query("SELECT table_name, comment FROM duckdb_tables()")
    assert len(tables) > 20 and tables["comment"].notna().all()


def test_settings_come_from_the_environment_and_nonsense_names_the_variable(tmp_path: Path):
    settings = read_settings({"BAOPHU_VAR": str(tmp_path), "BAOPHU_THREADS": "4", "BAOPHU_EDITION": "public"})
    assert (settings.threads, settings.edition, settings.pointer_file) == (
        4,
        "public",
        tmp_path / "public" / "snapshots" / "current.json",
    )
    for name, value in (("BAOPHU_THREADS", "many"), ("BAOPHU_EDITION", "secret")):
        with pytest.raises(ValueError, match=name):
            read_settings({name: value})


def test_the_pointer_is_plain_json_that_names_id_file_sum_schema_and_date(small_settings: Settings):
    fields = json.loads(small_settings.pointer_file.read_text(encoding="utf-8"))
    assert set(fields) == {"id", "file", "sha256", "schema_version", "made_at"}
    assert pd.Timestamp(fields["made_at"]).tzinfo is not None
