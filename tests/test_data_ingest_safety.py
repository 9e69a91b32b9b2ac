"""Files that could do harm, or that hold no figures: each a clear sentence, and the other files of the folder load."""

import io
import json
import os
import resource
import signal
import struct
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from office_workbooks import AT, DONG_VAN, make_grid, write_xls, write_xlsx

from data.errors import IngestRefused
from data.ingest import reader_server as server
from data.ingest.containers import LARGEST_FILE
from data.ingest.received import Received
from data.ingest.rule_words import describe_problem
from data.ingest.sandbox import ReadOptions, Sandbox
from text.words import Words

OPTIONS = ReadOptions("2026-11")
SHEET = "xl/worksheets/sheet1.xml"


def rewrite(path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The same workbook with some of its entries changed."""
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    change(entries)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def good(path: Path) -> Path:
    return write_xlsx(path, make_grid())


def bomb(path: Path) -> None:
    rewrite(good(path), lambda entries: entries.update({"xl/worksheets/sheet2.xml": bytes(121_000_000)}))


def lying_bomb(path: Path) -> None:
    """An entry that unpacks to far more than the table of contents says."""
    bomb(path)
    content = path.read_bytes()
    size, small = struct.pack("<I", 121_000_000), struct.pack("<I", 4_000)
    path.write_bytes(content.replace(size, small))


def many_entries(path: Path) -> None:
    rewrite(good(path), lambda entries: entries.update({f"xl/media/{n}.png": b"x" for n in range(2_100)}))


def far_cell(path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["XFD1048576"] = 1
    book.save(path)


def far_row(path: Path) -> None:
    def change(entries: dict[str, bytes]) -> None:
        entries[SHEET] = entries[SHEET].replace(
            b"</sheetData>", b'<row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>'
        )

    rewrite(good(path), change)


def password(path: Path) -> None:
    path.write_bytes(
        bytes.fromhex("D0CF11E0A1B11AE1") + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(4096)
    )


def html(path: Path) -> None:
    path.write_text("<html><body><table><tr><td>Mã ĐVHC</td></tr></table></body></html>", encoding="utf-8")


def html_utf16(path: Path) -> None:
    path.write_bytes("<table><tr><td>Mã ĐVHC</td></tr></table>".encode("utf-16"))


def xml_spreadsheet(path: Path) -> None:
    path.write_text('<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>')


def empty(path: Path) -> None:
    path.write_bytes(b"")


def picture(path: Path) -> None:
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(1000))


def cut_short(path: Path) -> None:
    content = good(path).read_bytes()
    path.write_bytes(content[: len(content) // 2])


def other_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")


def twice_the_same_entry(path: Path) -> None:
    good(path)
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read(SHEET)
    with pytest.warns(UserWarning), zipfile.ZipFile(path, "a") as archive:
        archive.writestr(SHEET, sheet.replace(b"4950", b"9999"))


def entities(path: Path) -> None:
    """Names in the XML that stand for ten times the name before ("a billion laughs")."""
    laughs = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    head = b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY l0 "ha">' + laughs + b"]>"

    def change(entries: dict[str, bytes]) -> None:
        shared = entries["xl/sharedStrings.xml"].split(b"?>", 1)[1]
        entries["xl/sharedStrings.xml"] = head + shared.replace(b"Tr\xe1\xba\xa7n", b"&l9;").replace(b"Lung", b"&l9;")

    rewrite(good(path), change)


def huge_strings(path: Path) -> None:
    """Below the limits of a zip, and far beyond the memory of a report."""

    def change(entries: dict[str, bytes]) -> None:
        body = b"".join(b"<si><t>%07d</t></si>" % number for number in range(5_100_000))
        entries["xl/sharedStrings.xml"] = (
            b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' + body + b"</sst>"
        )

    rewrite(good(path), change)


def unknown_layout(path: Path) -> None:
    write_xlsx(path, [["Họ và tên", "Ngày sinh"], ["A", "B"]])


REFUSED: dict[str, tuple[Callable[[Path], object], set[str]]] = {
    "a_bomb.xlsx": (bomb, {"INGEST-ZIP"}),
    "b_lying_bomb.xlsx": (lying_bomb, {"INGEST-UNREADABLE", "INGEST-NOT-XLSX", "INGEST-LIMIT"}),
    "c_entries.xlsx": (many_entries, {"INGEST-ZIP"}),
    "d_far_cell.xlsx": (far_cell, {"INGEST-EXTENT"}),
    "e_far_row.xlsx": (far_row, {"INGEST-EXTENT"}),
    "f_password.xlsx": (password, {"INGEST-PASSWORD"}),
    "g_html.xls": (html, {"INGEST-HTML"}),
    "h_html.xls": (html_utf16, {"INGEST-HTML"}),
    "i_xml.xls": (xml_spreadsheet, {"INGEST-HTML"}),
    "j_empty.xlsx": (empty, {"INGEST-EMPTY-FILE"}),
    "k_picture.xlsx": (picture, {"INGEST-NOT-XLSX"}),
    "l_cut.xlsx": (cut_short, {"INGEST-NOT-XLSX"}),
    "m_word.xlsx": (other_zip, {"INGEST-NOT-XLSX"}),
    "n_twice.xlsx": (twice_the_same_entry, {"INGEST-NOT-XLSX"}),
    "q_layout.xlsx": (unknown_layout, {"INGEST-LAYOUT"}),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every harmful file, and between them files that are right."""
    place = tmp_path_factory.mktemp("harm")
    for name, (make, _) in REFUSED.items():
        make(place / name)
    good(place / "a_good.xlsx")
    write_xls(place / "z_good.xls", make_grid())
    return place


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(1) as opened:
        yield opened


@pytest.fixture(scope="module")
def read(folder: Path, sandbox: Sandbox) -> dict[str, list[Received] | IngestRefused]:
    return {path.name: result for path, result in sandbox.read_all(sorted(folder.iterdir()), OPTIONS)}


@pytest.mark.parametrize("name", list(REFUSED))
def test_a_harmful_file_is_refused_with_a_sentence(name: str, read: dict[str, list[Received] | IngestRefused]):
    refusal = read[name]
    assert isinstance(refusal, IngestRefused) and refusal.code in REFUSED[name][1], refusal
    said = describe_problem(refusal, Words("vi"))
    assert said.startswith(name) and len(said) > 30 and "{" not in said


@pytest.mark.parametrize("name", ["a_good.xlsx", "z_good.xls"])
def test_the_other_files_of_the_folder_are_read(name: str, read: dict[str, list[Received] | IngestRefused]):
    [part] = read[name]
    assert dict(zip(part.columns.unit_code, part.columns.insured.tolist(), strict=True)) == {
        code: insured for code, _, _, insured in DONG_VAN
    }


def test_a_file_larger_than_any_report_is_not_opened(tmp_path: Path, sandbox: Sandbox):
    path = tmp_path / "a.csv"
    with path.open("wb") as stream:
        stream.truncate(LARGEST_FILE + 1)
    with pytest.raises(IngestRefused) as refusal:
        sandbox.read(path, OPTIONS)
    assert refusal.value.code == "INGEST-SIZE"


def read_one(path: Path, sandbox: Sandbox) -> Received:
    [part] = sandbox.read(path, OPTIONS)
    return part


@pytest.mark.fault
def test_more_text_than_any_report_holds_is_refused_and_the_next_file_is_read(tmp_path: Path, sandbox: Sandbox):
    huge_strings(path := tmp_path / "a.xlsx")
    with pytest.raises(IngestRefused) as refusal:
        sandbox.read(path, OPTIONS)
    # Whether five million texts fit into the child's memory depends on the parser; that they are refused does not.
    assert refusal.value.code in ("INGEST-LIMIT", "INGEST-UNREADABLE", "INGEST-LAYOUT")
    assert read_one(good(tmp_path / "b.xlsx"), sandbox).row_count == len(DONG_VAN)


def test_entities_are_not_unfolded(tmp_path: Path, sandbox: Sandbox):
    path = tmp_path / "a.xlsx"
    entities(path)
    try:
        [part] = sandbox.read(path, OPTIONS)
    except IngestRefused:
        return
    assert part.columns.insured.sum() == sum(unit[3] for unit in DONG_VAN)


def test_formulas_without_results_error_cells_and_hostile_names_are_named_by_their_cells(
    tmp_path: Path, sandbox: Sandbox
):
    grid = make_grid()
    first = AT.first
    for place, name in enumerate(("=cmd|' /C calc'!A1", "+84 Xã", "@SUM(A1)", "<script>alert(1)</script>"), start=2):
        grid[first + place][AT.name] = name
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet, hidden = book.add_worksheet("Xa"), book.add_worksheet("Cũ")
        hidden.hide()
        hidden.write_string(0, 0, "Mã ĐVHC")
        for row, cells in enumerate(grid):
            for column, cell in enumerate(cells):
                if (row, column) == (first, AT.insured):
                    sheet.write_formula(row, column, "=F7+G7", None, "")
                elif (row, column) == (first + 1, AT.population):
                    sheet.write_formula(row, column, "=NA()", None, "#N/A")
                elif cell is not None:
                    sheet.write(row, column, cell)
    # xlsxwriter always stores a result: take it out, as a program without a calculator leaves it.
    rewrite(
        path, lambda entries: entries.update({SHEET: entries[SHEET].replace(b"<f>F7+G7</f><v></v>", b"<f>F7+G7</f>")})
    )
    part = read_one(path, sandbox)
    found = {(one.cell, one.rule_id) for one in part.rejections}
    assert found >= {
        ("E7", "formula_without_value"), ("D8", "error_cell"), ("C9", "hostile_text"), ("C10", "hostile_text"),
        ("C11", "hostile_text"), ("C12", "hostile_text"),
    }  # fmt: skip
    assert any(one.rule_id == "hidden_sheet" and one.value == "Cũ" for one in part.rejections)
    assert sorted(part.held.unit_code) == ["00718", "00721", "00724", "00727"]
    assert not {"00712", "00715"} & set(part.columns.unit_code[part.columns.insured >= 0])


def test_links_to_other_files_and_macros_are_marked_and_not_followed(tmp_path: Path, sandbox: Sandbox):
    def change(entries: dict[str, bytes]) -> None:
        entries["xl/externalLinks/externalLink1.xml"] = b"<externalLink/>"
        entries["xl/vbaProject.bin"] = b"\x00"

    part = read_one(rewrite(good(tmp_path / "a.xlsx"), change), sandbox)
    assert {one.rule_id for one in part.rejections if not one.cell} >= {"external_links", "has_macros"}
    assert part.row_count == len(DONG_VAN)


def test_a_reader_that_is_stuck_is_ended_and_the_next_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A child that neither ends nor answers is ended by its limit of time."""

    def hang(_: dict[str, object]) -> list[dict[str, object]]:
        while True:
            pass

    monkeypatch.setattr("data.ingest.reading.read_file", hang)
    monkeypatch.setattr(server, "WALL_SECONDS", 0.3)
    request = {"path": str(good(tmp_path / "a.xlsx")), "kind": "xlsx", "last_period": "2026-11"}
    assert b"died" in server.Reader().read(json.dumps(request).encode())

    def swallow(_: dict[str, object]) -> list[dict[str, object]]:
        return [{"much": bytearray(server.MEMORY_ALLOWANCE * 2)}]

    monkeypatch.setattr("data.ingest.reading.read_file", swallow)
    assert b"died" in server.Reader().read(b"{}")


def test_a_child_writes_no_file_and_only_its_own_dies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    target = tmp_path / "written"

    def write(_: dict[str, object]) -> list[dict[str, object]]:
        with target.open("w") as stream:
            stream.write("x")
        return []

    monkeypatch.setattr("data.ingest.reading.read_file", write)
    read_each(server.Reader(), [{}])
    assert not target.exists() or target.stat().st_size == 0


def read_each(reader: server.Reader, requests: list[dict[str, object]]) -> list[dict[str, object]]:
    try:
        return [json.loads(reader.read(json.dumps(request).encode())) for request in requests]
    finally:
        reader.end()


def test_a_child_reads_several_files_and_is_then_replaced(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("data.ingest.reading.read_file", lambda _: [{"pid": os.getpid()}])
    monkeypatch.setattr(server, "FILES_PER_CHILD", 3)
    pids = [reply["parts"][0]["pid"] for reply in read_each(server.Reader(), [{}] * 7)]
    assert pids == [pids[0]] * 3 + [pids[3]] * 3 + [pids[6]]
    assert len(set(pids)) == 3


def test_no_file_is_refused_for_what_another_did_to_the_child(monkeypatch: pytest.MonkeyPatch):
    """A file that fails in a used child is read again in one of its own, however the first child ended."""
    spoilt: list[str] = []

    def read_file(request: dict[str, object]) -> list[dict[str, object]]:
        if request.get("refused"):
            raise IngestRefused("INGEST-EMPTY", "ingest.no_rows", file="a")
        if spoilt and request["ends"] == "raises":
            raise ValueError("spoilt")
        if spoilt and request["ends"] == "dies":
            os.kill(os.getpid(), signal.SIGKILL)
        spoilt.append("spoilt")
        return [{"pid": os.getpid()}]

    monkeypatch.setattr("data.ingest.reading.read_file", read_file)
    for ends in ("raises", "dies"):
        first, second, refused, last = read_each(
            server.Reader(), [{"ends": ends}, {"ends": ends}, {"refused": True}, {"ends": ends}]
        )
        assert first["parts"] != second["parts"]
        assert refused["refused"]["code"] == "INGEST-EMPTY"
        assert "parts" in last


def test_the_limits_are_those_of_one_file_and_not_of_all_that_a_child_reads(monkeypatch: pytest.MonkeyPatch):
    def read_file(request: dict[str, object]) -> list[dict[str, object]]:
        left = resource.getrlimit(resource.RLIMIT_CPU)[0] - time.process_time()
        while time.process_time() < request["until"]:
            pass
        return [{"pid": os.getpid(), "processor": left, "wall": signal.getitimer(signal.ITIMER_REAL)[0]}]

    monkeypatch.setattr("data.ingest.reading.read_file", read_file)
    replies = [reply["parts"][0] for reply in read_each(server.Reader(), [{"until": 1.1}, {"until": 0}])]
    assert replies[0]["pid"] == replies[1]["pid"]
    for left in replies:
        assert server.CPU_SECONDS <= left["processor"] <= server.CPU_SECONDS + 1
    assert replies[1]["wall"] > server.WALL_SECONDS - 1


def test_what_a_report_says_of_hostile_text_cannot_run_where_it_is_opened(tmp_path: Path, sandbox: Sandbox):
    from data.ingest.load import LoadResult
    from data.ingest.report_workbook import write_report_workbook

    grid = make_grid()
    grid[AT.first][AT.name] = '=HYPERLINK("http://example.vn","x")'
    part = read_one(write_xlsx(tmp_path / "a.xlsx", grid), sandbox)
    out = tmp_path / "report.xlsx"
    write_report_workbook(LoadResult(accepted=[part]), out, Words("vi"))
    book = openpyxl.load_workbook(io.BytesIO(out.read_bytes()))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any("=HYPERLINK" in str(cell.value) for cell in cells)
    assert all(cell.data_type != "f" for cell in cells)
