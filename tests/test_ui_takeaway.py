"""Files to take away: each has an address, answers the View of its page, and holds what the page shows."""

import ast
import csv
import html
import importlib
import io
import json
import re
import struct
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl

import openpyxl
import pptx
import pytest
from office_schemas import find_schema_faults
from open_packages import find_package_faults, find_sheet_faults
from screen import HOME, PAGES, Screen, open_page, read_component, read_page, table_rows

from data.errors import StoreUnavailable
from data.ingest.reading import read_parts
from data.ingest.rule_words import describe_finding
from data.settings import PROJECT_ROOT, Settings
from data.store import Store
from reports.table_files import MANY_ROWS
from text.words import Words
from ui.takeaway import answer, registry
from ui.takeaway.headless import open_frame
from ui.takeaway.offers import MEDIA_TYPES, NothingToTake

VI = Words("vi")


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
    return next(call for call in calls if ast.unparse(call.func) in ("frame.show", "frame.begin"))


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
    given = [eval(ast.unparse(argument), names) for argument in call.args[2:]]
    assert [choice.name for choice in own.choices] == [choice.name for choice in (given[0] if given else ())]
    assert given[1:] in ([], [own.place_levels])


STARTS = {"xlsx": b"PK", "excel.csv": b"\xef\xbb\xbf", "png": b"\x89PNG", "svg": b"<svg", "pdf": b"%PDF", "pptx": b"PK"}
# Where each file has something to hold: a place, a comparison, a month ahead, a what-if, the nation, a marked commune.
PLACES = (
    {"period": "2020-12", "unit": "24"},
    {"period": "2020-11", "unit": "38", "enrol": "300", "where": "all", "second": "2020-12"},
    {"period": "2025-06", "unit": "24"},
    {"period": "2020-12"},
    {"period": "2020-12", "unit": "38", "selected": "14812"},
)
ELSEWHERE = {
    "revisions",
    "projection",
    "versions",
    "recoveries",
}  # tests/test_ui_takeaway_tables.py: no store here has any


def make_or_say(page: str, what: str, address: dict[str, str]) -> bytes | None:
    """The last form of a file; None where the View has none, which is said in the reader's language."""
    offer = registry.PAGES[page].offers[what]
    try:
        body = offer.make(open_frame(page, address), offer.endings[-1])
    except NothingToTake as nothing:
        assert Words(address["lang"]).say(nothing.words_key)
        return None
    assert body.startswith(STARTS.get(offer.endings[-1], b"")), what
    return body


@pytest.mark.parametrize("page", registry.PAGES)
def test_every_file_opens_at_the_default_view_or_says_that_there_is_nothing(page: str):
    for what in registry.PAGES[page].offers:
        make_or_say(page, what, {"lang": "vi"})


@pytest.mark.parametrize("page", registry.PAGES)
def test_every_file_has_something_to_hold_somewhere_and_says_it_in_english_too(
    page: str, use_store: Callable[[Path], None], records_settings: Settings
):
    use_store(records_settings.var_directory)
    for what in registry.PAGES[page].offers.keys() - ELSEWHERE:
        assert any(make_or_say(page, what, place | {"lang": "en"}) for place in PLACES), what


# Tables and figures that are no files of their own, by a word of their markup, and why.
WITHOUT_FILES = {
    "Nơi giáp ranh": "in the file of the table beside it (company)",
}
SHOWN = [
    *((page, {"unit": "38"}) for page in PAGES if page.stem not in ("profile", "check", "meeting")),
    *((page, {}) for page in PAGES if page.stem in ("ranking", "roadmap", "emulation", "method")),
    *((page, {"unit": unit, "part": part}) for page in PAGES if page.stem == "profile"
      for unit, part in (("38", "overview"), ("38", "communes"), ("38", "trend"), ("38", "people"), ("38", "sources"),
                         ("38", "compare"), ("380", "origins"), ("14812", "origins"), ("14812", "overview"))),
]  # fmt: skip


def blocks_in_order(screen: Screen) -> list[str]:
    """The markup of a page as it stands below one another, charts and maps by their kind."""
    found = []
    for node in screen.app._tree:
        kind = getattr(node, "type", "")
        if kind == "html":
            found.append(node.proto.body)
        elif kind == "bidi_component":
            is_map = node.proto.component_name.endswith("coverage-map.map")
            found.append("<figure>map" if is_map else read_component(node))
        elif kind == "plotly_chart":
            found.append(f"<figure>chart {node.proto.id}")
    return [block for block in found if block and not block.startswith("<style")]


def list_bare(screen: Screen) -> list[str]:
    """Tables and figures after which no row of links comes before the next of them; a figure and the table behind it have one
    row, with a picture in it."""
    bare, waiting = [], ""
    for block in blocks_in_order(screen):
        if "<table" in block or "<figure>" in block or "data-reach" in block:
            is_behind = waiting.startswith("<figure>") and "<table" in block
            bare += [waiting] if waiting and not is_behind else []
            waiting = waiting + block if is_behind else block
        if "bp-take" in block and not (waiting.startswith("<figure>") and ".png" not in block):
            waiting = ""
    return [*bare, *([waiting] if waiting else [])]


@pytest.mark.parametrize(
    ("page", "address"), SHOWN, ids=lambda value: getattr(value, "stem", None) or "-".join(value.values())
)
def test_every_table_and_figure_stands_with_its_files(
    page: Path, address: dict[str, str], use_store, records_settings: Settings
):
    use_store(records_settings.var_directory)
    bare = [
        block for block in list_bare(read_page(page, **address)) if not any(word in block for word in WITHOUT_FILES)
    ]
    assert bare == [], [block[:300] for block in bare]


@pytest.mark.parametrize(
    ("page", "file"),
    [("meeting", "slides.pptx"), ("profile", "workbook.xlsx"), ("roadmap", "plan.xlsx"), ("method", "rules.xlsx"),
     ("home", "units.xlsx"), ("profile", "origins.xlsx")],
)  # fmt: skip
def test_office_programs_find_nothing_to_repair(page: str, file: str, tmp_path: Path):
    made = answer.take(page, file, {"unit": "14812" if file == "origins.xlsx" else "38", "period": "2020-12"}).body
    assert find_package_faults(made) == []
    assert find_schema_faults(made, tmp_path, file.rpartition(".")[2]) == []
    if file.endswith(".xlsx"):
        assert find_sheet_faults(made) == []
        if file == "workbook.xlsx":  # rows written by XlsxWriter and by us
            assert openpyxl.load_workbook(io.BytesIO(made))[VI.say("takeaway.sheet.commune")].max_row > MANY_ROWS
        return
    for slide in pptx.Presentation(io.BytesIO(made)).slides:
        empty = [
            shape.name for shape in slide.placeholders if shape.has_text_frame and not shape.text_frame.text.strip()
        ]
        assert empty == [], "PowerPoint writes “Click to add text” there"


@pytest.mark.parametrize("file", ["units.xlsx", "units.excel.csv", "units.csv", "map.png", "map.svg"])
def test_every_form_of_a_file_has_its_kind(file: str):
    ending, taken = answer.split_name(file)[1], answer.take("home", file, {"unit": "24"})
    assert taken.body.startswith(STARTS.get(ending, b"")) and taken.media_type == MEDIA_TYPES[ending]
    assert taken.file_name.endswith(f".{ending}")


def test_every_file_has_a_name_of_plain_letters_and_no_page_two_of_one_name_and_ending():
    for page, own in registry.PAGES.items():
        frame = open_frame(page, {"unit": "24"})
        names = [(offer.name(frame), ending) for offer in own.offers.values() for ending in offer.endings]
        assert all(re.fullmatch(r"[0-9a-z_]+", name) for name, _ in names)
        twice = {name for name in names if names.count(name) > 1}
        assert twice <= {("ban_do_bao_phu", "png"), ("ban_do_bao_phu", "svg")}, page  # the two maps side by side


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


@pytest.mark.parametrize(("name", "figure"), [("plan_months", "Chỉ tiêu (người)"), ("plan_register", "Chỉ tiêu (%)")])
def test_the_workbook_of_a_plan_holds_the_communes_of_the_place_and_is_read_with_two_rows_filled_in(
    name: str, figure: str, tmp_path: Path, small_store: Store
):
    taken = answer.take("check", f"{name}.xlsx", {"unit": "48", "period": "2020-12"})
    assert taken.file_name.endswith("_48.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(taken.body))
    sheet = book.worksheets[0]
    head = [cell.value for cell in sheet[4]]
    given = [(row[0], row[1], row[2]) for row in sheet.iter_rows(min_row=5, values_only=True)]
    communes = small_store.query(
        "SELECT u.unit_code, u.name, d.name FROM unit AS u JOIN unit AS d ON d.unit_code = u.district_code AND "
        "d.boundary_set = u.boundary_set WHERE u.boundary_set = '2019-10' AND u.province_code = '48' "
        "AND (u.level = 'commune' OR u.stands_alone)"
    )
    assert set(given) == set(communes.itertuples(index=False, name=None)) and len(given) == len(communes) > 50
    for row in (6, 9):
        for heading, value in (("Nhiệm vụ", "Vận động hộ gia đình"), (figure, 12), ("Hạn hoàn thành", "31/01/2021")):
            sheet.cell(row, head.index(heading) + 1, value)
    book.save(tmp_path / "ke_hoach.xlsx")
    [part] = read_parts(tmp_path / "ke_hoach.xlsx", "xlsx", last_period="2026-11")
    assert part.columns["unit_code"] == [given[1][0], given[4][0]]
    assert [(one.rule_id, one.value) for one in part.rejections] == [("rows_left_empty", str(len(given) - 2))]
    assert str(len(given) - 2) in describe_finding(part.rejections[0], VI)


def test_nonsense_in_the_address_falls_back_as_on_the_page_and_the_file_says_so():
    frame = open_frame("home", {"unit": "99", "lang": "xx", "sort": "1;DROP"})
    assert (frame.view.unit, frame.view.lang, frame.view.sort) == ("VN", "vi", "need")
    about = [
        cell for row in open_book("home", "units", unit="99", level="province")["Đọc trước"].values for cell in row
    ]
    assert VI.say("error.address_unit", value="99") in about


def test_a_file_of_a_district_that_has_ended_names_it_and_its_province():
    about = [
        cell for row in open_book("home", "units", unit="380", period="2026-02")["Đọc trước"].values for cell in row
    ]
    said = VI.say("error.address_district_ended", name="Thành phố Thanh Hóa", province="tỉnh Thanh Hóa")
    assert said in about
    assert answer.take("home", "map.svg", {"unit": "380", "period": "2026-02"}).body.startswith(b"<svg")


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


def test_the_public_edition_does_not_know_internal_files(
    use_store: Callable[..., None], public_settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    secret = registry.PAGES["home"].offers["units"]
    offer = registry.Offer(secret.make, secret.endings, secret.stem, is_internal=True)
    monkeypatch.setitem(registry.PAGES["home"].offers, "secret", offer)
    assert answer.is_offered("home", "secret.csv")
    use_store(public_settings.var_directory, "public")
    assert not answer.is_offered("home", "secret.csv") and answer.is_offered("home", "units.csv")
    links = "".join(links_of(open_page(HOME)))
    assert "units.csv" in links and "secret" not in links


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


# Maps and charts


def test_a_map_to_take_away_has_words_key_caption_mark_and_the_archipelagos(monkeypatch: pytest.MonkeyPatch):
    """Typst sets letters as outlines: the words are read where they are handed over."""
    given = {}

    def keep(drawing: str, form: str, **said: object) -> bytes:
        given.update(said, drawing=drawing, form=form)
        return b""

    monkeypatch.setattr("ui.documents.figures.make_figure", keep)
    answer.find_offer("home", "map").make(open_frame("home", {}), "svg")
    screen = read_page(HOME)
    assert given["title"] in screen.text and given["subtitle"] in screen.text
    assert given["simulated"] and "Số liệu đến ngày 31/12/2020" in given["caption"]
    drawn = [
        "".join(text.itertext()) for text in ET.fromstring(given["drawing"]).iter("{http://www.w3.org/2000/svg}text")
    ]
    assert {"QĐ. Hoàng Sa", "QĐ. Trường Sa"} <= set(drawn)
    counts = [int(item.count.replace(".", "")) for item in given["legend"] if item.count]
    assert sum(counts) == 11_160 and [item.edge for item in given["legend"]].count(True) == 1
    answer.find_offer("home", "map").make(open_frame("home", {"unit": "38", "classes": "0.1"}), "svg")
    assert [item.label for item in given["legend"] if item.is_bright] == ["dưới 60%", "60 – <70"]
    assert any("dưới 60%; 60 – <70" in note for note in given["notes"])


def test_a_map_of_people_draws_a_circle_for_every_unit_with_people_missing(monkeypatch: pytest.MonkeyPatch):
    given = {}
    monkeypatch.setattr("ui.documents.figures.make_figure", lambda drawing, form, **said: given.update(said, d=drawing))
    answer.find_offer("map", "map").make(open_frame("map", {"unit": "24", "indicator": "need"}), "svg")
    circles = list(ET.fromstring(given["d"]).iter("{http://www.w3.org/2000/svg}circle"))
    wanted = sum(int(item.count.replace(".", "")) for item in given["legend"] if item.radius)
    assert len(circles) == wanted > 10
    assert {float(circle.get("r")) for circle in circles} <= {item.radius for item in given["legend"]}


@pytest.mark.parametrize(
    ("page", "params"),
    [
        ("ranking", {"unit": "24"}),
        ("ranking", {"unit": "24", "plot": "funnel"}),
        ("ranking", {}),
        ("profile", {"unit": "24"}),
    ],
)
def test_a_strip_or_funnel_has_the_dots_of_the_screen_in_pixels(
    monkeypatch: pytest.MonkeyPatch, page: str, params: dict[str, str]
):
    given = {}
    monkeypatch.setattr("ui.documents.figures.make_figure", lambda drawing, form, **said: given.update(said, d=drawing))
    answer.find_offer(page, "dots" if page == "ranking" else "strip").make(open_frame(page, params), "svg")
    screen = read_page(PROJECT_ROOT / "pages" / f"{page}.py", **params)
    assert given["title"] in screen.text and given["subtitle"] in screen.text
    shown = next(block for block in screen.markup if 'class="bp-dots"' in block)
    dots = re.findall(r'<circle cx="([\d.]+)%" cy="([\d.]+)"', shown)
    drawn = [(c.get("cx"), c.get("cy")) for c in ET.fromstring(given["d"]).iter("{http://www.w3.org/2000/svg}circle")]
    width = int(ET.fromstring(given["d"]).get("width").split(".")[0])
    assert drawn == [(f"{float(x) * width / 100:.2f}", y) for x, y in dots] and len(dots) > 10
    shown_place = Words("vi").say("caption.filter_place", place="Tỉnh Bắc Giang")
    assert (shown_place in given["caption"]) == bool(params), "the caption counts the units of the place that is drawn"
    assert "%" not in re.sub(r">[^<]*<", "><", given["d"]).replace(given["alt"], "")
    ET.fromstring(given["d"])
    assert "data-" not in given["d"] and "vector-effect" not in given["d"]


def test_a_chart_is_drawn_from_the_figure_of_the_screen(monkeypatch: pytest.MonkeyPatch):
    given = {}
    monkeypatch.setattr("ui.documents.figures.make_figure", lambda drawing, form, **said: given.update(said, d=drawing))
    answer.find_offer("trends", "trend").make(open_frame("trends", {"unit": "24"}), "svg")
    page = PROJECT_ROOT / "pages" / "trends.py"
    shown = read_page(page, unit="24")
    assert given["title"] in shown.text and given["subtitle"] in shown.text
    assert next(note.split(" ", 2)[2] for note in given["notes"] if "861" in note) in shown.text
    lines = list(ET.fromstring(given["d"]).iter("{http://www.w3.org/2000/svg}polyline"))
    figure = json.loads(shown.app.get("plotly_chart")[0].proto.spec)
    assert len(lines) >= sum(trace.get("mode", "").startswith("lines") for trace in figure["data"]) > 0


def test_the_png_is_twice_as_sharp_as_the_screen():
    body = answer.take("home", "trend.png", {}).body
    assert struct.unpack(">I", body[16:20])[0] == 960 * 192 // 72
