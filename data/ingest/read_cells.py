"""Child process: the cells of one workbook as JSON on standard output. `python -m data.ingest.read_cells FILE`.

Runs alone, with limits on memory and time, because a small file can make the parser take gigabytes or abort the
process.
"""

import json
import re
import resource
import sys
import zipfile
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineWorkbook

MEMORY_LIMIT = 1_500_000_000
CPU_SECONDS = 20
LARGEST_ROW, LARGEST_COLUMN_LETTERS = 50_000, 2
_REFERENCE = re.compile(rb'<c [^>]*?r="([A-Z]{1,3})(\d{1,7})"')
EXTENT_STATUS = 3


def find_far_cell(path: str) -> str | None:
    """The first cell beyond what a report can hold, or None. A cell at XFD1048576 aborts the parser."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if not name.startswith("xl/worksheets/"):
                continue
            with archive.open(name) as stream:
                rest = b""
                while block := stream.read(1 << 20):
                    for letters, row in _REFERENCE.findall(rest + block):
                        if len(letters) > LARGEST_COLUMN_LETTERS or int(row) > LARGEST_ROW:
                            return (letters + row).decode()
                    rest = block[-200:]
    return None


def to_plain(cell: object) -> str | float | bool | None:
    """A cell as JSON knows it; blank text is None."""
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return cell.total_seconds()
    if cell == "":
        return None
    return cell  # type: ignore[return-value]


def read_workbook(path: str) -> list[dict[str, object]]:
    """Visible sheets with their rows, from cell A1 on."""
    workbook = CalamineWorkbook.from_path(path)
    sheets = []
    for meta in workbook.sheets_metadata:
        if str(meta.visible) != "SheetVisibleEnum.Visible":
            continue
        rows = workbook.get_sheet_by_name(meta.name).to_python(skip_empty_area=False)
        sheets.append({"name": meta.name, "rows": [[to_plain(cell) for cell in row] for row in rows]})
    return sheets


def main() -> int:
    """Exit status 0 with JSON, 3 with the address of a cell that is too far out; anything else is unreadable."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    far = find_far_cell(sys.argv[1])
    if far is not None:
        print(far)
        return EXTENT_STATUS
    json.dump(read_workbook(sys.argv[1]), sys.stdout, ensure_ascii=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
