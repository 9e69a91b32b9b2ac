"""One figure from the cell of a workbook to the words on the page; and every headline figure recomputed from the rows
of the store by plain loops, without the project's queries and arithmetic."""

import csv
import os
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import duckdb
import pytest
import xlsxwriter
from screen import HOME, Screen, open_page, table_rows

from data.settings import PROJECT_ROOT, Settings
from data.store import parse_pointer

pytestmark = pytest.mark.store

FACTS = PROJECT_ROOT / "data" / "facts"
PROVINCE, PROVINCE_NAME = "62", "Tỉnh Kon Tum"
FIRST_ROW = 7  # of the workbook's figures, as Excel counts

# Received: the workbook of a whole province


@cache
def read_units(boundary_set: str, level: str) -> list[dict[str, str]]:
    with (PROJECT_ROOT / "geo" / "sets" / boundary_set / "units.csv").open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["level"] == level]


@dataclass(frozen=True)
class Line:
    """One row of the workbook."""

    code: str
    name: str
    kind: str
    district: str
    population: int
    insured: int
    row: int


@dataclass(frozen=True)
class Travel:
    """A store into which the workbook was loaded by the command, and what stands in the workbook."""

    settings: Settings
    lines: list[Line]
    printed: str

    def line(self, place: int) -> Line:
        return self.lines[place]


def make_lines() -> list[Line]:
    """All communes of the province: the first exactly on the line of 85 %, the second one person short of it, the third
    above 100 %, the others on both sides."""
    units = [row for row in read_units("2019-10", "commune") if row["province_code"] == PROVINCE]
    units.sort(
        key=lambda row: (row["type"] != "xa", row["unit_code"])
    )  # rural communes first: they are the counted ones
    people = {0: (10_000, 8_500), 1: (10_000, 8_499), 2: (4_321, 4_400)}
    lines = []
    for place, unit in enumerate(units):
        population, insured = people.get(place, (3_001 + 7 * place, (3_001 + 7 * place) * (70 + place % 30) // 100))
        lines.append(
            Line(
                unit["unit_code"],
                unit["name"],
                unit["type"],
                unit["parent_code"],
                population,
                insured,
                FIRST_ROW + place,
            )
        )
    return lines


def write_report(path: Path, lines: list[Line]) -> None:
    """A monthly report as an office sends it: titles, headings over two rows, figures, a total, signatures."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Biểu 1")
    sheet.write_string("A1", "BẢO HIỂM XÃ HỘI TỈNH KON TUM")
    sheet.write_string("A2", "BÁO CÁO TÌNH HÌNH THAM GIA BẢO HIỂM Y TẾ")
    sheet.write_string("A3", "Tháng 12/2020")
    for column, heading in enumerate(["STT", "Mã ĐVHC", "Đơn vị (xã, phường, thị trấn)", "Dân số"]):
        sheet.merge_range(3, column, 4, column, heading)
    sheet.write_string("E4", "Số người tham gia BHYT")
    sheet.write_string("E5", "Tổng số")
    sheet.merge_range("F4:F5", "Tỷ lệ bao phủ (%)")
    sheet.write_row("A6", [1, 2, 3, 4, 5, 6])
    for number, line in enumerate(lines, start=1):
        sheet.write_number(line.row - 1, 0, number)
        sheet.write_string(line.row - 1, 1, line.code)
        sheet.write_string(line.row - 1, 2, line.name)
        sheet.write_number(line.row - 1, 3, line.population)
        sheet.write_number(line.row - 1, 4, line.insured)
        sheet.write_number(line.row - 1, 5, round(100 * line.insured / line.population, 1))
    end = FIRST_ROW + len(lines)
    sheet.write_string(end - 1, 2, "Tổng cộng")
    sheet.write_formula(end - 1, 3, f"=SUM(D{FIRST_ROW}:D{end - 1})", None, sum(line.population for line in lines))
    sheet.write_formula(end - 1, 4, f"=SUM(E{FIRST_ROW}:E{end - 1})", None, sum(line.insured for line in lines))
    sheet.write_string(end + 1, 1, "Người lập biểu")
    book.close()


@pytest.fixture(scope="module")
def travel(small_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Travel:
    folder = tmp_path_factory.mktemp("travel")
    settings = Settings(var_directory=folder / "var")
    shutil.copytree(small_settings.var_directory, settings.var_directory)
    lines = make_lines()
    write_report(folder / "kon_tum_2020_12.xlsx", lines)
    done = subprocess.run(
        [sys.executable, "-m", "data.ingest", str(folder / "kon_tum_2020_12.xlsx")],
        cwd=PROJECT_ROOT,
        env=os.environ | {"BAOPHU_VAR": str(settings.var_directory)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr  # 1: the commune above 100 % is marked
    return Travel(settings, lines, done.stdout)


@pytest.fixture
def open_province(travel: Travel, use_store: Callable[[Path], None]) -> Callable[..., Screen]:
    use_store(travel.settings.var_directory)

    def opened(**address: str) -> Screen:
        return open_page(HOME, **({"unit": PROVINCE, "programme": "2016-2020", "period": "2020-12"} | address))

    return opened


def test_a_commune_one_person_short_is_followed_from_its_cell_to_the_words_on_the_page(
    travel: Travel, open_province: Callable[..., Screen]
):
    line = travel.line(1)
    card = find_card(open_province(selected=line.code))
    assert card.startswith(line.name) and PROVINCE_NAME in card
    assert "84,99%" in card, "rounded it would look met"
    assert "8.499/10.000 người tham gia" in card
    assert "ngưỡng 85%: thiếu 1 người để đạt" in card
    assert f"Nguồn: kon_tum_2020_12.xlsx, trang Biểu 1, ô E{line.row}" in card
    assert "mô phỏng" not in card


def test_a_commune_exactly_on_the_line_is_met_on_the_page(travel: Travel, open_province: Callable[..., Screen]):
    card = find_card(open_province(selected=travel.line(0).code))
    assert "8.500/10.000 người tham gia" in card and "ngưỡng 85%: đã đạt" in card and "thiếu" not in card


def test_a_commune_above_one_hundred_percent_is_kept_and_explained(
    travel: Travel, open_province: Callable[..., Screen]
):
    line = travel.line(2)
    card = find_card(open_province(selected=line.code))
    assert "101,8%" in card and "4.400/4.321 người tham gia" in card and "Trên 100%" in card
    assert f"E{line.row}" in travel.printed, "the command names the cell that it marked"


def test_the_provinces_headline_is_the_sum_of_the_workbook(travel: Travel, open_province: Callable[..., Screen]):
    counted = [line for line in travel.lines if line.kind == "xa"]
    missing = [max(0, -(-85 * line.population // 100) - line.insured) for line in counted]
    unmet = sum(100 * line.insured < 85 * line.population for line in counted)
    screen = open_province()
    assert f"còn {write_count(unmet)} xã chưa đạt 85%, thiếu {write_count(sum(missing))} người" in screen.headline()
    assert screen.figure("Số xã đạt tiêu chí").startswith(
        f"{write_count(len(counted) - unmet)} / {write_count(len(counted))} xã"
    )
    rate = 100 * sum(line.insured for line in travel.lines) / sum(line.population for line in travel.lines)
    assert screen.figure(f"Bao phủ BHYT t{PROVINCE_NAME[1:]}").startswith(f"{rate:.1f}%".replace(".", ","))


def test_a_province_that_reported_carries_no_mark_of_simulation_on_its_figures(open_province: Callable[..., Screen]):
    screen = open_province()
    assert "bp-sim" not in "".join(screen.markup)
    assert "Nguồn: báo cáo của BHXH các tỉnh ·" in screen.text
    other = open_province(unit="38")
    assert "bp-sim" in "".join(other.markup), "a province without a report keeps the mark"
    nation = open_province(unit="VN")
    assert "bp-sim" in "".join(nation.markup) and "đơn vị dùng số mô phỏng" in nation.text


def test_a_simulated_commune_of_another_province_says_that_it_is_simulated(open_province: Callable[..., Screen]):
    card = find_card(open_province(unit="38", selected="14818"))
    assert "Số liệu mô phỏng; chưa có báo cáo thật của đơn vị này." in card


def find_card(screen: Screen) -> str:
    return next(text for text, block in zip(screen.sentences, screen.markup, strict=True) if 'class="bp-card"' in block)


# Recomputed: plain loops over the rows of the store


@dataclass
class Sums:
    """What a reader could add up by hand."""

    population: int = 0
    insured: int = 0
    counted: int = 0
    met: int = 0
    not_met: int = 0
    missing_people: int = 0
    states: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def districts(self) -> tuple[int, int]:
        """Met, and counted: a district meets where every rural commune does."""
        return sum(seen == {"met"} for seen in self.states.values()), len(self.states)


@pytest.fixture(scope="module")
def rows(small_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple]]:
    """Period -> rows (unit, population, insured) of the small store, from a copy of its file by one plain SELECT."""
    pointer = parse_pointer(small_settings.pointer_file.read_text("utf-8"))
    copy = tmp_path_factory.mktemp("rows") / pointer.file
    shutil.copyfile(small_settings.snapshot_directory / pointer.file, copy)
    found: dict[str, list[tuple]] = defaultdict(list)
    with duckdb.connect(str(copy), read_only=True) as connection:
        for period, unit, population, insured in connection.execute(
            "SELECT period, unit_code, population, insured FROM commune_month"
        ).fetchall():
            found[period].append((unit, population, insured))
    return found


@cache
def find_places(boundary_set: str, province: str | None) -> tuple[dict[str, dict[str, str]], dict[str, dict[str, str]]]:
    """Communes, and districts that stand alone, of the nation or of one province."""
    found = []
    for level, chosen in (("commune", ""), ("district", "1")):
        units = (row for row in read_units(boundary_set, level) if province in (None, row["province_code"]))
        found.append({row["unit_code"]: row for row in units if level == "commune" or row["stands_alone"] == chosen})
    return found[0], found[1]


def add_up(rows: Iterable[tuple], boundary_set: str, threshold: int, province: str | None) -> Sums:
    """Sums of the nation, or of one province, with a threshold of "at least"."""
    communes, alone = find_places(boundary_set, province)
    sums, seen = Sums(), set()
    for unit, population, insured in rows:
        place = communes.get(unit) or alone.get(unit)
        if place is None:
            assert province, f"a figure of a unit that does not exist: {unit}"
            continue
        seen.add(unit)
        known = population is not None and insured is not None
        if known:
            sums.population += population
            sums.insured += insured
        if place["type"] != "xa":
            continue
        sums.counted += 1
        if not known:
            sums.states[place["parent_code"]].add("unknown")
            continue
        met = 100 * insured >= threshold * population
        sums.met += met
        sums.not_met += not met
        sums.missing_people += max(0, -(-threshold * population // 100) - insured)
        sums.states[place["parent_code"]].add("met" if met else "not met")
    for code, place in communes.items():  # communes without any row have not reported either
        if place["type"] == "xa" and code not in seen:
            sums.counted += 1
            sums.states[place["parent_code"]].add("unknown")
    return sums


PLACES = [("VN", None, "cả nước"), ("38", "38", "tỉnh Thanh Hóa"), ("48", "48", "thành phố Đà Nẵng")]
MONTHS = [("2020-12", "2019-10", 85), ("2020-11", "2019-10", 85), ("2025-06", "2025-01", 90)]


@pytest.mark.parametrize(("period", "boundary_set", "threshold"), MONTHS)
@pytest.mark.parametrize(("unit", "province", "name"), PLACES)
def test_the_headline_figures_are_those_of_a_plain_recomputation_to_the_last_person(
    use_store, small_settings, rows, period: str, boundary_set: str, threshold: int, unit: str, province, name: str
):
    use_store(small_settings.var_directory)
    screen = open_page(HOME, unit=unit, period=period)
    sums = add_up(rows[period], boundary_set, threshold, province)
    unmet, people = write_count(sums.not_met), write_count(sums.missing_people)
    gap = f"còn {unmet} xã chưa đạt {threshold}%, thiếu {people} người"
    assert screen.headline().endswith(gap if sums.not_met else f"mọi xã có số liệu đã đạt {threshold}%")
    assert screen.figure("Số xã đạt tiêu chí").startswith(f"{write_count(sums.met)} / {write_count(sums.counted)} xã")
    districts_met, districts = sums.districts()
    assert screen.figure("Số huyện đạt").startswith(f"{write_count(districts_met)} / {write_count(districts)} huyện")
    assert screen.figure("Còn thiếu để mọi xã đạt").startswith(f"{people} người")
    assert f"{write_count(sums.population - sums.insured)} người chưa tham gia" in screen.text
    shown = screen.figure(f"Bao phủ BHYT {name}").partition("%")[0].replace(",", ".")
    assert abs(float(shown) - 100 * sums.insured / sums.population) <= 0.051


def test_the_people_of_every_province_in_the_table_are_those_of_the_rows(use_store, small_settings, rows):
    use_store(small_settings.var_directory)
    shown = {}
    for page in ("1", "2"):
        cells = table_rows(open_page(HOME, level="province", period="2020-12", sort="name", page=page), "Bảng số liệu")
        shown |= {row[0]: row[2] for row in cells}
    provinces = read_units("2019-10", "province")
    assert len(shown) == len(provinces) == 63
    for province in provinces:
        sums = add_up(rows["2020-12"], "2019-10", 85, province["unit_code"])
        people = f"{write_count(sums.insured)}/{write_count(sums.population)}"
        assert shown[province["name"]] == people, province["name"]


def test_the_change_since_a_year_before_is_the_difference_of_two_recomputations(use_store, small_settings, rows):
    use_store(small_settings.var_directory)
    screen = open_page(HOME, period="2020-12")
    known = [{row[0] for row in rows[month] if None not in row} for month in ("2020-12", "2019-12")]
    shared = known[0] & known[1]
    assert len(shared) < len(known[0]), "a commune that is known in one month only would be a change of nobody's"
    now, before = (
        add_up([row for row in rows[month] if row[0] in shared], "2019-10", 85, None)
        for month in ("2020-12", "2019-12")
    )
    assert f"{write_change(now.met - before.met)} xã so với 12/2019" in screen.text
    assert f"{write_change(now.missing_people - before.missing_people)} người so với 12/2019" in screen.text
    assert f"{write_change(now.districts()[0] - before.districts()[0])} huyện so với 12/2019" in screen.text


def test_the_published_figure_beside_the_computed_one_is_the_row_of_the_facts(use_store, small_settings):
    use_store(small_settings.var_directory)
    with (FACTS / "published_coverage.csv").open(encoding="utf-8") as file:
        rates = [
            row["coverage_pct"]
            for row in csv.DictReader(file)
            if (row["unit_code"], row["period"]) == ("VN", "2020-12") and row["coverage_pct"]
        ]
    assert rates == ["90.85"]
    assert "Số công bố: 90,85%" in open_page(HOME, period="2020-12").text
    assert "90,85%" not in open_page(HOME, period="2020-11").text


def write_count(people: int) -> str:
    """1234567 as a Vietnamese reader writes it."""
    return f"{people:,}".replace(",", ".")


def write_change(people: int) -> str:
    return f"{'+' if people > 0 else '−' if people < 0 else ''}{write_count(abs(people))}"
