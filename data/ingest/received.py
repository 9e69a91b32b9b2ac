"""What a received file becomes once it is read: figures of a month or rows of a table, with every cell that was
refused, held back or marked. These cross the wall between the reading process and the loader as JSON."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from sys import intern

import numpy as np

from data.ingest.columns import ReportColumns


@dataclass(frozen=True)
class Rejection:
    """A cell that was refused (error), held back (hold) or marked (mark), with what stood in it. `row` is its row from
    1, 0 for the file as a whole; `hint` names units that may have been meant, never taken by themselves."""

    rule_id: str
    severity: str
    cell: str
    unit_code: str | None
    value: str
    hint: str = ""


@dataclass(frozen=True)
class ReceivedReport:
    """Figures of one month from one sheet. `columns` holds the rows that pass, `held` those that wait for a person;
    their source_id is 0 until they are loaded. `letters` gives the column of each element."""

    path: Path
    sha256: str
    sheet: str
    template: str
    period: str
    province_code: str
    columns: ReportColumns
    held: ReportColumns
    letters: dict[tuple[str, str], str]
    rejections: list[Rejection] = field(default_factory=list)

    def address_of(self, cell: str) -> str:
        return f"{self.path.name}!{self.sheet}!{cell}" if cell else self.path.name

    @property
    def row_count(self) -> int:
        return len(self.columns)

    @property
    def people(self) -> int:
        """Insured people of the rows that pass."""
        return int(self.columns.insured[self.columns.insured >= 0].sum())

    def hold(self, rows: np.ndarray, found: list[Rejection]) -> "ReceivedReport":
        """The same report with the rows where `rows` is true held back."""
        return replace(
            self,
            columns=self.columns.take(~rows),
            held=join_columns([self.held, self.columns.take(rows)]),
            rejections=self.rejections + found,
        )

    def without(self, rows: np.ndarray, found: list[Rejection]) -> "ReceivedReport":
        """The same report with the rows where `rows` is true left out."""
        return replace(self, columns=self.columns.take(~rows), rejections=self.rejections + found)


@dataclass(frozen=True)
class ReceivedTable:
    """Rows of one table of the store from one sheet. `columns` has a list per column of the table, and `source_row`."""

    path: Path
    sha256: str
    sheet: str
    template: str
    period: str | None
    province_code: str | None
    table: str
    key: tuple[str, ...]
    columns: dict[str, list[object]]
    letters: dict[tuple[str, str], str]
    rejections: list[Rejection] = field(default_factory=list)

    def address_of(self, cell: str) -> str:
        return f"{self.path.name}!{self.sheet}!{cell}" if cell else self.path.name

    @property
    def row_count(self) -> int:
        return len(self.columns["source_row"])

    @property
    def people(self) -> int:
        """Residents of a population table; 0 for every other kind."""
        return int(sum(self.columns.get("population") or [0]))


Received = ReceivedReport | ReceivedTable

_COUNTS = ("population", "insured")


def join_columns(parts: list[ReportColumns]) -> ReportColumns:
    """Rows of several parts of one month with the same payer groups."""
    return replace(
        parts[0],
        **{
            name: np.concatenate([getattr(part, name) for part in parts])
            for name in ("unit_code", *_COUNTS, "obs_status", "eligible", "group_insured", "source_row")
        },
    )


def columns_to_message(columns: ReportColumns) -> dict[str, object]:
    return {
        "period": columns.period,
        "payer_groups": columns.payer_groups,
        "unit_code": columns.unit_code.tolist(),
        **{
            name: getattr(columns, name).tolist()
            for name in (*_COUNTS, "obs_status", "eligible", "group_insured", "source_row")
        },
    }


def columns_from_message(message: dict[str, object]) -> ReportColumns:
    rows, groups = len(message["unit_code"]), tuple(message["payer_groups"])
    return ReportColumns(
        period=str(message["period"]),
        unit_code=np.array([intern(str(code)) for code in message["unit_code"]], dtype=object),
        population=np.array(message["population"], dtype=np.int64),
        insured=np.array(message["insured"], dtype=np.int64),
        obs_status=np.array(message["obs_status"], dtype=np.uint8),
        payer_groups=groups,
        eligible=np.array(message["eligible"], dtype=np.int64).reshape(rows, len(groups)),
        group_insured=np.array(message["group_insured"], dtype=np.int64).reshape(rows, len(groups)),
        is_simulated=False,
        source_id=0,
        source_row=np.array(message["source_row"], dtype=np.int32),
    )


def received_to_message(part: Received) -> dict[str, object]:
    """A part as plain JSON."""
    message: dict[str, object] = {
        "sha256": part.sha256,
        "sheet": part.sheet,
        "template": part.template,
        "period": part.period,
        "province_code": part.province_code,
        "letters": [[*key, letter] for key, letter in part.letters.items()],
        "rejections": [
            [found.rule_id, found.severity, found.cell, found.unit_code, found.value, found.hint]
            for found in part.rejections
        ],
    }
    if isinstance(part, ReceivedReport):
        return message | {"report": columns_to_message(part.columns), "held": columns_to_message(part.held)}
    return message | {"table": part.table, "key": part.key, "columns": part.columns}


def received_from_message(message: dict[str, object], path: Path) -> Received:
    """The part that a child described; `path` is the file it was asked to read."""
    common = {
        "path": path,
        "sha256": str(message["sha256"]),
        "sheet": str(message["sheet"]),
        "template": str(message["template"]),
        "period": message["period"],
        "province_code": message["province_code"],
        "letters": {(element, group): letter for element, group, letter in message["letters"]},
        "rejections": [Rejection(*fields) for fields in message["rejections"]],
    }
    if "report" in message:
        return ReceivedReport(
            **common, columns=columns_from_message(message["report"]), held=columns_from_message(message["held"])
        )
    return ReceivedTable(**common, table=str(message["table"]), key=tuple(message["key"]), columns=message["columns"])
