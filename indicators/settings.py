"""Every setting by which things are ranked, judged and evaluated, as one list: for the page that explains them.

Read from the same files and constants that the arithmetic reads, so that what is explained cannot differ from what is done.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from indicators import arrival, classes, closest, pace, peers, trend_marker

_DEFINITIONS = Path(__file__).parent / "definitions"
FILES = ("ranking", "evaluation")
# What an entry of a list of tables is called after.
_ENTRIES = {"indicator": "indicator", "round": "round"}


@dataclass(frozen=True)
class Setting:
    """`key` is dotted (`ranking.noise.points`), its word `method.setting.<key with _>`; `value` as the file writes it."""

    key: str
    value: str

    @property
    def group(self) -> str:
        return self.key.partition(".")[0]


def list_settings() -> list[Setting]:
    """Pace, arrival, trend marker, classes, closeness; then every value of `definitions/ranking.toml` and `evaluation.toml`."""
    fixed = {
        "pace.quarters": pace.QUARTERS,
        "pace.min_points": pace.MIN_POINTS,
        "arrival.futures": arrival.FUTURES,
        "arrival.block": arrival.BLOCK,
        "arrival.seed": arrival.SEED,
        "arrival.low": arrival.LOW,
        "arrival.high": arrival.HIGH,
        "arrival.years_late": arrival.YEARS_LATE,
        "trend_marker.test": trend_marker.TEST,
        "trend_marker.level_percent": trend_marker.LEVEL_PERCENT,
        "classes.below": classes.POINTS_BELOW,
        "classes.above": classes.POINTS_ABOVE,
        "closest.at_risk_percent": closest.AT_RISK_PERCENT,
        "closest.near_people": closest.NEAR_PEOPLE,
        "peers.count": peers.PEERS,
    }
    found = [Setting(key, write_value(value)) for key, value in fixed.items()]
    for name in FILES:
        raw = tomllib.loads((_DEFINITIONS / f"{name}.toml").read_text("utf-8"))
        found += [Setting(f"{name}.{key}", value) for key, value in walk(raw)]
    return found


def walk(raw: Mapping[str, Any], start: str = "") -> Iterator[tuple[str, str]]:
    """(dotted key, value) of every leaf; an entry of a list of tables goes by its name."""
    for name, value in raw.items():
        if isinstance(value, Mapping):
            yield from walk(value, f"{start}{name}.")
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            called = _ENTRIES.get(name, next(iter(value[0])))
            for entry in value:
                rest = entry["weight"] if "weight" in entry else [said for key, said in entry.items() if key != called]
                yield f"{start}{name}.{entry[called]}", write_value(rest)
        else:
            yield f"{start}{name}", write_value(value)


def write_value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return "; ".join(str(part) for part in value)
    return str(value)
