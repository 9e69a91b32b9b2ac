"""The command line of `python -m data.rules`, and what is asked of each value before anything is entered."""

import argparse
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

from data.errors import UserError
from data.snapshot import add_wait
from geo.units import boundary_sets, load_units
from indicators.rules import CONFIDENCES, KINDS, MAX_DECIMALS, NATION, OPERATORS, Programme, Threshold, last_day
from text.formats import Formats
from text.words import Words

COMMUNE_TYPES = ("xa", "phuong", "thi_tran", "dac_khu")


def make_parser(description: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m data.rules", description=description)
    commands = parser.add_subparsers(dest="command", required=True)
    shown = commands.add_parser("list", help="every threshold with its dates and legal basis; entered targets")
    shown.add_argument("--programme")
    commands.add_parser("check", help="months without a threshold; rules that are not published yet")
    add_wait(commands.add_parser("publish", help="publish a snapshot with the rules as they stand"))
    entering = commands.add_parser("set", help="enter a threshold or a target").add_subparsers(
        dest="what", required=True
    )
    threshold = entering.add_parser("threshold", help="what a unit has to reach from a day on")
    threshold.add_argument("--programme", required=True, help="such as 2026-2030")
    threshold.add_argument("--from", dest="first", required=True, metavar="DATE", help="first day in force")
    threshold.add_argument("--to", dest="last", metavar="DATE", help="last day in force; open where it is left out")
    threshold.add_argument("--scope", default=NATION, help="VN, or the code of a province, district or commune group")
    threshold.add_argument("--kind", default="basic", choices=KINDS)
    threshold.add_argument("--level", default="commune", choices=("commune", "district"))
    threshold.add_argument("--types", nargs="+", default=["xa"], choices=COMMUNE_TYPES, help="types of unit it counts")
    threshold.add_argument("--criterion", default="", help="number of the criterion, such as 15.1")
    threshold.add_argument("--units", type=Path, metavar="FILE", help="write every commune that changes as CSV")
    target = entering.add_parser("target", help="what a unit is to reach in a year")
    target.add_argument("--unit", default=NATION, help="VN, or the code of a province, district or commune")
    target.add_argument("--year", required=True)
    target.add_argument("--dated", required=True, metavar="DATE", help="day of the decision")
    for command in (threshold, target):
        command.add_argument("--value", required=True, help="percent, such as 95 or 92.5")
        command.add_argument(
            "--operator", default=">=", choices=OPERATORS, help='">=" for "từ … trở lên", ">" for "trên"'
        )
        command.add_argument("--basis", required=True, help="the decision, such as 51/2025/QĐ-TTg")
        command.add_argument("--source", required=True, help="where its text can be read")
        command.add_argument("--wording", default="", help="the words of the decision")
        command.add_argument("--confidence", default="high", choices=CONFIDENCES)
        command.add_argument("--by", required=True, metavar="NAME", help="who enters it")
        command.add_argument("--end-earlier", action="store_true", help="end the one that is in force until then")
        command.add_argument("--replace", action="store_true", help="correct one that was entered before")
        command.add_argument("--dry-run", action="store_true", help="show what would change, and keep nothing")
        add_wait(command)
    return parser


def read_threshold(chosen: argparse.Namespace, programmes: Mapping[str, Programme], words: Words) -> Threshold:
    """The threshold that was asked for. Raises UserError naming the value that cannot be."""
    programme = programmes.get(chosen.programme)
    if programme is None:
        raise UserError("RULES-VALUE", "rules.no_programme", value=chosen.programme, known=", ".join(programmes))
    first, last = read_day(chosen.first), read_day(chosen.last) if chosen.last else None
    if last is not None and last < first:
        raise UserError("RULES-VALUE", "rules.ends_before", first=chosen.first, last=chosen.last)
    if first > last_day(programme.to_period) or (last and last < date.fromisoformat(f"{programme.from_period}-01")):
        raise UserError("RULES-VALUE", "rules.outside", programme=programme.programme)
    return Threshold(
        value=read_percent(chosen.value),
        operator=chosen.operator,
        level=chosen.level,
        effective_from=first,
        effective_to=last,
        legal_basis=read_text("--basis", chosen.basis),
        source=read_text("--source", chosen.source),
        confidence=chosen.confidence,
        scope=chosen.scope,
        kind=chosen.kind,
        unit_types=tuple(chosen.types),
        criterion=chosen.criterion,
        wording=chosen.wording,
        scope_name=name_scope(chosen.scope, programme),
        note=describe_entry(chosen, words),
    )


def read_target(chosen: argparse.Namespace, words: Words) -> dict[str, str]:
    """The row of `targets.csv` that was asked for. Raises UserError naming the value that cannot be."""
    if not (chosen.year.isdecimal() and 2010 <= int(chosen.year) <= 2100):
        raise UserError("RULES-VALUE", "rules.no_year", value=chosen.year)
    if chosen.unit != NATION and find_unit(chosen.unit) is None:
        raise UserError("RULES-VALUE", "rules.no_unit", value=chosen.unit)
    day = Formats("vi").day(read_day(chosen.dated))
    basis = read_text("--basis", chosen.basis)
    return {
        "unit_code": chosen.unit,
        "year": chosen.year,
        "value": format(read_percent(chosen.value), "f"),
        "operator": chosen.operator,
        "decision": basis if day in basis else f"{basis} ({day})",
        "in_force": "1",
        "wording": chosen.wording,
        "confidence": chosen.confidence,
        "source": f"{read_text('--source', chosen.source)} ({describe_entry(chosen, words)})",
    }


def describe_entry(chosen: argparse.Namespace, words: Words) -> str:
    """Who entered it, and when."""
    return words.say("rules.entered", day=Formats("vi").day(date.today()), by=read_text("--by", chosen.by))


def read_day(text: str) -> date:
    """A day as 2026-02-15 or 15/02/2026."""
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    raise UserError("RULES-VALUE", "rules.no_day", value=text)


def read_percent(text: str) -> Decimal:
    """A percentage above 0 and at most 100, exactly as written; the decimal sign may be a comma."""
    try:
        value = Decimal(text.strip().removesuffix("%").replace(",", "."))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or not 0 < value <= 100 or -int(value.as_tuple().exponent) > MAX_DECIMALS:
        raise UserError("RULES-VALUE", "rules.no_percent", value=text, decimals=MAX_DECIMALS)
    return value


def read_text(name: str, text: str) -> str:
    """Words on one line; a rule without its legal basis and source cannot be entered."""
    if not text.strip() or not text.isprintable():
        raise UserError("RULES-VALUE", "rules.no_text", name=name)
    return text.strip()


def name_scope(scope: str, programme: Programme) -> str:
    """The name of a province or district, or the words of a commune group; empty for the nation."""
    if scope == NATION:
        return ""
    groups = dict(programme.commune_groups)
    name = groups.get(scope) or find_unit(scope, ("province", "district"))
    if name is None:
        raise UserError("RULES-VALUE", "rules.no_scope", value=scope, groups=", ".join(groups) or "–")
    return name


def find_unit(code: str, levels: tuple[str, ...] = ("province", "district", "commune")) -> str | None:
    """The name of a unit in the newest boundary set that has it."""
    for boundary_set in reversed(boundary_sets()):
        units = load_units(boundary_set)
        found = units[(units["unit_code"] == code) & units["level"].isin(levels)]
        if len(found):
            return str(found["name"].iloc[0])
    return None
