"""From a file that passed its outer checks to plain cells. Runs in the child process only (see `reader_server`)."""

import unicodedata
import zipfile
import zlib
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import chain
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, ZipError

from data.errors import IngestRefused
from data.ingest.cells import Cell
from data.ingest.delimited import read_delimited
from data.ingest.encodings import UndecidableEncoding, choose_decoder
from data.ingest.xlsx_scan import LARGEST_COLUMN, LARGEST_ROW, FarCell, scan_workbook

CSV_SHEET = "csv"


@dataclass(frozen=True)
class Sheet:
    """One sheet: `rows[r][c]` is the cell in row r+1 and column c (0 is A); rows may differ in length."""

    name: str
    rows: list[list[Cell]]


@dataclass(frozen=True)
class Workbook:
    """The visible sheets, and the names of hidden ones, which are not read."""

    sheets: list[Sheet]
    hidden: list[str] = field(default_factory=list)


def read_workbook(path: Path, kind: str) -> Workbook:
    """The cells of a file of `kind` (xlsx, xls, csv), as NFC text. Raises IngestRefused."""
    file = path.name
    try:
        workbook = read_text_file(path) if kind == "csv" else read_excel(path, kind)
        return normalise_text(workbook)
    except FarCell as far:
        raise IngestRefused("INGEST-EXTENT", "ingest.sheet_too_large", file=file, cell=far) from far
    except UndecidableEncoding as problem:
        raise IngestRefused("INGEST-ENCODING", "ingest.encoding", file=file) from problem
    except PasswordError as problem:
        raise IngestRefused("INGEST-PASSWORD", "ingest.password", file=file) from problem
    except (
        CalamineError,
        ZipError,
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        ValueError,
        EOFError,
        NotImplementedError,
    ) as problem:
        raise IngestRefused("INGEST-UNREADABLE", "ingest.unreadable", file=file) from problem


def read_text_file(path: Path) -> Workbook:
    rows = read_delimited(path)
    if len(rows) > LARGEST_ROW or max(map(len, rows), default=0) > LARGEST_COLUMN:
        raise FarCell(f"{len(rows)}")
    return Workbook([Sheet(CSV_SHEET, rows)])


def read_excel(path: Path, kind: str) -> Workbook:
    """Visible sheets from cell A1 on; cells with an error or without their result are shown as what they are."""
    broken = scan_workbook(path) if kind == "xlsx" else {}
    workbook = CalamineWorkbook.from_path(path)
    sheets, hidden = [], []
    for place, meta in enumerate(workbook.sheets_metadata):
        if str(meta.typ) != "SheetTypeEnum.WorkSheet":
            continue
        if str(meta.visible) != "SheetVisibleEnum.Visible":
            hidden.append(meta.name)
            continue
        content = workbook.get_sheet_by_name(meta.name).to_python(skip_empty_area=False)
        # Nearly every cell is a number or text: those are not worth a call.
        rows = [
            [cell if (kind := type(cell)) is float else cell or None if kind is str else to_plain(cell) for cell in row]
            for row in content
        ]
        for (row, column), shown in broken.get(place, {}).items():
            rows.extend([] for _ in range(row + 1 - len(rows)))
            rows[row].extend([None] * (column + 1 - len(rows[row])))
            rows[row][column] = shown
        sheets.append(Sheet(meta.name, rows))
    return Workbook(sheets, hidden)


def to_plain(cell: object) -> Cell:
    """A cell as text, number, logical value or None; dates as ISO text, blank text as None."""
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return cell.total_seconds()
    return cell  # type: ignore[return-value]


def normalise_text(workbook: Workbook) -> Workbook:
    """All text in Unicode and NFC, whatever font it was typed in. Raises UndecidableEncoding."""
    # In the order in which they stand, so that a reading never depends on chance.
    cells = dict.fromkeys(chain.from_iterable(chain.from_iterable(sheet.rows for sheet in workbook.sheets)))
    texts = [cell for cell in cells if type(cell) is str]
    decoder = choose_decoder(texts)
    # All at once: no mark is ever composed with a line feed.
    if decoder is None and unicodedata.is_normalized("NFC", "\n".join(texts)):
        return workbook
    table = {text: unicodedata.normalize("NFC", decoder(text) if decoder else text) for text in texts}
    sheets = [
        Sheet(sheet.name, [[table[cell] if type(cell) is str else cell for cell in row] for row in sheet.rows])
        for sheet in workbook.sheets
    ]
    return Workbook(sheets, workbook.hidden)
