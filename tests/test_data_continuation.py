"""A unit's series over reforms: carried forward as the map carries it, carried back without losing or inventing people."""

from fractions import Fraction
from functools import cache

import numpy as np
import pytest

from data import queries
from data.continuation import Parts, find_parts, read_series, split_parts
from data.conversion import convert_commune_values
from data.queries.trends import last_counts
from data.store import Store
from geo.crosswalks import load_crosswalk

SETS = ("2019-10", "2025-01", "2025-07")


@cache
def parts_of(store: Store, own: str, shown: str, level: str) -> Parts:
    """`split_parts`, once for all tests of the file: they only read it."""
    return split_parts(store, own, shown, level)


def series_of(store: Store, shown: str, level: str, periods: list[str] | None = None):
    parts = {own: parts_of(store, own, shown, level) for own in SETS}
    return read_series(store, parts, level, periods).set_index(["period", "unit_code"])


@pytest.mark.parametrize("own", SETS)
@pytest.mark.parametrize("shown", SETS)
def test_every_commune_is_shared_out_as_a_whole_and_once(small_store: Store, own: str, shown: str):
    parts = find_parts(small_store, own, shown, "commune")
    for column in ("insured_share", "population_share"):
        total = parts.groupby("part_code")[column].sum()
        assert np.allclose(total, 1), total[~np.isclose(total, 1)]
    assert set(parts["unit_code"]) <= set(queries.units(small_store, shown, "commune")["unit_code"])


def test_merged_communes_carried_forward_are_those_of_the_map(small_store: Store):
    carried = series_of(small_store, "2025-07", "commune", ["2020-12"]).loc["2020-12"]
    of_map = convert_commune_values(small_store, "2020-12", "2025-07").set_index("unit_code")
    both = of_map[of_map["insured"] >= 0].index.intersection(carried.index)
    whole = [code for code in both if not carried.at[code, "is_estimated"]]
    assert len(whole) > 2000
    assert carried.loc[whole, "insured"].tolist() == of_map.loc[whole, "insured"].tolist()
    # People of a split commune are shared out in whole numbers by the map: a person more or less for each split part.
    apart = (carried.loc[both, "insured"] - of_map.loc[both, "insured"]).abs()
    assert apart.max() <= 6 and carried.loc[apart[apart > 0].index, "is_estimated"].all()


def test_old_communes_after_the_reform_share_the_new_ones_by_people_last_counted(small_store: Store):
    """A plain twin, commune by commune with exact fractions, for the old communes of a few new ones."""
    series = series_of(small_store, "2019-10", "commune", ["2026-02"]).loc["2026-02"]
    walk = load_crosswalk("2019-10", "2025-07")
    last = last_counts(small_store, "2019-10").set_index("unit_code")
    now = queries.commune_values(small_store, "2026-02").set_index("unit_code")
    pairs = list(zip(walk.source, walk.target, walk.numerator, walk.denominator, strict=True))
    by_target: dict[int, list] = {}
    for source, target, top, bottom in pairs:
        by_target.setdefault(target, []).append((walk.from_codes[source], Fraction(int(top), int(bottom))))
    checked = 0
    for old in ("00001", "14818", "00382", "00715", "31273"):
        expected = Fraction(0)
        at = list(walk.from_codes).index(old)
        targets = [target for source, target, *_ in pairs if source == at]
        counts = [int(now.at[walk.to_codes[target], "insured"]) for target in targets]
        if min(counts) < 0:
            assert old not in series.index
            continue
        for target, count in zip(targets, counts, strict=True):
            people = {code: int(last["insured"].get(code, 0)) * share for code, share in by_target[target]}
            expected += count * people[old] / sum(people.values())
        assert series.at[old, "insured"] == int(expected + Fraction(1, 2))
        checked += 1
    assert checked >= 3


def test_provinces_carried_back_keep_every_person_of_the_nation(small_store: Store):
    series = series_of(small_store, "2019-10", "province", ["2025-07", "2026-02"])
    for period in ("2025-07", "2026-02"):
        nation = queries.summary_at(small_store, period, "nation").iloc[0]
        own = series.loc[period]
        assert abs(own["insured"].sum() - nation["insured"]) <= len(own)
        assert abs(own["population"].sum() - nation["population"]) <= len(own)


@pytest.mark.parametrize("level", ["province", "district"])
def test_whole_units_give_the_same_sums_as_their_communes(small_store: Store, level: str):
    for own, shown, period in (("2019-10", "2019-10", "2020-12"), ("2025-01", "2019-10", "2025-06")):
        whole = parts_of(small_store, own, shown, level).whole["unit_code"].unique()
        assert len(whole) > 50
        by_commune = find_parts(small_store, own, shown, level)
        none = parts_of(small_store, own, shown, "commune").whole
        slow = read_series(small_store, {own: Parts(none, by_commune)}, level, [period]).set_index("unit_code")
        fast = read_series(small_store, {own: parts_of(small_store, own, shown, level)}, level, [period])
        fast = fast.set_index("unit_code")
        assert len(fast) > 50
        assert fast["insured"].to_dict() == slow["insured"].to_dict()
        assert fast["population"].to_dict() == slow["population"].to_dict()


def test_a_province_in_its_own_time_is_the_published_sum_and_not_estimated(small_store: Store):
    series = series_of(small_store, "2019-10", "province", ["2020-12"]).loc["2020-12"]
    own = queries.level_values(small_store, "2020-12", "province").set_index("unit_code")
    assert series["insured"].to_dict() == own["insured"].to_dict()
    assert not series["is_estimated"].any()
