"""Reading a file of text (.csv, .tsv, .txt) into rows of cells; every cell stays text, so that no code loses a zero."""

import csv
import io
from pathlib import Path

from data.ingest.encodings import decode_bytes

SEPARATORS = ";\t,|"
LARGEST_FIELD = 10_000


def find_separator(text: str) -> str:
    """The separator that divides most lines alike; a semicolon where none does (Excel's own in Vietnamese)."""

    def rate(separator: str) -> tuple[int, int]:
        counts = [line.count(separator) for line in text.splitlines()[:200] if line.strip()]
        used = [count for count in counts if count]
        if not used:
            return 0, 0
        usual = max(set(used), key=used.count)
        return used.count(usual) * min(usual, 4), usual

    return max(SEPARATORS, key=rate)


def read_delimited(path: Path) -> list[list[str | None]]:
    """Rows of cells; blank ones are None. Raises UndecidableEncoding, and ValueError for a field beyond any report."""
    text = decode_bytes(path.read_bytes())
    csv.field_size_limit(LARGEST_FIELD)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=find_separator(text)))
    except csv.Error as problem:
        raise ValueError(str(problem)) from problem
    # "=\"00004\"" is how Excel is made to keep zeros in a text file.
    return [[unwrap_text(cell) or None for cell in row] for row in rows]


def unwrap_text(cell: str) -> str:
    cell = cell.strip()
    if cell.startswith('="') and cell.endswith('"') and len(cell) > 2:
        return cell[2:-1]
    return cell
