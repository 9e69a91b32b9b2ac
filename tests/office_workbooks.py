"""Reports as offices send them, as a grid of cells that tests can spoil and write as xlsx, xls or csv."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter
import xlwt

Grid = list[list[object]]

# Communes of Huyện Đồng Văn (Hà Giang) and Huyện Mèo Vạc: code, name, population, insured by group (household, subsidised).
DONG_VAN = [
    ("00712", "Thị trấn Phó Bảng", 2801, 2500),
    ("00715", "Xã Lũng Cú", 5012, 4950),
    ("00718", "Xã Má Lé", 5100, 5010),
    ("00721", "Thị trấn Đồng Văn", 7013, 6120),
    ("00724", "Xã Lũng Táo", 4404, 4321),
    ("00727", "Xã Phố Là", 3003, 2999),
    ("00730", "Xã Thài Phìn Tủng", 4807, 4700),
    ("00733", "Xã Sủng Là", 3901, 3850),
]
DISTRICT, PROVINCE = "Huyện Đồng Văn", "tỉnh Hà Giang"
GROUPS = (
    "NLĐ và NSDLĐ đóng", "Cơ quan BHXH đóng", "NSNN đóng", "NSNN hỗ trợ", "Hộ gia đình", "NSDLĐ đóng",
)  # fmt: skip


@dataclass(frozen=True)
class Places:
    """Where things stand in a grid of `make_grid`, rows and columns from 0."""

    title: int = 2
    first: int = 6
    code: int = 1
    name: int = 2
    population: int = 3
    insured: int = 4
    groups: int = 5
    rate: int = 11
    plan: int = 12


AT = Places()


def split_groups(insured: int) -> list[int]:
    """Insured people over the six groups, adding up."""
    parts = [insured * share // 100 for share in (10, 5, 40, 20, 20)]
    return [*parts, insured - sum(parts)]


def make_grid(
    units: Sequence[tuple[str, str, int, int]] = DONG_VAN, month: str = "12/2020", plan: float | None = 90.0
) -> Grid:
    """Title lines, headings over two rows, the district with its sums, its communes, the total, signatures."""
    top = ["STT", "Mã ĐVHC", "Đơn vị (xã, phường, thị trấn)", "Dân số", "Số người tham gia BHYT", *[None] * 6]
    grid: Grid = [
        [f"BẢO HIỂM XÃ HỘI {PROVINCE.upper()}"],
        ["BÁO CÁO TÌNH HÌNH THAM GIA BẢO HIỂM Y TẾ THEO XÃ"],
        [f"Tháng {month}"],
        [*top, "Tỷ lệ bao phủ (%)", "Chỉ tiêu giao (%)", "Ghi chú"],
        [None, None, None, None, "Tổng số", *GROUPS],
    ]
    population, insured = sum(unit[2] for unit in units), sum(unit[3] for unit in units)
    grid.append(["I", None, DISTRICT, population, insured])
    for number, (code, name, people, cards) in enumerate(units, start=1):
        rate = round(100 * cards / people, 1) if people else None
        grid.append([number, code, name, people, cards, *split_groups(cards), rate, plan, None])
    grid.append([None, None, "Tổng cộng", population, insured])
    grid.append([])
    grid.append([None, None, "Người lập biểu", None, None, None, "Hà Giang, ngày 05 tháng 01 năm 2021"])
    return grid


def write_xlsx(path: Path, grid: Grid, *, sheet: str = "Xa") -> Path:
    """Values as they are; nothing is turned into a formula or a link."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        page = book.add_worksheet(sheet)
        for row, cells in enumerate(grid):
            for column, cell in enumerate(cells):
                if isinstance(cell, str):
                    page.write_string(row, column, cell)
                elif cell is not None:
                    page.write_number(row, column, cell)
    return path


def write_xls(path: Path, grid: Grid) -> Path:
    """A workbook of Excel 97-2003."""
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet("Xa")
    for row, cells in enumerate(grid):
        for column, cell in enumerate(cells):
            if cell is not None:
                page.write(row, column, cell)
    book.save(str(path))
    return path


def write_csv_text(grid: Grid, separator: str = ";") -> str:
    """The grid as text with decimal commas, as Excel in Vietnamese saves it."""

    def say(cell: object) -> str:
        text = "" if cell is None else str(cell).replace(".", ",") if isinstance(cell, float) else str(cell)
        return f'"{text}"' if separator in text or '"' in text else text

    return "\r\n".join(separator.join(map(say, row)) for row in grid) + "\r\n"
