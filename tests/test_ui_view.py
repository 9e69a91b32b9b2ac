"""The address bar: what is read, what is refused, what is written."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.catalogue import Catalogue, province_of, whole_months
from ui.view import (
    ANY_PLACE,
    NOT_YOURS,
    Choice,
    Notice,
    View,
    default_view,
    months_before,
    one_of,
    parse_view,
    plain_place,
    shown_boundary_set,
    write_params,
)

MONTHS_2020 = tuple(f"2020-{m:02d}" for m in range(1, 13))
MONTHS_2021 = tuple(f"2021-{m:02d}" for m in range(1, 13))
OLD_UNITS = {"VN": "nation", "02": "province", "38": "province", "380": "district", "14980": "commune"}
NEW_UNITS = {"VN": "nation", "08": "province", "38": "province", "14980": "commune"}


CATALOGUE = Catalogue(
    programmes={"2010-2015": (), "2016-2020": MONTHS_2020, "2021-2025": MONTHS_2021},
    default_programme="2016-2020",
    default_period="2020-12",
    boundary_of=dict.fromkeys(MONTHS_2020, "2019-10") | dict.fromkeys(MONTHS_2021, "2025-07"),
    boundaries_for={"2019-10": ("2019-10", "2025-07"), "2025-07": ("2025-07",)},
    unit_levels={"2019-10": OLD_UNITS, "2025-07": NEW_UNITS},
    unit_parents={
        "2019-10": {"02": "VN", "38": "VN", "380": "38", "14980": "380"},
        "2025-07": {"08": "VN", "38": "VN", "14980": "38"},
    },
    successors={("2025-07", "02"): "08"},
)


@pytest.fixture
def catalogue() -> Catalogue:
    return CATALOGUE


def test_an_empty_address_shows_the_default(catalogue):
    assert parse_view({}, catalogue) == (default_view(catalogue), [])


def test_defaults_are_left_out_of_the_address(catalogue):
    assert write_params(default_view(catalogue), catalogue) == {}


def test_unknown_keys_are_ignored(catalogue):
    assert parse_view({"utm_source": "mail"}, catalogue) == (default_view(catalogue), [])


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("period", "2020-13"),
        ("period", "'; DROP TABLE unit; --"),
        ("programme", "1999-2004"),
        ("unit", "99"),
        ("selected", "../../etc/passwd"),
        ("level", "hamlet"),
        ("boundaries", "1975-04"),
        ("lang", "fr"),
        ("measure", "rainbow"),
        ("page", "-1"),
        ("page", "²"),
    ],
)
def test_nonsense_falls_back_to_the_default_and_says_so(catalogue, key, value):
    view, notices = parse_view({key: value}, catalogue)
    assert view == default_view(catalogue)
    assert [notice.key for notice in notices] == [f"error.address_{key}"]


def test_a_period_alone_brings_its_programme(catalogue):
    view, notices = parse_view({"period": "2021-03"}, catalogue)
    assert (view.programme, view.period, notices) == ("2021-2025", "2021-03", [])


def test_a_period_outside_the_named_programme_is_refused(catalogue):
    view, notices = parse_view({"programme": "2016-2020", "period": "2021-03"}, catalogue)
    assert (view.period, [n.key for n in notices]) == ("2020-12", ["error.address_period"])


def test_latest_is_the_last_month_of_the_programme(catalogue):
    assert parse_view({"programme": "2021-2025", "period": "latest"}, catalogue)[0].period == "2021-12"


def test_a_merged_province_leads_to_the_one_that_continues_it_and_says_so(catalogue):
    view, notices = parse_view({"period": "2021-03", "unit": "02"}, catalogue)
    assert (view.unit, notices) == ("08", [Notice("error.address_merged", {"value": "02"})])


def test_a_set_without_districts_shows_communes(catalogue):
    assert parse_view({"period": "2021-03", "level": "district"}, catalogue)[0].level == "commune"


def test_a_commune_cannot_be_the_place_shown(catalogue):
    view, notices = parse_view({"unit": "14980"}, catalogue)
    assert (view.unit, len(notices)) == ("VN", 1)


def test_a_unit_is_looked_up_in_the_boundary_set_on_the_screen(catalogue):
    view, notices = parse_view({"boundaries": "2025-07", "selected": "380"}, catalogue)
    assert shown_boundary_set(view, catalogue) == "2025-07"
    assert view.selected == "" and [n.key for n in notices] == ["error.address_selected"]


def test_moving_to_another_place_clears_the_selection_and_the_page():
    view = View("2016-2020", "2020-12", unit="38", selected="14980", page=4)
    assert view.change(unit="02") == View("2016-2020", "2020-12", unit="02")
    assert view.change(selected="380") == View("2016-2020", "2020-12", unit="38", selected="380", page=4)


def test_the_province_of_a_commune_is_found_through_its_district(catalogue):
    assert province_of("14980", "2019-10", catalogue) == "38"
    assert province_of("VN", "2019-10", catalogue) is None


KEYS = ["lang", "programme", "period", "level", "unit", "selected", "boundaries", "measure", "sort", "page"]
GOOD = ["2021-2025", "2010-2015", "2020-05", "38", "02", "380", "14980", "commune", "2025-07", "met", "en", "3"]


@given(
    st.dictionaries(
        st.sampled_from(KEYS),
        st.one_of(st.text("abc-0123", max_size=8), st.sampled_from(GOOD)),
    )
)
def test_any_address_gives_a_view_that_its_own_address_gives_again(params):
    view, _ = parse_view(params, CATALOGUE)
    again, notices = parse_view(write_params(view, CATALOGUE), CATALOGUE)
    assert (again, notices) == (view, [])


OWN = (one_of("show", "level", "gain"), Choice("limit", lambda value, view, catalogue: value.isdigit()))


def test_a_page_adds_choices_of_its_own_to_the_address():
    view, notices = parse_view({"show": "gain", "limit": "12", "unknown": "1"}, CATALOGUE, OWN)
    assert (view.choice("show", "level"), view.choice("limit"), notices) == ("gain", "12", [])
    assert write_params(view, CATALOGUE) == {"show": "gain", "limit": "12"}
    assert write_params(view.change(show=None, limit="7"), CATALOGUE) == {"limit": "7"}


def test_a_choice_of_the_page_that_may_not_stand_is_replaced_and_said():
    view, notices = parse_view({"show": "<b>", "limit": "many"}, CATALOGUE, OWN)
    assert view == default_view(CATALOGUE)
    assert [(notice.key, notice.values["value"]) for notice in notices] == [
        ("error.address_choice", "<b>"),
        ("error.address_choice", "many"),
    ]


def with_regions(catalogue: Catalogue) -> Catalogue:
    return replace(
        catalogue,
        regions={"2019-10": {"r7_btb": "region7"}, "2025-07": {}},
        successors=catalogue.successors | {("2025-07", "14983"): "14980"},
    )


def test_a_commune_or_a_region_is_a_place_only_where_the_page_can_show_one(catalogue):
    catalogue = with_regions(catalogue)
    for unit in ("14980", "r7_btb"):
        assert parse_view({"unit": unit}, catalogue)[0].unit == "VN"
        view, notices = parse_view({"unit": unit}, catalogue, place_levels=ANY_PLACE)
        assert (view.unit, notices) == (unit, [])
        assert write_params(view, catalogue) == {"unit": unit}


def test_a_commune_that_is_no_more_leads_to_the_unit_that_took_it_in(catalogue):
    view, notices = parse_view({"period": "2021-12", "unit": "14983"}, with_regions(catalogue), place_levels=ANY_PLACE)
    assert (view.unit, [notice.key for notice in notices]) == ("14980", ["error.address_merged"])


def test_a_link_to_another_page_marks_the_commune_in_its_province_and_takes_a_region_as_the_nation(catalogue):
    catalogue = with_regions(catalogue)
    commune = plain_place(View("2016-2020", "2020-12", unit="14980"), catalogue)
    assert (commune.unit, commune.selected) == ("38", "14980")
    region = plain_place(View("2016-2020", "2020-12", unit="r7_btb"), catalogue)
    assert (region.unit, region.selected) == ("VN", "")
    district = View("2016-2020", "2020-12", unit="380")
    assert plain_place(district, catalogue) == district


def test_a_district_that_is_no_more_leads_to_the_province_of_its_communes_and_says_so():
    catalogue = Catalogue(
        programmes={"a": ("2025-06", "2025-07")},
        default_programme="a",
        default_period="2025-07",
        boundary_of={"2025-06": "2025-01", "2025-07": "2025-07"},
        boundaries_for={"2025-01": ("2025-01", "2025-07"), "2025-07": ("2025-07",)},
        unit_levels={
            "2025-01": {"VN": "nation", "02": "province", "024": "district", "00688": "commune"},
            "2025-07": {"VN": "nation", "08": "province", "00688": "commune"},
        },
        unit_parents={"2025-01": {"02": "VN", "024": "02", "00688": "024"}, "2025-07": {"08": "VN", "00688": "08"}},
        successors={("2025-07", "02"): "08"},
    )
    view, notices = parse_view({"unit": "024"}, catalogue)
    assert view.unit == "08" and [notice.key for notice in notices] == ["error.address_district_ended"]
    view, notices = parse_view({"unit": "024", "period": "2025-06"}, catalogue)
    assert view.unit == "024" and not notices
    view, notices = parse_view({"unit": "999"}, catalogue)
    assert view.unit == "VN" and [notice.key for notice in notices] == ["error.address_unit"]


def partly(*drafts: str) -> Catalogue:
    """The catalogue of the office of 38, with some months that are drafts."""
    own = {"2019-10": ("38",), "2025-07": ("38",)}
    return replace(CATALOGUE, partial_months=frozenset(drafts), own_provinces=own)


def test_a_draft_opens_at_the_own_place_and_its_units_stay():
    view, notices = parse_view({}, partly("2020-12"))
    assert (view.unit, view.period, notices) == ("38", "2020-12", [])
    for unit in ("38", "380"):
        view, notices = parse_view({"unit": unit}, partly("2020-12"))
        assert (view.unit, view.period, notices) == (unit, "2020-12", [])


@pytest.mark.parametrize("unit", ["VN", "02"])
def test_a_draft_of_others_gives_way_to_the_last_released_month_and_says_so(unit):
    catalogue = partly("2020-11", "2020-12")
    view, notices = parse_view({"unit": unit, "period": "2020-12"}, catalogue)
    assert (view.unit, view.period) == (unit, "2020-10")
    assert notices == [Notice(NOT_YOURS, {"value": "2020-12", "shown": "2020-10"})]
    assert parse_view({"unit": unit, "period": "2020-12"}, CATALOGUE)[0].period == "2020-12"  # whoever sees all


def test_a_page_that_compares_provinces_shows_no_draft_even_at_the_own_place():
    view, notices = parse_view({"unit": "38"}, partly("2020-12"), compares=True)
    assert (view.unit, view.period, [notice.key for notice in notices]) == ("38", "2020-11", [NOT_YOURS])


def test_where_every_month_is_a_draft_only_the_own_place_is_left():
    for params in ({}, {"unit": "02"}, {"unit": "VN", "period": "2021-03"}):
        view, _ = parse_view(params, partly(*MONTHS_2020, *MONTHS_2021))
        assert view.unit == "38"


def test_drafts_of_others_are_no_month_to_compare_with():
    catalogue = partly("2020-11")
    nation, own = (parse_view({"unit": unit}, catalogue)[0] for unit in ("VN", "38"))
    assert "2020-11" not in months_before(nation, catalogue) and "2020-11" in months_before(own, catalogue)
    assert "2020-11" not in whole_months(catalogue)
