"""Monthly workbooks as provinces send them, made from the figures of a store: for tests, and for measuring a load.

`python -m bench.workbooks FOLDER [--first 2016-01] [--months 60]` writes one workbook per province and month.
"""

import argparse
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pandas as pd
import xlsxwriter

from data.settings import get_settings
from data.store import Store, open_current

HEADINGS = {
    "employer_employee": "NLĐ và NSDLĐ đóng",
    "si_agency": "Cơ quan BHXH đóng",
    "state_budget": "NSNN đóng",
    "subsidised": "NSNN hỗ trợ",
    "household": "Hộ gia đình",
    "employer_defence": "NSDLĐ đóng",
}
FIRST_HEADING_ROW = 4
PLAN = 85.0


@dataclass(frozen=True)
class Line:
    """One commune of a report; -1 is unknown and written as a blank cell."""

    code: str
    name: str
    district: str
    population: int
    insured: int
    groups: tuple[int, ...]


@dataclass(frozen=True)
class ProvinceReport:
    """What one workbook holds. `groups` are the payer groups of the columns."""

    period: str
    province_code: str
    province: str
    groups: tuple[str, ...]
    lines: tuple[Line, ...]


def list_reports(store: Store, periods: list[str]) -> Iterator[ProvinceReport]:
    """The reports of every province in some months, as the store has them."""
    for period in periods:
        frame = store.query(
            """
            SELECT u.province_code, p.name AS province, coalesce(d.name, '') AS district, u.unit_code, u.name,
                   coalesce(f.population, -1) AS population, coalesce(f.insured, -1) AS insured
            FROM commune_month AS f JOIN period AS t USING (period)
            JOIN unit AS u ON u.boundary_set = t.boundary_set AND u.unit_code = f.unit_code
            JOIN unit AS p ON p.boundary_set = t.boundary_set AND p.unit_code = u.province_code
            LEFT JOIN unit AS d
                ON d.boundary_set = t.boundary_set AND d.unit_code = u.district_code AND d.level = 'district'
            WHERE f.period = $period AND f.obs_status IN ('reported', 'missing')
            ORDER BY u.province_code, u.district_code, u.unit_code
            """,
            {"period": period},
        )
        groups = read_groups(store, period)
        names = tuple(groups.columns)
        by_unit = {code: tuple(values) for code, values in zip(groups.index, groups.to_numpy().tolist(), strict=True)}
        unknown = (-1,) * len(names)
        rows = list(frame.itertuples(index=False))
        for (code, province), of_province in groupby(rows, key=lambda row: (row.province_code, row.province)):
            lines = tuple(
                Line(
                    row.unit_code,
                    row.name,
                    row.district,
                    row.population,
                    row.insured,
                    by_unit.get(row.unit_code, unknown),
                )
                for row in of_province
            )
            yield ProvinceReport(period, code, province, names, lines)


def read_groups(store: Store, period: str) -> pd.DataFrame:
    """Insured by payer group: one row per unit, one column per group in the order of the law."""
    frame = store.query(
        "SELECT unit_code, payer_group, coalesce(insured, -1) AS insured FROM group_month WHERE period = $period",
        {"period": period},
    )
    table = frame.pivot(index="unit_code", columns="payer_group", values="insured").fillna(-1).astype(int)
    return table[[group for group in HEADINGS if group in table.columns]]


def write_workbook(report: ProvinceReport, path: Path) -> Path:
    """One workbook: titles, headings over two rows, the districts with their sums, a total, signatures."""
    year, month = report.period.split("-")
    with xlsxwriter.Workbook(path, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Xa")
        sheet.write_string(0, 0, f"BẢO HIỂM XÃ HỘI {report.province.upper()}")
        sheet.write_string(1, 0, "BÁO CÁO TÌNH HÌNH THAM GIA BẢO HIỂM Y TẾ THEO XÃ")
        sheet.write_string(2, 0, f"Tháng {month}/{year}")
        write_headings(sheet, report.groups)
        row = FIRST_HEADING_ROW + 3
        for number, (district, lines) in enumerate(groupby(report.lines, key=lambda line: line.district), start=1):
            inside = list(lines)
            if district:
                write_sums(sheet, row, district, inside, str(number))
                row += 1
            for place, line in enumerate(inside, start=1):
                write_line(sheet, row, place, line)
                row += 1
        write_sums(sheet, row, "Tổng cộng", list(report.lines), "")
        sheet.write_string(row + 2, 2, "Người lập biểu")
        sheet.write_string(row + 2, 8, f"{report.province}, ngày 05 tháng {int(month) % 12 + 1:02d} năm {year}")
        sheet.write_string(row + 3, 8, "GIÁM ĐỐC")
    return path


def write_headings(sheet: xlsxwriter.worksheet.Worksheet, groups: tuple[str, ...]) -> None:
    top, below = FIRST_HEADING_ROW, FIRST_HEADING_ROW + 1
    for place, heading in enumerate(("STT", "Mã ĐVHC", "Đơn vị (xã, phường, thị trấn)", "Dân số")):
        sheet.merge_range(top, place, below, place, heading)
    sheet.merge_range(top, 4, top, 4 + max(1, len(groups)), "Số người tham gia BHYT")
    sheet.write_string(below, 4, "Tổng số")
    for place, group in enumerate(groups, start=5):
        sheet.write_string(below, place, HEADINGS[group])
    after = 5 + max(1, len(groups))
    for place, heading in enumerate(
        ("Tỷ lệ bao phủ (%)", "Chỉ tiêu giao (%)", "Số còn phải phát triển", "Ghi chú"), start=after
    ):
        sheet.merge_range(top, place, below, place, heading)
    for place in range(after + 4):
        sheet.write_number(below + 1, place, place + 1)


def write_line(sheet: xlsxwriter.worksheet.Worksheet, row: int, number: int, line: Line) -> None:
    sheet.write_number(row, 0, number)
    sheet.write_string(row, 1, line.code)
    sheet.write_string(row, 2, line.name)
    for place, count in enumerate((line.population, line.insured, *line.groups), start=3):
        if count >= 0:
            sheet.write_number(row, place, count)
    after = 5 + max(1, len(line.groups))
    if line.population > 0 and line.insured >= 0:
        sheet.write_number(row, after, round(100 * line.insured / line.population, 1))
        sheet.write_number(row, after + 1, PLAN)
        sheet.write_number(row, after + 2, max(0, round(line.population * PLAN / 100) - line.insured))


def write_sums(sheet: xlsxwriter.worksheet.Worksheet, row: int, name: str, lines: list[Line], number: str) -> None:
    """The row of a district or of the whole; unknown figures are left out of its sums, as offices do."""
    sheet.write_string(row, 0, number)
    sheet.write_string(row, 2, name)
    for place, element in ((3, "population"), (4, "insured")):
        sheet.write_number(row, place, sum(max(0, getattr(line, element)) for line in lines))


def write_month(folder: Path, period: str) -> int:
    """Every workbook of a month; returns how many."""
    store = open_current(get_settings())
    reports = list(list_reports(store, [period]))
    store.close()
    for report in reports:
        write_workbook(report, folder / f"{report.period}_{report.province_code}.xlsx")
    return len(reports)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.workbooks", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--first", default="2016-01", help="first month")
    parser.add_argument("--months", type=int, default=60)
    chosen = parser.parse_args(arguments)
    chosen.folder.mkdir(parents=True, exist_ok=True)
    periods = [str(month) for month in pd.period_range(chosen.first, periods=chosen.months, freq="M")]
    with ProcessPoolExecutor(2) as pool:
        written = sum(pool.map(write_month, [chosen.folder] * len(periods), periods))
    print(f"{written} workbooks in {chosen.folder}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
