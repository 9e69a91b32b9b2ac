"""What the lines above and around a table say: the month, the year."""

import re
from collections.abc import Iterable

from data.ingest.cells import Cell
from text.names import search_key

# On folded text (no marks, no punctuation). A signing date ("Hà Nội, ngày 05 tháng 01 năm 2021") is not the report's
# month.
_CUT_OFF = re.compile(r"\bden (?:het )?(?:ngay )?\d{1,2} (?:thang )?(\d{1,2}) (?:nam )?(\d{4})\b")
_ANY_DATE = re.compile(r"\bngay \d{1,2} (?:thang )?\d{1,2} (?:nam )?\d{4}\b")
_MONTH = re.compile(r"\bthang (\d{1,2}) (?:nam )?(\d{4})\b")
_YEAR = re.compile(r"\bnam (\d{4})\b")
_SPAN = re.compile(r"\b(?:giai doan|nam) (\d{4}) (?:den (?:nam )?)?(\d{4})\b")


def find_period(rows: Iterable[list[Cell]]) -> str | None:
    """The month named in the title rows: "Tháng 12/2020", "tháng 12 năm 2020", else "đến ngày 31/12/2020".

    None where no month is named, or several different ones are: then a person has to say which.
    """
    folded = [search_key(cell) for row in rows for cell in row if isinstance(cell, str)]
    named = [found for text in folded for found in _MONTH.findall(_ANY_DATE.sub(" ", text))]
    named = named or [found for text in folded for found in _CUT_OFF.findall(text)]
    months = {
        f"{year}-{int(month):02d}" for month, year in named if 1 <= int(month) <= 12 and 2000 <= int(year) <= 2100
    }
    return months.pop() if len(months) == 1 else None


def find_year(rows: Iterable[list[Cell]]) -> int | None:
    """The year named in the title rows: "năm 2020"; of "giai đoạn 2016-2020" the last. None where none or several."""
    folded = [_ANY_DATE.sub(" ", search_key(cell)) for row in rows for cell in row if isinstance(cell, str)]
    years = {int(last) for text in folded for _, last in _SPAN.findall(text)}
    years = years or {int(year) for text in folded for year in _YEAR.findall(text)}
    years = {year for year in years if 2000 <= year <= 2100}
    return years.pop() if len(years) == 1 else None
