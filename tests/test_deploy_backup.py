"""Backups: whole, cheap to repeat, checked, and put back."""

import json
import os
import shutil
from pathlib import Path

import pytest
from received_months import publish_received

from data.ingest.publish import hold_write_lock
from data.settings import Settings
from data.store import hash_file, list_snapshots, open_current
from data.verify_snapshot import find_faults
from deploy import backup
from deploy.backup import BackupRefused, find_damage, list_backups, main, make, restore

pytestmark = pytest.mark.store
INSURED = [20_000, 6_000, 8_000, 8_000]


def everything(var: Path) -> dict[str, str]:
    return {str(name): hash_file(var / name) for name in backup.list_files(var)}


def test_a_backup_is_put_back_as_it_was_and_costs_only_what_changed(own_settings: Settings, tmp_path: Path):
    var, folder = own_settings.var_directory, tmp_path / "backups"
    (var / "cache").mkdir()
    (var / "cache" / "a.br").write_bytes(b"made again")
    (var / "archive").mkdir(exist_ok=True)
    (var / "archive" / "0123.xlsx").write_bytes(b"received")
    first = make(own_settings, folder, keep=5)
    before = everything(var)
    assert first.files == len(before) and not (first.folder / "cache").exists()
    newer = publish_received(own_settings, "2020-12", INSURED)
    second = make(own_settings, folder, keep=5)
    after = everything(var)
    changed = {name for name in after if before.get(name) != after[name]}
    assert f"snapshots/{newer.file}" in changed and "archive/0123.xlsx" not in changed
    assert second.new_bytes == sum((var / name).stat().st_size for name in changed)
    assert {name for name in after if (second.folder / name).stat().st_nlink == 1} == changed
    assert find_damage(first.folder) == find_damage(second.folder) == []
    shutil.rmtree(var / "snapshots")  # what is restored is there whatever was lost
    restore(first.folder, var)
    assert everything(var) == before
    (aside,) = var.parent.glob("var.before-*")
    assert (aside / "archive" / "0123.xlsx").exists()
    restore(second.folder, var)
    store = open_current(own_settings)
    assert (store.snapshot_id, store.fallback_from) == (newer.id, None)
    assert find_faults(store.pointer, own_settings, quick=True) == []
    store.close()
    assert {one.id for one in list_snapshots(own_settings.snapshot_directory)} >= {newer.id}


def test_only_the_newest_stay_and_their_files_outlive_the_older_ones(own_settings: Settings, tmp_path: Path):
    made = [make(own_settings, tmp_path / "backups", keep=2).folder for _ in range(4)]
    assert list_backups(tmp_path / "backups") == [made[3], made[2]]
    assert find_damage(made[3]) == []


@pytest.mark.parametrize("harm", ["changed", "missing", "list"])
def test_a_damaged_backup_is_refused_and_nothing_is_changed(own_settings: Settings, tmp_path: Path, harm: str):
    var = own_settings.var_directory
    made = make(own_settings, tmp_path / "backups", keep=2).folder
    before = everything(var)
    victim = next((made / "snapshots").glob("*.duckdb"))
    if harm == "changed":
        content = bytearray(victim.read_bytes())
        content[len(content) // 2] ^= 1
        victim.write_bytes(content)
    elif harm == "missing":
        victim.unlink()
    else:
        (made / backup.SUMS).write_text(f"{'0' * 64}  ../../etc/passwd\n")
    with pytest.raises(BackupRefused):
        restore(made, var)
    assert everything(var) == before and not list(var.parent.glob("var.before-*"))


def test_a_backup_waits_for_a_load_and_is_one_state(own_settings: Settings, tmp_path: Path, monkeypatch, capsys):
    monkeypatch.setattr(backup, "get_settings", lambda: own_settings)
    with hold_write_lock(own_settings):
        assert main(["make", "--to", str(tmp_path / "backups")]) == 1
    assert list_backups(tmp_path / "backups") == []
    assert main(["make", "--to", str(tmp_path / "backups")]) == 0
    assert main(["make", "--to", str(own_settings.var_directory / "backups")]) == 1
    (made,) = list_backups(tmp_path / "backups")
    assert main(["check", str(made)]) == 0 and "nguyên vẹn" in capsys.readouterr().out
    os.truncate(made / "snapshots" / "current.json", 3)
    capsys.readouterr()
    assert main(["check", str(made)]) == 1 and main(["restore", str(made)]) == 1
    assert capsys.readouterr().err.count("bị hỏng (1 tệp: snapshots/current.json)") == 2
    (tmp_path / "file").touch()
    assert main(["make", "--to", str(tmp_path / "file" / "backups")]) == 1
    assert "Không đọc hoặc không ghi được" in capsys.readouterr().err
    assert json.loads(own_settings.pointer_file.read_text("utf-8"))["id"]
