from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import crosswalks, units

STEPS = [("2019-10", "2025-01"), ("2025-01", "2025-07")]
KINDS = {"same", "renamed", "merged", "split", "moved"}


def shipped(from_set, to_set):
    return units.read_text_table(crosswalks.CROSSWALKS_DIR / f"{from_set}__{to_set}.csv")


@st.composite
def any_crosswalk_and_counts(draw, unknown=False):
    """A crosswalk with random exact shares, and two months of counts."""
    n_from, n_to = draw(st.integers(1, 7)), draw(st.integers(1, 6))
    from_codes = pd.Index([f"{i:05d}" for i in range(n_from)])
    to_codes = pd.Index([f"{i:05d}" for i in range(n_to)])
    shares = {}
    for code in from_codes:
        targets = draw(st.lists(st.sampled_from(list(to_codes)), min_size=1, max_size=n_to, unique=True))
        parts = [draw(st.integers(1, 10_000)) for _ in targets]
        shares[code] = {to: (Fraction(part, sum(parts)), False) for to, part in zip(targets, parts, strict=True)}
    people = st.integers(-1 if unknown else 0, 10_000_000)
    rows = st.lists(people, min_size=2, max_size=2)
    counts = np.array(draw(st.lists(rows, min_size=n_from, max_size=n_from)), dtype=np.int64)
    return crosswalks.build_crosswalk(shares, from_codes, to_codes), shares, counts


def convert_plainly(counts, shares, crosswalk):
    """The slow twin: one person's unit at a time, with fractions."""
    result = dict.fromkeys(crosswalk.to_codes, 0)
    reached, unknown = set(), set()
    for code, count in zip(crosswalk.from_codes, counts.tolist(), strict=True):
        parts = sorted(shares[code])
        reached |= set(parts)
        if count == -1:
            unknown |= set(parts)
            continue
        exact = {to: count * shares[code][to][0] for to in parts}
        given_out = {to: int(exact[to]) for to in parts}
        by_remainder = sorted(parts, key=lambda to: (given_out[to] - exact[to], to))
        for to in by_remainder[: count - sum(given_out.values())]:
            given_out[to] += 1
        for to in parts:
            result[to] += given_out[to]
    return [result[to] if to in reached and to not in unknown else -1 for to in crosswalk.to_codes]


@given(any_crosswalk_and_counts())
def test_nobody_is_lost_and_nobody_counted_twice(case):
    crosswalk, _, counts = case
    converted = crosswalks.convert_counts(counts, crosswalk)
    assert (np.where(converted == -1, 0, converted).sum(axis=0) == counts.sum(axis=0)).all()


@given(any_crosswalk_and_counts(unknown=True))
def test_conversion_agrees_with_the_slow_twin_unknown_parts_included(case):
    crosswalk, shares, counts = case
    converted = crosswalks.convert_counts(counts, crosswalk)
    for month in range(counts.shape[1]):
        assert converted[:, month].tolist() == convert_plainly(counts[:, month], shares, crosswalk)


@pytest.mark.parametrize(("from_set", "to_set"), [*STEPS, ("2019-10", "2025-07")])
@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), top=st.sampled_from([3, 1_000, 50_000, 2_000_000]))
def test_the_shipped_crosswalks_lose_nobody(from_set, to_set, seed, top):
    crosswalk = crosswalks.load_crosswalk(from_set, to_set)
    counts = np.random.default_rng(seed).integers(0, top, size=(len(crosswalk.from_codes), 3))
    converted = crosswalks.convert_counts(counts, crosswalk)
    assert converted.shape == (len(units.map_order(to_set, "commune")), 3)
    assert (converted >= 0).all()
    assert (converted.sum(axis=0) == counts.sum(axis=0)).all()


def test_an_unknown_part_makes_the_new_unit_unknown_and_no_other():
    crosswalk = crosswalks.load_crosswalk("2019-10", "2025-07")
    counts = np.full(len(crosswalk.from_codes), 1_000, dtype=np.int64)
    counts[crosswalk.from_codes.get_loc("00001")] = -1
    converted = crosswalks.convert_counts(counts, crosswalk)
    assert crosswalk.to_codes[converted == -1].tolist() == ["00097"]


def test_a_unit_that_nothing_leads_to_is_unknown_and_not_empty():
    codes = pd.Index(["00001", "00002"])
    crosswalk = crosswalks.build_crosswalk({"00001": {"00001": (Fraction(1), False)}}, codes[:1], codes)
    assert crosswalks.convert_counts(np.array([7]), crosswalk).tolist() == [7, -1]


def test_one_column_and_many_columns_give_the_same():
    crosswalk = crosswalks.load_crosswalk("2025-01", "2025-07")
    counts = np.arange(len(crosswalk.from_codes), dtype=np.int64)
    together = crosswalks.convert_counts(np.stack([counts, counts[::-1]], axis=1), crosswalk)
    assert (together[:, 0] == crosswalks.convert_counts(counts, crosswalk)).all()
    assert (together[:, 1] == crosswalks.convert_counts(counts[::-1].copy(), crosswalk)).all()


def test_two_steps_are_composed_exactly():
    direct = crosswalks.load_crosswalk("2019-10", "2025-07")
    assert np.bincount(direct.source).min() >= 1
    shares = [Fraction(int(n), int(d)) for n, d in zip(direct.numerator, direct.denominator, strict=True)]
    totals = {}
    for source, share in zip(direct.source.tolist(), shares, strict=True):
        totals[source] = totals.get(source, 0) + share
    assert set(totals.values()) == {Fraction(1)}
    # Ngô Thì Nhậm (00253) was split in 2020, and its parts' successors again in 2025.
    before = direct.from_codes.get_loc("00253")
    parts = {
        direct.to_codes[t]: s for s0, t, s in zip(direct.source, direct.target, shares, strict=True) if s0 == before
    }
    first, second = shipped(*STEPS[0]), shipped(*STEPS[1])
    expected = {}
    for row in first[first["from_code"] == "00253"].itertuples():
        for further in second[second["from_code"] == row.to_code].itertuples():
            share = Fraction(row.weight) * Fraction(further.weight)
            expected[further.to_code] = expected.get(further.to_code, 0) + share
    assert parts == expected


def test_shares_that_do_not_sum_to_one_are_refused():
    codes = pd.Index(["00001"])
    with pytest.raises(ValueError, match="do not sum to 1"):
        crosswalks.build_crosswalk({"00001": {"00001": (Fraction(9, 10), False)}}, codes, codes)


def test_going_back_in_time_and_wrong_input_are_refused():
    with pytest.raises(ValueError, match="cannot be taken back"):
        crosswalks.load_crosswalk("2025-07", "2025-01")
    with pytest.raises(KeyError):
        crosswalks.load_crosswalk("2019-10", "2030-01")
    identity = crosswalks.load_crosswalk("2025-07", "2025-07")
    with pytest.raises(ValueError, match="int64"):
        crosswalks.convert_counts(np.zeros(3_321), identity)
    with pytest.raises(ValueError, match="below -1"):
        crosswalks.convert_counts(np.full(3_321, -2), identity)
    assert crosswalks.convert_counts(np.arange(3_321), identity).tolist() == list(range(3_321))


@pytest.mark.parametrize(("from_set", "to_set"), STEPS)
def test_every_unit_has_a_successor_and_every_new_unit_a_predecessor(from_set, to_set):
    table = shipped(from_set, to_set)
    assert set(table["from_code"]) == set(units.map_order(from_set, "commune"))
    assert set(table["to_code"]) == set(units.map_order(to_set, "commune"))
    assert not table.duplicated(["from_code", "to_code"]).any()


@pytest.mark.parametrize(("from_set", "to_set"), STEPS)
def test_weights_are_decimals_that_sum_to_exactly_one(from_set, to_set):
    table = shipped(from_set, to_set)
    totals = table["weight"].map(Decimal).groupby(table["from_code"]).sum()
    assert (totals == 1).all()
    assert (table["weight"].map(Decimal) > 0).all()


@pytest.mark.parametrize(("from_set", "to_set"), STEPS)
def test_every_row_has_a_kind_a_source_and_says_whether_it_is_estimated(from_set, to_set):
    table = shipped(from_set, to_set)
    assert set(table["kind"]) <= KINDS
    assert set(table["estimated"]) <= {"0", "1"}
    assert (table["source"] != "").all()
    parts = table.groupby("from_code")["to_code"].transform("size")
    assert ((parts > 1) == (table["kind"] == "split")).all()
    assert (table.loc[table["weight"] == "1", "estimated"] == "0").all()


def test_the_corrections_of_the_official_change_table_hold():
    known = {
        "01408": "01399",
        "01426": "01429",
        "03007": "03004",
        "13960": "13951",
        "23758": "23746",
        "04966": "04960",
        "11080": "11083",
        "19609": "19603",
        "27106": "27118",
        "28069": "28072",
        "21541": "536",
        "21544": "536",
        "21547": "536",
        "10774": "10750",
        "20239": "20236",
        "28825": "28828",
    }
    table = shipped("2019-10", "2025-01").set_index("from_code")["to_code"]
    assert {code: table[code] for code in known} == known


def test_shares_with_official_figures_follow_the_people_moved():
    table = shipped("2019-10", "2025-01")
    rows = table[table["from_code"] == "00253"].set_index("to_code")
    assert float(rows.loc["00247", "weight"]) == pytest.approx(5_526 / (5_526 + 642), abs=1e-3)
    assert set(rows["estimated"]) == {"0"}


def test_split_units_of_2025_have_estimated_shares():
    table = shipped("2025-01", "2025-07")
    split = table[table["kind"] == "split"]
    assert split["from_code"].nunique() > 400
    assert set(split["estimated"]) == {"1"}


def test_namesakes_in_one_new_province_are_not_taken_for_split_units():
    """Two communes named Tân Thạnh came to Cần Thơ, 75 km apart: each went to one new unit."""
    table = shipped("2025-01", "2025-07").set_index("from_code")["to_code"]
    assert table["31268"] == "31288"
    assert table["31666"] == "31666"


def test_the_archipelagos_stay_themselves():
    first, second = (shipped(*step).set_index("from_code")["to_code"] for step in STEPS)
    assert first["498"] == "498" and second["498"] == "20333"
    assert {code: second[code] for code in ("22736", "22737", "22739")} == dict.fromkeys(
        ("22736", "22737", "22739"), "22736"
    )


def test_the_main_successor_is_the_unit_that_took_most_of_a_commune():
    heirs = crosswalks.main_successors("2019-10", "2025-01")
    assert set(heirs) == set(units.map_order("2019-10", "commune"))
    assert heirs["00253"] == "00247", "5,526 of its people moved there, 642 to 00241"
    assert heirs["00001"] == "00001"
