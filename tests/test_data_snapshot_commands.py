"""What an operator does with snapshots: draft and released months, verify, publish, prune, two writers, a full disk."""

import errno
import os
import re
import shutil
import threading
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pytest
from received_months import COMMUNES, make_report, publish_received

from data import queries
from data.errors import IngestRefused, StoreUnavailable, UserError
from data.ingest.build_snapshot import build_snapshot
from data.ingest.load import LoadResult, list_months
from data.ingest.publish import hold_write_lock
from data.ingest.report_console import write_report
from data.ingest.value_files import decode_value_file
from data.settings import Settings
from data.snapshot import main, make_parser, run
from data.snapshot_commands import run_prune, run_publish, run_release, run_rollback, run_verify
from data.store import CurrentStore, Pointer, Store, hash_file, list_snapshots, open_current, parse_pointer
from data.verify_snapshot import find_faults
from text.words import Words

pytestmark = pytest.mark.store

VI = Words("vi")
INSURED = [20_000, 6_000, 8_000, 8_000]


@dataclass(frozen=True)
class History:
    """A store with four snapshots: empty; 12/2020 received; 12/2020 released; 11/2020 received as well."""

    settings: Settings
    ids: list[str]


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    """Tests must not change it."""
    settings = Settings(var_directory=tmp_path_factory.mktemp("history") / "var")
    ids = [build_snapshot(settings, empty=True)[0].id]
    ids.append(publish_received(settings, "2020-12", INSURED).id)
    assert run_release(settings, VI, "2020-12") == 0
    ids.append(read_pointer(settings).id)
    ids.append(publish_received(settings, "2020-11", INSURED).id)
    return History(settings, ids)


@pytest.fixture
def own(history: History, tmp_path: Path) -> History:
    """A copy that a test may change."""
    shutil.copytree(history.settings.var_directory, tmp_path / "var")
    return History(Settings(var_directory=tmp_path / "var"), history.ids)


def read_pointer(settings: Settings) -> Pointer:
    return parse_pointer(settings.pointer_file.read_text(encoding="utf-8"))


def note_of(settings: Settings, snapshot_id: str) -> Pointer:
    return parse_pointer((settings.snapshot_directory / f"{snapshot_id}.json").read_text(encoding="utf-8"))


def states_of(settings: Settings, snapshot_id: str) -> dict[str, str]:
    """The months of a snapshot with their states."""
    with duckdb.connect(str(settings.snapshot_directory / f"{snapshot_id}.duckdb"), read_only=True) as connection:
        return dict(connection.execute("SELECT period, state FROM period").fetchall())


def change_content(settings: Settings, snapshot_id: str, statement: str) -> Pointer:
    """A snapshot that was changed by hand, with a sum that fits the file again."""
    file = settings.snapshot_directory / f"{snapshot_id}.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute(statement)
    pointer = replace(note_of(settings, snapshot_id), sha256=hash_file(file))
    (settings.snapshot_directory / f"{snapshot_id}.json").write_text(pointer.to_json(), encoding="utf-8")
    return pointer


# Draft and released months


def test_received_figures_begin_as_a_draft_and_stay_released_once_they_are(history: History):
    _, received, released, both = history.ids
    assert states_of(history.settings, received) == {"2020-12": "draft"}
    assert states_of(history.settings, released) == {"2020-12": "released"}
    assert states_of(history.settings, both) == {"2020-11": "draft", "2020-12": "released"}


def test_simulated_months_are_released(small_store: Store):
    assert set(queries.periods(small_store)["state"]) == {"released"}


def test_a_month_can_be_made_a_draft_again_and_a_correction_leaves_its_state(own: History, capsys):
    corrected = publish_received(own.settings, "2020-12", [20_000, 6_000, 8_500, 7_000])
    assert states_of(own.settings, corrected.id) == {"2020-11": "draft", "2020-12": "released"}
    assert run_release(own.settings, VI, "2020-12") == 0 and "từ trước" in capsys.readouterr().out
    assert read_pointer(own.settings).id == corrected.id, "nothing to change, nothing published"
    assert run_release(own.settings, VI, "2020-12", undo=True) == 0
    assert states_of(own.settings, read_pointer(own.settings).id)["2020-12"] == "draft"


def test_a_month_without_figures_cannot_be_released(own: History):
    before = read_pointer(own.settings)
    with pytest.raises(UserError, match="STORE-NO-PERIOD"):
        run_release(own.settings, VI, "2019-01")
    assert read_pointer(own.settings) == before


@pytest.fixture(scope="module")
def public(history: History) -> Settings:
    """Settings of the public edition of the history, published by the command."""
    assert main_of(history.settings, "publish", "--edition", "public") == 0
    return replace(history.settings, edition="public")


def main_of(settings: Settings, *arguments: str) -> int:
    chosen = make_parser().parse_args(arguments)
    return run(chosen, settings, VI)


def test_the_public_edition_sees_released_months_only_whatever_it_asks(history: History, public: Settings):
    internal = CurrentStore(history.settings).get()
    public = CurrentStore(public).get()
    assert list(queries.periods(internal)["period"]) == ["2020-11", "2020-12"]
    assert list(queries.periods(public)["period"]) == ["2020-12"]
    assert not queries.commune_values(internal, "2020-11").empty and queries.commune_values(public, "2020-11").empty
    assert list(queries.summary_series(public, "VN", "2020-01", "2020-12")["period"]) == ["2020-12"]
    assert list(queries.commune_series(public, "00382", "2020-01", "2020-12")["period"]) == ["2020-12"]
    assert queries.snapshot_info(public)["first_period"] == "2020-12"
    assert queries.reports_received(public, "2020-11").empty and queries.source_of(public, "00382", "2020-11").empty
    assert list(queries.files_received(public)["name"]) == [""], "of received files only that there are some"
    # What others published is public anyway.
    assert queries.published_series(public).equals(queries.published_series(internal))


def test_the_map_file_of_the_public_edition_has_no_draft_month(history: History, public: Settings):
    def read(settings: Settings) -> tuple[dict[str, object], int]:
        name = queries.value_file(open_current(settings), "2019-10", "commune", "2016-2020")["file_name"].iloc[0]
        header, classes = decode_value_file((settings.value_directory / name).read_bytes())
        return header, classes.shape[1]

    header, months = read(history.settings)
    assert (header["periods"], months) == (["2020-11", "2020-12"], 2)
    header, months = read(public)
    assert (header["periods"], months) == (["2020-12"], 1)


def test_the_public_edition_has_snapshots_of_its_own_to_list_verify_and_roll_back_to(
    history: History, public: Settings, capsys
):
    before = read_pointer(history.settings)
    assert main_of(history.settings, "list", "--edition", "public") == 0
    own = read_pointer(public)
    assert own.id in capsys.readouterr().out and own.id != before.id
    assert main_of(history.settings, "verify", "--edition", "public") == 0
    assert main_of(history.settings, "publish", "--edition", "public") == 0
    assert read_pointer(public) == own, "the same content is the same snapshot"
    with pytest.raises(StoreUnavailable, match="STORE-NO-OLDER"):
        main_of(history.settings, "rollback", "--edition", "public")
    assert read_pointer(history.settings) == before
    with pytest.raises(UserError, match="STORE-WHICH"):
        main_of(history.settings, "publish")


def test_a_public_edition_that_waits_is_seen_by_nobody_until_it_is_put_in_force(own: History, capsys):
    public = replace(own.settings, edition="public")
    waits = replace(public, is_held=True).pointer_file
    assert main_of(own.settings, "publish", "--edition", "public") == 0
    first = read_pointer(public)
    assert main_of(own.settings, "release", "2020-11") == 0
    assert main_of(own.settings, "publish", "--edition", "public", "--hold") == 0
    waiting = parse_pointer(waits.read_text())
    assert read_pointer(public) == first != waiting and waiting.id in capsys.readouterr().out
    assert list(queries.periods(CurrentStore(public).get())["period"]) == ["2020-12"]
    assert list(queries.periods(CurrentStore(replace(public, is_held=True)).get())["period"]) == ["2020-11", "2020-12"]
    assert main_of(own.settings, "prune", "--edition", "public", "--keep", "1") == 0
    assert main_of(own.settings, "publish", "--edition", "public", "--held") == 0
    assert read_pointer(public) == waiting and not waits.exists()
    assert list(queries.periods(CurrentStore(public).get())["period"]) == ["2020-11", "2020-12"]


def test_a_month_that_was_withdrawn_while_the_public_edition_waited_does_not_come_out(own: History, capsys):
    public = replace(own.settings, edition="public")
    shutil.rmtree(public.store_directory, ignore_errors=True)
    assert main_of(own.settings, "release", "2020-11") == 0
    assert main_of(own.settings, "publish", "--edition", "public", "--hold") == 0
    assert not public.pointer_file.exists()
    with pytest.raises(StoreUnavailable):
        open_current(public)
    assert main_of(own.settings, "release", "2020-11", "--undo") == 0
    assert main_of(own.settings, "publish", "--edition", "public", "--held") == 0
    assert "đã thay đổi trong lúc chờ" in capsys.readouterr().out
    assert list(queries.periods(CurrentStore(public).get())["period"]) == ["2020-12"]
    assert not replace(public, is_held=True).pointer_file.exists()


def test_where_no_public_edition_waits_one_is_built_and_published(own: History, capsys):
    public = replace(own.settings, edition="public")
    for damaged in (None, "{}", "nonsense"):
        if damaged is not None:
            replace(public, is_held=True).pointer_file.write_text(damaged)
        assert main_of(own.settings, "publish", "--edition", "public", "--held") == 0
        assert list(queries.periods(CurrentStore(public).get())["period"]) == ["2020-12"]
        assert "Không có bản công khai nào đang chờ" in capsys.readouterr().out
        assert not replace(public, is_held=True).pointer_file.exists()
    with pytest.raises(UserError, match="STORE-HOLD"):
        main_of(own.settings, "publish", "--hold")


def test_a_load_says_that_what_it_corrects_is_public(history: History):
    with closing(open_current(history.settings)) as store:
        months = list_months([make_report(period, INSURED) for period in ("2020-10", "2020-11", "2020-12")], store)
    assert [month.is_released for month in months] == [False, False, True]
    said = "\n".join(write_report(LoadResult(months=months, dry_run=True), VI))
    assert said.count("đã công bố") == 1 and "release 2020-12 --undo" in said


# Verifying


def test_every_snapshot_of_the_history_and_of_the_simulation_holds(
    history: History, small_store, small_settings, capsys
):
    assert run_verify(history.settings, VI, None, every=True) == 0
    assert capsys.readouterr().out.count("đạt mọi kiểm tra") == 4
    assert find_faults(small_store.pointer, small_settings) == []


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE unit_summary SET insured = insured + 1 WHERE level = 'province' AND unit_code = '01'", "sum"),
        ("UPDATE unit_summary SET still_to_enrol = 0 WHERE level = 'nation'", "sum"),
        ("UPDATE commune_month SET insured = 1 WHERE unit_code = '00382'", "sum"),
        ("DELETE FROM unit_summary WHERE level = 'region' AND period = '2020-12'", "sum_rows"),
        ("UPDATE unit_summary SET rule_id = NULL", "rule"),
        ("INSERT INTO commune_month SELECT * FROM commune_month LIMIT 1", "twice"),
        ("INSERT INTO group_total SELECT '2020-12', 'nation', 'VN', 'household', 2, 1, 1, 1 FROM range(2)", "twice"),
        ("UPDATE commune_month SET unit_code = '99999' WHERE unit_code = '00382'", "foreign_unit"),
        ("UPDATE unit SET name = 'Xã Khác' WHERE unit_code = '00382' AND boundary_set = '2019-10'", "id"),
    ],
)
def test_a_changed_content_is_found_even_where_the_file_sum_fits(own: History, statement: str, fault: str):
    found = [one.key for one in find_faults(change_content(own.settings, own.ids[-1], statement), own.settings)]
    assert f"snapshot.fault.{fault}" in found and "snapshot.fault.id" in found


def test_a_missing_or_damaged_map_file_is_found(own: History, capsys):
    first, second, *_ = sorted(own.settings.value_directory.glob("*.bin.gz"))
    first.unlink()
    second.write_bytes(second.read_bytes()[:-9])
    assert run_verify(own.settings, VI, None, every=True) == 1
    said = capsys.readouterr().out
    assert f"thiếu tệp bản đồ theo tháng {first.name}" in said and f"{second.name} bị hỏng" in said


# Publishing and going back


def test_an_older_snapshot_is_published_by_its_id_after_every_check(own: History, capsys):
    settings, (_, received, *_) = own.settings, own.ids
    assert run_publish(settings, VI, received) == 0
    assert open_current(settings).snapshot_id == received and received in capsys.readouterr().out
    change_content(settings, own.ids[2], "UPDATE unit_summary SET met = 0")
    with pytest.raises(UserError, match="STORE-FAULTY"):
        run_publish(settings, VI, own.ids[2])
    with pytest.raises(UserError, match="STORE-NO-SUCH"):
        run_publish(settings, VI, "0123456789abcdef")
    assert read_pointer(settings).id == received


def test_a_rollback_from_a_damaged_snapshot_goes_to_the_one_just_before(own: History):
    file = own.settings.snapshot_directory / f"{own.ids[-1]}.duckdb"
    file.write_bytes(file.read_bytes()[:-4096])
    assert run_rollback(own.settings, VI, None) == 0
    assert read_pointer(own.settings).id == own.ids[2]


def test_nothing_is_built_on_an_older_snapshot_while_the_current_one_is_damaged(own: History):
    file = own.settings.snapshot_directory / f"{own.ids[-1]}.duckdb"
    file.write_bytes(file.read_bytes()[:-4096])
    for write in (
        lambda: publish_received(own.settings, "2020-10", INSURED),
        lambda: run_release(own.settings, VI, "2020-11"),
        lambda: run_prune(own.settings, VI, 1),
    ):
        with pytest.raises(UserError, match="current_damaged"):
            write()
    assert {pointer.id for pointer in list_snapshots(own.settings.snapshot_directory)} == set(own.ids)


# Pruning


def test_pruning_keeps_the_current_snapshot_and_the_one_before_and_says_what_went(own: History, capsys):
    settings = own.settings
    values = {path.name for path in settings.value_directory.iterdir()}
    (settings.value_directory / "0123456789abcdef.bin.gz").write_bytes(b"of nobody")
    assert run_prune(settings, VI, 1) == 0
    said = capsys.readouterr().out
    assert [pointer.id for pointer in list_snapshots(settings.snapshot_directory)] == [own.ids[3], own.ids[2]]
    assert own.ids[0] in said and own.ids[1] in said and "MB" in said and "1 tệp bản đồ" in said
    assert {path.name for path in settings.value_directory.iterdir()} == values, "all are named by the two that stay"
    assert run_verify(settings, VI, None, every=True) == 0


def test_after_going_back_the_newer_snapshots_count_as_the_newest_and_the_current_one_stays(own: History):
    run_rollback(own.settings, VI, own.ids[1])
    assert run_prune(own.settings, VI, 1) == 0
    assert {pointer.id for pointer in list_snapshots(own.settings.snapshot_directory)} == {
        own.ids[0], own.ids[1], own.ids[3],
    }  # fmt: skip


def test_the_next_writer_clears_a_snapshot_that_was_being_removed(own: History):
    settings = own.settings
    (settings.snapshot_directory / f"{own.ids[0]}.json").unlink()
    with hold_write_lock(settings):
        assert not (settings.snapshot_directory / f"{own.ids[0]}.duckdb").exists()
    assert open_current(settings).snapshot_id == own.ids[3]


# Two writers, a full disk


def test_a_second_writer_says_so_or_waits(own: History):
    begun, done = threading.Event(), threading.Event()

    def write_for_long() -> None:
        with hold_write_lock(own.settings):
            begun.set()
            done.wait()

    first = threading.Thread(target=write_for_long)
    first.start()
    begun.wait()
    with pytest.raises(IngestRefused, match="INGEST-BUSY"):
        run_prune(own.settings, VI, 1)
    with pytest.raises(IngestRefused, match="INGEST-BUSY"):
        run_prune(own.settings, VI, 1, wait_seconds=0.3)
    threading.Timer(0.3, done.set).start()
    assert run_prune(own.settings, VI, 1, wait_seconds=60) == 0
    first.join()


@pytest.mark.parametrize(
    ("place", "problem"),
    [
        (
            "data.ingest.builder.SnapshotBuilder.hash_content",
            duckdb.IOException(f'IO Error: Could not write file "x": {os.strerror(errno.ENOSPC)}'),
        ),
        ("data.ingest.builder.copy_base", OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))),
    ],
)
def test_a_full_disk_is_a_clear_error_and_the_old_figures_are_still_served(
    own: History, monkeypatch: pytest.MonkeyPatch, place: str, problem: Exception
):
    before = {
        path.name for folder in ("snapshots", "values") for path in (own.settings.var_directory / folder).iterdir()
    }

    def fail(*_: object, **__: object) -> None:
        raise problem

    monkeypatch.setattr(place, fail)
    with pytest.raises(UserError, match="STORE-NO-PLACE") as raised:
        run_release(own.settings, VI, "2020-11")
    assert "không thay đổi" in VI.say(raised.value.words_key, **raised.value.values)
    assert open_current(own.settings).snapshot_id == own.ids[-1]
    after = {
        path.name for folder in ("snapshots", "values") for path in (own.settings.var_directory / folder).iterdir()
    }
    assert after == before


# The command line


def test_the_commands_are_run_by_name_and_give_a_status(own: History, use_store, capsys):
    use_store(own.settings.var_directory)
    assert main(["list"]) == 0 and f"* {own.ids[-1]}" in capsys.readouterr().out
    assert main(["publish", "nothing"]) == 1
    assert "python -m data.snapshot list" in capsys.readouterr().err
    assert main(["verify", own.ids[0]]) == 0
    assert main(["release", "2020-12"]) == 0 and main(["prune", "--keep", "9"]) == 0
    for wrong in (["release", "12/2020"], ["prune", "--keep", "0"], ["build", "--empty", "--with-simulation"]):
        with pytest.raises(SystemExit) as stop:
            main(wrong)
        assert stop.value.code == 2


def test_the_communes_of_these_tests_are_in_the_list_of_their_month(history: History):
    units = queries.units(open_current(history.settings), "2019-10", "commune")
    assert set(COMMUNES) <= set(units["unit_code"])


def test_going_back_never_leads_to_a_snapshot_that_was_gone_back_from(own: History):
    """ids[3] was bad: back to ids[2], then a month is loaded. The one before is ids[2], though ids[3] is younger."""
    assert run_rollback(own.settings, VI, None) == 0
    assert read_pointer(own.settings).id == own.ids[2]
    newest = publish_received(own.settings, "2020-10", INSURED)
    file = own.settings.snapshot_directory / newest.file
    whole = file.read_bytes()
    file.write_bytes(whole[:-4096])
    assert open_current(own.settings).snapshot_id == own.ids[2], "a damaged one is stood in for by the same"
    file.write_bytes(whole)
    assert run_rollback(own.settings, VI, None) == 0
    assert read_pointer(own.settings).id == own.ids[2]
    assert run_rollback(own.settings, VI, None) == 0
    assert read_pointer(own.settings).id == own.ids[1]


def test_going_back_says_when_the_snapshot_was_made_and_an_unknown_one_is_not_called_the_only_one(
    own: History, capsys: pytest.CaptureFixture[str]
):
    assert run_rollback(own.settings, VI, own.ids[1]) == 0
    assert re.search(r"tạo lúc \d\d:\d\d ngày \d\d/\d\d/\d{4}\.", capsys.readouterr().out)
    with pytest.raises(StoreUnavailable) as unknown:
        run_rollback(own.settings, VI, "nosuch")
    assert "snapshot list" in VI.say(unknown.value.words_key, **unknown.value.values)
    assert run_rollback(own.settings, VI, own.ids[0]) == 0
    with pytest.raises(StoreUnavailable) as none_older:
        run_rollback(own.settings, VI, None)
    assert none_older.value.code == "STORE-NO-OLDER", "newer ones there are"
