"""Every question of data/queries, asked at its largest: the whole nation, the whole series.

A question is found by itself, and its arguments by their names; one whose largest case is another stands in `SPECIAL`.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from functools import cache, partial

import pandas as pd

from data import queries
from data.store import Store
from geo.units import map_order

PERIOD, EARLIER = "2020-12", "2019-12"
MONTHS = tuple(f"{year}-{month:02d}" for year in range(2016, 2021) for month in range(1, 13))
BOUNDARY_SET, PROVINCE, COMMUNE = "2019-10", "38", "14980"

ARGUMENTS: Mapping[str, object] = {
    "period": PERIOD,
    "earlier": EARLIER,
    "from_period": "2016-01",
    "to_period": "2026-10",
    "periods": MONTHS,
    "until": PERIOD,
    "day": "2020-12-31",
    "year": 2020,
    "boundary_set": BOUNDARY_SET,
    "level": "district",
    "programme": "2016-2020",
    "unit_code": COMMUNE,
    "province_code": PROVINCE,
    "scope": None,
    "text_key": "tan",
    "words": ["tan", "ha", "noi"],
    "round_id": "final-2020",
    "closing": 1,
}
# No question of a screen: what several questions are made of, and what is written to files.
LEFT_OUT = {"read_records", "open_rows", "has_table"}
SPECIAL: Mapping[str, Mapping[str, object]] = {
    "units.unit": {"unit_code": PROVINCE},
    "units.children": {"unit_code": PROVINCE},
    "figures.summary_series": {"unit_code": "VN"},
    "sources.value_file": {"level": "commune"},
    "published.emulation_clusters": {"year": 2026},
    "groups.group_members": {"year": 2026},
}


def list_questions() -> dict[str, Callable[..., object]]:
    """`module.function` -> the question."""
    found = {}
    for module in pkgutil.iter_modules(queries.__path__):
        inside = importlib.import_module(f"{queries.__name__}.{module.name}")
        for name, function in inspect.getmembers(inside, inspect.isfunction):
            first = next(iter(inspect.signature(function).parameters), "")
            is_ours = function.__module__ == inside.__name__ and name not in LEFT_OUT
            if is_ours and first == "store" and not name.startswith("_"):
                found[f"{module.name}.{name}"] = function
    return found


def choose_arguments(name: str, question: Callable[..., object]) -> dict[str, object]:
    """The arguments of a question beside the store; those with a default of their own keep it.

    Raises KeyError naming the question and an argument that no table above knows.
    """
    chosen = {}
    for argument, declared in list(inspect.signature(question).parameters.items())[1:]:
        if argument in SPECIAL.get(name, {}):
            chosen[argument] = SPECIAL[name][argument]
        elif declared.default is inspect.Parameter.empty:
            known = {**ARGUMENTS, **make_lists()}
            if argument not in known:
                raise KeyError(f"bench/questions.py has no value for {argument} of {name}")
            chosen[argument] = known[argument]
    return chosen


@cache
def make_lists() -> dict[str, object]:
    """Arguments that are lists of units: the communes of a large province, and what a merged province is made of."""
    communes = map_order(BOUNDARY_SET, "commune")[:700].tolist()  # the largest province has 635
    districts = map_order(BOUNDARY_SET, "district")[:40].tolist()
    shares = {"insured_share": 1.0, "population_share": 1.0}
    return {
        "codes": communes,
        "parts": pd.DataFrame({"unit_code": PROVINCE, "part_code": communes, **shares}),
        "whole": pd.DataFrame({"own_code": districts, "unit_code": PROVINCE}),
    }


def prepare_calls(store: Store) -> dict[str, Callable[[], object]]:
    """Every question as a call without arguments, by name."""
    return {name: partial(one, store, **choose_arguments(name, one)) for name, one in list_questions().items()}
