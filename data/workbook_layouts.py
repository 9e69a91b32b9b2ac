"""Layouts of workbooks as data (ingest/templates/*.toml): what the reading of files looks for, and what an empty workbook is
made from. Nothing here reads a received file, so that the app may offer the empty ones (decision 65)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from text.names import search_key

TEMPLATE_DIRECTORY = Path(__file__).parent / "ingest" / "templates"
_UNIT_TYPES = ("unit_code", "unit_name", "province_name", "district_name")
TYPES = frozenset((*_UNIT_TYPES, "count", "percent", "text", "date", "year", "period", "choice", "ignored"))
_DEFAULT_TYPE = {
    "unit_code": "unit_code", "unit_name": "unit_name", "province_name": "province_name", "ignored": "ignored",
    "district_name": "district_name", "population": "count", "insured": "count", "group_insured": "count",
    "eligible": "count", "uninsured": "count", "rate": "percent", "plan": "percent",
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One column of a layout; `keys` are its headings folded, `top|bottom` where it stands under a merged heading.

    `letter` is set where the column has no heading and always stands in the same place; `choices` maps folded words to
    codes; `fills_down` says that a blank cell repeats the one above, `blank` what a blank cell stands for.
    """

    element: str
    payer_group: str
    type: str
    required: bool
    title: str
    keys: frozenset[str]
    letter: str
    choices: Mapping[str, str]
    words: Mapping[str, str]
    fills_down: bool
    blank: str | None
    example: str

    @property
    def key(self) -> tuple[str, str]:
        return self.element, self.payer_group


@dataclass(frozen=True)
class Layout:
    """One kind of workbook. `table` is the table its rows go to, empty for figures of a month; `fixed` are values of
    columns that the workbook does not hold; `title_words` must stand above the heading. `is_filled_in`: offices fill it in;
    False for a table that another authority writes out as it does. `asked`: the columns that an office writes in a workbook
    handed out with its units; a row without any of them was left empty. None: the layout is handed out without rows."""

    template: str
    title: str
    purpose: str
    table: str
    row_key: tuple[str, ...]
    heading_rows_searched: int
    subtotal_words: tuple[str, ...]
    title_words: tuple[str, ...]
    levels: tuple[str, ...]
    fixed: Mapping[str, object]
    columns: tuple[Column, ...]
    index: Mapping[str, Column]
    is_filled_in: bool = True
    asked: tuple[str, ...] = ()

    def column(self, element: str, payer_group: str = "") -> Column:
        return next(column for column in self.columns if column.key == (element, payer_group))


def fold_heading(heading: str) -> str:
    """`A / B` as `a|b`, without marks, case and punctuation."""
    return "|".join(search_key(part) for part in heading.split(" / "))


def read_column(entry: dict[str, object]) -> Column:
    element = str(entry["element"])
    headings = entry.get("headings", [])
    choices = entry.get("choices", {})
    kind = str(entry.get("type", _DEFAULT_TYPE.get(element, "text")))
    if kind not in TYPES:
        raise ValueError(f"no such type of column: {kind}")
    return Column(
        element=element,
        payer_group=entry.get("payer_group", ""),
        type=kind,
        required=entry.get("required", False),
        title=headings[0] if headings else str(entry.get("letter", "")),
        keys=frozenset(fold_heading(heading) for heading in headings),
        letter=entry.get("letter", ""),
        choices=MappingProxyType(
            {search_key(word): code for code, words in choices.items() for word in [code, *words]}
        ),
        words=MappingProxyType({code: words[0] for code, words in choices.items()}),
        fills_down=entry.get("fills_down", False),
        blank=entry.get("blank"),
        example=str(entry.get("example", "")),
    )


def read_layout_file(path: Path) -> Layout:
    """One file of templates/. Raises KeyError or ValueError where it is not a layout."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    columns = tuple(read_column(entry) for entry in raw["column"])
    index: dict[str, Column] = {}
    for column in columns:
        for key in column.keys:
            index.setdefault(key, column)
    return Layout(
        template=raw["template"],
        title=raw["title"],
        purpose=raw["purpose"],
        table=raw.get("table", ""),
        row_key=tuple(raw.get("row_key", ())),
        heading_rows_searched=raw.get("heading_rows_searched", 30),
        subtotal_words=tuple(search_key(word) for word in raw.get("subtotal_words", ())),
        title_words=tuple(search_key(word) for word in raw.get("title_words", ())),
        levels=tuple(raw.get("levels", ("commune",))),
        fixed=MappingProxyType(raw.get("fixed", {})),
        columns=columns,
        index=MappingProxyType(index),
        is_filled_in=raw.get("is_filled_in", True),
        asked=tuple(raw.get("asked", ())),
    )


@cache
def load_layouts() -> tuple[Layout, ...]:
    """Every layout of templates/."""
    return tuple(read_layout_file(path) for path in sorted(TEMPLATE_DIRECTORY.glob("*.toml")))


@cache
def get_layout(template: str) -> Layout:
    return next(layout for layout in load_layouts() if layout.template == template)
