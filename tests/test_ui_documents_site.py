"""The static edition: the figures of the public store, links that lead somewhere, names that stay names, the same files again."""

import csv
import gzip
import hashlib
import html
import json
import pickle
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from types import ModuleType
from urllib.parse import urljoin
from xml.etree import ElementTree

import pytest
import static_site
from recomputed import NATION, Recomputed, lines_of, write_count, write_rate
from static_site import ADDRESS, PERIOD, PROVINCES, addresses_in, public_process, read, strip, table_rows

from data.errors import UserError
from data.settings import PROJECT_ROOT, Settings, read_settings
from data.store import Store, open_current
from reports.site.folder import list_files
from reports.site.hashed import Assets
from reports.site.render import Edition, SitePage, render
from text.names import fold_accents
from text.words import Words
from ui import loaders
from ui.documents import site as static
from ui.documents.site_markup import Site
from ui.documents.site_units import SiteRow, SiteTable
from ui.table import Column

pytestmark = pytest.mark.pages
PAGES = {"index.html", "ranking.html", "lookup.html", "method.html", "404.html"}
PAGES |= {"en/index.html", "en/ranking.html", "en/lookup.html", "en/method.html", "en/404.html"}
PAGES |= {f"{folder}/{code}.html" for folder in ("province", "en/province") for code in PROVINCES}
HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>'


@pytest.fixture(scope="module")
def root(public_settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    static_site.write_part(public_settings, folder)
    return folder


@pytest.fixture(scope="module")
def site(root: Path) -> Path:
    return (root / "current").resolve()


@pytest.fixture(scope="module")
def again(public_store: Store) -> Recomputed:
    return Recomputed(public_store)


def test_the_pages_are_there_under_the_snapshots_name_and_the_link_leads_to_them(
    root: Path, site: Path, public_store: Store
):
    assert {path.relative_to(site).as_posix() for path in site.rglob("*.html")} == PAGES
    assert site.name.startswith(f"{public_store.snapshot_id}-") and (root / "current").is_symlink()
    assert [path.name for path in root.iterdir() if path.name.endswith(".part")] == []


def test_a_process_of_its_own_makes_the_same_pages_as_this_one(
    site: Path, public_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(static, "run_here", partial(static.run_apart, workers=1))
    # A process of its own begins with what this one was started with, and AppTest leaves a page of the app there.
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))
    made = static_site.write_part(public_settings, tmp_path, "lookup", "method")
    for path in ("lookup.html", "en/method.html"):
        assert (made / path).read_bytes() == (site / path).read_bytes(), path


def test_the_figures_of_the_provinces_are_those_of_the_raw_rows(site: Path, again: Recomputed):
    rows = table_rows(read(site, "index.html"))
    assert len(rows) == 63
    for code, cells in rows.items():
        insured, population = again.figures(PERIOD, code)
        sums = again.sums(PERIOD)[code]
        rate = write_rate(again.sums(PERIOD)[code].rate, *lines_of(85))
        people = f"{write_count(insured)}/{write_count(population)}"
        assert cells[1:5] == [
            rate,
            people,
            f"{write_count(sums.met)}/{write_count(sums.counted)}",
            write_count(sums.need),
        ]
    assert write_count(again.sums(PERIOD)[NATION].met) in strip(read(site, "index.html"))


def test_the_ranking_has_every_province_with_its_rate(site: Path, again: Recomputed):
    page = read(site, "ranking.html")
    league = page[page.rindex("<table") :]
    found = {
        code: strip(value)
        for code, value in re.findall(
            r'<tr[^>]*><t[dh][^>]*><a href="province/(\d+)\.html">.*?</t[dh]>\s*<td class="bp-num">(.*?)<small>', league
        )
    }
    assert (
        found == {code: write_rate(again.sums(PERIOD)[code].rate, *lines_of(85)) for code in found} and len(found) == 63
    )


def test_every_commune_of_a_province_is_listed_with_its_figures(site: Path, again: Recomputed):
    for code in PROVINCES:
        rows = table_rows(read(site, f"province/{code}.html"))
        communes = [unit.code for unit in again.communes(PERIOD) if unit.province == code]
        assert set(communes) <= set(rows)
        known = 0
        for commune in communes:
            counts = again.known(PERIOD, commune)
            cells = rows[commune]
            if counts is None:
                assert cells[1] == cells[2] == "chưa có dữ liệu"
                continue
            known += 1
            assert cells[2] == f"{write_count(counts[0])}/{write_count(counts[1])}"
        assert known > len(communes) / 2


def test_the_files_beside_a_page_hold_the_same_figures(site: Path, again: Recomputed):
    [path] = [one for one in (site / "files" / "vi").glob("BHYT_xa_24_*.csv") if not one.name.endswith("excel.csv")]
    rows = list(csv.DictReader(path.open(encoding="utf-8")))
    communes = [unit.code for unit in again.communes(PERIOD) if unit.province == "24"]
    assert {row["unit_code"] for row in rows} == set(communes)
    for row in rows:
        counts = again.known(PERIOD, row["unit_code"])
        assert counts is None or (int(row["insured"]), int(row["population"])) == counts


def test_every_address_leads_to_a_file_and_none_to_another_host(site: Path):
    missing, outside = set(), set()
    others = re.compile(r"(en/)?province/\d\d\.html")  # provinces that this build leaves out
    for path in static_site.list_pages(site):
        here = ADDRESS + path.relative_to(site).as_posix()
        for address in addresses_in(path.read_text("utf-8")):
            found = urljoin(here, address)
            if not found.startswith(ADDRESS):
                # The open data are the app's own, where they have been written.
                outside |= set() if found.startswith(urljoin(ADDRESS, "/open/v1/")) else {found}
                continue
            file, _, place = found.removeprefix(ADDRESS).partition("#")
            file = file if file and not file.endswith("/") else f"{file}index.html"
            if not (site / file).is_file():
                missing |= set() if others.fullmatch(file) else {(path.name, file)}
            elif place and not re.search(rf'\sid="{re.escape(place)}"', read(site, file)):
                missing.add((path.name, f"{file}#{place}"))
    assert missing == set()
    assert outside == set()


def test_what_the_map_asks_for_is_there(site: Path):
    for path in static_site.list_pages(site):
        page = path.read_text("utf-8")
        for address in addresses_in(page):
            if not address.endswith(".bin.gz"):
                continue
            header = static_site.read_message((path.parent / address).resolve())
            for key in ("outlines", "scope_outlines", "background", "names", "values"):
                assert header[key] is None or (path.parent / header[key]).resolve().is_file(), key
            assert (path.parent / header["rest"].format(period=PERIOD)).resolve().is_file()
            assert header["previous_period"] is header["next_period"] is None


def test_no_button_of_the_screen_is_left_and_no_script_stands_in_a_page(site: Path):
    for path in static_site.list_pages(site):
        page = path.read_text("utf-8")
        assert "data-act" not in page and "<select" not in page, path.name
        assert "take/" not in page and "_self" not in page, path.name
        scripts = re.findall(r"<script([^>]*)>", page)
        assert all("src=" in found or "ld+json" in found for found in scripts), path.name
        assert not re.search(r"\son\w+=", page), path.name
        assert "script-src 'self';" in html.unescape(page) and "unsafe-eval" not in page


def test_each_page_says_its_language_its_twin_and_what_it_is(site: Path):
    titles, descriptions = set(), set()
    for path in static_site.list_pages(site):
        page, name = path.read_text("utf-8"), path.relative_to(site).as_posix()
        lang = "en" if name.startswith("en/") else "vi"
        assert f'<html lang="{lang}">' in page
        assert len(re.findall(r"<h1[ >]", page)) == 1, name
        if path.name == "404.html":
            assert "noindex" in page and "canonical" not in page
            assert all(address.startswith(ADDRESS) for address in re.findall(r'href="([^#"][^"]*)"', page)), name
            continue
        titles.add(strip(re.search(r"<title>(.*?)</title>", page)[1]))
        descriptions.add(re.search(r'name="description" content="([^"]*)"', page)[1])
        here = ADDRESS + name.removesuffix("index.html")
        assert f'<link rel="canonical" href="{here}">' in page
        assert f'hreflang="{lang}" href="{here}"' in page and 'hreflang="x-default"' in page
    assert len(titles) == len(PAGES) - 2 and len(descriptions) >= len(PAGES) - 4
    listed = [found.text for found in ElementTree.parse(site / "sitemap.xml").iter() if found.tag.endswith("loc")]
    assert len(listed) == len(PAGES) - 2 and ADDRESS in listed and not any("404" in one for one in listed)
    assert f"Sitemap: {ADDRESS}sitemap.xml" in read(site, "robots.txt")


def test_search_engines_are_told_what_the_figures_are_and_links_have_a_picture(site: Path, public_store: Store):
    page = read(site, "index.html")
    told = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])
    assert told["@type"] == "Dataset" and told["version"] == public_store.snapshot_id
    assert told["license"].startswith("https://creativecommons.org/licenses/")
    for entry in told["distribution"]:
        assert (site / entry["contentUrl"].removeprefix(ADDRESS)).is_file()
    picture = (site / re.search(r'og:image" content="([^"]*)"', page)[1].removeprefix(ADDRESS)).read_bytes()
    width, height = (int.from_bytes(picture[at : at + 4], "big") for at in (16, 20))
    assert picture.startswith(b"\x89PNG") and (width, height) == (1200, 630)


def test_every_figure_of_simulated_numbers_carries_the_mark(site: Path):
    for name, word in (("index.html", "mô phỏng"), ("en/index.html", "simulated"), ("province/24.html", "mô phỏng")):
        page = read(site, name)
        if "bp-sim" not in page:
            pytest.fail(f"{name} shows no mark")
        for heading in re.findall(
            r'<h2 class="bp-title">(.*?)</h2>\s*<p class="bp-subtitle">[^<]*</p>\s*<(?:figure|div class="site-map)',
            page,
            re.S,
        ):
            assert word in strip(heading)


def words_of(path: Path) -> str:
    """Everything that can be read in a file: inflated where it is packed."""
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            data = b"".join(book.read(name) for name in book.namelist())
    return html.unescape(data.decode("utf-8", "replace"))


def test_nothing_of_the_office_and_no_draft_stands_in_any_file(
    site: Path, public_settings: Settings, public_store: Store
):
    internal = open_current(replace(public_settings, edition="internal"))
    columns = [("source", "name"), ("load_audit", "loaded_by"), ("load_audit", "file_name"), ("plan_item", "task")]
    columns += [
        ("plan_item", "in_charge"),
        ("activity", "content"),
        ("initiative", "title"),
        ("responsibility", "in_charge"),
    ]
    found: set[str] = set()
    for table, column in columns:
        rows = internal.query(f"SELECT DISTINCT {column} AS text FROM {table} WHERE {column} IS NOT NULL")
        found |= {text for text in rows["text"] if len(text) > 12}
    internal.close()
    names = set(public_store.query("SELECT name FROM unit")["name"])
    secrets = {text for text in found if not any(text in name for name in names)}
    assert len(secrets) > 20, "the store of records has secrets to look for"
    for path in list_files(site):
        if path.suffix in (".woff2", ".png") or ".arc" in path.name:
            continue
        said = words_of(path)
        assert [secret for secret in secrets if secret in said] == [], path.name
        assert '"2020-11"' not in said, f"{path.name} names a month that is a draft"


def test_a_hostile_name_stays_a_name():
    assets = Assets("a.css", "a.js", "m.js", (), "i.png", "e.js")
    edition = Edition("id", PERIOD, "2026-11-23", ("vi",), assets, licence="CC-BY-4.0")
    row = SiteRow("x01", (HOSTILE,) * 2, ("1", None), "", HOSTILE, HOSTILE)
    table = SiteTable((HOSTILE, HOSTILE), HOSTILE, [Column(HOSTILE), Column(HOSTILE)], [row], "")
    empty = dict.fromkeys(("banners", "headline", "figures", "absent", "news", "places", "trend", "map"), "")
    content = empty | {"table": table, "caption": [HOSTILE], "mark": HOSTILE}
    page = render(SitePage("home", "vi", HOSTILE, HOSTILE, content, data_set={"name": HOSTILE}), edition).decode()
    assert "<img src=x" not in page and "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(2)") > 8
    assert json.loads(re.search(r"ld\+json\">(.*?)</script>", page)[1])["name"] == HOSTILE


def test_the_same_snapshot_gives_the_same_files(public_settings: Settings, site: Path, tmp_path: Path, monkeypatch):
    class Tomorrow(date):
        @classmethod
        def today(cls) -> date:
            return cls(2031, 5, 4)

    monkeypatch.setattr("ui.documents.tables.date", Tomorrow)
    second = static_site.write_part(public_settings, tmp_path, "ranking", "lookup")
    sums = {path.relative_to(second): hashlib.sha256(path.read_bytes()).hexdigest() for path in list_files(second)}
    shared = {
        name: hashlib.sha256((site / name).read_bytes()).hexdigest() for name in sums if name.name != "sitemap.xml"
    }
    assert shared == {name: found for name, found in sums.items() if name.name != "sitemap.xml"}
    assert any(name.suffix == ".xlsx" for name in shared) and any(name.suffix == ".png" for name in shared)


def test_the_internal_store_and_a_month_that_is_not_released_are_refused(
    public_settings: Settings, use_store, tmp_path: Path
):
    use_store(public_settings.var_directory)  # the internal edition, which holds the same months and more
    with pytest.raises(UserError) as refused:
        static.write_site(tmp_path)
    assert refused.value.words_key == "site.not_public"
    with public_process(public_settings), pytest.raises(UserError) as refused:
        static.write_site(tmp_path, "2020-11")  # a draft
    assert refused.value.words_key == "site.no_month"
    assert list(tmp_path.iterdir()) == []


def test_a_page_that_fails_leaves_the_edition_in_use_as_it_is(public_settings: Settings, tmp_path: Path):
    kept = static_site.write_part(public_settings, tmp_path, "not_found")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(static.SINGLE, "not_found", lambda site, lang: 1 / 0)
        with pytest.raises(UserError) as failed:
            static_site.write_part(public_settings, tmp_path, "not_found")
    assert failed.value.words_key == "site.failed"
    assert (tmp_path / "current").resolve() == kept
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([kept.name, "current"])


def test_two_snapshots_are_never_mixed_in_one_edition(public_settings: Settings, tmp_path: Path):
    assets = Assets("a.css", "a.js", "m.js", (), "i.png", "e.js")
    before = Site(tmp_path, PERIOD, Edition("the one before", PERIOD, "2026-11-23", ("vi",), assets))
    with public_process(public_settings), pytest.raises(UserError) as refused:
        before.open("home", "vi")
    # It travels from the process that found it.
    assert pickle.loads(pickle.dumps(refused.value)).words_key == "site.changed"


def test_every_word_that_stands_in_for_one_of_the_screen_has_that_word():
    words = Words("vi")
    known = {key.replace(".", "_") for key in sorted(words.keys())}
    assert set(words.section("site_instead")) <= known


def test_the_public_address_must_be_one():
    assert read_settings({"BAOPHU_SITE_URL": "https://bhyt.example.vn/a"}).site_url == "https://bhyt.example.vn/a/"
    assert read_settings({}).site_url == ""
    for bad in ("javascript:alert(1)", "bhyt.example.vn", 'https://x.vn/"><script>'):
        with pytest.raises(ValueError, match="BAOPHU_SITE_URL"):
            read_settings({"BAOPHU_SITE_URL": bad})


FIND_ALL = """
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { find, prepare } from "./search.js";
const index = prepare(JSON.parse(gunzipSync(readFileSync(process.argv[2]))));
const asked = JSON.parse(readFileSync(process.argv[3]));
const answers = asked.map((text) => find(index, text).rows.map((row) => row.unit.code));
process.stdout.write(JSON.stringify(answers));
"""


def ask_search(site: Path, texts: list[str], folder: Path) -> list[list[str]]:
    """The codes that the search of the look-up page finds for each text."""
    node = shutil.which("node")
    assert node, "these tests need Node.js: sudo apt-get install nodejs"
    [index] = (site / "assets").glob("units.*.json.gz")
    shutil.copy(PROJECT_ROOT / "reports" / "site" / "assets" / "search.js", folder / "search.js")
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "ask.js").write_text(FIND_ALL)
    (folder / "asked.json").write_text(json.dumps(texts))
    done = subprocess.run(
        [node, str(folder / "ask.js"), str(index), str(folder / "asked.json")],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_search_finds_every_unit_by_its_name_and_place_without_marks(site: Path, again: Recomputed, tmp_path: Path):
    units = again.units(PERIOD)
    places = [unit for unit in units.values() if unit.level in ("province", "district")]
    communes = [unit for unit in units.values() if unit.level == "commune"][::31]
    texts = [fold_accents(unit.name).lower() for unit in places]
    texts += [fold_accents(f"{unit.name}, {units[unit.district or unit.province].name}").lower() for unit in communes]
    answers = ask_search(site, texts, tmp_path)
    lost = [unit.name for unit, codes in zip([*places, *communes], answers, strict=True) if unit.code not in codes]
    assert lost == []


def test_the_search_finds_what_the_apps_search_finds(
    site: Path, public_settings: Settings, public_store: Store, tmp_path: Path
):
    texts = [
        "thanh hoa",
        "TP. HCM",
        "p5 q3",
        "quang cu sam son",
        "hoa binh",
        "Hoà Bình",
        "tan lap moc chau",
        "huế",
        "sa pa",
    ]
    former = ["ha tay", "phu my hung", "nhon hoa binh dinh", "ba ria vung tau"]
    answers = ask_search(site, texts + former, tmp_path)
    with public_process(public_settings):
        key = (loaders.open_store().snapshot_id, "2019-10")
        for text, codes in zip(texts, answers, strict=False):
            ours = loaders.search_units(*key, text)["unit_code"].tolist()
            assert ours == codes[: len(ours)], text
        for text, codes in zip(former, answers[len(texts) :], strict=True):
            assert set(loaders.search_former(*key, text)["unit_code"]) <= set(codes), text
