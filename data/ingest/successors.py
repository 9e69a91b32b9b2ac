"""Which units of one boundary set a unit of another became, or came from; for suggestions only, without shares."""

from functools import cache
from itertools import pairwise

from geo.crosswalks import CROSSWALKS_DIR
from geo.units import boundary_sets, read_text_table


@cache
def _read_step(earlier: str, later: str) -> dict[str, list[str]]:
    step: dict[str, list[str]] = {}
    table = read_text_table(CROSSWALKS_DIR / f"{earlier}__{later}.csv")
    for from_code, to_code in zip(table["from_code"], table["to_code"], strict=True):
        step.setdefault(from_code, []).append(to_code)
    return step


@cache
def _read_step_back(earlier: str, later: str) -> dict[str, list[str]]:
    back: dict[str, list[str]] = {}
    for from_code, to_codes in _read_step(earlier, later).items():
        for to_code in to_codes:
            back.setdefault(to_code, []).append(from_code)
    return back


def follow_code(code: str, from_set: str, to_set: str) -> list[str]:
    """The codes of `to_set` that hold or held the place of a commune of `from_set`, forwards or backwards in time."""
    known = boundary_sets()
    first, last = known.index(from_set), known.index(to_set)
    steps = list(pairwise(known[min(first, last) : max(first, last) + 1]))
    codes = [code]
    for earlier, later in steps if first < last else reversed(steps):
        step = _read_step(earlier, later) if first < last else _read_step_back(earlier, later)
        codes = list(dict.fromkeys(following for one in codes for following in step.get(one, [])))
    return codes
