"""Monthly reports, surveys and a population table from the figures of a store, some of them with the faults that offices
make: for looking at what a load says, and at the data-quality page."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bench.filled_workbooks import FilledRow, fill_template
from bench.workbooks import HEADINGS, Line, ProvinceReport, list_reports, write_workbook
from data.store import Store


def write_reports(folder: Path, store: Store, provinces: tuple[str, ...], months: tuple[str, ...]) -> list[Path]:
    """Per month one workbook of each province; faults stand in the last month of the first provinces. Then a survey of
    the uninsured and a population table of the last month."""
    paths = []
    for report in list_reports(store, list(months)):
        if report.province_code not in provinces:
            continue
        place = provinces.index(report.province_code)
        if report.period == months[-1] and place < len(FAULTS):
            report = FAULTS[place](report)
        paths.append(write_workbook(report, folder / f"bao_cao_{report.period}_{report.province_code}.xlsx"))
        if report.period == months[-1] and place in (0, 1):
            year, month = report.period.split("-")
            title = f"BHXH {report.province} - Tháng {month}/{year}"
            paths.append(
                fill_template(
                    "group_survey", folder / f"ra_soat_{report.province_code}.xlsx", title, list_survey(store, report)
                )
            )
            paths.append(
                fill_template(
                    "population", folder / f"dan_so_{report.province_code}.xlsx", title, list_population(report)
                )
            )
    return paths


def list_survey(store: Store, report: ProvinceReport) -> Iterator[FilledRow]:
    """Eligible and uninsured people per group; every fifth commune has not surveyed its groups."""
    frame = store.query(
        """
        SELECT unit_code, payer_group, eligible, insured FROM group_month
        WHERE period = $period AND eligible IS NOT NULL AND insured IS NOT NULL
        """,
        {"period": report.period},
    )
    surveyed = dict(list(frame.groupby("unit_code")))
    for place, line in enumerate(report.lines):
        if place % 5 == 4 or line.code not in surveyed:
            continue
        row: dict[str | tuple[str, str], object] = {"unit_code": line.code, "unit_name": line.name}
        for group in surveyed[line.code].itertuples():
            if group.payer_group in HEADINGS:
                row["eligible", group.payer_group] = int(group.eligible)
                row["uninsured", group.payer_group] = int(max(0, group.eligible - group.insured))
        yield row


def list_population(report: ProvinceReport) -> Iterator[FilledRow]:
    """The statistics office's residents: 2 % more than the report's own."""
    for line in report.lines:
        if line.population >= 0:
            yield {
                "unit_code": line.code, "unit_name": line.name, "series": "gso",
                "population": line.population * 102 // 100,
            }  # fmt: skip


def change_line(report: ProvinceReport, place: int, **fields: object) -> ProvinceReport:
    lines = list(report.lines)
    lines[place] = replace(lines[place], **fields)
    return replace(report, lines=tuple(lines))


def find_filled(report: ProvinceReport, place: int) -> int:
    """The place of the n-th line with figures in all its cells."""
    filled = [
        number for number, line in enumerate(report.lines) if min(line.population, line.insured, *line.groups) > 0
    ]
    return filled[place % len(filled)]


def add_rate_over_100(report: ProvinceReport) -> ProvinceReport:
    """More insured than residents in one commune, an unknown code in another, a name that would run as a formula."""
    over = report.lines[first := find_filled(report, 0)]
    report = change_line(report, first, population=over.insured * 9 // 10)
    report = change_line(report, find_filled(report, 1), code="99999")
    return change_line(report, find_filled(report, 2), name="=HYPERLINK(1)")


def add_wrong_groups(report: ProvinceReport) -> ProvinceReport:
    """Groups that do not add up, and a commune that is not in the report."""
    place = find_filled(report, 0)
    groups = report.lines[place].groups
    report = change_line(report, place, groups=(groups[0] + 40, *groups[1:]))
    last = find_filled(report, 3)
    return replace(report, lines=report.lines[:last] + report.lines[last + 1 :])


def add_sudden_fall(report: ProvinceReport) -> ProvinceReport:
    """A fall of more than ten points in one month in two communes: cards that lapsed."""
    for number in (0, 1):
        place = find_filled(report, number)
        line = report.lines[place]
        report = change_line(
            report, place, insured=line.insured * 8 // 10, groups=tuple(count * 8 // 10 for count in line.groups)
        )
        line = report.lines[place]
        report = change_line(report, place, insured=sum(line.groups))
    return report


def put_plan_for_figures(report: ProvinceReport) -> ProvinceReport:
    """The plan of 85 % copied into the figures, without groups."""
    lines = tuple(
        Line(line.code, line.name, line.district, line.population, round(line.population * 0.85), ())
        if line.insured >= 0
        else replace(line, groups=())
        for line in report.lines
    )
    return replace(report, groups=(), lines=lines)


FAULTS = (add_rate_over_100, add_wrong_groups, add_sudden_fall, put_plan_for_figures)
