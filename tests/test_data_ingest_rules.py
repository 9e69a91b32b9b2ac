"""Each rule of rules.toml on a report that breaks it and on one that does not, corrections, and two loaders at once."""

import re
import shutil
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from office_workbooks import AT, DONG_VAN, Grid, make_grid, split_groups, write_xlsx

from data.errors import IngestRefused
from data.history import main as print_history
from data.ingest.__main__ import main
from data.ingest.build_snapshot import build_snapshot
from data.ingest.cells import Cell
from data.ingest.corrections import Correction, load_corrections
from data.ingest.load import load_files
from data.ingest.load_report import describe_load
from data.ingest.publish import hold_write_lock
from data.ingest.received import ReceivedReport
from data.ingest.rule_words import describe_rule
from data.ingest.rules import load_rules
from data.ingest.written import write_cell
from data.settings import Settings
from data.store import open_current
from text.words import Words

pytestmark = pytest.mark.store

TODAY = date(2026, 11, 24)
VI = Words("vi")
PHO_BANG, LUNG_CU = 0, 1  # places in DONG_VAN


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An empty store into which the district's reports of 2019-12 and 2020-11 were loaded. Tests must not change it."""
    folder = tmp_path_factory.mktemp("before")
    settings = Settings(var_directory=folder / "var")
    build_snapshot(settings, empty=True)
    files = [write_xlsx(folder / f"{month[:2]}.xlsx", make_grid(month=month)) for month in ("12/2019", "11/2020")]
    result = load_files(files, settings, today=TODAY, by="Phòng KHTC")
    assert result.exit_status == 0, [one for part in result.accepted for one in part.rejections]
    return settings


def set_cell(place: int, **cells: object) -> Callable[[Grid], None]:
    """Change cells of one commune's row."""

    def change(grid: Grid) -> None:
        for name, value in cells.items():
            grid[AT.first + place][getattr(AT, name)] = value

    return change


def set_insured(place: int, insured: int) -> Callable[[Grid], None]:
    """Other insured people whose groups add up."""

    def change(grid: Grid) -> None:
        row = grid[AT.first + place]
        row[AT.insured], row[AT.rate] = insured, None
        row[AT.groups : AT.groups + 6] = split_groups(insured)

    return change


def without_sums(change: Callable[[Grid], None]) -> Callable[[Grid], None]:
    """A change after which the sums are right again, so that only the change is found."""

    def apply(grid: Grid) -> None:
        change(grid)
        rows = grid[AT.first : AT.first + len(DONG_VAN)]
        for column in (AT.population, AT.insured):
            total = sum(row[column] for row in rows if isinstance(row[column], int))
            grid[AT.first - 1][column] = grid[AT.first + len(DONG_VAN)][column] = total

    return apply


def put_plan(grid: Grid) -> None:
    """The plan's share of every commune in the place of its figures."""
    for row in grid[AT.first : AT.first + len(DONG_VAN)]:
        row[AT.insured] = round(row[AT.population] * 0.9)
        row[AT.groups : AT.groups + 6] = [None] * 6
        row[AT.rate] = 90.0


def leave_out(grid: Grid) -> None:
    del grid[AT.first + LUNG_CU]
    for row in (grid[AT.first - 1], grid[AT.first + len(DONG_VAN) - 1]):
        row[AT.population] -= DONG_VAN[LUNG_CU][2]
        row[AT.insured] -= DONG_VAN[LUNG_CU][3]


# What is wrong, the rule that says so, how severe it is, the cell, and how many rows are accepted and held back.
WRONG = {
    "over": (without_sums(set_cell(0, population=2400, rate=None)), "population_moved", "hold", "D7", 7, 1),
    "over_marked": (without_sums(set_insured(0, 2_900)), "insured_over_population", "mark", "E7", 8, 0),
    "groups": (set_cell(1, groups=1), "groups_not_total", "error", "E8", 7, 0),
    "rate": (set_cell(2, rate=50.0), "rate_not_ratio", "mark", "E9", 8, 0),
    "moved": (without_sums(set_cell(3, population=9_000, rate=None)), "population_moved", "hold", "D10", 7, 1),
    "fell": (without_sums(set_insured(4, 4_000)), "coverage_fell", "mark", "E11", 8, 0),
    "unknown": (set_cell(5, code="99999"), "unit_unknown", "error", "B12", 7, 0),
    "of_2025": (set_cell(5, code="00724"), "unit_twice", "error", "B12", 6, 0),
    "plan": (without_sums(put_plan), "plan_in_place_of_rate", "hold", "E7", 0, 8),
    "heading": (lambda grid: grid[4].__setitem__(AT.groups + 2, "Nhóm khác"), "column_not_read", "mark", "H5", 8, 0),
    "blank": (without_sums(set_cell(6, insured=None)), "", "", "", 8, 0),
    "text": (set_cell(7, population="ba nghìn"), "not_a_count", "error", "D14", 7, 0),
    "text_insured": (set_cell(7, insured="4,950"), "not_a_count", "error", "E14", 7, 0),
    "far": (without_sums(set_cell(0, population=4_000_000, rate=None)), "count_impossible", "error", "E7", 7, 0),
}  # fmt: skip


@pytest.fixture(scope="module")
def judged(before: Settings, tmp_path_factory: pytest.TempPathFactory) -> dict[str, ReceivedReport | IngestRefused]:
    """Every wrong report of 2020-12, read and checked in one dry run."""
    folder = tmp_path_factory.mktemp("wrong")
    for name, (change, *_) in WRONG.items():
        grid = make_grid()
        change(grid)
        write_xlsx(folder / f"{name}.xlsx", grid)
    totals = make_grid()
    totals[AT.first + len(DONG_VAN)][AT.insured] += 1
    write_xlsx(folder / "totals.xlsx", totals)
    write_xlsx(folder / "right.xlsx", make_grid())
    result = load_files([folder], before, today=TODAY, dry_run=True)
    found: dict[str, ReceivedReport | IngestRefused] = {part.path.stem: part for part in result.accepted}
    return found | {one.path.stem: one.problem for one in result.refused}


@pytest.mark.parametrize("name", [name for name in WRONG if name not in ("blank",)])
def test_a_broken_rule_is_named_with_its_cell_and_has_its_consequence(name: str, judged):
    _, rule_id, severity, cell, accepted, held = WRONG[name]
    part = judged[name]
    assert isinstance(part, ReceivedReport), part
    found = [one for one in part.rejections if one.rule_id == rule_id and one.cell == cell]
    assert found and {one.severity for one in found} == {severity}, part.rejections[:5]
    assert (part.row_count, len(part.held)) == (accepted, held)


def test_figures_that_cannot_be_read_do_not_take_the_place_of_older_ones(before: Settings, tmp_path: Path):
    """Thousands written with commas: every row is refused, so the file is, and the figures of the load before stay."""
    grid = make_grid(month="11/2020")
    for row in grid[AT.first : AT.first + len(DONG_VAN)]:
        row[AT.population], row[AT.insured] = f"{row[AT.population]:,}", f"{row[AT.insured]:,}"
    result = load_files([write_xlsx(tmp_path / "a.xlsx", grid)], before, today=TODAY, dry_run=True)
    assert [one.problem.code for one in result.refused] == ["INGEST-NOTHING"] and not result.accepted


def test_a_blank_cell_is_unknown_and_its_groups_are_not_used(judged):
    part = judged["blank"]
    row = part.columns.unit_code.tolist().index(DONG_VAN[6][0])
    assert part.columns.insured[row] == -1 and (part.columns.group_insured[row] == -1).all()


def test_a_wrong_total_refuses_the_file_and_names_stated_and_counted(judged):
    refusal = judged["totals"]
    assert isinstance(refusal, IngestRefused) and refusal.code == "INGEST-TOTALS"
    insured = sum(unit[3] for unit in DONG_VAN)
    assert refusal.values["findings"][0][:3] == [
        "Xa!E15",
        f"{point(insured + 1)} / {point(insured)}",
        "children_not_total",
    ]


def point(count: int) -> str:
    """Thousands the Vietnamese way, written by hand."""
    return f"{count:,}".replace(",", ".")


def test_numbers_in_findings_are_written_the_vietnamese_way(judged):
    """12.345 / 67.890, 50,00% / 85,12%: no digits in a row, no decimal point, no English comma."""
    said = {
        name: {one.rule_id: one.value for one in judged[name].rejections}
        for name in ("over", "groups", "rate", "moved", "fell", "far", "over_marked")
    }
    number, percent = r"\d{1,3}(?:\.\d{3})*", r"\d{1,3},\d{1,2}%"
    for name, rule_id in (
        ("over", "population_moved"), ("groups", "groups_not_total"), ("moved", "population_moved"),
        ("far", "count_impossible"), ("over_marked", "insured_over_population"),
    ):  # fmt: skip
        assert re.fullmatch(rf"{number} / {number}", said[name][rule_id]), said[name]
    for name, rule_id in (("rate", "rate_not_ratio"), ("fell", "coverage_fell")):
        assert re.fullmatch(rf"{percent} / {percent}", said[name][rule_id]), said[name]
    assert said["far"]["count_impossible"].endswith(" / 4.000.000")


@pytest.mark.parametrize(
    ("cell", "said", "said_of_people"),
    [
        (3_000_000_000.0, "3000000000", "3.000.000.000"), (-3.0, "-3", "\N{MINUS SIGN}3"), (85.3, "85,3", "85,3"),
        ("1.234", "1.234", "1.234"), ("85.3%", "85.3%", "85.3%"), (True, "True", "True"), (99999.0, "99999", "99.999"),
        (float("nan"), "nan", "nan"), (float("inf"), "inf", "inf"),
    ],
)  # fmt: skip
def test_what_stood_in_a_cell_is_said_as_a_spreadsheet_shows_it(cell: Cell, said: str, said_of_people: str):
    assert write_cell(cell) == said
    assert write_cell(cell, is_count=True) == said_of_people


def test_a_right_report_is_accepted_without_a_word(judged):
    part = judged["right"]
    assert part.rejections == [] and part.row_count == len(DONG_VAN)


def test_communes_that_are_not_in_the_report_are_listed(before: Settings, tmp_path: Path):
    grid = make_grid()
    leave_out(grid)
    [part] = load_files([write_xlsx(tmp_path / "a.xlsx", grid)], before, today=TODAY, dry_run=True).accepted
    missing = {one.unit_code for one in part.rejections if one.rule_id == "units_missing"}
    assert "00715" in missing and "00712" not in missing and part.row_count == len(DONG_VAN) - 1


def test_every_rule_has_a_severity_and_says_in_both_languages_what_is_wrong_and_what_to_do():
    for rule_id in load_rules():
        for language in ("vi", "en"):
            sentence = describe_rule(rule_id, Words(language))
            assert ". " in sentence or "; " in sentence, f"{language}: {rule_id}"
            assert sentence.endswith(".") and "{" not in sentence


def test_a_month_other_than_the_one_asked_for_is_marked(before: Settings, tmp_path: Path):
    path = write_xlsx(tmp_path / "a.xlsx", make_grid(month="10/2020"))
    result = load_files([path], before, period="2020-12", today=TODAY, dry_run=True)
    [part] = result.accepted
    assert part.period == "2020-12"
    assert [one.value for one in part.rejections if one.rule_id == "period_differs"] == ["10/2020 / 12/2020"]


def test_of_two_files_of_a_load_the_earlier_says_that_the_figures_of_the_later_are_used(
    before: Settings, tmp_path: Path
):
    """In the order of their names. The same figures again, or another month, are no matter."""
    first, second, third = make_grid(), make_grid(), make_grid()
    without_sums(set_insured(4, 4_000))(second)
    without_sums(set_insured(4, 4_000))(third)
    third[0][0] = "Lập lại"
    grids = {"a": first, "b": second, "c": make_grid(month="11/2020"), "d": third}
    for name, grid in grids.items():
        write_xlsx(tmp_path / f"{name}.xlsx", grid)
    result = load_files([tmp_path], before, today=TODAY, dry_run=True)
    said = {
        part.path.name: [one.value for one in part.rejections if one.rule_id == "replaced_in_load"]
        for part in result.accepted
    }
    assert said == {"a.xlsx": ["d.xlsx"], "b.xlsx": [], "c.xlsx": [], "d.xlsx": []}


def test_a_load_says_which_provinces_are_missing(before: Settings, tmp_path: Path):
    path = write_xlsx(tmp_path / "a.xlsx", make_grid())
    [month] = load_files([path], before, today=TODAY, dry_run=True).months
    assert (month.period, month.expected, len(month.missing)) == ("2020-12", 63, 62)
    assert "Tỉnh Hà Giang" not in month.missing and "Thành phố Hà Nội" in month.missing


@pytest.fixture
def own(before: Settings, tmp_path: Path) -> Settings:
    shutil.copytree(before.var_directory, tmp_path / "var")
    return Settings(var_directory=tmp_path / "var")


def test_a_corrected_report_supersedes_and_the_old_figure_stays_readable(
    own: Settings, tmp_path: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    grid = make_grid(month="11/2020")
    without_sums(set_cell(LUNG_CU, insured=4_951, groups=4_951 - sum(grid[AT.first + LUNG_CU][6:11])))(grid)
    load_files([write_xlsx(tmp_path / "bao_cao_sua.xlsx", grid)], own, today=TODAY, by="Nguyên đơn vị")
    monkeypatch.setattr("data.history.get_settings", lambda: own)
    assert print_history(["00715", "2020-11"]) == 0
    newest, older = capsys.readouterr().out.splitlines()
    assert "4.951" in newest and "bao_cao_sua.xlsx!Xa!E8" in newest and "Nguyên đơn vị" in newest
    assert re.search(r"nạp lúc \d\d:\d\d ngày \d\d/\d\d/\d{4} bởi", newest), "no moment of a machine"
    assert "4.950" in older and "11.xlsx!Xa!E8" in older and "bao_cao_sua.xlsx" in older
    store = open_current(own)
    audit = store.query("SELECT * FROM load_audit WHERE file_name = 'bao_cao_sua.xlsx'").iloc[0]
    first = store.query("SELECT sha256 FROM source WHERE name = '11.xlsx'")["sha256"].iloc[0]
    assert audit["supersedes"] == first and audit["rows_accepted"] == len(DONG_VAN)
    kept = {path.stem for path in own.archive_directory.iterdir()}
    assert {first, audit["sha256"]} <= kept, "both files are kept"


def test_a_known_error_is_put_right_and_told(own: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    known = Correction("2020-12", "00715", "set", "Công văn 123: gõ thừa", "approved", "insured", 4_000)
    monkeypatch.setattr("data.ingest.reading.load_corrections", lambda: (known,))
    from data.ingest.reading import read_parts

    path = write_xlsx(tmp_path / "a.xlsx", make_grid())
    for row in (grid := make_grid())[AT.first : AT.first + len(DONG_VAN)]:
        row[AT.groups : AT.groups + 6] = [None] * 6
    write_xlsx(path, grid)
    [part] = read_parts(path, "xlsx", last_period="2026-11")
    assert part.columns.insured[LUNG_CU] == 4_000
    [told] = [one for one in part.rejections if one.rule_id == "corrected"]
    assert (told.cell, told.value, told.hint) == ("E8", "4.950 → 4.000", "Công văn 123: gõ thừa")


def test_only_approved_corrections_with_a_reason_are_used(tmp_path: Path):
    entry = '[[correction]]\nperiod = "2020-12"\nunit_code = "00715"\naction = "drop"\nreason = "x"\nstatus = "{}"\n'
    path = tmp_path / "corrections.toml"
    path.write_text(entry.format("proposed") + entry.format("withdrawn"), encoding="utf-8")
    assert load_corrections(path) == ()
    (tmp_path / "wrong.toml").write_text(entry.format("approved").replace('reason = "x"', 'reason = ""'))
    with pytest.raises(ValueError, match="reason"):
        load_corrections(tmp_path / "wrong.toml")


def test_the_second_of_two_loaders_says_so_or_waits(own: Settings, tmp_path: Path):
    path = write_xlsx(tmp_path / "a.xlsx", make_grid())
    with hold_write_lock(own), pytest.raises(IngestRefused) as refusal:
        load_files([path], own, today=TODAY)
    assert refusal.value.code == "INGEST-BUSY"
    held, may_end = threading.Event(), threading.Event()

    def load_first() -> None:
        with hold_write_lock(own):
            held.set()
            may_end.wait(20)

    other = threading.Thread(target=load_first)
    other.start()
    held.wait(20)
    threading.Timer(0.3, may_end.set).start()
    assert load_files([path], own, today=TODAY, wait_seconds=30).pointer is not None
    other.join()


def test_the_report_names_reason_and_what_to_do_for_each_finding(before: Settings, tmp_path: Path):
    grid = make_grid()
    set_cell(1, groups=1)(grid)
    result = load_files([write_xlsx(tmp_path / "a.xlsx", grid)], before, today=TODAY, dry_run=True)
    [report] = describe_load(result, Words("vi"))
    found = report.findings[0]
    assert (found.sheet, found.cell, found.rule_id) == ("Xa", "E8", "groups_not_total")
    assert found.reason and found.what_to_do.startswith("Sửa")


def test_what_was_handed_in_is_read_by_the_next_load_and_leaves_the_inbox(
    own: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
):
    settings = replace(own, dropbox_allowed=True)
    settings.inbox_directory.mkdir()
    write_xlsx(settings.inbox_directory / "aaa_bao_cao.xlsx", make_grid())
    (settings.inbox_directory / "bbb_anh.xlsx").write_bytes(b"\x89PNG")
    (settings.inbox_directory / ".ccc.partial").write_bytes(b"x")
    monkeypatch.setattr("data.ingest.__main__.get_settings", lambda: settings)
    other = write_xlsx(tmp_path / "khac.xlsx", make_grid(month="10/2020"))
    assert main([str(other)]) == 2
    said = capsys.readouterr().out
    assert "aaa_bao_cao.xlsx: nhận 8 dòng" in said and "khac.xlsx: nhận 8 dòng" in said
    assert [path.name for path in settings.inbox_directory.iterdir()] == [".ccc.partial"]
    assert [path.name for path in settings.refused_directory.iterdir()] == ["bbb_anh.xlsx"]
    with pytest.raises(SystemExit):
        main([])


def test_files_of_a_folder_that_are_no_workbooks_are_named_and_a_report_that_cannot_be_written_is_said(
    own: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    folder = tmp_path / "thang_12"
    folder.mkdir()
    write_xlsx(folder / "ha_giang.xlsx", make_grid())
    for name in ("lao_cai.ods", ".ẩn", "~$ha_giang.xlsx"):
        (folder / name).write_bytes(b"?")
    monkeypatch.setattr("data.ingest.__main__.get_settings", lambda: own)
    assert main(["--dry-run", "--report", str(tmp_path / "mới" / "kiem_tra.xlsx"), str(folder)]) == 0
    files = openpyxl.load_workbook(tmp_path / "mới" / "kiem_tra.xlsx").worksheets[0]  # in a folder that is made
    assert [cell.value for cell in files[2]][2:5] == ["Báo cáo tháng của tỉnh", "12/2020", len(DONG_VAN)]
    assert files["H2"].number_format == "#,##0"
    said = capsys.readouterr().out
    assert VI.say("ingest.passed_over", count="1", names="lao_cai.ods") in said
    (tmp_path / "tệp").write_bytes(b"")
    assert main(["--dry-run", "--report", str(tmp_path / "tệp" / "kiem_tra.xlsx"), str(folder)]) == 1
    assert main(["template", "monthly_report", str(tmp_path / "tệp" / "mau.xlsx")]) == 1
    assert capsys.readouterr().err.count("Không ghi được tệp") == 2
