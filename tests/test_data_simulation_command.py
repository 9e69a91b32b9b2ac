"""`python -m data.simulation remove`: the simulated part leaves for good, received figures stay as they are."""

import shutil
from pathlib import Path

import pytest
from received_months import COMMUNES, publish_received

from data import queries
from data.ingest.build_snapshot import build_snapshot
from data.settings import Settings
from data.simulation import main
from data.snapshot import main as snapshot_main
from data.snapshot_commands import run_rollback
from data.store import open_current
from data.verify_snapshot import find_faults
from text.words import Words

pytestmark = pytest.mark.store

INSURED = [20_000, 6_000, 8_000, 8_000]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """One simulated month into which four communes have reported. Tests must not change it."""
    settings = Settings(var_directory=tmp_path_factory.mktemp("mixed") / "var")
    build_snapshot(settings, months=["2020-12"])
    publish_received(settings, "2020-12", INSURED)
    return settings


@pytest.fixture
def mixed(built: Settings, tmp_path: Path, use_store) -> Settings:
    """A copy that a test may change."""
    shutil.copytree(built.var_directory, tmp_path / "var")
    use_store(tmp_path / "var")
    return Settings(var_directory=tmp_path / "var")


def test_removing_keeps_received_figures_and_no_later_build_brings_the_simulation_back(mixed: Settings, capsys):
    before = open_current(mixed)
    size = (mixed.snapshot_directory / before.pointer.file).stat().st_size
    assert main(["remove"]) == 0
    said = capsys.readouterr().out
    assert "11.160 số liệu mô phỏng" in said and "4 số liệu từ báo cáo" in said
    store = open_current(mixed)
    assert find_faults(store.pointer, mixed) == []
    info = queries.snapshot_info(store)
    assert (info["rows"], info["simulated_rows"], info["real_rows"]) == (4, 0, 4)
    assert store.query("SELECT count(*) FROM source WHERE is_simulated").iloc[0, 0] == 0
    assert store.query("SELECT count(*) FROM group_month").iloc[0, 0] == 0
    reported = queries.commune_values(store, "2020-12").query("obs_status == 'reported'")
    assert dict(zip(reported["unit_code"], reported["insured"], strict=True)) == dict(
        zip(COMMUNES, INSURED, strict=True)
    )
    assert queries.summary_at(store, "2020-12", "nation")["units_reported"].iloc[0] == 4
    # Rows that were only deleted would still lie in the file.
    assert (mixed.snapshot_directory / store.pointer.file).stat().st_size < size

    assert main(["remove"]) == 0 and "không thay đổi" in capsys.readouterr().out
    run_rollback(mixed, Words("vi"), before.snapshot_id)
    assert "còn số mô phỏng" in capsys.readouterr().out
    publish_received(mixed, "2020-11", INSURED)
    assert queries.snapshot_info(open_current(mixed))["simulated_rows"] == 0, "what is built on the old one has none"
    assert snapshot_main(["build", "--discard-reports"]) == 0
    assert "--with-simulation" in capsys.readouterr().out
    assert queries.snapshot_info(open_current(mixed))["rows"] == 0


def test_a_removal_that_fails_leaves_the_simulation_and_no_mark(mixed: Settings, monkeypatch: pytest.MonkeyPatch):
    before = open_current(mixed).snapshot_id

    def fail(*_: object) -> None:
        raise RuntimeError("stopped")

    monkeypatch.setattr("data.ingest.republish.compute_derived_tables", fail)
    with pytest.raises(RuntimeError, match="stopped"):
        main(["remove"])
    assert open_current(mixed).snapshot_id == before and not mixed.simulation_marker.exists()


def test_the_simulation_comes_back_only_when_it_is_asked_for_by_name(
    mixed: Settings, monkeypatch: pytest.MonkeyPatch, capsys
):
    mixed.simulation_marker.touch()
    asked: list[tuple[bool, bool]] = []

    def note(settings: Settings, *, empty: bool, **_: object) -> None:
        asked.append((empty, settings.simulation_marker.exists()))
        raise KeyboardInterrupt

    monkeypatch.setattr("data.snapshot.build_snapshot", note)
    for arguments in (["build"], ["build", "--with-simulation"]):
        with pytest.raises(KeyboardInterrupt):
            snapshot_main([*arguments, "--discard-reports"])
        assert mixed.simulation_marker.exists(), "a build that was stopped changes nothing"
    assert asked == [(True, True), (False, False)]
