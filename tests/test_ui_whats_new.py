"""What changed, on the home page: the counts are those of the figures, and each opens its list."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from screen import HOME, Screen, open_page, table_rows

from data import queries
from data.settings import Settings
from data.store import Store
from text.words import Words

VI = Words("vi")
SINCE = "2019-12"


@pytest.fixture(autouse=True)
def on_the_small_store(use_store: Callable[[Path], None], small_settings: Settings) -> None:
    use_store(small_settings.var_directory)


def read_plainly(store: Store, period: str) -> dict[str, Fraction | None]:
    """Rate of every commune of type xã, from the plain rows."""
    rows = queries.commune_values(store, period)
    rows = rows[rows["type"] == "xa"]
    return {
        row.unit_code: None if row.insured < 0 or row.population <= 0 else Fraction(100 * row.insured, row.population)
        for row in rows.itertuples()
    }


def block(screen: Screen) -> str:
    return next(sentence for sentence in screen.sentences if "kỳ trước" in sentence)


def test_the_counts_are_those_of_a_plain_recomputation(small_store: Store):
    now, before = read_plainly(small_store, "2020-12"), read_plainly(small_store, SINCE)
    both = [code for code in now if now[code] is not None and before[code] is not None]
    rose = sum(now[code] >= 85 > before[code] for code in both)
    fell = sum(before[code] >= 85 > now[code] for code in both)
    new = sum(now[code] is not None and before[code] is None for code in now)
    dropped = sum(before[code] - now[code] > 3 for code in both)
    assert rose > 50
    said = block(open_page(HOME, since=SINCE))
    assert f"+{rose} xã vừa đạt 85%" in said
    assert f"−{fell} xã tụt xuống" in said or fell == 0
    assert f" {new} xã vừa có số liệu" in said and f" {dropped} xã giảm trên 3 điểm %" in said


def test_a_count_opens_the_list_of_its_communes_with_points_and_people(small_store: Store):
    now, before = read_plainly(small_store, "2020-12"), read_plainly(small_store, SINCE)
    rows = table_rows(open_page(HOME, since=SINCE, changed="rose", unit="38"), VI.say("whats_new.list_title_rose"))
    codes = [
        code
        for code, province in zip(*province_of(small_store), strict=True)
        if province == "38" and code in now and now[code] and before[code] and now[code] >= 85 > before[code]
    ]
    assert 0 < len(rows) == min(len(codes), 15)
    assert all("điểm %" in row[3] and row[4][0] in "+−0" for row in rows)


def province_of(store: Store):
    rows = queries.commune_values(store, "2020-12")
    return rows["unit_code"], rows["province_code"]


def test_across_a_change_of_threshold_it_says_that_communes_are_not_compared():
    screen = open_page(HOME, period="2025-06", since="2020-12")
    assert "Ngưỡng đổi giữa hai kỳ" in screen.text and "xã vừa đạt" not in screen.text


def test_across_a_change_of_boundaries_it_compares_converted_and_says_so():
    assert VI.say("whats_new.note_converted") in open_page(HOME, period="2025-07", since="2025-06").text


def test_on_older_boundaries_than_the_earlier_month_can_be_carried_to_nothing_is_compared(small_store: Store):
    assert "vừa đạt" in open_page(HOME, period="2020-12", since="2020-11").text
    assert VI.say("error.address_choice", value="2026-02") in open_page(HOME, period="2020-12", since="2026-02").text


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_without_a_threshold_falls_and_new_reports_remain(lang: str):
    words = Words(lang)
    screen = open_page(HOME, lang=lang, period="2026-02")
    assert words.say("whats_new.note_no_threshold") in screen.text
    assert (
        words.say("whats_new.new_none") in screen.text
        or words.say("whats_new.new", people="").split(",")[0] in screen.text
    )
