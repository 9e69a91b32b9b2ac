"""The emulation page: rankings equal a recomputation, closed rounds keep their places, records are found and gaps named."""

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from received_months import publish_received
from screen import PROJECT_ROOT, Screen, open_page, strip_markup, table_rows

from data.closing import add_closing, find_round, freeze_round, read_programmes
from data.ingest.public_edition import publish_public
from data.ingest.publish import hold_write_lock
from data.ingest.republish import republish
from data.queries.movement import awards
from data.round_figures import read_round
from data.settings import Settings
from data.store import Store, open_current
from indicators.evaluation import evaluate, measure
from indicators.evaluation_reasons import find_apart, shown_score
from indicators.evaluation_rules import load_rules
from text.formats import Formats
from text.words import Words
from ui.emulation import read_view
from ui.emulation_groups import list_groups
from ui.emulation_lists import list_words, load_lists
from ui.loaders import emulation as loaders
from ui.loaders.groups import choices_by_kind, load_scopes, say_scope
from ui.loaders.snapshot import open_store
from ui.operators import split_sentences
from ui.recognition_lists import list_best_improvers
from ui.takeaway.headless import open_frame

PAGE = PROJECT_ROOT / "pages" / "emulation.py"
VI, FORMATS = Words("vi"), Formats("vi")
RANKING = VI.say("emulation.ranking")


def show(**address: str) -> Screen:
    return open_page(PAGE, **address)


@pytest.fixture
def on_small(use_store: Callable[[Path], None], small_settings: Settings) -> None:
    use_store(small_settings.var_directory)


@pytest.fixture
def on_records(use_store: Callable[[Path], None], records_settings: Settings) -> None:
    use_store(records_settings.var_directory)


@pytest.fixture(scope="module")
def closed_settings(kept_stores, small_settings: Settings) -> Settings:
    """The small store after the final round was closed for rehearsal and four communes of Hà Nội were revised."""

    def build(settings: Settings) -> None:
        shutil.copytree(small_settings.var_directory, settings.var_directory)
        store = open_current(settings)
        one = find_round(store, read_programmes(store), "final", 2020)
        header, rows = freeze_round(store, one, "", by="Hội đồng", note="Biên bản 5", allow_simulated=True)
        store.close()
        with hold_write_lock(settings):
            republish(settings, change=lambda builder: add_closing(builder, header, rows))
        publish_received(settings, "2020-12", [20_000, 7_000, 9_999, 7_999])

    return kept_stores.copy("closed-round", build)


def own_rows(screen: Screen) -> list[list[str]]:
    """The rows of the ranking, without the one that explains."""
    return [row for row in table_rows(screen, RANKING) if len(row) > 5 and "/" in row[1]]


def test_places_and_scores_on_the_screen_are_those_of_a_recomputation(on_small, small_store: Store):
    rules, programmes = load_rules(), read_programmes(small_store)
    data = read_round(small_store, find_round(small_store, programmes, "final", 2020), "province", programmes)
    values = measure(data.figures, "province", data.threshold, rules)
    found = evaluate(values, find_apart(data.figures, "province", rules), "province", rules)
    expected = {
        name: [
            FORMATS.rank(int(found.place[at]), found.of, tied=bool(found.tied[at])),
            FORMATS.number(shown_score(found.score, at)),
        ]
        for at, name in enumerate(data.units["name"])
        if found.place[at] > 0
    }
    screen = show()
    assert {row[0]: row[1:3] for row in own_rows(screen)} == expected
    for key in ("emulation.open", "emulation.example"):
        said, command = (strip_markup(part) for part in split_sentences(VI.say(key)))
        assert said in screen.text and command in screen.text.partition(VI.say("operator.detail"))[2]


def test_no_two_tables_of_the_page_have_one_name(on_small):
    names = re.findall(r'role="region" aria-label="([^"]+)"', "".join(show().markup))
    assert len(names) > 3 and len(set(names)) == len(names)


def test_a_cluster_is_ranked_by_itself_and_unknown_clusters_say_how_to_load_them(on_small):
    scopes = load_scopes(open_store().snapshot_id, "2020-12", "2019-10").values()
    code = next(scope.code for scope in scopes if scope.kind == "cluster")
    assert {row[1].partition("/")[2] for row in own_rows(show(group=code))} == {"9"}
    assert "Tỉnh Thanh Hóa không thuộc danh sách này." in show(group=code, unit="38").text
    assert "không thuộc danh sách này" not in show(group=code, unit="45").text + show(unit="38").text
    screen = show()
    assert "Cụm thi đua IV" in screen.text and "Còn 54 tỉnh" in screen.text
    later = show(programme="2026-2030", group=code)
    assert later.headline() == show(programme="2026-2030").headline(), "a cluster of another year is the whole country"


def test_clusters_and_regions_are_compared_by_sums_of_people(small_store: Store, use_store, closed_settings):
    def compared(kind: str) -> list[list[str]]:
        page = open_frame("emulation", {"programme": "2016-2020"})
        return list_groups(page, read_view(page), kind).rows

    rows = small_store.query("SELECT * FROM unit_summary WHERE period = '2020-12' AND level = 'province'").set_index(
        "unit_code"
    )
    use_store(closed_settings.var_directory)
    frozen = compared("region")
    shown = read_view(open_frame("emulation", {"programme": "2016-2020"}))
    assert shown.closing is not None
    expected = []
    for scope in choices_by_kind(shown.scopes)["region"]:
        own = rows.loc[list(scope.members)].sum(numeric_only=True)
        expected.append((own["insured"] / own["population"], scope, own))
    expected.sort(key=lambda one: -one[0])
    for place, (row, (rate, scope, own)) in enumerate(zip(frozen, expected, strict=True), start=1):
        assert row[0] == say_scope(scope, VI) and row[1] == f"{place}/{len(expected)}"
        assert row[2].startswith(FORMATS.rate(rate * 100, 1)[:4])
        assert f"({FORMATS.part_of(int(own['met']), int(own['counted']))} xã)" in row[4]
        assert row[5] == FORMATS.count(int(own["still_to_enrol"])), "people missing are those of the frozen communes"
    assert len(compared("cluster")) == 1, "one published cluster is known; the others are not invented"


def test_small_collectives_have_their_own_list_paged_on_the_server(on_small):
    first, second = own_rows(show(tier="commune")), own_rows(show(tier="commune", page="2"))
    assert len(first) == len(second) == 50 and not {row[0] for row in first} & {row[0] for row in second}
    inside = show(tier="commune", unit="38")
    assert all("Tỉnh Thanh Hóa" not in row[0] for row in own_rows(inside)), "the place is named once, above"
    assert "cấp xã, tỉnh Thanh Hóa" in inside.headline()
    assert "phường, thị trấn" in inside.text and VI.say("emulation.apart_subtitle") in inside.text
    # Wards and towns are no communes that missed a rank: who is ranked and who stands apart are all that is spoken of.
    ranked, listed = re.search(r"([\d.]+)/([\d.]+) đơn vị được xếp hạng", inside.text).groups()
    assert inside.figure("Đứng ngoài xếp hạng").split()[0] == FORMATS.count(int(listed) - int(ranked))
    assert inside.figure("Đơn vị được xếp hạng") == f"{ranked} / {listed} đơn vị"


def test_a_marked_unit_is_explained_by_every_indicator_with_its_figures(on_small):
    screen = show(selected="38")
    assert "Tỉnh Thanh Hóa: vì sao hạng" in screen.text
    place = re.search(r"Tỉnh Thanh Hóa: hạng (\S+) trong danh sách này", show(unit="38").text)[1]
    assert f"Tỉnh Thanh Hóa: vì sao hạng {place}" in screen.text
    for name in ("level", "communes_met", "improvement", "gap_closed", "net_of_distance", "completeness"):
        assert VI.say(f"emulation.ind_{name}") in screen.text.lower()
    assert "khoảng cách tới ngưỡng từ 85%" in screen.text, "not the gap of the ranking page, which goes to the target"


def test_an_improvement_says_on_how_many_communes_it_stands_where_not_on_all(
    on_small, small_store: Store, use_store: Callable[[Path], None], closed_settings: Settings
):
    """Against plain counting, of the round as it stands; a closed round says the same by its frozen communes."""

    def said_by_unit() -> dict[str, str]:
        page = open_frame("emulation", {"programme": "2016-2020"})
        shown = read_view(page)
        found, _ = load_lists(page, shown)
        said = list_words(page, shown, found)
        return {code: said.say_shared(at) for at, code in enumerate(found.units["unit_code"])}

    one = read_view(open_frame("emulation", {"programme": "2016-2020"})).round
    known = small_store.query(
        """
        SELECT u.province_code AS province, count(*) AS units, count(*) FILTER (m.known = 2) AS shared
        FROM unit AS u LEFT JOIN (
            SELECT unit_code, count(*) AS known FROM commune_month
            WHERE period IN ($first, $last) AND population > 0 AND insured IS NOT NULL GROUP BY unit_code
        ) AS m USING (unit_code)
        WHERE u.boundary_set = '2019-10' AND u.level = 'commune' GROUP BY 1
        """,
        {"first": one.from_period, "last": one.to_period},
    ).set_index("province")
    expected = {
        code: VI.say("ranking.improvement_shared", shared=FORMATS.count(row.shared), units=FORMATS.count(row.units))
        if row.shared < row.units
        else ""
        for code, row in known.iterrows()
    }
    assert said_by_unit() == expected and any(expected.values())
    code = next(code for code, said in expected.items() if said)
    screen = show(selected=code)
    assert expected[code] in screen.text and "có số liệu cả đầu và cuối đợt" in screen.text
    use_store(closed_settings.var_directory)
    assert said_by_unit() == expected


def test_a_closed_round_keeps_its_places_and_shows_a_later_revision_beside_them(
    use_store: Callable[[Path], None], closed_settings: Settings, on_small
):
    address = {"tier": "commune", "programme": "2016-2020", "period": "2020-12"}
    before = own_rows(show(unit="01", **address))
    use_store(closed_settings.var_directory)
    screen = show(unit="01", **address)
    assert "diễn tập" in screen.text and "Biên bản 5" in screen.text
    assert own_rows(screen) == before, "the places that were closed, not those of the revised figures"
    assert VI.say("emulation.revised_title", count="4") in screen.text
    assert VI.say("emulation.revised_none_title") in show(unit="02", **address).text


def test_candidates_and_exemplars_carry_figures_months_and_source(on_small):
    screen = show(section="recognition", tier="commune", unit="38")
    assert "nên xét khen thưởng" in screen.headline()
    assert "12/2019: " in screen.text and " → 12/2020: " in screen.text and "mô phỏng" in screen.text
    assert "giữ vững suốt đợt" in screen.text and "tụt rồi phục hồi nhanh" in screen.text
    assert VI.say("operator.send") in screen.text and "take/check/awards.xlsx" in "".join(screen.markup)


def test_awards_are_counted_by_level_and_round(on_records, records_store: Store):
    screen = show(section="recognition")
    found = records_store.query("SELECT count(*) AS n, count(*) FILTER (proposed_to_dg) AS dg FROM award").iloc[0]
    title = VI.say("emulation.awards_title", count=FORMATS.count(found["n"]), proposed=FORMATS.count(found["dg"]))
    assert title in screen.text


def test_initiatives_are_found_without_marks_and_say_what_followed(on_records):
    whole, some = show(section="library"), show(section="library", find="so tay han the")
    assert "Sổ tay theo dõi hạn thẻ BHYT" in some.text and "Nhóm Zalo" not in some.text
    assert "Nhóm Zalo" in whole.text and whole.headline() != some.headline()
    assert " → " in whole.text and "điểm %" in whole.text
    assert "mô phỏng" in whole.text, "rates before and after are simulated here, and marked"
    nothing = show(section="library", find="<b>zzz")
    assert "Không có sáng kiến nào khớp" in nothing.text and "<b>zzz" not in "".join(nothing.markup)


def test_the_log_names_gaps_overdue_tasks_and_who_is_responsible(on_records):
    month = {"programme": "2016-2020", "period": "2020-12"}
    screen = show(section="log", **month)
    assert "không có hoạt động trong 90 ngày" in screen.headline() and "/63 đơn vị" in screen.headline()
    assert VI.say("emulation.gap_never") in screen.text and VI.say("emulation.log_no_plan") in screen.text
    assert "quá hạn" in screen.text and VI.say("emulation.duties_title") in screen.text
    province = show(section="log", unit="02", kind="coordination", **month)
    assert "Họp với Ban Chỉ đạo" in province.text and "Phát thanh, phát tờ rơi" not in province.text


def test_the_log_and_the_roadmap_name_as_many_units_without_a_plan(on_records):
    """A plan by month, filled in from the roadmap's own workbook, is a plan: the log had called its units late."""
    month = {"programme": "2016-2020", "period": "2020-12"}
    filed_by_month = 0
    for unit in ("02", "24"):
        log = show(section="log", unit=unit, **month)
        road = open_page(PROJECT_ROOT / "pages" / "roadmap.py", unit=unit, period="2020-12")
        count = re.search(r"(\d+)/\d+ đơn vị cấp dưới chưa nộp kế hoạch", road.text)[1]
        assert f"; {count} đơn vị chưa nộp kế hoạch 2020" in log.headline()
        filed_by_month += log.text.count(VI.say("emulation.log_month_plan"))
    assert filed_by_month > 0, "some filed by month only, else nothing was tried"


def test_without_records_each_part_names_the_template_to_fill(on_small):
    assert "take/check/initiatives.xlsx" in "".join(show(section="library").markup)
    log = "".join(show(section="log").markup)
    assert all(f"take/check/{name}.xlsx" in log for name in ("activity_log", "plan_register", "responsibilities"))


def test_the_public_edition_has_no_log(public_settings: Settings, use_store):
    use_store(public_settings.var_directory, "public")
    assert "python -m" not in show().text, "the public can run nothing"
    assert "take/check" not in "".join(show().markup) and VI.say("operator.send") not in show().text
    screen = show(section="log")
    assert VI.say("emulation.section_log") not in screen.text and "dẫn đầu" in screen.headline()


def test_the_public_edition_shows_no_draft_of_a_decision(
    on_records,
    records_store: Store,
    public_settings: Settings,
    closed_settings: Settings,
    use_store,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
):
    sent = awards(records_store)
    undecided = sent.assign(decision=sent["decision"].where(sent["recipient"] != sent["recipient"].iloc[0]))
    monkeypatch.setattr(loaders, "load_awards", lambda snapshot_id: undecided)

    def titles() -> tuple[bool, bool]:
        screen = show(section="recognition")
        return VI.say("emulation.candidates_subtitle") in screen.text, VI.say("emulation.no_decision") in screen.text

    assert titles() == (True, True)
    use_store(public_settings.var_directory, "public")
    assert titles() == (False, False)
    screen = show(section="recognition")
    assert (
        strip_markup(VI.say("emulation.candidates_later")) in screen.text
        and "công khai sau khi chốt" in screen.headline()
    )
    rehearsal = Settings(var_directory=tmp_path / "var")
    shutil.copytree(closed_settings.var_directory, rehearsal.var_directory)
    publish_public(rehearsal)
    use_store(rehearsal.var_directory, "public")
    assert not titles()[0], "a rehearsal is no closing"


@pytest.mark.parametrize("section", ["evaluation", "recognition", "library", "log"])
def test_every_part_opens_in_english_and_where_there_are_no_months(on_records, section: str):
    assert show(section=section, lang="en", unit="02").headline()
    assert show(section=section, programme="2010-2015").headline()
    assert show(section=section, programme="2026-2030").headline()
    assert show(section=section, period="2025-07", programme="2021-2025", unit="380").headline()


def test_whoever_fell_is_not_among_the_best_improvers_however_much_the_others_fell(on_small):
    page = open_frame("emulation", {"programme": "2016-2020"})
    shown = read_view(page)
    found = load_lists(page, shown)[0]
    assert list_best_improvers(page, shown, found).rows
    gained = found.values["improvement"]
    fell = replace(gained, numerator=np.array([-abs(top) for top in gained.numerator], dtype=object))
    assert not list_best_improvers(page, shown, replace(found, values=found.values | {"improvement": fell})).rows
