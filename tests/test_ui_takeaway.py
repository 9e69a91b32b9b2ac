"""Files to take away: each has an address, answers the View of its page, and holds what the page shows."""

import ast
import csv
import html
import importlib
import io
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl

import openpyxl
import pytest
from screen import HOME, PAGES, Screen, open_page, read_page, table_rows

from data.errors import StoreUnavailable
from data.settings import Settings, get_settings
from data.store import Store
from text.words import Words
from ui.takeaway import answer, registry
from ui.takeaway.headless import open_frame
from ui.takeaway.offers import MEDIA_TYPES, NothingToTake

VI = Words("vi")
FILES = [
    (page, f"{what}.{ending}")
    for page, own in registry.PAGES.items()
    for what, offer in own.offers.items()
    for ending in offer.endings
]


@pytest.fixture(autouse=True)
def on_the_small_store(use_store: Callable[[Path], None], small_settings: Settings) -> None:
    use_store(small_settings.var_directory)


def open_book(page: str, what: str, **address: str) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(answer.take(page, f"{what}.xlsx", address).body))


def read_figures(book: openpyxl.Workbook) -> list[dict[str, object]]:
    """The rows of the figures by their headings."""
    head, *rows = book[VI.say("files.sheet_figures")].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def links_of(screen: Screen) -> list[str]:
    """The addresses of the files that a page offers."""
    blocks = [block for block in screen.markup if "bp-take" in block]
    return [html.unescape(link) for link in re.findall(r'<a href="(take/[^"]+)"', "".join(blocks))]


# The registry and the pages


def begin_call(path: Path) -> ast.Call:
    tree = ast.parse(path.read_text("utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return next(call for call in calls if ast.unparse(call.func) == "frame.begin")


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_files_read_the_address_with_the_choices_of_their_page(path: Path):
    call = begin_call(path)
    own = registry.PAGES.get(ast.literal_eval(call.args[0]))
    if own is None:
        return
    names: dict[str, object] = {}
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                module = importlib.import_module(node.module)
                names[alias.name] = getattr(module, alias.name, None) or importlib.import_module(
                    f"{node.module}.{alias.name}"
                )
    given = [eval(ast.unparse(argument), names) for argument in call.args[1:]]
    assert [choice.name for choice in own.choices] == [choice.name for choice in (given[0] if given else ())]
    assert given[1:] in ([], [own.place_levels])


STARTS = {"xlsx": b"PK", "excel.csv": b"\xef\xbb\xbf", "png": b"\x89PNG", "svg": b"<svg", "pdf": b"%PDF", "pptx": b"PK"}
# Where each file has something to hold: the default view, a place in it, a month ahead, a store with records.
ADDRESSES = (
    {"period": "2020-12"},
    {"period": "2020-12", "unit": "24"},
    {"period": "2025-06", "unit": "24"},
    {"period": "2020-11", "unit": "24", "enrol": "300", "where": "all"},
)


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("page", registry.PAGES)
def test_every_file_opens_in_both_languages_or_says_that_there_is_nothing(
    page: str, lang: str, use_store: Callable[[Path], None], small_settings: Settings, records_settings: Settings
):
    made: dict[str, int] = dict.fromkeys(registry.PAGES[page].offers, 0)
    for settings in (small_settings, records_settings):
        use_store(settings.var_directory)
        for address in ADDRESSES:
            frame = open_frame(page, address | {"lang": lang})
            for what, offer in registry.PAGES[page].offers.items():
                try:
                    body = offer.make(frame, offer.endings[-1])
                except NothingToTake as nothing:
                    assert Words(lang).say(nothing.words_key)
                    continue
                assert body.startswith(STARTS.get(offer.endings[-1], b"")), what
                made[what] += 1
    # Revisions and projections have tests of their own: no store of this one has any.
    assert not [what for what, times in made.items() if not times and what not in ("revisions", "projection")]


@pytest.mark.parametrize(("page", "file"), FILES, ids=lambda part: part)
def test_every_form_of_a_file_has_its_kind_and_a_name_of_plain_letters(
    page: str, file: str, use_store: Callable[[Path], None], records_settings: Settings
):
    use_store(records_settings.var_directory)
    ending = answer.split_name(file)[1]
    for address in ADDRESSES[1:]:
        try:
            taken = answer.take(page, file, address)
        except NothingToTake:
            continue
        assert taken.body.startswith(STARTS.get(ending, b"")) and taken.media_type == MEDIA_TYPES[ending]
        assert re.fullmatch(rf"BHYT_[0-9a-z_]+_24_20\d\d-\d\d_\d{{4}}-\d\d-\d\d\.{re.escape(ending)}", taken.file_name)
        break


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_on_a_page_leads_to_a_file_for_the_view_of_the_page(page: Path):
    for address in links_of(read_page(page, unit="38")):
        place, _, query = address.removeprefix("take/").partition("?")
        name, file = place.split("/")
        assert answer.is_offered(name, file), address
        assert dict(parse_qsl(query))["unit"] == "38"


def test_the_links_say_what_they_lead_to_in_the_readers_language():
    for lang in ("vi", "en"):
        said = Words(lang).say("takeaway.what.home_units")
        block = next(block for block in read_page(HOME, lang=lang).markup if "take/home/units" in block)
        assert Words(lang).say("takeaway.link", what=said, form="Excel (XLSX)") in html.unescape(block)
        assert block.count("<a ") == block.count(" download ") == block.count("aria-label") - 1


# What an address answers


def test_nonsense_in_the_address_falls_back_as_on_the_page_and_the_file_says_so():
    frame = open_frame("home", {"unit": "99", "lang": "xx", "sort": "1;DROP"})
    assert (frame.view.unit, frame.view.lang, frame.view.sort) == ("VN", "vi", "need")
    about = [
        cell for row in open_book("home", "units", unit="99", level="province")["Đọc trước"].values for cell in row
    ]
    assert VI.say("error.address_unit", value="99") in about


def test_what_is_not_offered_is_not_looked_for():
    assert answer.is_offered("home", "units.xlsx")
    for page, file in [("home", "units.exe"), ("home", "units"), ("nowhere", "units.csv"), ("home", "../app.py")]:
        assert not answer.is_offered(page, file)
        with pytest.raises(KeyError):
            answer.take(page, file, {})


def test_the_same_question_is_answered_once_and_not_sent_twice(monkeypatch: pytest.MonkeyPatch):
    first = answer.take("home", "units.csv", {"unit": "38", "page": "2"})
    made = []
    monkeypatch.setattr(answer.Offer, "name", lambda offer, page: made.append(page) or "x")
    again = answer.take("home", "units.csv", {"unit": "38"})
    assert again.tag == first.tag and again.body is first.body
    assert answer.take("home", "units.csv", {"unit": "38"}, known_tag=first.tag).body == b""
    assert answer.take("home", "units.csv", {"unit": "38", "lang": "en"}).tag != first.tag


def test_files_that_are_kept_stay_below_their_limit():
    kept = answer.Kept(100)
    for name in "abcdef":
        kept.put(name, name.encode() * 25)
    assert [name for name in "abcdef" if kept.get(name)] == list("cdef")
    kept.put("too large", b"x" * 26)
    assert kept.get("too large") is None


def test_an_empty_store_and_a_month_without_figures_say_that_there_is_nothing(
    use_store: Callable[[Path], None], empty_settings: Settings, tmp_path: Path
):
    with pytest.raises(NothingToTake):
        answer.take("home", "units.csv", {"programme": "2010-2015"})
    use_store(empty_settings.var_directory)
    with pytest.raises(NothingToTake) as refused:
        answer.take("home", "units.xlsx", {})
    assert VI.say(refused.value.words_key)
    use_store(tmp_path)
    with pytest.raises(StoreUnavailable):
        answer.take("home", "units.xlsx", {})


def test_the_public_edition_does_not_know_internal_files(monkeypatch: pytest.MonkeyPatch):
    secret = registry.PAGES["home"].offers["units"]
    offer = registry.Offer(secret.make, secret.endings, secret.stem, is_internal=True)
    monkeypatch.setitem(registry.PAGES["home"].offers, "secret", offer)
    assert answer.is_offered("home", "secret.csv")
    monkeypatch.setenv("BAOPHU_EDITION", "public")
    get_settings.cache_clear()
    assert not answer.is_offered("home", "secret.csv") and answer.is_offered("home", "units.csv")
    assert "secret" not in "".join(links_of(open_page(HOME)))


# The table of the home page


def test_the_workbook_has_all_rows_of_the_screen_in_its_order(small_store: Store):
    screen = table_rows(read_page(HOME, unit="38", sort="coverage"), "Bảng số liệu")
    book = open_book("home", "units", unit="38", sort="coverage")
    assert book.sheetnames == ["Đọc trước", "Số liệu", "Tiêu chí", "Ranh giới"]
    rows = read_figures(book)
    assert len(rows) == 635 and len(screen) == 50
    assert [row["Xã, phường, thị trấn"] for row in rows[:50]] == [cells[0].split(",")[0] for cells in screen]
    counts = small_store.query(
        "SELECT unit_code, population, insured FROM commune_month WHERE period = '2020-12'"
    ).set_index("unit_code")
    for row in rows:
        people, insured = (int(counts.at[row["Mã đơn vị"], column]) for column in ("population", "insured"))
        assert (row["Dân số"], row["Người tham gia BHYT"]) == (people, insured)
        assert row["Tỷ lệ bao phủ"] == pytest.approx(10_000 * insured // people / 10_000, abs=1e-12)
        # θ = 85 %: ⌈0,85·P⌉ − N in whole numbers
        assert row["Còn thiếu (người)"] == max(0, -(-85 * people // 100) - insured)
        assert row["Nguồn số liệu"] == "mô phỏng"


def test_the_three_forms_of_a_table_hold_the_same_figures():
    address = {"level": "province"}
    rows = read_figures(open_book("home", "units", **address))
    plain = list(csv.DictReader(io.StringIO(answer.take("home", "units.csv", address).body.decode())))
    excel = answer.take("home", "units.excel.csv", address).body.decode("utf-8-sig")
    written = list(csv.reader(io.StringIO(excel), delimiter=";"))[1:64]
    assert len(rows) == len(plain) == 63
    for book, text, shown in zip(rows, plain, written, strict=False):
        assert book["Mã đơn vị"] == text["unit_code"] == shown[0] and len(text["unit_code"]) == 2
        assert book["Dân số"] == int(text["population"]) == int(shown[3])
        assert 100 * book["Tỷ lệ bao phủ"] == pytest.approx(float(text["coverage"]))
        assert float(text["coverage"]) == float(shown[6].replace(",", "."))


def test_the_filter_of_the_legend_and_the_boundaries_of_the_screen_hold_for_the_file():
    below = read_figures(open_book("home", "units", unit="38", classes="0.1.2.3"))
    assert 0 < len(below) < 635 and all(row["Tỷ lệ bao phủ"] < 0.85 for row in below)
    merged = read_figures(open_book("home", "units", level="province", boundaries="2025-07"))
    assert len(merged) == 34 and {row["Nguồn số liệu"] for row in merged} == {"mô phỏng"}


def test_what_stands_beside_the_figures_names_source_rule_boundaries_and_the_mark():
    book = open_book("home", "units", unit="38")
    first = [" ".join(str(cell) for cell in row if cell) for row in book["Đọc trước"].values]
    for said in ("Nguồn", "Số liệu đến ngày 31/12/2020", "1980/QĐ-TTg", VI.say("takeaway.simulated"), "tỉnh Thanh Hóa"):
        assert any(said in line for line in first), said
    assert any("1980/QĐ-TTg" in str(row) for row in book["Tiêu chí"].values)
    assert any("01/2025" in str(row) for row in book["Ranh giới"].values)


def test_without_a_threshold_nothing_is_judged():
    rows = read_figures(open_book("home", "units", period="2026-02", level="province"))
    assert len(rows) == 34 and not {"Còn thiếu (người)", "Tình trạng", "Xã đạt"} & rows[0].keys()
