"""What a load says about each file: the same content on the console, as XLSX for the sender, and as JSON for a page."""

from dataclasses import asdict, dataclass, field

from data.ingest.load import LoadResult, RefusedFile
from data.ingest.received import Received, ReceivedReport, Rejection
from data.ingest.rule_words import describe_finding, describe_problem, describe_rule
from data.ingest.rules import ERROR, HOLD, severity_of
from text.formats import Formats
from text.words import Words

ACCEPTED, HELD_BACK, REFUSED, ALREADY_LOADED = "accepted", "held_back", "refused", "already_loaded"


@dataclass(frozen=True)
class FindingReport:
    """One cell that was refused, held back or marked; `cell` is empty where it is about the file or the sheet."""

    severity: str
    sheet: str
    cell: str
    value: str
    unit_code: str
    rule_id: str
    message: str

    @property
    def reason(self) -> str:
        """The first sentence of the message: what is wrong."""
        first, stop, _ = self.message.partition(". ")
        return first + stop.strip()

    @property
    def what_to_do(self) -> str:
        """The rest of the message."""
        return self.message.partition(". ")[2]


@dataclass
class FileReport:
    """What became of one file. `message` is the sentence of a refusal. Severest findings first."""

    file: str
    outcome: str
    template: str = ""
    period: str = ""
    rows: int = 0
    rows_held: int = 0
    people: int = 0
    message: str = ""
    findings: list[FindingReport] = field(default_factory=list)

    def count(self, severity: str) -> int:
        return sum(found.severity == severity for found in self.findings)


def describe_load(result: LoadResult, words: Words) -> list[FileReport]:
    """Every file of a load, in the order it was given: those that were read, then the refused, then the known ones."""
    files: dict[str, FileReport] = {}
    for part in result.accepted:
        add_part(files.setdefault(str(part.path), FileReport(part.path.name, ACCEPTED)), part, words)
    for report in files.values():
        report.findings.sort(key=lambda found: (ERROR, HOLD).index(found.severity) if found.severity != "mark" else 2)
        if report.count(ERROR) or report.count(HOLD):
            report.outcome = HELD_BACK
    return [
        *files.values(),
        *(describe_refused(refused, words) for refused in result.refused),
        *(FileReport(name, ALREADY_LOADED) for name in result.already_loaded),
    ]


def add_part(report: FileReport, part: Received, words: Words) -> None:
    report.template, report.period = part.template, part.period or ""
    report.rows += part.row_count
    report.rows_held += len(part.held) if isinstance(part, ReceivedReport) else 0
    report.people += part.people
    report.findings += [describe_rejection(found, part.sheet, words) for found in part.rejections]


def describe_rejection(found: Rejection, sheet: str, words: Words) -> FindingReport:
    return FindingReport(
        found.severity,
        sheet if found.cell else "",
        found.cell,
        found.value,
        found.unit_code or "",
        found.rule_id,
        describe_finding(found, words),
    )


def describe_refused(refused: RefusedFile, words: Words) -> FileReport:
    """A refused file, with the cells that made it so where the refusal names them."""
    findings = []
    for address, value, rule_id, hint in refused.problem.values.get("findings", []):
        sheet, _, cell = address.rpartition("!")
        message = describe_rule(rule_id, words)
        if hint:
            message += " " + words.say("ingest.hint", hint=hint)
        findings.append(FindingReport(severity_of(rule_id), sheet, cell, value, "", rule_id, message))
    return FileReport(refused.path.name, REFUSED, message=describe_problem(refused.problem, words), findings=findings)


def load_to_json(result: LoadResult, words: Words) -> dict[str, object]:
    """The report as plain JSON: exit_status, snapshot (None where nothing was published), a sentence per file, the
    files with their findings, and all findings in words."""
    reports = describe_load(result, words)
    return {
        "exit_status": result.exit_status,
        "snapshot": result.pointer.id if result.pointer else None,
        "dry_run": result.dry_run,
        "sentences": [describe_outcome(report, words) for report in reports],
        "files": [asdict(report) for report in reports],
        "findings": [
            {
                "file": report.file,
                "sheet": found.sheet,
                "cell": found.cell,
                "value": found.value,
                "reason": found.reason,
                "what_to_do": found.what_to_do,
                "severity": words.say(f"ingest.severity.{found.severity}"),
            }
            for report in reports
            for found in report.findings
        ],
    }


def describe_outcome(report: FileReport, words: Words) -> str:
    """What became of a file, in one sentence."""
    if report.outcome == ALREADY_LOADED:
        return words.say("ingest.already_loaded", file=report.file)
    if report.outcome == REFUSED:
        return report.message
    numbers = Formats(words.lang)
    return words.say(
        "ingest.file_held" if report.outcome == HELD_BACK else "ingest.file_accepted",
        file=report.file,
        rows=numbers.count(report.rows),
        people=words.say("ingest.people", count=numbers.count(report.people)) if report.people else "",
        period=words.say("ingest.of_month", month=numbers.month(report.period)) if report.period else "",
        held=numbers.count(report.rows_held),
        rejected=numbers.count(report.count(ERROR)),
    )
