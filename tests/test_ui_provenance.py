"""The way back from any figure: to a cell, to files, or to the word that it is simulated, held back or missing."""

from collections.abc import Callable
from pathlib import Path

import pytest

from data.settings import Settings
from data.store import Store
from text.formats import Formats
from text.words import Words
from ui import loaders, provenance
from ui.frame import Frame
from ui.view import default_view

PERIOD = "2020-12"


@pytest.fixture
def page(use_store: Callable[[Path], None], records_settings: Settings) -> Frame:
    use_store(records_settings.var_directory)
    store = loaders.open_store()
    catalogue = loaders.load_catalogue(store.snapshot_id)
    view = default_view(catalogue).change(programme="2016-2020", period=PERIOD)
    return Frame(store.snapshot_id, view, catalogue, Words("vi"), Formats("vi"))


def one_unit(store: Store, condition: str) -> str:
    frame = store.query(f"SELECT min(unit_code) AS code FROM commune_month WHERE period = '{PERIOD}' AND {condition}")
    return str(frame["code"].iloc[0])


def test_a_received_figure_leads_to_its_cell(page: Frame, records_store: Store):
    unit = one_unit(records_store, "NOT is_simulated AND obs_status = 'reported'")
    row = records_store.query(
        "SELECT source_row FROM commune_month WHERE period = $period AND unit_code = $unit",
        {"period": PERIOD, "unit": unit},
    )["source_row"].iloc[0]
    assert provenance.say_source(page, unit) == f"Nguồn: bao_cao_2020-12_02.xlsx, trang Xa, ô E{row}"


def test_simulated_held_back_and_missing_figures_are_called_so(page: Frame, records_store: Store):
    simulated = one_unit(records_store, "is_simulated AND obs_status = 'reported'")
    held = one_unit(records_store, "obs_status = 'held_back' AND NOT is_simulated")
    assert "mô phỏng" in provenance.say_source(page, simulated)
    assert "giữ lại" in provenance.say_source(page, held)
    assert provenance.say_source(page, "99999").startswith("Chưa có số liệu")


@pytest.mark.parametrize(("unit", "words"), [("24", "1 tệp đã nhận"), ("VN", "mô phỏng"), ("38", "mô phỏng")])
def test_a_place_leads_to_its_files(page: Frame, unit: str, words: str):
    assert words in provenance.say_source(page, unit)


def test_the_files_of_the_nation_add_up_to_its_sum(page: Frame, records_store: Store):
    sources = loaders.load_place_sources(page.snapshot_id, "VN", PERIOD)
    whole = records_store.query(
        "SELECT sum(insured) AS insured FROM commune_month WHERE period = $period AND obs_status = 'reported'",
        {"period": PERIOD},
    )["insured"].iloc[0]
    assert sources["insured"].sum() == whole and len(sources) == 4


def test_the_link_names_place_unit_and_month_and_is_escaped(page: Frame, records_store: Store):
    unit = one_unit(records_store, "NOT is_simulated AND obs_status = 'reported'")
    address = provenance.write_quality_address(page, unit, "2019-12")
    assert "unit=02" in address and f"selected={unit}" in address and "period=2019-12" in address
    assert "&amp;selected=" in provenance.link_source(page, unit)
