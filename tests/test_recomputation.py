"""Every number on the screens equals an independent recomputation from the raw rows (tests/recomputed.py).

On the small store with every run: lists and maps of every unit, and a few places and communes drawn over its months. On
the full store with `./check fault`: every province and 200 communes in 12 months drawn at random (`BAOPHU_SEED` draws
others).
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from kept_stores import KeptStores
from recomputed import (
    NATION,
    PROGRAMME_ENDS,
    Recomputed,
    coverage_goal,
    lines_of,
    months_between,
    pace_status,
    people_missing,
    rank,
    theil_sen,
    write_change,
    write_count,
    write_decimal,
    write_month,
    write_points,
    write_rate,
)
from screen import HOME, PROJECT_ROOT, read_page, strip_markup, table_rows

from data.ingest.build_snapshot import build_snapshot
from data.settings import Settings
from text.formats import Formats
from text.words import Words
from ui import (
    criterion_choices,
    criterion_page,
    home_facts,
    loaders,
    ranking_choices,
    trends,
    trends_page,
    trends_small,
    unit_card,
    whats_new,
)
from ui import ranking_page as ranking
from ui.frame import Frame
from ui.home import HomeWords
from ui.map_frame import build_map_frame
from ui.profile import communes as profile_communes
from ui.profile import facts as profile_facts
from ui.profile.headline import ProfileWords
from ui.view import ANY_PLACE, PLACE_LEVELS, parse_view

SEED = int(os.environ.get("BAOPHU_SEED", "20251120"))
STATUS = {
    "met": "đã đạt", "not_met": "không đạt", "too_few": "chưa đủ dữ liệu", "on_track": "đúng tiến độ",
    "speed_up": "cần tăng tốc", "slow": "chậm", "falling": "đi lùi",
}  # fmt: skip
VI, FORMATS = Words("vi"), Formats("vi")
PROVINCE_PEOPLE, REPORTED_PERCENT = 100_000, 80  # who is ranked


@dataclass(frozen=True)
class Both:
    """The app on a store, and the raw rows of the same store."""

    snapshot_id: str
    raw: Recomputed

    def page(self, choices=(), place_levels=PLACE_LEVELS, **address: str) -> Frame:
        """The frame of a page at an address, as a reader's browser would get it."""
        catalogue = loaders.load_catalogue(self.snapshot_id)
        view, refused = parse_view(address, catalogue, choices, place_levels)
        assert not refused, refused
        return Frame(self.snapshot_id, view, catalogue, VI, FORMATS, choices, place_levels)

    def provinces(self, period: str) -> list[str]:
        return [unit.code for unit in self.raw.units(period).values() if unit.level == "province"]

    def year_before(self, period: str) -> str | None:
        """The same month a year earlier, where it has figures in the same list of units."""
        earlier = f"{int(period[:4]) - 1}{period[4:]}"
        same = earlier in self.raw.periods and self.raw.units(earlier) is self.raw.units(period)
        return earlier if same else None

    def has_all_quarters_in_one_list(self, period: str) -> bool:
        first = (
            f"{int(period[:4]) - 2}-{int(period[5:]) + 3:02d}" if int(period[5:]) <= 9 else f"{int(period[:4]) - 1}-01"
        )
        return self.raw.units(max(first, "2016-01")) is self.raw.units(period)

    def own_target(self, period: str, code: str) -> tuple[Fraction, bool] | None:
        """(percent, is above) of a province's own target of the year, the highest in force; none for merged provinces."""
        if period >= "2025-07" or code == NATION:
            return None
        rows = self.raw.rows("SELECT value::VARCHAR, operator FROM target WHERE unit_code = ? AND year = ? AND in_force",
                             code, int(period[:4]))  # fmt: skip
        return max(((Fraction(value), sign == ">") for value, sign in rows), default=None)


@pytest.fixture
def small(use_store: Callable[[Path], None], small_settings: Settings) -> Both:
    return open_both(use_store, small_settings)


@pytest.fixture
def full(use_store: Callable[[Path], None], kept_stores: KeptStores) -> Both:
    """All months there are, built once for the present code and data. The repo's own store is not borrowed: tests never
    touch it."""
    return open_both(use_store, kept_stores.copy("full", build_snapshot))


def open_both(use_store: Callable[[Path], None], settings: Settings) -> Both:
    use_store(settings.var_directory)
    store = loaders.open_store()
    return Both(store.snapshot_id, Recomputed(store))


# The screens, one place or month at a time ------------------------------------------------------------------------------


def check_home(both: Both, period: str, code: str) -> None:
    """Sums, sentence and headline figures of the overview."""
    page = both.page(period=period, unit=code)
    facts = home_facts.load_facts(page)
    place, rule = both.raw.sums(period)[code], both.raw.threshold(period)
    districts = both.raw.districts(period, None if code == NATION else code)
    now, where = facts.now, (period, code)
    if not place.population:  # nothing came from here
        assert now.insured == now.population == -1 and now.unknown in (place.unknown, -1), where
        said = HomeWords(facts, VI, FORMATS)
        assert not said.figures() and "chưa có số liệu" in said.headline(), where
        return
    sums = ("insured", "population", "uninsured", "counted")
    judged = ("met", "not_met", "unknown", "population_met", "population_counted")
    for name in (*sums, *(judged if rule else ())):
        known = getattr(place, name) if place.population_counted or not name.startswith("population_") else -1
        assert getattr(now, name) == known, (*where, name)
    assert now.units_reported == place.reported, where
    if rule is None:
        assert now.met == now.still_to_enrol == -1, where
    elif place.population_counted:
        assert now.still_to_enrol == place.need, where
    if rule and both.raw.has_districts(period):
        for name, count in districts.items():
            assert getattr(now, f"districts_{name}") == count, (*where, name)

    goal = plan_goal(both, period, code)
    written = write_rate(place.rate, *(lines_of(*goal) if goal else ()))
    said = HomeWords(facts, VI, FORMATS)
    headline, figures = said.headline(), said.figures()
    assert f" bao phủ {written}" in headline, (*where, headline)
    if goal:
        reached = place.rate > goal[0] or (place.rate == goal[0] and not goal[1])
        assert ("vượt mục tiêu" in headline) == reached and ("chưa đạt mục tiêu" in headline) == (not reached), headline
    earlier = both.year_before(period)
    month = f"{int(period[:4]) - 1}{period[4:]}"
    none = f"chưa có số liệu {write_month(month)} để so sánh"
    now, old = (sums[code] for sums in both.raw.shared(period, earlier)) if earlier else (None, None)
    if month not in both.raw.periods or (earlier and not old.population):
        assert figures[0].change == none, where  # from unknown there is no change
    elif earlier:
        assert figures[0].change == f"{write_points(now.rate - old.rate)} so với {write_month(earlier)}", where
        of = sum(unit.level == "commune" for unit in both.raw.communes(period) if code in (NATION, unit.province))
        partial = f"tính trên {write_count(now.reported)}/{write_count(of)} đơn vị cấp xã có số liệu cả hai tháng"
        assert (partial in figures[0].note) == (now.reported < of), (*where, figures[0].note)
    assert figures[0].value == written, where
    assert (rule is not None and place.met + place.not_met > 0) == (len(figures) > 1), where
    if len(figures) == 1:
        return
    if place.not_met:
        gap = f"; còn {write_count(place.not_met)} xã chưa đạt {rule}%, thiếu {write_count(place.need)} người"
        assert headline.endswith(gap), (*where, headline)
    share = write_rate(Fraction(100 * place.met, place.counted))
    assert (figures[1].value, figures[1].unit) == (
        write_count(place.met),
        f"/ {write_count(place.counted)} xã = {share}",
    )
    people = Fraction(100 * place.population_met, place.population_counted)
    assert f"{write_rate(people)} dân số sống ở xã đã đạt" in figures[1].note, where
    assert figures[-1].value == write_count(place.need), where
    assert f"{write_count(place.uninsured)} người chưa tham gia" in figures[-1].note, where
    if len(figures) == 4:
        counted = districts["met"] + districts["not_met"] + districts["unknown"]
        share = write_rate(Fraction(100 * districts["met"], counted))
        assert figures[2].value == write_count(districts["met"]), where
        assert figures[2].unit == f"/ {write_count(counted)} huyện = {share}", where
    # Across a reform too there is nothing to compare with where nobody of the place had reported.
    is_unknown = not earlier and figures[0].change == none and month in both.raw.periods
    is_unknown = is_unknown and not both.raw.sums(month)[code].population
    if month not in both.raw.periods or (earlier and not old.population) or is_unknown:
        assert figures[1].change == figures[-1].change == none, where
    elif both.raw.threshold(month) != rule:
        other = f"không so với {write_month(month)}: khi đó ngưỡng khác"
        assert figures[1].change == figures[-1].change == other, where
    elif not earlier:
        other = f"không so với {write_month(month)}: khi đó ranh giới xã khác"
        assert figures[1].change == figures[-1].change == other, where
    elif old.population_counted:
        assert figures[1].change.startswith(f"{write_change(now.met - old.met)} xã so với"), where
        assert figures[-1].change.startswith(f"{write_change(now.need - old.need)} người so với"), where


def plan_goal(both: Both, period: str, code: str) -> tuple[Fraction, bool] | None:
    """What the overview holds coverage against: the plan's goal for the nation, a province's own target of the year."""
    return coverage_goal(period)[1:] if code == NATION else both.own_target(period, code)


def check_card(both: Both, period: str, code: str) -> None:
    """The detail card of a commune on the map."""
    unit, counts, rule = both.raw.units(period)[code], both.raw.known(period, code), both.raw.threshold(period)
    page = both.page(period=period, selected=code)
    words = strip_markup(unit_card.build_card(page, loaders.threshold_at(both.snapshot_id, period)))
    where = (period, code, words)
    assert unit.name in words, where
    if counts is None:
        assert VI.say("format.missing") in words and "người tham gia" not in words, where
        return
    insured, population = counts
    rate = Fraction(100 * insured, population)
    assert f" {write_rate(rate, *lines_of(rule))} " in words, where
    assert f"{write_count(insured)}/{write_count(population)} người tham gia" in words, where
    if rule is not None:
        distance = f"{write_points(rate - rule)} so với ngưỡng {rule}%: "
        missing = people_missing(insured, population, Fraction(rule), is_above=False)
        said = "đã đạt" if not missing else f"thiếu {write_count(missing)} người để đạt"
        assert distance + said in words, where
    assert ("Trên 100%" in words) == (insured > population), where
    earlier = both.year_before(period)
    old = both.raw.known(earlier, code) if earlier else None
    if old:
        points = write_points(rate - Fraction(100 * old[0], old[1]))
        people = write_change(insured - old[0])
        assert f"{points} và {people} người tham gia so với {write_month(earlier)}" in words, where
    parent = unit.district or unit.province
    siblings = {
        other.code: Fraction(*both.raw.known(period, other.code))
        for other in both.raw.communes(period)
        if (other.district or other.province) == parent
        and not other.stands_alone
        and is_ranked(both, period, other.code)
    }
    if code in siblings:
        assert f"hạng {rank(siblings, code)} trong " in words, where
    else:
        assert "hạng " not in words, where


def is_ranked(both: Both, period: str, code: str) -> bool:
    """A commune has a rank from 500 residents on and up to 100 %."""
    counts = both.raw.known(period, code)
    return counts is not None and counts[1] >= 500 and counts[0] <= counts[1]


def check_map(both: Both, period: str) -> None:
    """The class of every unit of the commune map, and what hover says of it."""
    page = both.page(period=period)
    shown, rule = build_map_frame(page, ""), both.raw.threshold(period)
    line = rule or 90  # without a threshold the map keeps the classes of the last one
    edges = [line - 25, line - 15, line - 5, line, line + 5]
    units = both.raw.map_order(period)
    assert len(shown.classes) == len(units), period
    raw = loaders.rest_figures(both.snapshot_id, page.boundary_set, "commune", page.view.programme, period)
    length = int.from_bytes(raw[:4], "little")
    rates = np.frombuffer(raw, dtype="<u2", count=len(units), offset=4 + length)
    missing = np.frombuffer(raw, dtype="<i4", count=len(units), offset=4 + length + 2 * len(units))
    for at, code in enumerate(units):
        counts, where = both.raw.known(period, code), (period, code)
        if counts is None:
            assert shown.classes[at] in (255, 254) and rates[at] == 65535 and missing[at] == -1, where
            continue
        rate = Fraction(100 * counts[0], counts[1])
        assert shown.classes[at] == sum(rate >= edge for edge in edges) + (rate > 100), where
        assert rates[at] == rate * 100 // 1, where
        need = -1 if rule is None else people_missing(*counts, Fraction(rule), is_above=False)
        assert missing[at] == need, where


def check_ranking(both: Both, period: str) -> None:
    """Values and ranks of every province by level, share and improvement."""
    page = both.page(ranking_choices.CHOICES, period=period)
    read = ranking.read_ranking(page)
    since, rule = read.facts.since, both.raw.threshold(period)
    sums = both.raw.sums(period)
    ranked = {code for code in both.provinces(period) if may_rank(both, period, code)}
    level = {code: sums[code].rate for code in ranked}
    share = {code: Fraction(sums[code].met, sums[code].counted) for code in ranked if sums[code].counted}
    assert (rule is not None) == ("share" in read.facts.measures), period
    gains = {}
    if since and both.raw.units(since) is both.raw.units(period):
        now, old = both.raw.shared(period, since)
        gains = {code: now[code].rate - old[code].rate for code in ranked if may_rank(both, since, code)}
    for at, row in enumerate(read.facts.rows):
        code, where = row.unit_code, (period, row.unit_code)
        place = sums[code]
        if not place.population:
            assert read.said.value("level", at) == VI.say("format.missing"), where
            continue
        assert read.said.value("level", at) == write_rate(place.rate, *lines_of(rule)), where
        assert read.said.rank("level", at) == (rank(level, code) if code in level else "không xếp hạng"), where
        if rule is not None and place.counted:
            is_known = place.unknown < place.counted
            written = write_rate(Fraction(100 * place.met, place.counted) if is_known else None)
            assert read.said.value("share", at) == written, where
            assert read.said.rank("share", at) == (rank(share, code) if code in share else "không xếp hạng"), where
        if code in gains:
            assert read.said.value("improvement", at) == write_points(gains[code]), where
            assert read.said.rank("improvement", at) == rank(gains, code), where


def may_rank(both: Both, period: str, code: str) -> bool:
    place = both.raw.sums(period)[code]
    communes = [unit for unit in both.raw.communes(period) if unit.province == code and not unit.stands_alone]
    enough = 100 * place.reported >= REPORTED_PERCENT * len(communes)
    return place.population >= PROVINCE_PEOPLE and enough and place.insured <= place.population


def check_profile(both: Both, period: str, code: str) -> None:
    """Headline figures of a profile, with its pace where the eight quarters lie in one list of units."""
    page = both.page(place_levels=ANY_PLACE, period=period, unit=code)
    facts = profile_facts.load_facts(page)
    counts, rule, unit = both.raw.figures(period, code), both.raw.threshold(period), both.raw.units(period)[code]
    found = profile_communes.load_communes(page, facts)
    figures = ProfileWords(facts, VI, FORMATS, found and found.standing).figures()
    where = (period, code)
    if counts is None:
        assert not figures, where
        return
    rate = Fraction(100 * counts[0], counts[1])
    is_commune = unit.level == "commune"
    target = None if is_commune else both.own_target(period, code)
    last, value, above = coverage_goal(period)
    goal = target or (value, above)
    is_judged = rule is not None and (
        unit.type == "xa" if is_commune else both.raw.sums(period)[code].population_counted > 0
    )
    line = (Fraction(rule), False) if is_commune and is_judged else goal
    assert figures[0].value == write_rate(rate, *lines_of(*line)), where
    if is_judged and is_commune:
        need = people_missing(*counts, Fraction(rule), is_above=False)
        assert figures[1].value == ("chưa đạt" if need else "đạt"), where
        assert not need or figures[1].change == f"còn thiếu {write_count(need)} người", where
    elif is_judged:
        place = both.raw.sums(period)[code]
        need = place.need
        share = write_rate(Fraction(100 * place.met, place.counted))
        assert figures[1].value == write_count(place.met), where
        assert figures[1].unit == f"/ {write_count(place.counted)} xã = {share}", where
    else:
        need = people_missing(*counts, goal[0], is_above=goal[1])
    assert figures[-2].value == write_count(need), where
    by_goal = f"{period[:4]}-12" if target else last
    deadline = next(end for end in PROGRAMME_ENDS if end >= period) if is_judged else by_goal
    check_pace(both, period, code, need, deadline, figures[-1])


def check_pace(both: Both, period: str, code: str, need: int, deadline: str, figure) -> None:
    is_commune = both.raw.units(period)[code].level != "province" and code != NATION
    if not both.has_all_quarters_in_one_list(period) and (is_commune or period >= "2025-07") and code != NATION:
        return
    slope, left = theil_sen(both.raw.quarters(period, code)), months_between(period, deadline)
    status = pace_status(need, left, slope)
    where = (period, code, need, left, slope)
    said = f"{figure.value} {figure.unit}"
    assert STATUS[status] in said, (*where, said)
    if slope is None:
        return
    enough = status in ("met", "on_track")
    now = write_change(-(-slope // 1) if enough else slope // 1)
    assert f"hiện có {now}" in figure.change, (*where, figure.change)
    if need and left:
        assert f"cần có {write_count(-(-need // left))} người/tháng" in figure.change, (*where, figure.change)
        ratio = slope * left * 100 / need // 1
        assert figure.value == write_decimal(Fraction(ratio, 100), 2), (*where, figure.value)


def check_criterion(both: Both, period: str, percent: str) -> None:
    """What becomes of the communes of every province under a typed threshold."""
    page = both.page(criterion_choices.CHOICES, period=period, value=percent.replace(".", ","))
    read = criterion_page.read_criterion(page)
    before, after = both.raw.threshold(period) or 90, Fraction(percent)
    expected = {}
    for unit in both.raw.communes(period):
        if unit.type != "xa" or unit.stands_alone:
            continue
        counts, found = both.raw.known(period, unit.code), expected.setdefault(unit.province, [0] * 7)
        found[0] += 1
        if counts is None:
            found[1] += 1
            continue
        was, now = 100 * counts[0] >= before * counts[1], 100 * counts[0] >= after * counts[1]
        found[2] += was
        found[3] += now
        found[4] += now and not was
        found[5] += was and not now
        found[6] += counts[1] if was != now else 0
    sums = read.facts.by_group
    columns = (sums.counted, sums.unknown, sums.met_before, sums.met_after, sums.gained, sums.lost, sums.people_changed)
    assert list(read.facts.group_codes) == sorted(expected), period
    for at, code in enumerate(read.facts.group_codes):
        assert [int(column[at]) for column in columns] == expected[code], (period, code)
    total = [sum(rows[at] for rows in expected.values()) for at in range(7)]
    figures = read.said.figures()
    assert figures[0].value == write_count(total[4] + total[5]), period
    assert figures[1].value == write_rate(Fraction(100 * total[3], total[0])), period
    assert figures[1].unit == f"thay vì {write_rate(Fraction(100 * total[2], total[0]))}", period
    assert figures[2].value == write_count(total[6]), period


def check_trends(both: Both, period: str, code: str) -> None:
    """The series of a place month by month, and its pace towards its goal."""
    page = both.page(trends.CHOICES, period=period, unit=code)
    story = trends_page.read_story(page)
    for row in story.series.itertuples():
        if both.raw.units(row.period) is both.raw.units(period) or code == NATION:
            assert (row.insured, row.population) == both.raw.figures(row.period, code), (code, row.period)
    counts = both.raw.figures(period, code)
    if counts is None:
        assert "chưa có số liệu" in trends_page.say_headline(page, story), (period, code)
        return
    target, (last, value, above) = both.own_target(period, code), coverage_goal(period)
    percent, is_above = target or (value, above)
    headline = trends_page.say_headline(page, story)
    assert write_rate(Fraction(100 * counts[0], counts[1]), *lines_of(percent, is_above)) in headline, headline
    if code != NATION and not both.has_all_quarters_in_one_list(period) and period >= "2025-07":
        return
    need = people_missing(*counts, percent, is_above=is_above)
    left = months_between(period, f"{period[:4]}-12" if target else last)
    slope = theil_sen(both.raw.quarters(period, code))
    figures = trends_page.list_figures(page, story)
    status = pace_status(need, left, slope)
    where = (period, code, need, left, slope)
    assert figures[2].value == STATUS[status], where
    if slope is not None:
        enough = status in ("met", "on_track")
        assert figures[0].value == write_change(-(-slope // 1) if enough else slope // 1), where
    if need and left:
        assert figures[1].value == write_count(-(-need // left)), where


def check_small_multiples(both: Both, period: str) -> None:
    page = both.page(trends.CHOICES, period=period)
    units = trends_small.read_units(page, trends.each_quarter(trends.span_months(page)))
    for row in units.itertuples():
        counts = both.raw.figures(period, row.unit_code)
        goal = both.own_target(period, row.unit_code) or coverage_goal(period)[1:]
        rate = None if counts is None else Fraction(100 * counts[0], counts[1])
        assert row.written == write_rate(rate, *lines_of(*goal)), (period, row.unit_code)


def check_news(both: Both, period: str) -> None:
    """How many communes crossed the line, fell back, fell suddenly, newly report, or are close to the line."""
    page = both.page(whats_new.CHOICES, period=period)
    since = whats_new.previous_month(page.catalogue, page.view)
    rule = both.raw.threshold(period)
    if since is None or both.raw.units(since) is not both.raw.units(period):
        return
    found = whats_new.compare_months(both.snapshot_id, period, page.boundary_set, NATION, since, 3)
    counts = dict.fromkeys(whats_new.KINDS, 0)
    for unit in both.raw.communes(period):
        if unit.type != "xa":
            continue
        now, old = both.raw.known(period, unit.code), both.raw.known(since, unit.code)
        if now is None:
            continue
        counts["new"] += old is None
        missing = people_missing(*now, Fraction(rule), is_above=False) if rule else 0
        counts["close"] += 0 < missing < 200
        if old is not None:
            fall = Fraction(100 * old[0], old[1]) - Fraction(100 * now[0], now[1])
            counts["dropped"] += fall > 3
            if rule and both.raw.threshold(since) == rule:
                met, was = 100 * now[0] >= rule * now[1], 100 * old[0] >= rule * old[1]
                counts["rose"] += met and not was
                counts["fell"] += was and not met
    for kind, count in counts.items():
        if kind in found.masks:
            assert found.count(kind) == count, (period, since, kind)


def check_month(both: Both, period: str) -> None:
    check_map(both, period)
    check_ranking(both, period)
    check_small_multiples(both, period)
    check_news(both, period)
    for percent in ("92.5", "78"):
        check_criterion(both, period, percent)


def check_place(both: Both, period: str, code: str) -> None:
    check_home(both, period, code)
    check_profile(both, period, code)
    check_trends(both, period, code)


def draw_communes(both: Both, periods: list[str], count: int) -> list[tuple[str, str]]:
    """(month, code) of communes drawn at random, as many from every month."""
    chance = random.Random(SEED)
    drawn = []
    for period in periods:
        codes = [unit.code for unit in both.raw.communes(period) if not unit.stands_alone]
        drawn += [(period, code) for code in chance.sample(codes, -(-count // len(periods)))]
    return drawn[:count]


# The tests ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("period", ["2020-12", "2026-02"])
def test_lists_and_maps_of_a_month_equal_the_raw_rows(small: Both, period: str):
    check_month(small, period)


def test_the_screens_of_the_nation_and_of_provinces_equal_the_raw_rows(small: Both):
    chance = random.Random(SEED)
    for code in (NATION, *chance.sample(small.provinces("2020-12"), 5)):
        check_place(small, "2020-12", code)
    for period in ("2025-06", "2025-07", "2026-02"):
        check_place(small, period, NATION)
        check_home(small, period, "01")


def test_cards_and_profiles_of_random_communes_equal_the_raw_rows(small: Both):
    for period, code in draw_communes(small, ["2020-12", "2025-06", "2025-07"], 18):
        check_card(small, period, code)
        check_profile(small, period, code)


def test_what_stands_on_the_pages_themselves_is_that(small: Both):
    """A sample through the whole page, markup and all."""
    sums = small.raw.sums("2020-12")["38"]
    home = read_page(HOME, unit="38")
    assert home.figure("Số xã đạt tiêu chí").startswith(write_count(sums.met))
    assert home.figure("Còn thiếu để mọi xã đạt").startswith(write_count(sums.need))
    rows = table_rows(home, VI.say("home.table_title", level=VI.say("level.commune_title").lower()))
    inside = [unit for unit in small.raw.communes("2020-12") if unit.province == "38"]
    assert len(rows) == 50
    for name, rate, people, need, *_ in rows:
        figures = [small.raw.known("2020-12", unit.code) for unit in inside if name.startswith(unit.name)]
        assert any(
            (rate, people, need)
            == (
                write_rate(Fraction(100 * n, p), *lines_of(85)),
                f"{write_count(n)}/{write_count(p)}",
                write_count(people_missing(n, p, Fraction(85), is_above=False)),
            )
            for n, p in filter(None, figures)
        ), name
    profile = read_page(PROJECT_ROOT / "pages" / "profile.py", unit="38")
    assert profile.figure("Còn phải vận động").startswith(write_count(sums.need))
    league = table_rows(read_page(PROJECT_ROOT / "pages" / "ranking.py"), VI.say("ranking.table_label"))
    own = next(row for row in league if row[0] == "Thanh Hóa")
    assert own[1].startswith(write_rate(sums.rate, *lines_of(85)))


@pytest.mark.fault
def test_every_province_and_two_hundred_communes_in_twelve_months_equal_the_raw_rows(full: Both):
    chance = random.Random(SEED)
    periods = sorted(chance.sample(full.raw.periods, 12))
    print("months:", *periods)
    for period in periods:
        check_month(full, period)
        for code in (NATION, *full.provinces(period)):
            check_place(full, period, code)
    for period, code in draw_communes(full, periods, 200):
        check_card(full, period, code)
        check_profile(full, period, code)
