"""The rules of rules.toml: what is looked at in a received file, how severe it is, and the limits."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

RULES_FILE = Path(__file__).parent / "rules.toml"
ERROR, HOLD, MARK = "error", "hold", "mark"
SEVERITIES = (ERROR, HOLD, MARK)


@dataclass(frozen=True)
class Rule:
    """`scope` is what an error refuses: the row, or the file. `limits` are numbers by name."""

    rule_id: str
    severity: str
    scope: str
    limits: MappingProxyType[str, float]


@cache
def load_rules() -> MappingProxyType[str, Rule]:
    """Every rule by its id. Raises ValueError for a severity or a scope that does not exist."""
    raw = tomllib.loads(RULES_FILE.read_text(encoding="utf-8"))["rule"]
    rules = {}
    for rule_id, fields in raw.items():
        limits = {name: value for name, value in fields.items() if name not in ("severity", "scope")}
        rule = Rule(rule_id, fields["severity"], fields.get("scope", "row"), MappingProxyType(limits))
        if rule.severity not in SEVERITIES or rule.scope not in ("row", "file"):
            raise ValueError(f"rules.toml: {rule_id} has no such severity or scope")
        rules[rule_id] = rule
    return MappingProxyType(rules)


def severity_of(rule_id: str) -> str:
    return load_rules()[rule_id].severity


def limit_of(rule_id: str, name: str) -> float:
    return load_rules()[rule_id].limits[name]
