"""The commands that write briefs: one file, many files, what they refuse, and what a broken place does to the others."""

import sys
import types
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest

from data.settings import Settings
from reports.__main__ import main
from reports.files import write_whole
from text.words import Words
from ui.documents import brief_commands, brief_files
from ui.documents.brief_files import Order, Outcome, list_places, write_brief

VI = Words("vi")


@pytest.fixture(autouse=True)
def on_the_small_store(use_store: Callable[[Path], None], small_settings: Settings) -> None:
    use_store(small_settings.var_directory)


def test_one_brief_is_written_where_it_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "new" / "brief.pdf"
    assert main(["brief", "--unit", "380", "--period", "2020-12", "--lang", "en", "--into", str(path)]) == 0
    assert str(path) in capsys.readouterr().out
    reader = pypdf.PdfReader(path)
    assert len(reader.pages) == 1 and reader.trailer["/Root"]["/Lang"] == "en"
    assert [file.name for file in path.parent.iterdir()] == ["brief.pdf"]


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        (["brief", "--unit", "999"], "brief.no_unit"),
        (["brief", "--unit", "38", "--period", "1999-01"], "brief.no_period"),
        (["briefs", "--period", "2020-13"], "brief.no_month"),
        (["briefs", "--period", "2025-07", "--level", "district"], "brief.no_level"),
    ],
)
def test_what_the_store_does_not_have_is_refused_and_nothing_is_written(
    asked: list[str], key: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert main([*asked, "--into", str(tmp_path / "none")]) == 1
    said = VI.say(key, **dict.fromkeys(VI.places(key), "\0")).split("\0")
    errors = capsys.readouterr().err
    assert all(part in errors for part in said)
    assert not (tmp_path / "none").exists()


def test_the_places_of_a_level_are_those_of_the_month():
    assert [len(list_places(level, "2020-12")) for level in ("nation", "region", "province", "district", "commune")] == [
        1, 13, 63, 713, 11160
    ]  # fmt: skip
    assert len(list_places("province", "2025-07")) == 34 and list_places("province", "2020-12")[0] == "01"


def test_many_are_written_by_processes_of_their_own_and_a_broken_one_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    # Tests that open pages leave the page as this process's main module, which every new process would run.
    monkeypatch.setitem(sys.modules, "__main__", types.ModuleType("__main__"))
    monkeypatch.setattr(brief_commands, "list_places", lambda level, period: ["380", "no-such-place"])
    assert main(["briefs", "--period", "2020-12", "--into", str(tmp_path)]) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["BHYT_tom_tat_380_2020-12_vi.pdf"]
    assert len(pypdf.PdfReader(tmp_path / "BHYT_tom_tat_380_2020-12_vi.pdf").pages) == 1
    captured = capsys.readouterr()
    assert VI.say("brief.written", count=1, total=2, folder=tmp_path) in captured.out
    assert "no-such-place" in captured.err.splitlines()[-1]


def test_a_bug_in_one_place_is_told_and_not_raised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def fail(page: object) -> bytes:
        raise ValueError("no such glyph")

    monkeypatch.setattr(brief_files, "make_brief", fail)
    order = Order("2020-12", "vi", tmp_path)
    assert write_brief("380", order) == Outcome("380", "ValueError: no such glyph")
    assert not list(tmp_path.iterdir())


def test_a_file_that_could_not_be_written_leaves_the_old_one_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "brief.pdf"
    write_whole(path, b"old")

    def break_off(self: Path, body: bytes) -> int:
        self.open("wb").write(body[:1])
        raise OSError("no space left on device")

    monkeypatch.setattr(Path, "write_bytes", break_off)
    with pytest.raises(OSError, match="no space"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old" and [file.name for file in tmp_path.iterdir()] == ["brief.pdf"]
