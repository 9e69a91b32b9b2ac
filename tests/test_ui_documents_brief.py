"""The one-page brief, read back: one page whatever there is to say, tagged, in our typeface, with the figures of the screen
and of a plain recomputation."""

import functools
import io
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdf
import pytest
from pdf_ua import find_faults
from screen import PROJECT_ROOT, read_page
from test_reports_figure import find_fonts

from data import queries
from data.settings import Settings, get_settings
from data.store import Store
from indicators.rules import load_programmes, threshold_in_force
from reports.typesetting import typeset
from text.formats import Formats
from text.names import upper_first
from text.words import Words
from ui.documents.brief import build_brief
from ui.takeaway.answer import take
from ui.takeaway.headless import open_frame

PROFILE = PROJECT_ROOT / "pages" / "profile.py"
VI, FORMATS = Words("vi"), Formats("vi")
PERIOD, PROVINCE = "2020-12", "38"
MOST_BYTES = 1_000_000
BROKEN = re.compile(r"\b(nan|NaN|None|null|true|false|inf)\b|[{}]")
PLACES = {
    "the nation": {},
    "a region": {"unit": "r7_btb"},
    "a province": {"unit": "38"},
    "a province with an archipelago": {"unit": "48"},
    "a district": {"unit": "380"},
    "a district of small islands": {"unit": "576"},
    "an island district without communes": {"unit": "755"},
    "a district where nobody lives": {"unit": "498"},
    "a ward": {"unit": "14812"},
    "a rural commune": {"unit": "16384"},
    "the nation after the reform": {"period": "2025-07"},
    "a merged province by its old code": {"unit": "10", "period": "2025-07"},
    "a commune without districts": {"unit": "14812", "period": "2025-07"},
    "a region of 2025": {"unit": "r25_btb", "period": "2025-07"},
    "a province without a threshold": {"unit": "38", "period": "2026-02"},
    "a commune without a threshold": {"unit": "14812", "period": "2026-02"},
    "a place before its deadline": {"unit": "38", "period": "2019-12"},
    "a programme without months": {"programme": "2010-2015"},
    "nonsense": {"unit": "99", "period": "1999-01"},
}


def language_of(place: str) -> str:
    """Each place in one language, both about as often: a brief takes a part of a second."""
    return "en" if len(place) % 2 else "vi"


@dataclass(frozen=True)
class Brief:
    """`text` is what a reader can copy, with one space between words; `joined` the same without any."""

    reader: pypdf.PdfReader
    made: bytes
    text: str

    @property
    def joined(self) -> str:
        return "".join(self.text.split())

    def says(self, words: str) -> bool:
        """Whether the words stand on it, wherever its lines break."""
        return "".join(words.split()) in self.joined


@pytest.fixture(autouse=True)
def on_the_small_store(use_store: Callable[[Path], None], small_settings: Settings) -> None:
    use_store(small_settings.var_directory)


def read_brief(**address: str) -> Brief:
    return _read_once(str(get_settings().pointer_file), tuple(sorted({"lang": "vi", **address}.items())))


def read_place(place: str) -> tuple[Brief, Words]:
    lang = language_of(place)
    return read_brief(lang=lang, **PLACES[place]), Words(lang)


@functools.cache
def _read_once(_store: str, address: tuple[tuple[str, str], ...]) -> Brief:
    return open_pdf(take("profile", "brief.pdf", dict(address)).body)


def open_pdf(made: bytes) -> Brief:
    reader = pypdf.PdfReader(io.BytesIO(made))
    text = " ".join(" ".join(page.extract_text().split()) for page in reader.pages)
    return Brief(reader, made, text)


@pytest.mark.parametrize("place", PLACES)
def test_every_place_has_one_tagged_page_in_our_typeface(place: str):
    brief, lang = read_place(place)[0], language_of(place)
    assert len(brief.reader.pages) == 1 and len(brief.made) <= MOST_BYTES
    assert find_faults(brief.made) == []
    page = brief.reader.pages[0]
    assert [round(float(side)) for side in page.mediabox[2:]] == [595, 842]
    root = brief.reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == lang and root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert brief.reader.metadata.title and brief.reader.metadata.title == unicodedata.normalize(
        "NFC", brief.reader.metadata.title
    )
    assert "pdfuaid:part>1" in brief.reader.trailer["/Root"]["/Metadata"].get_data().decode()
    fonts = {str(font["/BaseFont"]) for font in find_fonts(brief.reader)}
    assert fonts and all("+BeVietnamPro" in font for font in fonts)
    assert brief.text == unicodedata.normalize("NFC", brief.text) and "\ufffd" not in brief.text
    assert not BROKEN.search(brief.text), BROKEN.search(brief.text)


def list_tags(brief: Brief) -> list[dict[str, Any]]:
    """Every element of the structure tree, in reading order."""
    found, waiting = [], [brief.reader.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop(0)
        node = node.get_object() if hasattr(node, "get_object") else node
        if not isinstance(node, dict):
            continue
        if "/S" in node:
            found.append(node)
        kids = node.get("/K", [])
        kids = kids.get_object() if hasattr(kids, "get_object") else kids
        waiting = [*(kids if isinstance(kids, list) else [kids]), *waiting]
    return found


def test_a_screen_reader_is_led_through_the_page():
    tags = list_tags(read_brief(unit=PROVINCE))
    kinds = [str(tag["/S"]) for tag in tags]
    assert kinds.count("/H1") == 1 and kinds.count("/H2") >= 5 and kinds.count("/Table") == 3
    assert kinds.index("/H1") < kinds.index("/H2")
    figures = [str(tag["/Alt"]) for tag in tags if tag["/S"] == "/Figure"]
    assert len(figures) == 2 and all(len(alt) > 40 for alt in figures)
    assert "dưới 60%" in figures[0] and "bao phủ" in figures[1]
    heads = [tag for tag in tags if tag["/S"] == "/TH"]
    assert len(heads) == 9  # three columns in each of the three tables


# The figures are those of the screen


@pytest.mark.parametrize(
    "place", ["the nation", "a region", "a province", "a district", "a rural commune", "a commune without districts"]
)
def test_the_headline_figures_are_those_of_the_profile(place: str):
    brief, _ = read_place(place)
    screen = read_page(PROFILE, lang=language_of(place), **PLACES[place])
    labels = re.findall(r'<section class="bp-figure"><h2>([^<]+)', "".join(screen.markup))
    assert len(labels) >= 3
    for label in labels:
        shown = screen.figure(label.strip())
        assert brief.says(shown), (label, shown)


def test_the_brief_is_the_same_file_for_the_same_question():
    first, second = (take("profile", "brief.pdf", {"unit": "380"} | more) for more in ({}, {"selected": "14812"}))
    assert first.file_name.startswith("BHYT_tom_tat_380_2020-12_") and first.file_name.endswith(".pdf")
    assert first.body == second.body


# And of a plain recomputation


def count_plainly(store: Store, scope: str) -> dict[str, Any]:
    """From the rows of the store, in whole numbers: θ = 85 %, at least; xã only."""
    rule = threshold_in_force(load_programmes()["2016-2020"], PERIOD)
    assert (int(rule.value), rule.operator, rule.unit_types) == (85, ">=", ("xa",))
    frame = queries.commune_values(store, PERIOD, scope)
    met, below, at_risk, classes = 0, [], [], [0] * 7
    people = insured = 0
    for row in frame.itertuples():
        if row.insured < 0 or row.population <= 0:
            continue
        people, insured = people + row.population, insured + row.insured
        if not row.stands_alone:
            hundred = 100 * row.insured
            edges = [60, 70, 80, 85, 90]
            place = sum(hundred >= edge * row.population for edge in edges)
            classes[6 if row.insured > row.population else place] += 1
        if row.type != "xa" or row.stands_alone:
            continue
        least = -(-85 * row.population // 100)
        if row.insured >= least:
            met += 1
            loss = row.insured - least + 1
            if 100 * loss <= row.population:
                at_risk.append((loss, row.name))
        else:
            below.append((least - row.insured, row.name))
    return {
        "met": met, "below": sorted(below, key=lambda pair: pair[0]), "at_risk": sorted(at_risk, key=lambda pair: pair[0]),
        "classes": classes, "people": people, "insured": insured,
    }  # fmt: skip


@pytest.mark.parametrize("unit", ["38", "380"])
def test_counts_and_lists_are_those_of_a_plain_count(small_store: Store, unit: str):
    found = count_plainly(small_store, unit)
    brief = read_brief(unit=unit)
    content, _ = build_brief(open_frame("profile", {"unit": unit}))
    counted = found["met"] + len(found["below"])
    assert brief.says(f"{found['met']} trong {counted} xã đã đạt")
    missing = FORMATS.count(sum(people for people, _ in found["below"]))
    assert brief.says(f"còn {len(found['below'])} xã chưa đạt 85%, thiếu {missing} người")
    assert brief.says(f"{FORMATS.count(found['people'] - found['insured'])} người chưa tham gia")
    assert [item["count"] for item in content["map"]["legend"]] == [FORMATS.count(count) for count in found["classes"]]
    closest, risk = content["lists"]
    for part, listed in ((closest, found["below"]), (risk, found["at_risk"])):
        assert [row[2] for row in part["rows"]] == [FORMATS.count(people) for people, _ in listed[:10]]
        for row in part["rows"]:
            assert brief.says(" ".join(row))
    assert [row[0].split(",")[0] for row in closest["rows"]] == [name for _, name in found["below"][:10]]


def test_the_groups_are_those_of_the_store(small_store: Store):
    rows = queries.group_gaps(small_store, PERIOD, PROVINCE)
    brief = read_brief(unit=PROVINCE)
    known = rows[rows["eligible"] >= 0]
    assert len(known) >= 5
    for row in known.itertuples():
        assert brief.says(FORMATS.people(row.uninsured)), row


def test_the_rank_is_counted_anew(small_store: Store):
    level = queries.level_values(small_store, PERIOD, "province")
    rates = {row.unit_code: 100 * row.insured / row.population for row in level.itertuples()}
    place = 1 + sum(rate > rates[PROVINCE] for rate in rates.values())
    assert read_brief(unit=PROVINCE).says(f"Hạng {place}/63 về mức bao phủ")


# What cannot be said is a sentence


@pytest.mark.parametrize(
    ("place", "key", "values"),
    [
        ("a province without a threshold", "brief.not_judged", {}),
        ("a district where nobody lives", "profile.nobody_lives", {}),
        ("a programme without months", "home.no_months", {"programme": "2010–2015"}),
        ("nonsense", "error.address_unit", {"value": "99"}),
    ],
)
def test_what_is_missing_is_said(place: str, key: str, values: dict[str, str]):
    brief, words = read_place(place)
    assert brief.says(upper_first(words.say(key, **values)))


def test_an_old_code_leads_to_the_place_of_today():
    assert read_place("a merged province by its old code")[0].says("Tỉnh Lào Cai")


def test_an_empty_store_gives_a_page_that_says_so(use_store: Callable[[Path], None], empty_settings: Settings):
    use_store(empty_settings.var_directory)
    brief = read_brief(unit=PROVINCE)
    assert len(brief.reader.pages) == 1 and brief.says(VI.say("brief.no_figures"))
    assert not brief.says(VI.say("brief.simulated"))


def find_missing(store: Store) -> str:
    """A commune whose report of the month came without it."""
    frame = queries.commune_values(store, PERIOD, "VN")
    return str(frame.loc[(frame["obs_status"] == "missing") & (frame["type"] == "xa"), "unit_code"].iloc[0])


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_commune_without_figures_gets_a_full_page(small_store: Store, lang: str):
    unit, words = find_missing(small_store), Words(lang)
    brief = read_brief(unit=unit, lang=lang)
    page = open_frame("profile", {"unit": unit, "lang": lang})
    content, _ = build_brief(page)
    assert len(brief.reader.pages) == 1 and find_faults(brief.made) == []
    assert brief.says(words.say("brief.todo_title")) and brief.says(unit) and brief.says(words.say("brief.not_zero"))
    blocks = {block["title"]: block for row in content["known"] for block in row}
    around = blocks[words.say("brief.around_title", period=page.formats.month(PERIOD))]
    province = page.label(
        page.catalogue.unit_parents[page.boundary_set][page.catalogue.unit_parents[page.boundary_set][unit]]
    )
    nation = queries.level_values(small_store, PERIOD, "province")
    known = nation[nation["insured"] >= 0]
    rate = Formats(lang).rate(int(10_000 * known["insured"].sum() // known["population"].sum()) / 100)
    assert around["rows"][0][0] == words.say("home.nation") and around["rows"][1][0] == province
    assert around["rows"][0][1][:2] == rate[:2] and len(around["rows"]) > 4
    months = next(
        block
        for title, block in blocks.items()
        if title.startswith(words.say("brief.last_title", month="@", rate="").split("@")[0])
    )
    assert months["rows"][0][1] == Formats(lang).missing  # the month of the page itself
    assert words.say("brief.rules_title") in blocks and any("2025" in title for title in blocks)  # a reform
    for row in (line for block in blocks.values() for line in block["rows"]):
        assert all(brief.says(cell) for cell in row), row


def test_where_nobody_lives_nobody_has_to_send_anything():
    brief, words = read_place("a district where nobody lives")
    assert brief.says(words.say("brief.todo_nobody_lives")) and not brief.says(words.say("brief.todo_check"))


def test_an_island_district_is_no_list_of_one():
    brief, words = read_place("an island district without communes")
    content, _ = build_brief(
        open_frame("profile", {"unit": "755", "lang": language_of("an island district without communes")})
    )
    assert content["lists"][1]["title"] == words.say("brief.province_title") and len(content["lists"][1]["rows"]) > 5
    assert content["lists"][1]["rows"][0][0] == "Huyện Côn Đảo" and brief.says(words.say("brief.populations_title"))


def test_simulated_figures_are_marked_and_received_ones_are_not(
    use_store: Callable[[Path], None], records_settings: Settings
):
    assert read_brief(unit=PROVINCE).says(VI.say("brief.simulated"))
    use_store(records_settings.var_directory)
    whole = {place: read_brief(unit=place) for place in ("VN", "02")}
    assert all(brief.says("mô phỏng") for brief in whole.values())


def test_the_public_brief_hides_small_groups_and_says_so(use_store: Callable[..., None], public_settings: Settings):
    use_store(public_settings.var_directory, "public")
    content, _ = build_brief(open_frame("profile", {"unit": "14812", "period": PERIOD}))
    hidden = [row for row in content["groups"]["rows"] if row["value"] == VI.say("public.small")]
    assert hidden and all(row["bar"] is None and row["rate"] == "" for row in hidden)
    assert content["groups"]["title"] == VI.say("public.groups_title") and content["groups"]["note"]


def change_texts(content: Any, change: Callable[[str], str], path: str = "") -> Any:
    """The content with every text of a reader changed; file names, colours and the language stay."""
    if isinstance(content, dict):
        kept = ("ink", "lang", "drawing", "colour")
        return {name: value if name in kept else change_texts(value, change) for name, value in content.items()}
    if isinstance(content, list):
        return [change_texts(value, change) for value in content]
    return change(content) if isinstance(content, str) and content else content


def test_names_with_markup_are_shown_letter_by_letter():
    hostile = "=1+1 <b>#x $y$ *z* _w_ @a // b"
    content, drawings = build_brief(open_frame("profile", {"unit": "380"}))
    content["lists"][0]["rows"][0][0] = hostile
    content["place"] = content["headline"] = hostile
    brief = open_pdf(typeset("brief", content, drawings))
    assert brief.joined.count("".join(hostile.split())) == 3


def test_a_page_with_far_too_much_to_say_is_still_one_page():
    content, drawings = build_brief(open_frame("profile", {"unit": PROVINCE}))
    long = change_texts(content, lambda text: f"{text} {text} {text}")
    brief = open_pdf(typeset("brief", long, drawings))
    assert len(brief.reader.pages) == 1
    assert brief.says(long["caption"]) and brief.says(long["lists"][1]["rows"][9][0])
