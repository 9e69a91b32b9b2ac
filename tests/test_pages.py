"""Every page opens, in both languages, at every kind of address, and says in plain words what is missing."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from screen import HOME, PAGES, PROJECT_ROOT, open_page, read_page, strip_markup

from data.settings import Settings
from data.store import Store, parse_pointer
from text.formats import Formats
from text.words import Words
from ui import loaders
from ui.operators import split_sentences

ADDRESSES: dict[str, dict[str, str]] = {
    "nothing chosen": {},
    "a province": {"unit": "38"},
    "a district": {"unit": "380"},
    "a marked commune": {"unit": "38", "selected": "14818"},
    "provinces of the nation": {"level": "province"},
    "districts of the nation": {"level": "district"},
    "a month without a threshold": {"period": "2026-02"},
    "a province in a month without a threshold": {"period": "2026-02", "unit": "38"},
    "a programme without months": {"programme": "2010-2015"},
    "a threshold that changed": {"period": "2025-06"},
    "boundaries of another time": {"boundaries": "2025-07"},
    "a province within boundaries of another time": {"boundaries": "2025-01", "unit": "38"},
    "a merged province": {"boundaries": "2025-07", "unit": "02"},
    "met and not met, filtered and sorted": {"measure": "met", "classes": "0.1", "sort": "name", "page": "2"},
    "an island district": {"period": "2025-06", "unit": "48", "selected": "498"},
    "the last month by name": {"programme": "2021-2025", "period": "latest"},
}
NONSENSE = {
    "lang": "fr",
    "programme": "1999-2004",
    "period": "2020-13",
    "level": "hamlet",
    "unit": "99",
    "selected": "../../etc/passwd",
    "boundaries": "1975-04",
    "measure": "rainbow",
    "sort": "'; DROP TABLE unit; --",
    "classes": "1e9",
    "page": "-1",
}
VI = Words("vi")
BROKEN_WRITING = ("nan", "NaN", "None", "inf%", "{", "}")


@pytest.fixture(autouse=True)
def on_the_small_store(use_store: Callable[[Path], None], small_settings: Settings) -> None:
    use_store(small_settings.var_directory)


def truncate(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("place", ADDRESSES)
def test_the_home_page_opens_at_every_address_and_writes_no_broken_value(place: str, lang: str):
    screen = read_page(HOME, lang=lang, **ADDRESSES[place])
    assert screen.headline()
    assert not [word for word in BROKEN_WRITING if word in screen.text.split()]
    assert "error.address" not in screen.text and "{" not in screen.text


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_page_opens_with_the_name_of_the_app_and_a_headline_in_the_readers_language(page: Path, lang: str):
    screen = read_page(page, lang=lang)
    assert Words(lang).say("app.title") in screen.text
    assert screen.headline() and screen.text != read_page(page, lang="en" if lang == "vi" else "vi").text
    assert not [word for word in BROKEN_WRITING if word in screen.text.split()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_second_run_in_the_same_session_shows_the_same_page(page: Path):
    assert open_page(page, runs=2, unit="38").sentences == read_page(page, unit="38").sentences


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_nonsense_in_the_address_falls_back_and_says_so(page: Path):
    screen = read_page(page, **NONSENSE)
    for name, value in NONSENSE.items():
        assert VI.say(f"error.address_{name}", value=value) in screen.text
    assert screen.headline() == read_page(page, lang="vi").headline()


def test_nonsense_is_said_as_text_and_never_as_markup():
    screen = read_page(HOME, unit='<img src="https://example.org/x.png">')
    assert not [block for block in screen.markup if "<img" in block]
    assert VI.say("error.address_unit", value='<img src="https://example.org/x.png">') in screen.text


def test_the_place_and_month_of_the_address_stand_in_the_headline_and_subtitles():
    assert read_page(HOME).headline().startswith("Cả nước bao phủ ")
    screen = read_page(HOME, unit="38", period="2020-11")
    assert screen.headline().startswith("Tỉnh Thanh Hóa bao phủ ")
    assert "Tỷ lệ dân số tham gia BHYT theo xã, tỉnh Thanh Hóa, tháng 11/2020" in screen.text
    assert "Số liệu đến ngày 30/11/2020" in screen.text


def test_simulated_figures_are_marked_on_the_page_on_each_figure_and_in_the_caption():
    screen = read_page(HOME)
    assert "Số liệu theo xã trên trang này là mô phỏng" in screen.text
    assert sum('class="bp-sim"' in block for block in screen.markup) == 1
    figures = next(block for block in screen.markup if 'class="bp-figures ' in block)
    assert figures.count('class="bp-sim"') == figures.count('class="bp-figure"') == 4
    assert "Nguồn: mô phỏng" in screen.text


def test_a_month_without_a_threshold_shows_coverage_without_judging_and_says_why():
    screen = read_page(HOME, period="2026-02")
    assert VI.say("home.headline_no_threshold", programme="2026–2030") in screen.headline()
    assert VI.say("home.map_no_threshold") in screen.text
    assert VI.say("caption.no_threshold") in screen.text
    assert screen.has_map() and screen.figure("Bao phủ BHYT cả nước")
    assert VI.say("home.communes_label") not in screen.text and VI.say("home.need_label") not in screen.text


def test_a_programme_without_monthly_figures_says_so_and_shows_what_was_published():
    screen = read_page(HOME, programme="2010-2015")
    assert VI.say("home.no_months", programme="2010–2015") in screen.text
    assert not screen.has_map() and screen.has_resting_chart("trend")


def test_figures_on_boundaries_of_another_time_say_that_they_are_converted():
    screen = read_page(HOME, boundaries="2025-07")
    short = VI.say("boundary_set.2025-07.short").lower()
    said = VI.say("home.banner_converted", period="tháng 12/2020", boundaries=short)
    assert strip_markup(said) in screen.text
    assert "3.321 xã, phường, đặc khu" in screen.text
    nation, converted = read_page(HOME).figure("Bao phủ BHYT cả nước"), screen.figure("Bao phủ BHYT cả nước")
    assert nation == converted, "conversion adds up to the same nation"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_page_opens_on_received_records(
    use_store: Callable[[Path], None], records_settings: Settings, page: Path
):
    """Targets, groups, plans and reports that offices sent in, in the months that they are about."""
    use_store(records_settings.var_directory)
    screen = read_page(page, period="2020-12", unit="24")
    assert screen.headline()
    assert not [word for word in BROKEN_WRITING if word in screen.text.split()]


# Stores that are not there, not whole, or not filled


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_an_empty_store_says_what_is_missing_and_how_to_load_it(
    use_store: Callable[[Path], None], empty_settings: Settings, lang: str
):
    use_store(empty_settings.var_directory)
    screen = read_page(HOME, lang=lang)
    assert "python -m data.ingest" in screen.text and "python -m data.snapshot build" in screen.text
    assert not screen.has_map() and "bp-sim" not in "".join(screen.markup)
    assert screen.has_resting_chart("trend"), "the published series is real and stays"


@pytest.mark.parametrize("place", ADDRESSES)
def test_an_empty_store_opens_at_every_address(use_store: Callable[[Path], None], empty_settings: Settings, place: str):
    use_store(empty_settings.var_directory)
    screen = read_page(HOME, **ADDRESSES[place])
    assert screen.headline() and not screen.has_map()
    assert not [word for word in BROKEN_WRITING if word in screen.text.split()]


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_page_opens_on_an_empty_store(
    use_store: Callable[[Path], None], empty_settings: Settings, page: Path, lang: str
):
    use_store(empty_settings.var_directory)
    screen = read_page(page, lang=lang, unit="38")
    assert screen.headline()
    assert not [word for word in BROKEN_WRITING if word in screen.text.split()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_without_a_store_every_page_says_how_to_make_one(
    use_store: Callable[[Path], None], tmp_path: Path, page: Path, lang: str
):
    use_store(tmp_path)
    screen = open_page(page, lang=lang)
    said, command = split_sentences(Words(lang).say("store.none", directory=tmp_path / "snapshots"))
    assert f"{said} {Words(lang).say('operator.ask')}" in screen.text and command in screen.text
    assert "STORE-NONE" in screen.text and "Traceback" not in screen.text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_store_whose_only_snapshot_is_cut_off_is_refused_with_a_sentence(
    use_store: Callable[[Path], None], own_settings: Settings, page: Path
):
    pointer = parse_pointer(own_settings.pointer_file.read_text("utf-8"))
    truncate(own_settings.snapshot_directory / pointer.file)
    use_store(own_settings.var_directory)
    screen = open_page(page)
    assert all(said in screen.text for said in split_sentences(VI.say("store.damaged", file=pointer.file)))


def test_a_cut_off_newest_snapshot_falls_back_to_the_one_before_with_a_banner(
    use_store: Callable[[Path], None], own_settings: Settings, empty_settings: Settings, small_store: Store
):
    healthy = read_page(HOME)
    newest = parse_pointer(empty_settings.pointer_file.read_text("utf-8"))
    for name in (newest.file, f"{newest.id}.json", "current.json"):
        shutil.copyfile(empty_settings.snapshot_directory / name, own_settings.snapshot_directory / name)
    truncate(own_settings.snapshot_directory / newest.file)
    use_store(own_settings.var_directory)
    screen = open_page(HOME)
    made = Formats("vi").day(loaders.read_snapshot_info(small_store.snapshot_id, None).made_on)
    assert VI.say("error.store_fallback", made=made) in screen.text
    assert [line for line in screen.sentences if line not in healthy.sentences] == [
        VI.say("error.store_fallback", made=made)
    ]


def test_missing_outlines_leave_the_figures_and_say_how_to_build_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    healthy = read_page(HOME)
    monkeypatch.setattr(loaders.outlines, "OUTLINES", tmp_path)
    loaders.outline_manifest.clear()
    try:
        screen = open_page(HOME)
    finally:
        loaders.outline_manifest.clear()
    told, folded = screen.text.split(VI.say("operator.detail"))
    assert "Hãy báo đơn vị vận hành hệ thống" in told and "python -m" not in told, "a director reads whom to ask"
    assert "python -m geo build" in folded and not screen.has_map()
    assert screen.headline() == healthy.headline() and healthy.has_map()
    assert "python -m geo build" not in healthy.text


@pytest.mark.parametrize(
    "name", ["app", "ranking", "profile", "trends", "roadmap", "criterion", "emulation", "quality"]
)
def test_every_headline_figure_made_of_simulated_months_says_so(name: str):
    path = HOME if name == "app" else PROJECT_ROOT / "pages" / f"{name}.py"
    labels = [
        strip_markup(label)
        for label in re.findall(
            r'<section class="bp-figure"><h2>(.*?)</h2>',
            "".join(read_page(path, period="2020-12", unit="38").markup),
        )
    ]
    # How many units have sent figures is itself no simulated figure.
    labels = [label for label in labels if not label.startswith("Có số liệu")]
    assert labels and [label for label in labels if "mô phỏng" not in label] == []
