"""Command: `python -m data.rules list | set threshold … | set target … | check | publish`."""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pandas as pd

from data import queries
from data.atomic import write_atomically
from data.errors import UserError
from data.ingest.facts import ENTERED_TARGETS, read_targets
from data.ingest.publish import hold_write_lock
from data.ingest.republish import republish
from data.rule_arguments import make_parser, read_target, read_threshold
from data.rule_changes import MonthChange, compare_months, differ, find_gaps, rules_of_store
from data.rule_entries import enter_target, enter_threshold
from data.settings import Settings, get_settings
from data.store import Store, open_undamaged
from indicators.rules import Programme, RuleError, Threshold, load_programmes
from text.formats import Formats
from text.words import Words

EXAMPLES = 3


def load_rules(directory: Path) -> dict[str, Programme]:
    """The programmes with what the operator entered. Raises UserError where a file cannot be read or contradicts
    itself."""
    try:
        return load_programmes(directory)
    except RuleError as problem:
        raise UserError("RULES-UNREADABLE", "rules.unreadable", file=directory, detail=problem) from problem


def run_list(settings: Settings, words: Words, programme: str | None) -> int:
    """Every threshold with its dates and legal basis; those that the operator entered are marked."""
    shipped = load_programmes()
    for code, entry in load_rules(settings.rules_directory).items():
        if programme not in (None, code):
            continue
        print(words.say("rules.programme", programme=code, first=entry.from_period, last=entry.to_period))
        for rule in sorted(entry.thresholds, key=lambda rule: (rule.level, rule.kind, rule.scope, rule.effective_from)):
            mark = " " if rule in shipped[code].thresholds else "*"
            print(f"  {mark} {describe_threshold(rule, words)}")
    own = {tuple(row) for row in read_targets().itertuples(index=False)}
    for row in read_targets(settings.rules_directory).itertuples(index=False):
        if tuple(row) not in own:
            state = words.say("rules.in_force" if row.in_force == "1" else "rules.ended")
            print("  * " + describe_target(row._asdict(), state, words))
    print(words.say("rules.marks"))
    return 0


def describe_threshold(rule: Threshold, words: Words) -> str:
    formats = Formats("vi")
    day = formats.day(rule.effective_to)
    last = words.say("rules.until", day=day) if rule.effective_to else words.say("rules.open_end")
    return words.say(
        "rules.threshold",
        kind=words.say(f"rules.kind.{rule.kind}"),
        level=words.say(f"level.{rule.level}"),
        scope=rule.scope_name or rule.scope,
        rule=formats.rule(rule.value, rule.operator),
        first=formats.day(rule.effective_from),
        last=last,
        basis=rule.legal_basis,
    )


def describe_target(row: Mapping[str, object], state: str, words: Words) -> str:
    """One target; `row` has the columns of data/facts/targets.csv."""
    rule = Formats("vi").rule(Decimal(str(row["value"])), str(row["operator"]))
    return words.say(
        "rules.target", unit=row["unit_code"], year=row["year"], rule=rule, decision=row["decision"], state=state
    )


def run_check(settings: Settings, words: Words) -> int:
    """Months without a threshold, and rules that the snapshot does not have yet; 1 where there are any. Overlaps and
    entries that cannot be read are errors of their own."""
    programmes, status = load_rules(settings.rules_directory), 0
    for code, programme in programmes.items():
        gaps = find_gaps(programme)
        for gap in gaps:
            status = 1
            print(
                words.say(
                    "rules.gap",
                    programme=code,
                    kind=words.say(f"rules.kind.{gap.kind}"),
                    level=words.say(f"level.{gap.level}"),
                    scope=gap.scope,
                    first=gap.first,
                    last=gap.last,
                )
            )
        if not gaps:
            print(words.say("rules.no_gap", programme=code))
    store = open_undamaged(settings)
    stale = is_behind(store, settings)
    store.close()
    if stale:
        status = 1
        print(words.say("rules.not_published"))
    return status


def is_behind(store: Store, settings: Settings) -> bool:
    """Whether the snapshot lacks something that the operator entered."""
    if differ(load_rules(settings.rules_directory), rules_of_store(store)):
        return True
    present = {
        (row.unit_code, row.year, row.decision)
        for row in store.query("SELECT unit_code, year::VARCHAR AS year, decision FROM target").itertuples(index=False)
    }
    entered = read_targets(settings.rules_directory)[["unit_code", "year", "decision"]]
    return not {tuple(row) for row in entered.itertuples(index=False)} <= present


def run_publish(settings: Settings, words: Words, wait_seconds: float) -> int:
    """Bring the snapshot up to the rules that were entered, where an earlier command was stopped before it could."""
    with hold_write_lock(settings, wait_seconds):
        store = open_undamaged(settings)
        behind = is_behind(store, settings)
        store.close()
        if not behind:
            print(words.say("rules.up_to_date"))
            return 0
        pointer = republish(settings)
    print(words.say("rules.published", id=pointer.id))
    return 0


def run_set_threshold(settings: Settings, words: Words, chosen: argparse.Namespace) -> int:
    """Enter a threshold, say what it changes and, unless it is a trial, publish a snapshot with it."""
    with hold_write_lock(settings, chosen.wait):
        store = open_undamaged(settings)
        programmes = load_rules(settings.rules_directory)
        rule = read_threshold(chosen, programmes, words)
        before = programmes[chosen.programme]
        file = settings.rules_directory / f"{chosen.programme}.toml"
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
        new_text = enter_threshold(rule, before, text, end_earlier=chosen.end_earlier, replace_same=chosen.replace)
        after = load_trial(settings.rules_directory, file.name, new_text)[chosen.programme]
        print(describe_threshold(rule, words))
        print_changes(store, before, after, rule, words, chosen.units)
        store.close()
        return finish(settings, words, file, new_text, dry_run=chosen.dry_run)


def load_trial(directory: Path, name: str, text: str) -> dict[str, Programme]:
    """The programmes as they would be with another text of one file; the directory itself stays as it is."""
    with tempfile.TemporaryDirectory() as place:
        trial = Path(place) / "rules"
        if directory.is_dir():
            shutil.copytree(directory, trial)
        trial.mkdir(exist_ok=True)
        (trial / name).write_text(text, encoding="utf-8")
        return load_rules(trial)


def run_set_target(settings: Settings, words: Words, chosen: argparse.Namespace) -> int:
    """Enter a target of a unit and year and, unless it is a trial, publish a snapshot with it."""
    with hold_write_lock(settings, chosen.wait):
        store = open_undamaged(settings)
        row = read_target(chosen, words)
        received = queries.targets(store, row["unit_code"], int(row["year"]))
        refuse_received_target(store, row)
        store.close()
        for other in received[received["in_force"].astype(bool)].to_dict("records"):
            print(describe_target(other, words.say("rules.in_force"), words))
        new_text = enter_target(
            row, settings.rules_directory, end_earlier=chosen.end_earlier, replace_same=chosen.replace
        )
        print(describe_target(row, words.say("rules.in_force"), words))
        file = settings.rules_directory / ENTERED_TARGETS
        return finish(settings, words, file, new_text, dry_run=chosen.dry_run)


def refuse_received_target(store: Store, row: dict[str, str]) -> None:
    """A target of a received list is changed by a corrected list, so that it keeps its way back to a cell."""
    columns = store.query("SELECT column_name FROM duckdb_columns() WHERE table_name = 'target'")["column_name"]
    if "source_id" not in set(columns):
        return  # a snapshot of an older schema, which knows targets of data/facts only
    # Targets of data/facts have a column `source` too, so the join is written out.
    found = store.query(
        """
        SELECT f.name FROM target AS t JOIN source AS f ON f.source_id = t.source_id
        WHERE t.unit_code = $unit_code AND t.year = $year
        """,
        {"unit_code": row["unit_code"], "year": int(row["year"])},
    )
    if len(found):
        raise UserError("RULES-RECEIVED", "rules.received_target", file=found["name"].iloc[0])


def finish(settings: Settings, words: Words, file: Path, text: str, *, dry_run: bool) -> int:
    """Keep the entry and publish; where publishing fails, the entry is taken back."""
    if dry_run:
        print(words.say("rules.dry_run"))
        return 0
    before = file.read_text(encoding="utf-8") if file.is_file() else None
    file.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(file, text)
    try:
        pointer = republish(settings)
    except BaseException:
        with suppress(OSError):
            take_back(file, before)
        raise
    print(words.say("rules.published", id=pointer.id))
    return 0


def take_back(file: Path, before: str | None) -> None:
    if before is None:
        file.unlink()
    else:
        write_atomically(file, before)


def print_changes(
    store: Store, before: Programme, after: Programme, rule: Threshold, words: Words, units_file: Path | None
) -> None:
    """A line per month that is judged otherwise, with the communes that newly meet and no longer meet."""
    is_place = rule.scope == "VN" or rule.scope.isdigit()
    if rule.level != "commune" or not is_place:
        print(words.say("rules.not_counted"))
        return
    months: list[MonthChange] = list(compare_months(store, before, after, rule))
    if not months:
        print(words.say("rules.no_month"))
    count, formats = Formats("vi").count, Formats("vi")
    unknown = words.say("rules.unknown")
    for month in months:
        print(
            words.say(
                "rules.month",
                period=formats.month_short(month.period),
                before=unknown if month.met_before is None else count(month.met_before),
                after=unknown if month.met_after is None else count(month.met_after),
                newly=count(len(month.newly_met)),
                newly_names=name_units(month.newly_met),
                lost=count(len(month.no_longer_met)),
                lost_names=name_units(month.no_longer_met),
            )
        )
    if units_file is not None:
        write_units(months, units_file)
        print(words.say("rules.units_written", file=units_file))


def name_units(units: pd.DataFrame) -> str:
    """The first few, in brackets; nothing where there are none."""
    if units.empty:
        return ""
    names = [f"{name} ({code})" for name, code in zip(units["name"][:EXAMPLES], units["unit_code"], strict=False)]
    return ": " + ", ".join(names) + (", …" if len(units) > EXAMPLES else "")


def write_units(months: list[MonthChange], file: Path) -> None:
    """Every commune whose standing changes, as CSV that Excel reads."""
    header = True
    for month in months:
        frame = month.units.assign(period=month.period)
        # The mark at the beginning tells Excel that the file is UTF-8.
        encoding = "utf-8-sig" if header else "utf-8"
        frame.to_csv(file, index=False, mode="w" if header else "a", header=header, encoding=encoding)
        header = False


def main(arguments: list[str] | None = None) -> int:
    """Run a command; returns the exit status (0 done, 1 something a person can put right, 2 a wrong command line)."""
    chosen = make_parser(__doc__ or "").parse_args(arguments)
    settings, words = get_settings(), Words("vi")
    commands: dict[str, Callable[[], int]] = {
        "list": lambda: run_list(settings, words, chosen.programme),
        "check": lambda: run_check(settings, words),
        "publish": lambda: run_publish(settings, words, chosen.wait),
        "threshold": lambda: run_set_threshold(settings, words, chosen),
        "target": lambda: run_set_target(settings, words, chosen),
    }
    try:
        return commands[chosen.command if chosen.command != "set" else chosen.what]()
    except UserError as problem:
        print(words.say(problem.words_key, **problem.values), file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
