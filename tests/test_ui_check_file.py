"""Checking a file before it is sent: the report of the command, nothing kept, and the inbox only where allowed."""

import base64
import io
import re
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
from screen import PROJECT_ROOT, open_page, read_page
from test_figure_travels import make_lines, write_report

from data.settings import Settings, get_settings
from data.workbook_layouts import get_layout
from text.words import Words
from ui.check_file import CheckedFile, check_dropped, clean_name
from ui.check_page import draw_findings, draw_result, submit_file
from ui.documents.templates import list_templates
from ui.takeaway import answer

CHECK = PROJECT_ROOT / "pages" / "check.py"


@pytest.fixture(autouse=True)
def on_the_small_store(use_store: Callable[[Path], None], small_settings: Settings) -> None:
    use_store(small_settings.var_directory)


def files_below(folder: Path) -> dict[Path, float]:
    return {path: path.stat().st_mtime for path in folder.rglob("*") if path.is_file()}


def test_a_dropped_workbook_is_reported_cell_by_cell_and_nothing_is_kept(small_settings: Settings, tmp_path: Path):
    write_report(tmp_path / "x.xlsx", make_lines())
    before = files_below(small_settings.var_directory)
    content = base64.b64encode((tmp_path / "x.xlsx").read_bytes()).decode()
    checked = check_dropped({"name": "../../Kon Tum 12-2020.xlsx", "content": content})
    assert checked.status == 0 and checked.name == "Kon Tum 12-2020.xlsx"
    assert [(found["sheet"], found["cell"]) for found in checked.report["findings"]] == [("Biểu 1", "E9")]
    assert checked.workbook[:2] == b"PK"
    assert files_below(small_settings.var_directory) == before


def test_a_file_that_is_too_large_or_broken_on_the_way_is_a_sentence_and_no_crash():
    assert check_dropped({"name": "a.xlsx", "content": None}).problem == "check.too_large"
    assert check_dropped({"name": "a.xlsx", "content": "not base64 !"}).problem == "check.failed"


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("C:\\tmp\\báo cáo.xlsx", "báo cáo.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("--report=x.xlsx", "report=x.xlsx".replace("=", "_")),
        ("<b>.xlsx", "_b_.xlsx"),
        ("...", "tep"),
        ("", "tep"),
    ],
)
def test_a_name_from_outside_is_a_label_and_never_a_path_or_an_option(name: str, clean: str):
    assert clean_name(name) == clean


def test_handing_in_puts_the_file_whole_into_the_inbox_once(tmp_path: Path, use_store: Callable[[Path], None]):
    use_store(tmp_path)
    for _ in range(2):
        submit_file(CheckedFile("a.xlsx", 0, content=b"PK whole"))
    files = list(get_settings().inbox_directory.iterdir())
    assert [path.read_bytes() for path in files] == [b"PK whole"] and files[0].name.endswith("_a.xlsx")


def test_every_empty_workbook_can_be_taken_where_files_are_checked():
    page = "".join(read_page(CHECK).markup)
    for name in list_templates():
        taken = answer.take("check", f"{name}.xlsx", {"unit": "38"})
        book = openpyxl.load_workbook(io.BytesIO(taken.body), read_only=True)
        assert next(book["Số liệu"].iter_rows(values_only=True))[0] == get_layout(name).title.upper()
        place = "_38" if name.startswith("plan_") else ""  # the plans' hold the communes of the place
        assert re.fullmatch(rf"BHYT_mau_[a-z_]+{place}\.xlsx", taken.file_name), "the same for every month"
        assert f"take/check/{name}.xlsx" in page


def test_the_public_edition_has_no_such_page(use_store: Callable[..., None], public_settings: Settings):
    assert "Thả tệp" in open_page(CHECK).text
    use_store(public_settings.var_directory, "public")
    assert not answer.is_offered("check", "awards.xlsx"), "nor the empty workbooks"
    screen = open_page(CHECK)
    assert "Trang này chỉ có trong bản nội bộ" in screen.text and "Thả tệp" not in screen.text


@pytest.mark.parametrize("outcome", ["already_loaded", "accepted"])
def test_a_file_that_was_loaded_before_is_not_said_to_be_right(outcome: str, monkeypatch: pytest.MonkeyPatch):
    """Nothing in it was looked at anew: no sentence about its cells."""
    report = {"files": [{"outcome": outcome}], "sentences": ["một câu"], "findings": []}
    said: list[str] = []
    monkeypatch.setattr("ui.parts.section", said.append)
    monkeypatch.setattr("ui.parts.bullets", said.extend)
    monkeypatch.setattr("ui.parts.prose", said.append)
    page = SimpleNamespace(words=Words("vi"))
    checked = CheckedFile("a.xlsx", 0, report=report)
    draw_result(page, checked)
    draw_findings(page, checked)
    if outcome == "already_loaded":
        assert said == ["Tệp a.xlsx đã được nạp trước đây", "một câu"]
    else:
        assert said[0] == "Tệp a.xlsx được nhận: không có ô nào bị từ chối" and len(said) == 4
