"""The data-quality page: the same lists by plain loops over the rows, and a figure's way back to its cell."""

from collections.abc import Callable
from pathlib import Path

import pytest
from screen import PROJECT_ROOT, open_page, read_page, table_rows

from data.settings import Settings
from data.store import Store

QUALITY = PROJECT_ROOT / "pages" / "quality.py"


@pytest.fixture(autouse=True)
def on_the_small_store(use_store: Callable[[Path], None], small_settings: Settings) -> None:
    use_store(small_settings.var_directory)


def figures_of(store: Store, period: str) -> dict[str, tuple[int | None, int | None]]:
    rows = store.query("SELECT unit_code, insured, population FROM commune_month WHERE period = ?", [period])
    return {
        code: (None if n != n else int(n), None if p != p else int(p))
        for code, n, p in zip(rows["unit_code"], rows["insured"], rows["population"], strict=True)
    }


def test_the_counts_of_doubtful_units_are_those_of_plain_loops(small_store: Store):
    now, before = figures_of(small_store, "2020-12"), figures_of(small_store, "2020-11")
    over = sum(n is not None and p and n > p for n, p in now.values())
    drops = 0
    for code, (n, p) in now.items():
        n0, p0 = before.get(code, (None, None))
        if None not in (n, p, n0, p0) and p and p0 and 100 * (n0 * p - n * p0) > 3 * p * p0:
            drops += 1
    screen = open_page(QUALITY, period="2020-12")
    assert screen.figure("Trên 100%") == f"{over} đơn vị"
    assert screen.figure("Giảm trên 3 điểm") == f"{drops} đơn vị"


def test_a_month_is_not_compared_across_boundary_sets():
    screen = open_page(QUALITY, period="2025-07")
    assert screen.figure("Giảm trên 3 điểm").startswith("–")
    assert "không so được với tháng trước" in screen.text


def test_a_province_is_seen_alone_and_its_provinces_sum_to_the_nation(small_store: Store):
    rows = table_rows(open_page(QUALITY, period="2020-12"), "Ai đã nộp")
    assert len(rows) == 63
    own = table_rows(open_page(QUALITY, period="2020-12", unit="38"), "Ai đã nộp")
    assert own == [row for row in rows if row[0] == "Tỉnh Thanh Hóa"]


def test_simulated_figures_say_so_where_a_cell_would_stand():
    screen = open_page(QUALITY, period="2020-12", selected="14818", unit="38")
    assert "Nguồn số liệu của phường Ngọc Trạo" in screen.text and "mô phỏng" in screen.text


def test_a_month_of_simulated_figures_is_never_called_reported():
    nation, place = read_page(QUALITY, period="2020-12"), read_page(QUALITY, period="2020-12", unit="38")
    assert "chưa có báo cáo thật; 63/63 tỉnh, thành phố có số mô phỏng" in nation.text
    assert "Tỉnh Thanh Hóa chưa có báo cáo thật tháng 12/2020" in place.text
    for screen in (nation, place):
        assert all(row[-1].startswith("chưa nộp") for row in table_rows(screen, "Ai đã nộp"))
        assert "đã nộp báo cáo" not in screen.text and "Tỉnh, thành phố đã nộp" not in screen.text


def test_a_received_unit_is_followed_to_its_cells_and_older_figures(
    use_store: Callable[[Path], None], records_settings: Settings, records_store: Store
):
    use_store(records_settings.var_directory)
    unit = records_store.query(
        "SELECT min(unit_code) AS code FROM group_survey JOIN commune_month USING (period, unit_code)"
        " WHERE obs_status = 'reported'"
    )["code"].iloc[0]
    screen = open_page(QUALITY, period="2020-12", unit="02", selected=unit)
    assert "bao_cao_2020-12_02.xlsx!Xa!E" in screen.text and "ra_soat_02.xlsx!Số liệu!" in screen.text
    place = open_page(QUALITY, period="2020-12", unit="02")
    assert place.text.count("Tỉnh Hà Giang đã nộp báo cáo tháng 12/2020") == 1
    nation = open_page(QUALITY, period="2020-12")
    assert "3/63 tỉnh, thành phố đã nộp báo cáo" in nation.text
    assert "Tỉnh Thanh Hóa chưa nộp báo cáo" in open_page(QUALITY, period="2020-12", unit="38").text
    assert "bao_cao_2020-12_02.xlsx!Xa" in place.text and "=HYPERLINK(1)" in place.text
