"""A report to sign (PDF, A4): letterhead, finding, numbered sections with tables, signature block, appendices with whole lists.

Content comes written in the reader's language; the template `evaluation.typ` gives it the form of official Vietnamese reports.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from reports.figure import inks
from reports.typesetting import typeset

Cell = str | tuple[str, ...]
"""A cell of a table; of several lines the first is the value and the others, set smaller, what lies behind it."""


@dataclass(frozen=True)
class ReportTable:
    """`numbers`: columns that stand to the right; `widths`: shares of the line; `marked`: the row that stands out; `nothing`:
    what is said where there are no rows; `note`: what is said below."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    widths: Sequence[float]
    rule: str = ""
    numbers: frozenset[int] = frozenset()
    marked: int | None = None
    nothing: str = ""
    note: str = ""


@dataclass(frozen=True)
class ReportFigure:
    """A figure to be seen first: value, what it is, and what it is of."""

    value: str
    label: str
    detail: str = ""


@dataclass(frozen=True)
class Notice:
    """A sentence that nobody may miss."""

    text: str


Block = str | Notice | ReportTable | Sequence[ReportFigure]


@dataclass(frozen=True)
class Section:
    """`blocks` in their order. `is_wide`: on pages that lie, for long tables."""

    heading: str
    blocks: Sequence[Block]
    is_wide: bool = False


@dataclass(frozen=True)
class Letterhead:
    """`office`: who reports, from above to below; `state`: the name of the country and its motto; `number` and `place_day`
    with dots where people write."""

    office: Sequence[str]
    state: Sequence[str]
    number: str
    place_day: str
    kind: str


@dataclass(frozen=True)
class Signatures:
    """Who signs, from left to right, each with the line below; `receivers`: who gets a copy."""

    place_day: str
    people: Sequence[tuple[str, str]]
    receivers: Sequence[str]


@dataclass(frozen=True)
class Report:
    """`state` and `state_note`: whether the figures are final; `simulated` the mark of every page, or ""; `page_of`: how a
    page is numbered, with {page} and {of}."""

    title: str
    subject: Sequence[str]
    lang: str
    letterhead: Letterhead
    state: str
    state_note: str
    finding: str
    sections: Sequence[Section]
    signatures: Signatures
    appendices: Sequence[Section]
    page_of: str
    simulated: str = ""
    is_final: bool = False


def write_report(report: Report, made_at: datetime | None = None) -> bytes:
    """The PDF; the same report and date give the same bytes."""
    content: dict[str, Any] = asdict(report)
    content |= {
        "ink": inks(),
        "state_is_final": report.is_final,
        "sections": [write_section(section) for section in report.sections],
        "appendices": [write_section(section) for section in report.appendices],
        "page_of": report.page_of.replace("{page}", "\0").replace("{of}", "\0").split("\0"),
    }
    made = typeset("evaluation", content, made_at=made_at)
    assert isinstance(made, bytes)
    return made


def write_section(section: Section) -> dict[str, Any]:
    return {
        "heading": section.heading,
        "is_wide": section.is_wide,
        "blocks": [write_block(block) for block in section.blocks],
    }


def write_block(block: Block) -> dict[str, Any]:
    if isinstance(block, str):
        return {"kind": "prose", "text": block}
    if isinstance(block, Notice):
        return {"kind": "notice", "text": block.text}
    if isinstance(block, ReportTable):
        rows = [[[cell] if isinstance(cell, str) else list(cell) for cell in row] for row in block.rows]
        return asdict(block) | {"kind": "table", "rows": rows, "numbers": sorted(block.numbers)}
    return {"kind": "figures", "items": [asdict(figure) for figure in block]}
