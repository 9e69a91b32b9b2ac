"""What the data-quality page says of one month: who has reported, what is missing, doubtful or refused, and from which
cell each figure came."""

from __future__ import annotations

from datetime import date

import pandas as pd

from indicators.changes import SUDDEN_DROP_POINTS, change_points
from indicators.rates import share_pct, shown_pct, shown_points
from text.formats import Formats
from text.names import upper_first
from text.words import Words
from ui import loaders
from ui.frame import Frame
from ui.parts import Figure
from ui.quality_facts import QualityFacts, load_quality
from ui.table import Column, Row

SHOWN_ROWS = 50
DONE, PARTLY, NOTHING = "done", "partly", "nothing"


def read_quality(page: Frame) -> QualityWords | None:
    """The sentences of the View's month; None where there are no monthly figures."""
    if not loaders.snapshot_info().has_figures or not page.catalogue.programmes[page.view.programme]:
        return None
    return QualityWords(load_quality(page), page.words, page.formats)


class QualityWords:
    """The sentences and rows of the page."""

    def __init__(self, facts: QualityFacts, words: Words, formats: Formats) -> None:
        self.facts, self.words, self.formats = facts, words, formats

    def headline(self) -> str:
        """How many provinces have sent their reports; of one province, whether it has."""
        if len(self.facts.reports) == 1:
            [report] = self.facts.reports.itertuples()
            sent = "headline_sent" if self.facts.has_received else "headline_one_simulated"
            return self.words.say(
                f"quality.{sent}" if report.has_reported else "quality.headline_not_sent",
                name=report.name,
                period=self.formats.month(self.facts.period),
                reported=self.formats.part_of(report.units_reported, report.units_expected),
            )
        sent, expected = self.sent()
        # A month of simulated figures only: nobody has sent anything, and no sentence may say so.
        key = "headline_simulated" if self.is_simulated() else "headline"
        return self.words.say(
            f"quality.{key}", period=upper_first(self.formats.month(self.facts.period)), sent=sent, expected=expected
        )

    def is_simulated(self) -> bool:
        return not self.facts.has_received and self.units_simulated() > 0

    def units_simulated(self) -> int:
        return int(self.facts.reports["units_simulated"].sum())

    def sent(self) -> tuple[str, str]:
        reports = self.facts.reports
        return self.formats.count(int(reports["has_reported"].sum())), self.formats.count(len(reports))

    def figures(self) -> list[Figure]:
        facts, say, count = self.facts, self.words.say, self.formats.count
        reports = facts.reports
        came, expected = int(reports["has_reported"].sum()), len(reports)
        units, reported = int(reports["units_expected"].sum()), int(reports["units_reported"].sum())
        simulated = self.units_simulated()
        mark = say("home.simulated") if simulated else ""
        sources = say("quality.units_real", real=count(reported - simulated), simulated=count(simulated))
        if facts.islands:
            sources += say("quality.units_islands", count=count(facts.islands))
        drops = "–" if facts.drops is None else count(len(facts.drops))
        return [
            self.figure(
                "provinces_simulated" if self.is_simulated() else "provinces",
                count(came),
                came,
                expected,
                say("quality.of", whole=count(expected)),
                mark,
            ),
            self.figure(
                "units",
                count(reported),
                reported,
                units,
                say("quality.of", whole=count(units)),
                mark,
                sources,
            ),
            self.figure("over", count(len(facts.over)), unit=say("quality.units"), mark=mark),
            self.figure("drops", drops, unit=say("quality.units"), mark=mark, note=self.say_drops_since()),
        ]

    def figure(
        self, name: str, value: str, part: int = -1, whole: int = 0, unit: str = "", mark: str = "", note: str = ""
    ) -> Figure:
        bar = share_pct(part, whole) if whole > 0 else None
        label = self.words.say(f"quality.figure_{name}", points=self.points())
        return Figure(label, value, unit, bar, 100.0 if bar is not None else None, "", 0, note, mark)

    def points(self) -> str:
        return self.formats.number(SUDDEN_DROP_POINTS)

    def say_drops_since(self) -> str:
        facts = self.facts
        if facts.earlier is None or facts.drops is None:
            return self.words.say("quality.drops_not_comparable")
        return self.words.say("quality.drops_since", earlier=self.formats.month(facts.earlier))

    # who has reported

    def report_columns(self) -> list[Column]:
        head = self.words.section("quality.reports_head")
        return [
            Column(head["province"]),
            Column(head["reported"], is_figure=True),
            Column(head["simulated"], is_figure=True),
            Column(head["state"]),
        ]

    def report_rows(self) -> list[Row]:
        return [
            Row(
                row.province_code,
                (
                    row.name,
                    self.formats.part_of(row.units_reported, row.units_expected),
                    self.formats.count(row.units_simulated),
                    self.say_report(row),
                ),
            )
            for row in self.sort_reports().itertuples()
        ]

    def sort_reports(self) -> pd.DataFrame:
        """Provinces that sent nothing first, then those with gaps, then the rest; each in the order of the codes. With
        `lacking` units and `state`."""
        reports = self.facts.reports
        real = reports["units_reported"] - reports["units_simulated"]
        lacking = reports["units_expected"] - (real if self.facts.has_received else reports["units_reported"])
        states = [
            NOTHING if not has_reported else PARTLY if missing > 0 else DONE
            for has_reported, missing in zip(reports["has_reported"], lacking, strict=True)
        ]
        order = [(NOTHING, PARTLY, DONE).index(state) for state in states]
        sorted_by = reports.assign(lacking=lacking, state=states, _order=order).sort_values("_order", kind="stable")
        return sorted_by.drop(columns="_order")

    def say_report(self, row) -> str:
        """ "đủ"; in a month of simulated figures only, that nothing was sent however complete they are."""
        simulated = "simulated_" if self.is_simulated() and row.state != NOTHING else ""
        return self.words.say(f"quality.state_{simulated}{row.state}", lacking=self.formats.count(row.lacking))

    # units that need a look

    def over_rows(self) -> list[list[str]]:
        return [
            [
                self.facts.labels[row.unit_code],
                self.say_rate(row.insured, row.population),
                self.formats.count(row.insured),
                self.formats.count(row.population),
                self.say_cell(row.unit_code),
            ]
            for row in self.sort_over().head(SHOWN_ROWS).itertuples()
        ]

    def sort_over(self) -> pd.DataFrame:
        """Units above 100 %, most people above first."""
        over = self.facts.over
        return over.loc[(over["population"] - over["insured"]).sort_values(kind="stable").index]

    def sort_drops(self) -> pd.DataFrame:
        """Units that fell suddenly with `fall` (points below 0), the deepest first."""
        drops = self.facts.drops
        fall = change_points(drops["insured"], drops["population"], drops["insured_before"], drops["population_before"])
        return drops.assign(fall=fall).sort_values("fall", kind="stable")

    def drop_rows(self) -> list[list[str]]:
        shown = self.sort_drops().head(SHOWN_ROWS)
        return [
            [
                self.facts.labels[row.unit_code],
                self.say_rate(row.insured_before, row.population_before),
                self.say_rate(row.insured, row.population),
                self.formats.points(shown_points(row.fall)),
                self.say_cell(row.unit_code),
            ]
            for row in shown.itertuples()
        ]

    def missing_rows(self) -> list[list[str]]:
        return [
            [self.facts.labels[row.unit_code], self.words.say(f"quality.why_{row.obs_status}")]
            for row in self.facts.missing.head(SHOWN_ROWS).itertuples()
        ]

    def say_rate(self, insured: int, population: int) -> str:
        rate = shown_pct(insured, population)
        return self.formats.missing if rate is None else self.formats.rate(rate)

    def say_cell(self, unit_code: str) -> str:
        return self.facts.cells.get(unit_code, self.words.say("home.simulated"))

    # what came in

    def rejection_rows(self) -> list[list[str]]:
        return [
            [
                row.file_name,
                f"{row.sheet}!{row.cell}" if row.cell else row.sheet,
                self.facts.labels.get(row.unit_code, row.unit_code) if isinstance(row.unit_code, str) else "",
                row.value if isinstance(row.value, str) else "",
                row.message,
                self.words.say(f"quality.severity_{row.severity}"),
            ]
            for row in self.facts.rejections.head(SHOWN_ROWS).itertuples()
        ]

    def file_rows(self) -> list[list[str]]:
        return [
            [row.name, row.sheet, self.formats.month(row.period), self.formats.count(row.rows), str(row.sha256)[:12]]
            for row in self.facts.files.head(SHOWN_ROWS).itertuples()
        ]

    def trace_rows(self, source: pd.DataFrame) -> list[list[str]]:
        """Every data element of one unit with its cell; one row where the figures are simulated."""
        rows = []
        for row in source.itertuples():
            element = self.words.say(f"quality.element_{row.data_element}")
            if row.payer_group:
                element = f"{element}: {self.words.say(f'payer_group.{row.payer_group}')}"
            if row.kind == "simulation":
                rows.append([element, self.words.say("home.simulated"), ""])
            else:
                rows.append([element, row.address, row.sha256[:12]])
        return rows

    def place_file_rows(self, sources: pd.DataFrame) -> list[list[str]]:
        """The files a place's sum is made of, and the simulation where it has a part."""
        rows = []
        for row in sources.head(SHOWN_ROWS).itertuples():
            is_file = row.kind == "received_file"
            name = f"{row.file_name}!{row.sheet}" if is_file else self.words.say("home.simulated")
            sha256 = row.sha256[:12] if is_file else ""
            if is_file and not row.file_name:  # of another office
                name, sha256 = self.words.say("provenance.other_file"), ""
            rows.append([name, self.formats.count(row.units), self.formats.count(row.insured), sha256])
        return rows

    def version_rows(self, versions: pd.DataFrame) -> list[list[str]]:
        """Every figure ever received for one unit and month, the one in force first."""
        return [
            [
                self.words.say(f"quality.version_{row.state}"),
                self.say_count(row.population),
                self.say_count(row.insured),
                self.words.say("home.simulated") if row.is_simulated else str(row.address),
                self.say_loaded(row.loaded_at, row.loaded_by),
            ]
            for row in versions.head(SHOWN_ROWS).itertuples()
        ]

    def say_count(self, value: object) -> str:
        return self.formats.missing if pd.isna(value) else self.formats.count(int(value))

    def say_loaded(self, moment: object, by: object) -> str:
        if pd.isna(moment):
            return ""
        day = self.formats.day(date.fromisoformat(str(moment)[:10]))
        return self.words.say("quality.loaded_by", day=day, by=by)

    def head(self, name: str) -> list[str]:
        return list(self.words.section(f"quality.{name}_head").values())
