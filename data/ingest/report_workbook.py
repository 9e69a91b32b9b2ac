"""The report of a load as XLSX, for sending back to the office. Everything that came from a file is written as text, so
that nothing in it can run as a formula."""

from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from data.ingest.load import LoadResult
from data.ingest.load_report import FileReport, describe_load
from data.ingest.rules import ERROR
from data.ingest.written import write_month
from data.workbook_layouts import load_layouts
from text.words import Words

FILE_COLUMNS = (
    ("file", 40), ("outcome", 16), ("template", 34), ("period", 12), ("rows", 10), ("rows_held", 12), ("refused", 12),
    ("people", 14), ("message", 80),
)  # fmt: skip
FINDING_COLUMNS = (
    ("file", 40), ("severity", 14), ("sheet", 18), ("cell", 10), ("value", 28), ("unit_code", 12), ("reason", 60),
    ("what_to_do", 60),
)  # fmt: skip


def write_report_workbook(result: LoadResult, path: Path, words: Words) -> None:
    """Two sheets: the files, and every finding with sheet, cell, value, reason and what to do."""
    reports = describe_load(result, words)
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        counted = book.add_format({"num_format": "#,##0", "valign": "top"})
        write_files(book.add_worksheet(words.say("ingest.report.files")), reports, words, head, wrapped, counted)
        write_findings(book.add_worksheet(words.say("ingest.report.findings")), reports, words, head, wrapped)


def write_head(sheet: Worksheet, columns: tuple[tuple[str, int], ...], words: Words, head: Format) -> None:
    for place, (name, width) in enumerate(columns):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, words.say(f"ingest.report.{name}"), head)
    sheet.freeze_panes(1, 0)


def write_files(
    sheet: Worksheet, reports: list[FileReport], words: Words, head: Format, wrapped: Format, counted: Format
) -> None:
    """The layout by its title and the month as it is read: what the programs call them is nothing to an office."""
    write_head(sheet, FILE_COLUMNS, words, head)
    titles = {layout.template: layout.title for layout in load_layouts()}
    for row, report in enumerate(reports, start=1):
        outcome = words.say(f"ingest.outcome.{report.outcome}")
        for place, text in (
            (0, report.file),
            (1, outcome),
            (2, titles.get(report.template, report.template)),
            (3, write_month(report.period) if report.period else ""),
            (8, report.message),
        ):
            sheet.write_string(row, place, text, wrapped)
        for place, count in ((4, report.rows), (5, report.rows_held), (6, report.count(ERROR)), (7, report.people)):
            sheet.write_number(row, place, count, counted)


def write_findings(sheet: Worksheet, reports: list[FileReport], words: Words, head: Format, wrapped: Format) -> None:
    write_head(sheet, FINDING_COLUMNS, words, head)
    row = 0
    for report in reports:
        for found in report.findings:
            row += 1
            severity = words.say(f"ingest.severity.{found.severity}")
            where = (report.file, severity, found.sheet, found.cell, found.value, found.unit_code)
            texts = (*where, found.reason, found.what_to_do)
            for place, text in enumerate(texts):
                sheet.write_string(row, place, text, wrapped)
    sheet.autofilter(0, 0, max(row, 1), len(FINDING_COLUMNS) - 1)
