"""Closing a round of evaluation: what is frozen, that it survives what comes later, and what is refused."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from received_months import COMMUNES, make_report, publish_received

from data import evaluation
from data.closing import find_round, freeze_round, read_programmes
from data.errors import UserError
from data.ingest.build_snapshot import build_snapshot
from data.ingest.load import list_months
from data.queries.evaluation import FROZEN_COUNTS, SHARED, closed_rounds, frozen_rows
from data.round_figures import read_round
from data.settings import Settings
from data.simulation import main as simulation_main
from data.snapshot import main as snapshot_main
from data.snapshot_commands import find_snapshot, run_release
from data.store import Store, hash_file, open_current, open_snapshot
from data.verify_snapshot import find_faults
from indicators.evaluation import evaluate, measure
from indicators.evaluation_reasons import find_apart, score_to_text
from indicators.evaluation_rules import load_rules, rules_of_record
from text.words import Words

pytestmark = pytest.mark.store

FINAL = ["--round", "final", "--year", "2020", "--by", "Hội đồng thi đua"]
REHEARSAL = [*FINAL, "--allow-simulated"]
VI = Words("vi")


@pytest.fixture(scope="module")
def three_months(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A store of the months that the final round and an unfinished year need: closing writes a whole snapshot."""
    settings = Settings(var_directory=tmp_path_factory.mktemp("rounds-store"))
    build_snapshot(settings, months=["2019-12", "2020-12", "2026-02"])
    return settings


@pytest.fixture
def here(use_store: Callable[[Path], None], three_months: Settings, tmp_path: Path) -> Settings:
    """A copy of it that a test may change, in the place of the process's store."""
    shutil.copytree(three_months.var_directory, tmp_path / "var")
    use_store(tmp_path / "var")
    return Settings(var_directory=tmp_path / "var")


def ask(settings: Settings, question: Callable[[Store], object]) -> object:
    store = open_current(settings)
    try:
        return question(store)
    finally:
        store.close()


def count_standing(settings: Settings) -> dict[str, int]:
    """Of each month, how many closed rounds a load into it is told of."""
    reports = [make_report(period, [1, 1, 1, 1]) for period in ("2019-12", "2020-12", "2026-02")]
    return {month.period: month.closed_rounds for month in ask(settings, lambda store: list_months(reports, store))}


def test_a_closed_round_stays_as_it_was_when_figures_are_revised_and_when_it_is_reopened(here, capsys):
    before = ask(here, lambda store: read_round(store, *round_of(store, "commune")))
    assert evaluation.main(["close", *REHEARSAL, "--note", "Biên bản 12"]) == 0
    assert "Đã chốt đợt final-2020 (lần 1)" in capsys.readouterr().out
    assert count_standing(here) == {"2019-12": 1, "2020-12": 1, "2026-02": 0}
    frozen = ask(here, lambda store: frozen_rows(store, "final-2020", 1, "commune"))

    # The frozen figures and places are those of the screen on that day, to the last person.
    assert len(frozen) == len(before.units)
    frozen = frozen.set_index("unit_code").loc[before.units["unit_code"]]
    for name in FROZEN_COUNTS:
        assert frozen[name].tolist() == getattr(before.figures, name).tolist(), name
    rules = load_rules()
    values = measure(before.figures, "commune", before.threshold, rules)
    expected = evaluate(values, find_apart(before.figures, "commune", rules), "commune", rules)
    assert frozen["place"].tolist() == expected.place.tolist()
    assert frozen["score"].tolist() == [score_to_text(expected.score, at) for at in range(len(frozen))]

    # A later load changes four communes; the record does not move.
    publish_received(here, "2020-12", [20_000, 7_000, 9_999, 7_999])
    after = ask(here, lambda store: frozen_rows(store, "final-2020", 1, "commune")).set_index("unit_code")
    assert after.equals(frozen.sort_index())
    assert evaluation.main(["close", *REHEARSAL]) == 1, "received figures of 2020-12 are a draft until released"
    assert "data.snapshot release 2020-12" in capsys.readouterr().err
    assert run_release(here, VI, "2020-12") == 0
    now = ask(here, lambda store: read_round(store, *round_of(store, "commune")))
    changed = now.units["unit_code"][now.figures.insured != before.figures.insured]
    assert set(changed) == set(COMMUNES)

    # Reopened: on record with the reason, its rows still there; closed again it is a second closing.
    assert evaluation.main(["reopen", "final-2020", "--by", "Vụ TĐKT", "--reason", "Bổ sung số của Sóc Sơn"]) == 0
    assert not any(count_standing(here).values())
    rounds = ask(here, closed_rounds)
    assert rounds["reopen_reason"].tolist() == ["Bổ sung số của Sóc Sơn"] and rounds["note"].tolist() == ["Biên bản 12"]
    assert len(ask(here, lambda store: frozen_rows(store, "final-2020", 1, "commune"))) == len(frozen)
    assert evaluation.main(["close", *REHEARSAL]) == 0
    assert sorted(ask(here, closed_rounds)["closing"]) == [1, 2]
    second = ask(here, lambda store: frozen_rows(store, "final-2020", 2, "commune")).set_index("unit_code")
    assert second.loc["00382", "insured"] == 9_999 != after.loc["00382", "insured"]

    # What it was judged by is on record, and the snapshot passes its own checks.
    assert rules_of_record(rounds["rules"].iloc[0]) == rules and rounds["threshold"].iloc[0] == ">= 85"
    pointer = ask(here, lambda store: store.pointer)
    assert find_faults(find_snapshot(here, pointer.id), here) == []
    capsys.readouterr()
    assert evaluation.main(["list"]) == 0
    said = capsys.readouterr().out
    assert "lần 2" in said and "Mở lại lúc" in said and "diễn tập" in said


def round_of(store: Store, level: str):
    programmes = read_programmes(store)
    return find_round(store, programmes, "final", 2020), level, programmes


def test_a_rehearsal_on_simulated_figures_is_asked_for_marked_and_leaves_with_the_simulation(here, tmp_path, capsys):
    assert evaluation.main(["close", *FINAL]) == 1
    assert "mô phỏng" in capsys.readouterr().err
    assert ask(here, closed_rounds).empty
    assert evaluation.main(["close", *REHEARSAL]) == 0
    assert "[diễn tập: " in capsys.readouterr().out

    file = tmp_path / "xep_hang.csv"
    assert evaluation.main(["show", "final-2020", "--level", "district", "--csv", str(file)]) == 0
    assert len(file.read_text("utf-8-sig").splitlines()) == 1 + 713
    capsys.readouterr()
    assert evaluation.main(["show", "final-2020", "--first", "2"]) == 0
    assert len([line for line in capsys.readouterr().out.splitlines() if "/63" in line]) == 2

    assert simulation_main(["remove"]) == 0
    assert ask(here, closed_rounds).empty


def test_a_round_is_closed_once_and_only_with_all_its_months_and_a_name(here, capsys):
    assert evaluation.main(["close", "--round", "yearly", "--year", "2026", "--by", "A", "--allow-simulated"]) == 1
    assert "tháng 2/2026" in capsys.readouterr().err
    assert evaluation.main(["close", "--round", "mid_term", "--year", "2018", "--by", "A"]) == 1
    assert "chưa có đủ số liệu" in capsys.readouterr().err.lower()
    assert evaluation.main(["close", *REHEARSAL[:4], "--by", " ", "--allow-simulated"]) == 1
    assert evaluation.main(["close", *REHEARSAL]) == 0
    assert evaluation.main(["close", *REHEARSAL]) == 1
    assert "đã được Hội đồng thi đua chốt" in capsys.readouterr().err
    assert evaluation.main(["reopen", "final-2019", "--by", "A", "--reason", "B"]) == 1
    assert "final-2020" in capsys.readouterr().err
    assert snapshot_main(["build", "--empty"]) == 1, "building anew would lose what was closed"
    assert "đợt đánh giá đã chốt" in capsys.readouterr().err


def test_a_cluster_is_closed_by_itself_with_its_districts_and_communes(small_store: Store):
    programmes = read_programmes(small_store)
    one = find_round(small_store, programmes, "final", 2020)
    header, rows = freeze_round(small_store, one, "IV", by="Cụm IV", note="", allow_simulated=True)
    assert header["round_id"].tolist() == ["final-2020-iv"]
    provinces = rows[rows["level"] == "province"]
    assert len(provinces) == 9 and provinces["of_units"].unique().tolist() == [9]
    assert sorted(provinces["place"].dropna())[0] == 1
    places = small_store.query(
        "SELECT DISTINCT province_code FROM unit WHERE boundary_set = '2019-10' AND unit_code IN (SELECT unnest($codes))",
        {"codes": rows.loc[rows["level"] == "commune", "unit_code"].tolist()},
    )["province_code"]
    assert set(places) == set(provinces["unit_code"])
    with pytest.raises(UserError, match="EVALUATION-NO-CLUSTER"):
        freeze_round(small_store, one, "Cụm không có", by="A", note="", allow_simulated=True)


def test_a_snapshot_older_than_closing_has_no_closed_round(here):
    store = open_current(here)
    pointer = store.pointer
    store.close()
    old = here.snapshot_directory / pointer.file
    connection = duckdb.connect(str(old))
    for table in ("evaluation_row", "evaluation_round"):
        connection.execute(f"DROP TABLE {table}")
    connection.close()
    older = open_snapshot(replace(pointer, sha256=hash_file(old), schema_version=2), here)
    assert closed_rounds(older).empty and frozen_rows(older, "final-2020", 1, "province").empty
    older.close()


def test_a_round_closed_before_improvements_stood_on_shared_communes_keeps_the_sums_it_was_judged_by(here):
    """Schema 4 had no counts over the communes known at both ends; such a round must read, and travel on, as it was."""
    assert evaluation.main(["close", *REHEARSAL]) == 0
    store = open_current(here)
    pointer, before = store.pointer, frozen_rows(store, "final-2020", 1, "province")
    store.close()
    assert (before["shared_insured"] != before["insured"]).any(), "else the columns could be mixed up unseen"
    old = here.snapshot_directory / pointer.file
    connection = duckdb.connect(str(old))
    plain = ", ".join(SHARED)
    connection.execute(f"CREATE TABLE kept AS SELECT * EXCLUDE ({plain}) FROM evaluation_row")
    connection.execute("DROP TABLE evaluation_row")
    connection.execute("CREATE TABLE evaluation_row AS FROM kept")
    connection.execute("DROP TABLE kept")
    connection.close()
    here.pointer_file.write_text(replace(pointer, sha256=hash_file(old), schema_version=4).to_json(), encoding="utf-8")
    read = ask(here, lambda store: frozen_rows(store, "final-2020", 1, "province"))
    publish_received(here, "2020-12", [20_000, 7_000, 9_999, 7_999])
    carried = ask(here, lambda store: frozen_rows(store, "final-2020", 1, "province"))
    for found in (read, carried):
        assert found["shared_insured"].tolist() == found["insured"].tolist() == before["insured"].tolist()
        assert found["shared_population_start"].tolist() == before["population_start"].tolist()
