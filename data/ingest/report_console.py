"""The report of a load on the console, in Vietnamese."""

from collections.abc import Iterator

from data.ingest.load import LoadResult, MonthReceived
from data.ingest.load_report import ACCEPTED, HELD_BACK, REFUSED, FileReport, describe_load, describe_outcome
from data.ingest.rules import ERROR, HOLD, MARK
from text.formats import Formats
from text.names import upper_first
from text.words import Words

MOST_MONTHS_NAMED = 3
MOST_FINDINGS = 40  # of one file and severity; the XLSX report has them all


def write_report(result: LoadResult, words: Words) -> Iterator[str]:
    """Line by line: every file with its findings, the counts, what was published."""
    numbers = Formats(words.lang)
    reports = describe_load(result, words)
    for report in reports:
        yield from write_file(report, words, numbers)
    counts = {
        outcome: sum(report.outcome == outcome for report in reports) for outcome in (ACCEPTED, HELD_BACK, REFUSED)
    }
    yield words.say("ingest.totals", **{outcome: numbers.count(count) for outcome, count in counts.items()})
    if not result.dry_run:
        yield from write_months(result.months, words, numbers)
    yield from write_standing(result.months, words, numbers)
    if result.dry_run:
        yield words.say("ingest.dry_run")
    elif result.pointer is None:
        yield words.say("ingest.nothing_published")
    else:
        yield words.say("ingest.published", id=result.pointer.id)


def write_file(report: FileReport, words: Words, numbers: Formats) -> Iterator[str]:
    """One file: its sentence, and its findings by severity."""
    yield describe_outcome(report, words)
    for severity in (ERROR, HOLD, MARK):
        found = [one for one in report.findings if one.severity == severity]
        for one in found[:MOST_FINDINGS]:
            address = "!".join(part for part in (report.file, one.sheet, one.cell) if part)
            said = words.say(f"ingest.severity.{severity}")
            yield words.say("ingest.finding", severity=said, address=address, value=one.value, message=one.message)
        if len(found) > MOST_FINDINGS:
            yield words.say("ingest.more_findings", count=numbers.count(len(found) - MOST_FINDINGS))


def write_standing(months: list[MonthReceived], words: Words, numbers: Formats) -> Iterator[str]:
    """What a load changes that others already stand on: figures that are public, evaluations that were closed."""
    for month in months:
        said = {"month": upper_first(numbers.month(month.period)), "period": month.period}
        if month.is_released:
            yield words.say("ingest.month_released", **said)
        if month.closed_rounds:
            yield words.say("ingest.month_closed", **said, count=numbers.count(month.closed_rounds))


def write_months(months: list[MonthReceived], words: Words, numbers: Formats) -> Iterator[str]:
    """Which provinces have reported in each month of the load, and which are missing."""
    for month in months:
        names = ", ".join(month.missing)
        yield words.say(
            "ingest.months_missing" if names and len(months) <= MOST_MONTHS_NAMED else "ingest.months",
            month=upper_first(numbers.month(month.period)),
            sent=numbers.count(month.expected - len(month.missing)),
            expected=numbers.count(month.expected),
            names=names,
        )
