"""The ranking page: ranks equal a count of the better ones over the raw rows; ties, reasons, moves and mixing are said."""

import re
from collections import defaultdict
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from screen import Screen, open_page, strip_markup

from data.settings import PROJECT_ROOT, Settings
from data.store import Store
from geo.units import load_units
from indicators import ranking
from text.formats import Formats
from text.words import Words
from ui import loaders
from ui.loaders import ranking as ranking_loaders
from ui.loaders import targets
from ui.loaders.groups import Scope
from ui.ranking import build_facts, shorten
from ui.ranking_words import RankingWords

PAGE = PROJECT_ROOT / "pages" / "ranking.py"
VI = Words("vi")


@pytest.fixture(autouse=True)
def on_the_small_store(use_store: Callable[[Path], None], small_settings: Settings) -> None:
    use_store(small_settings.var_directory)


def province_rates(store: Store, period: str, only: set[str] | None = None) -> dict[str, Fraction]:
    """Coverage of each province, commune by commune over the raw rows (of those in `only`), without the project's sums."""
    own = {row["unit_code"]: row["province_code"] for row in load_units("2019-10").to_dict("records")}
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    rows = store.query("SELECT unit_code, insured, population FROM commune_month WHERE period = ?", [period])
    for code, insured, population in rows.itertuples(index=False):
        if pd.notna(insured) and pd.notna(population) and population > 0 and (only is None or code in only):
            sums[own[code]][0] += int(insured)
            sums[own[code]][1] += int(population)
    return {code: Fraction(n, p) for code, (n, p) in sums.items()}


def known_communes(store: Store, period: str) -> set[str]:
    asked = "SELECT unit_code FROM commune_month WHERE period = ? AND insured >= 0 AND population > 0"
    return set(store.query(asked, [period])["unit_code"])


def test_ranks_by_level_and_improvement_equal_a_recomputation_over_the_raw_rows(small_store: Store):
    loaders.open_store()
    facts = ranking_loaders.load_facts(small_store.snapshot_id, "2020-12", "2019-10", "2019-12", "nation")
    now = province_rates(small_store, "2020-12")
    level, improvement = facts.measures["level"].ranks, facts.measures["improvement"].ranks
    ranked = {row.unit_code for row in facts.rows if row.reason == ranking.RANKED}
    assert len(ranked) > 55
    for at, row in enumerate(facts.rows):
        if row.unit_code in ranked:
            better = sum(now[other] > now[row.unit_code] for other in ranked)
            assert level.place[at] == better + 1
    placed = [row.unit_code for at, row in enumerate(facts.rows) if improvement.place[at] > 0]
    # A gain is that of the communes known in both months.
    shared = known_communes(small_store, "2020-12") & known_communes(small_store, "2019-12")
    after, before = (province_rates(small_store, month, shared) for month in ("2020-12", "2019-12"))
    gains = {code: after[code] - before[code] for code in placed}
    for at, row in enumerate(facts.rows):
        if row.unit_code in gains:
            assert improvement.place[at] == 1 + sum(gain > gains[row.unit_code] for gain in gains.values())


def list_cells(screen: Screen, measure: str) -> list[str]:
    """The rows of one of the three lists, as text."""
    lists = next(block for block in screen.markup if 'class="bp-ranks"' in block)
    section = lists.split("<section>")[1 + ("level", "share", "improvement").index(measure)]
    return [strip_markup(row) for row in section.split("<tbody>")[1].split("</tr>") if strip_markup(row)]


def test_the_page_shows_three_lists_with_both_ends_and_says_what_ranks_do_not_mean():
    screen = open_page(PAGE)
    assert VI.say("ranking.meaning") in screen.text
    rows = list_cells(screen, "level")
    assert rows[0].startswith("1/63 ") and rows[-1].startswith("63/63 ") and len(rows) == 16
    assert list_cells(screen, "share")[0].startswith("1=/63 "), "provinces whose every commune meets share a place"
    assert VI.say("ranking.ties") in screen.text
    whole = open_page(PAGE, rows="all")
    assert len(list_cells(whole, "level")) == 63


def test_the_pinned_province_stands_in_the_sentence_the_figures_and_every_list():
    screen = open_page(PAGE, pin="38")
    assert screen.headline().startswith("Thanh Hóa hạng ")
    place = screen.headline().split("hạng ")[1].split(" ")[0]
    assert screen.figure(VI.say("ranking.measure_level")).startswith(place)
    for measure in ("level", "share", "improvement"):
        assert any(" Thanh Hóa " in row for row in list_cells(screen, measure))
    assert "xã" in screen.text and "tỉnh Thanh Hóa" in screen.text


def test_a_scope_of_the_address_narrows_lists_and_caption():
    screen = open_page(PAGE, scope="region.r7_tn")
    assert len(list_cells(screen, "level")) == 5
    assert "Bộ lọc: Vùng Tây Nguyên" in screen.text
    refused = open_page(PAGE, scope="region.moon")
    assert VI.say("error.address_choice", value="region.moon") in refused.text


def test_earlier_years_are_restated_on_the_34_provinces():
    screen = open_page(PAGE, boundaries="2025-07", pin="02")
    assert list_cells(screen, "level")[-1].startswith("34/34 ")
    assert screen.headline().startswith("Tuyên Quang hạng "), "Hà Giang was merged into it"


def test_targets_have_ticks_and_provinces_without_one_say_so():
    screen = open_page(PAGE)
    bullets = next(block for block in screen.markup if 'class="bp-bullets"' in block)
    assert bullets.count("<line") >= 2 and VI.say("ranking.no_target_short") in screen.text
    none = open_page(PAGE, period="2026-02", programme="2026-2030")
    assert VI.say("ranking.targets_title_none", year="2026") in none.text


def test_published_figures_stand_beside_computed_ones():
    screen = open_page(PAGE)
    assert VI.say("ranking.column_published") in screen.text and "91,50% tính được " in screen.text


def test_communes_below_the_line_are_those_of_the_profile_where_wards_are_dots_too():
    """Hồ Chí Minh City: 264 wards and towns among 322 dots, some of them below."""
    for unit in ("79", "01"):
        inside = open_page(PAGE, unit=unit, period="2020-12").text
        profile = open_page(PROJECT_ROOT / "pages" / "profile.py", unit=unit, period="2020-12").text
        below, counted = re.search(r"([\d.]+) trong ([\d.]+) xã dưới 85%", inside).groups()
        assert f"{below} xã dưới ngưỡng" in profile and f"/ {counted} xã" in profile
        assert "chấm là phường, thị trấn" in inside and "chấm là phường, thị trấn" in profile


def test_a_click_on_a_dot_marks_the_unit_and_says_its_figures():
    screen = open_page(PAGE, unit="38", selected="14818", plot="funnel")
    assert "người; " in next(s for s in screen.sentences if "Bỏ chọn" in s)
    assert sum('data-act="selected"' in block and "<svg" in block for block in screen.markup) == 1
    districts = open_page(PAGE, unit="38", inside="district")
    assert "huyện có tỷ lệ dưới 85%" in districts.text
    league = next(block for block in districts.markup if "Huyện Mường Lát" in block and "<table" in block)
    assert league.count("/27<") >= 27, "the districts are ranked among themselves"


def frame(**columns: list) -> pd.DataFrame:
    count = len(columns["insured"])
    base = {
        "unit_code": [f"{at:02d}" for at in range(1, count + 1)],
        "population": [1_000_000] * count,
        "units": [10] * count,
        "units_reported": [10] * count,
        "units_simulated": [0] * count,
        "counted": [8] * count,
        "met": [4] * count,
        "unknown": [0] * count,
    }
    return pd.DataFrame(base | columns)


def facts_of(
    now: pd.DataFrame, before: pd.DataFrame | None = None, threshold=None, comparable: bool = True, shared=None
):
    codes = tuple(now["unit_code"])
    scope = Scope("nation", "nation", "", "", "", "province", codes)
    labels = {code: f"Tỉnh {code}" for code in codes}
    return build_facts(
        scope,
        "2020-12",
        "2019-12",
        now,
        before,
        threshold,
        labels,
        gap_rule=None,
        is_share_comparable=comparable,
        shared=shared,
    )


def test_real_and_simulated_figures_in_one_ranking_are_called_mixed():
    assert not facts_of(frame(insured=[900_000, 800_000])).is_mixed
    assert not facts_of(frame(insured=[900_000, 800_000], units_simulated=[10, 10])).is_mixed
    assert facts_of(frame(insured=[900_000, 800_000], units_simulated=[10, 0])).is_mixed
    assert facts_of(frame(insured=[900_000, 800_000], units_simulated=[10, 3])).is_mixed


def test_who_is_not_ranked_is_named_with_the_reason():
    now = frame(insured=[900_000, 1_000_001, -1, 850_000], units_reported=[10, 10, 0, 3])
    facts = facts_of(now)
    said = RankingWords(facts, {}, "", VI, Formats("vi"))
    assert facts.measures["level"].ranks.of == 1
    text = said.unranked()
    assert text.startswith("3 đơn vị không xếp hạng: Tỉnh 02 (trên 100%, chờ kiểm tra dân số); ")
    assert "Tỉnh 03 (chưa có số liệu)" in text and "Tỉnh 04 (mới có 3/10 xã báo cáo)" in text
    assert said.headline() == VI.say("ranking.headline_one", name="Tỉnh 01", rate="90,0%")


def test_a_gain_and_an_arrow_stand_on_the_communes_known_in_both_months_and_say_on_how_many():
    """The last one climbs from place 5 to 1 as reported, but only because its poorest communes did not report."""
    people = [[900_000, 890_000, 880_000, 870_000, 800_000], [900_000, 890_000, 880_000, 870_000, 901_000]]
    before, now = (frame(insured=insured) for insured in people)
    shared = [frame(insured=[900_000, 890_000, 880_000, 870_000, 800_100], units_reported=[10] * 4 + [9]), before]
    facts = facts_of(now, before, shared=tuple(each.set_index("unit_code") for each in shared))
    said = RankingWords(facts, {}, "", VI, Formats("vi"))
    assert facts.measures["level"].moves.tolist() == [0] * 5
    assert said.value("improvement", 4) == Formats("vi").points(0.01, 2)
    assert said.shared(4) == VI.say("ranking.improvement_shared", shared="9", units="10") and not said.shared(0)
    assert VI.say("ranking.meaning_shared", shared="49", units="50") in said.meaning()
    fewer = RankingWords(facts_of(frame(insured=[900_000, -1]), frame(insured=[900_000, 1])), {}, "", VI, Formats("vi"))
    assert VI.say("ranking.denominator", kind="tỉnh", period="12/2020", ranked="1", all="2") in fewer.meaning()
    assert not said.denominator()


def test_moves_are_said_only_beyond_the_noise_and_never_over_a_changed_threshold():
    people = [[900_000, 890_000, 880_000, 870_000, 800_000], [900_000, 890_000, 880_000, 870_000, 901_000]]
    before, now = (frame(insured=insured) for insured in people)
    facts = facts_of(now, before)
    said = RankingWords(facts, {}, "", VI, Formats("vi"))
    assert facts.measures["level"].moves.tolist() == [0, 0, 0, 0, 1]
    assert said.move("level", 4) == ("lên 4 bậc, 12/2019: 5/5", 1)
    assert said.move("level", 0) == ("đổi không đáng kể, 12/2019: 1/5", 0)
    rule = loaders.threshold_at(loaders.open_store().snapshot_id, "2020-12")
    changed = facts_of(now, before, rule, comparable=False)
    assert changed.measures["share"].moves is None
    assert (
        VI.say("ranking.share_threshold_changed", since="12/2019")
        in RankingWords(changed, {}, "", VI, Formats("vi")).meaning()
    )


@pytest.mark.parametrize(
    ("keep", "expected"),
    [
        (set(), [0, 1, None, 18, 19]),
        ({10}, [0, 1, None, 9, 10, 11, None, 18, 19]),
        ({3}, [0, 1, 2, 3, 4, None, 18, 19]),
        ({16}, [0, 1, None, 15, 16, 17, 18, 19]),
        ({4}, [0, 1, 2, 3, 4, 5, None, 18, 19]),
    ],
)
def test_a_shortened_list_keeps_both_ends_and_the_readers_own_with_neighbours(keep, expected):
    assert shorten(list(range(20)), 20, keep, 2, 2) == expected


def test_targets_set_before_a_merger_are_not_held_against_the_merged_province(small_store: Store):
    loaders.open_store()
    old = targets.load_targets(small_store.snapshot_id, 2025, "2025-01")
    new = targets.load_targets(small_store.snapshot_id, 2025, "2025-07")
    merged = targets.find_merged(small_store.snapshot_id, "2025-07")
    assert len(merged) == 23 and "08" in merged and "38" not in merged
    assert new and set(new) == set(old) - merged


def test_months_of_merged_provinces_add_up_the_old_ones(small_store: Store):
    loaders.open_store()
    own = ranking_loaders.load_rate_months(small_store.snapshot_id, "province", "2025-07", "2020-11", "2025-07")
    assert list(own.columns) == sorted(
        loaders.load_level(small_store.snapshot_id, "2025-07", "2025-07", "province")["unit_code"]
    )
    rows = small_store.query(
        "SELECT sum(insured) n, sum(population) p FROM unit_summary WHERE period = '2020-12' AND unit_code IN ('02', '08')"
    ).iloc[0]
    assert own.at["2020-12", "08"] == pytest.approx(float(100 * rows["n"] / rows["p"]))


@pytest.mark.parametrize("page", ["ranking", "map", "trends", "profile"])
def test_targets_that_an_office_sent_open_the_pages_of_their_year(
    page: str, use_store: Callable[[Path], None], records_settings: Settings
):
    use_store(records_settings.var_directory)
    screen = open_page(PROJECT_ROOT / "pages" / f"{page}.py", period="2020-12", unit="02", indicator="distance")
    assert screen.headline()
