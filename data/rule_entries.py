"""What an operator enters: thresholds and targets in `var/rules`, laid over those of the code (never changing them).

`<programme>.toml` holds `[[threshold]]` and `[[end]]` entries (see `indicators.rules.lay_over`); `targets.csv` has the
columns of data/facts/targets.csv.
"""

import csv
import io
import json
import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from data.errors import UserError
from data.ingest.facts import ENTERED_TARGETS, read_targets, read_text_csv
from indicators.rules import Programme, Threshold
from text.formats import Formats

TARGET_COLUMNS = ("unit_code", "year", "value", "operator", "decision", "in_force", "wording", "confidence", "source")
RULE_COLUMNS = (
    "kind", "level", "unit_types", "scope", "scope_name", "value", "operator", "effective_from", "effective_to",
    "legal_basis", "criterion", "wording", "confidence", "source", "note",
)  # fmt: skip
KEY_COLUMNS = ("kind", "level", "scope", "effective_from")


def enter_threshold(
    rule: Threshold, programme: Programme, text: str, *, end_earlier: bool = False, replace_same: bool = False
) -> str:
    """The new text of the programme's file with one more threshold. `programme` is as it stands now, `text` the file
    as it stands now (empty where there is none).

    Raises UserError where the threshold stands already (unless `replace_same`) or overlaps another one (unless
    `end_earlier`, which ends the earlier one on the day before).
    """
    raw = tomllib.loads(text, parse_float=Decimal)
    entries, ends = list(raw.get("threshold", [])), list(raw.get("end", []))
    last = rule.effective_to or date.max
    for other in programme.thresholds:
        if (other.kind, other.level, other.scope) != (rule.kind, rule.level, rule.scope):
            continue
        values = {
            "basis": other.legal_basis,
            "value": write_percent(other.value),
            "first": f"{other.effective_from:%d/%m/%Y}",
        }
        if other.key == rule.key:
            if not replace_same:
                raise UserError("RULES-SAME", "rules.same_threshold", **values)
            entries = [entry for entry in entries if key_of(entry) != rule.key]
            ends = [end for end in ends if key_of(end) != rule.key]
            continue
        if other.applies_from > last or rule.applies_from > (other.effective_to or date.max):
            continue
        if other.effective_from > rule.effective_from:
            raise UserError("RULES-OVERLAP", "rules.overlaps_later", **values)
        if not end_earlier:
            raise UserError("RULES-OVERLAP", "rules.overlaps", **values)
        if own := [entry for entry in entries if key_of(entry) == other.key]:
            own[0]["effective_to"] = rule.effective_from - timedelta(days=1)
        else:
            ends = [end for end in ends if key_of(end) != other.key]
            ends.append(
                dict(zip(KEY_COLUMNS, other.key, strict=True))
                | {"effective_to": rule.effective_from - timedelta(days=1), "legal_basis": rule.legal_basis}
            )
    fields = {name: getattr(rule, name) for name in RULE_COLUMNS}
    entries.append({name: value for name, value in fields.items() if value not in (None, "")})
    return write_toml({"threshold": entries, "end": ends})


def write_percent(value: Decimal) -> str:
    return Formats("vi").percent_rule(value)


def key_of(entry: Mapping[str, object]) -> tuple[object, ...]:
    return tuple(entry[name] for name in KEY_COLUMNS)


def write_toml(tables: Mapping[str, list[dict[str, object]]]) -> str:
    """Lists of flat tables as TOML. Text, whole and decimal numbers, dates and lists of text only."""
    lines = ["# Entered with `python -m data.rules set`; laid over the rules of the code.\n"]
    for name, entries in tables.items():
        for entry in entries:
            lines.append(f"[[{name}]]")
            lines += [f"{key} = {write_value(value)}" for key, value in entry.items()]
            lines.append("")
    return "\n".join(lines)


def write_value(value: object) -> str:
    """One value of a TOML file. Text is written as JSON text, which TOML reads alike."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(write_value(part) for part in value) + "]"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, int):
        return str(value)
    raise TypeError(f"no way to write {value!r}")


def enter_target(
    row: Mapping[str, str], directory: Path, *, end_earlier: bool = False, replace_same: bool = False
) -> str:
    """The new text of `targets.csv` with one more target. Raises UserError where one of the same decision stands
    already (unless `replace_same`), or another one is in force (unless `end_earlier`)."""
    file = directory / ENTERED_TARGETS
    entered = read_text_csv(file).to_dict("records") if file.is_file() else []
    present = read_targets(directory)
    present = present[(present["unit_code"] == row["unit_code"]) & (present["year"] == row["year"])]
    added = [dict(row)]
    for other in present.to_dict("records"):
        values = {"basis": other["decision"], "value": write_percent(Decimal(other["value"]))}
        if other["decision"] == row["decision"]:
            if not replace_same:
                raise UserError("RULES-SAME", "rules.same_target", **values)
        elif other["in_force"] == "1":
            if not end_earlier:
                raise UserError("RULES-OVERLAP", "rules.target_in_force", **values)
            added.append(other | {"in_force": "0"})
    keys = {(entry["unit_code"], entry["year"], entry["decision"]) for entry in added}
    kept = [entry for entry in entered if (entry["unit_code"], entry["year"], entry["decision"]) not in keys]
    stream = io.StringIO()
    writer = csv.DictWriter(stream, TARGET_COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows([*kept, *added])
    return stream.getvalue()
