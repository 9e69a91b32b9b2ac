"""The meeting script as slides, read back: the findings, figures and rows of the screens, charts with the values of the store,
notes with source and method."""

import functools
import io
import re
import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pptx import Presentation
from pptx.presentation import Presentation as Deck
from screen import PROJECT_ROOT, Screen, read_page

from charts import palette
from data.settings import Settings, get_settings
from data.store import Store
from reports.__main__ import main
from text.formats import Formats
from text.words import Words
from ui.meeting.screens import SCREENS
from ui.takeaway.answer import take
from ui.takeaway.headless import open_frame
from ui.takeaway.offers import NothingToTake

MEETING = PROJECT_ROOT / "pages" / "meeting.py"
VI = Words("vi")
BROKEN = re.compile(r"\b(nan|NaN|None|inf)\b|[{}]")
ADDRESSES = {
    "a province": {"unit": "38"},
    "a district": {"unit": "380"},
    "a province with an archipelago": {"unit": "56"},
    "a month without a threshold": {"period": "2026-02"},
    "a month without districts": {"period": "2025-07"},
    "the first month of all": {"period": "2019-12"},
}
PROVINCE = {"unit": "38"}


@pytest.fixture(autouse=True)
def on_the_small_store(use_store: Callable[[Path], None], small_settings: Settings) -> None:
    use_store(small_settings.var_directory)


def language_of(name: str) -> str:
    """Each address in one language, both about as often: a presentation takes a second."""
    return "en" if len(name) % 2 else "vi"


def deck_of(name: str) -> Deck:
    return open_deck(**ADDRESSES[name], lang=language_of(name))


def open_deck(**address: str) -> Deck:
    return open_once(get_settings().pointer_file.read_bytes(), tuple(sorted(address.items())))


@functools.cache
def open_once(_store: bytes, address: tuple[tuple[str, str], ...]) -> Deck:
    return Presentation(io.BytesIO(take("meeting", "slides.pptx", dict(address)).body))


def words_of(slide) -> list[str]:
    return [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]


def tables_of(slide) -> list[list[list[str]]]:
    return [[[cell.text for cell in row.cells] for row in s.table.rows] for s in slide.shapes if s.has_table]


def screen_of(name: str, **address: str) -> Screen:
    return read_page(MEETING, screen=name, **address)


@pytest.mark.parametrize("name", ADDRESSES)
def test_every_slide_has_its_finding_its_notes_its_caption_and_the_mark(name: str):
    words, deck = Words(language_of(name)), deck_of(name)
    assert deck.slide_width * 9 == pytest.approx(deck.slide_height * 16, rel=1e-3)
    count = len(deck.slides)
    assert count >= len(SCREENS) - 1, "a screen with nothing to show is no slide"
    for number, slide in enumerate(deck.slides, start=1):
        said = words_of(slide)
        notes = slide.notes_slide.notes_text_frame.text
        assert slide.shapes.title.text_frame.text and f"{number}/{count}" in said
        assert words.say("meeting.simulated") in said, "the mark stands on every slide"
        for part in ("notes_method", "notes_source", "notes_simulated"):
            assert words.say(f"meeting.{part}") in notes
        assert slide.shapes.title.text_frame.text in notes and " = " in notes
        every = "\n".join([*said, notes, *(cell for table in tables_of(slide) for row in table for cell in row)])
        assert not BROKEN.search(every) and every == unicodedata.normalize("NFC", every)


def test_findings_figures_and_rows_are_those_of_the_screens():
    deck = deck_of("a province")
    assert len(deck.slides) == len(SCREENS)
    for name, slide in zip(SCREENS, deck.slides, strict=True):
        screen = screen_of(name, **PROVINCE)
        shown = screen.text
        assert slide.shapes.title.text_frame.text in shown, name
        figures = [text.split("\n")[0] for text in words_of(slide)]
        assert sum(text in shown for text in figures) >= 4, name
        for table in tables_of(slide):
            for row in table:
                assert all(cell in shown for cell in row), (name, row)


def test_the_line_chart_holds_the_months_of_the_store(small_store: Store):
    rows = small_store.query(
        """
        SELECT s.period, s.insured, s.population, s.met, s.counted FROM unit_summary AS s
        WHERE s.level = 'nation' AND s.period BETWEEN '2016-01' AND '2020-12' ORDER BY s.period
        """
    )
    (chart,) = (shape.chart for shape in deck_of("a province").slides[0].shapes if shape.has_chart)
    coverage, communes, *goals = chart.plots[0].series
    months = [f"{(date.fromisoformat(f'{period}-01') - date(1899, 12, 30)).days}.0" for period in rows["period"]]
    assert list(chart.plots[0].categories) == months
    assert list(coverage.values) == pytest.approx(list(100 * rows["insured"] / rows["population"]))
    assert list(communes.values) == pytest.approx(list(100 * rows["met"] / rows["counted"]))
    assert [set(goal.values) for goal in goals] == [{90.0}, {100.0}]
    last = coverage.points[len(rows) - 1].data_label.text_frame.text
    assert last in words_of(deck_of("a province").slides[0]), "the label is the figure that stands beside the chart"


def test_the_bars_are_the_people_of_the_table():
    slide = deck_of("a province").slides[3]
    (chart,) = (shape.chart for shape in slide.shapes if shape.has_chart)
    ((head, *rows),) = tables_of(slide)
    at = head.index(VI.say("meeting.head_need"))
    assert list(chart.plots[0].categories) == [row[0] for row in rows]
    assert [f"{int(value):,}".replace(",", ".") for value in chart.plots[0].series[0].values] == [
        row[at] for row in rows
    ]
    labels = [
        point.data_label.text_frame.text for point in map(chart.plots[0].series[0].points.__getitem__, range(len(rows)))
    ]
    assert labels == [row[at] for row in rows]


@pytest.mark.parametrize(
    ("number", "name"), [(1, "a province"), (5, "a province"), (5, "a district"), (5, "a province with an archipelago")]
)
def test_maps_are_sharp_and_in_the_colours_of_their_key(number: int, name: str):
    slide, words = deck_of(name).slides[number], Words(language_of(name))
    (picture,) = (shape for shape in slide.shapes if shape.shape_type == 13)
    image = Image.open(io.BytesIO(picture.image.blob)).convert("RGB")
    assert image.width >= 1900 and image.width / (picture.width / 914400) > 250, "dots per inch"
    pixels = np.asarray(image)[::2, ::2]
    for colour in (palette.WALL_MAP["met"], palette.WALL_MAP["not_met"]):
        assert (pixels == list(bytes.fromhex(colour[1:]))).all(axis=2).any(), colour
    descr = picture._element.nvPicPr.cNvPr.get("descr")
    assert descr and "2020" in descr
    rule = Formats(language_of(name)).rule(Decimal(85), ">=")
    assert words.say("meeting.key_met", rule=rule) in words_of(slide), "a legend stands beside every map"
    assert words.say("meeting.key_not_met") in words_of(slide)


def test_notes_say_how_it_is_computed_and_lead_back_to_the_screen():
    notes = deck_of("a province").slides[0].notes_slide.notes_text_frame.text
    name, top, bottom = (VI.say(f"indicator.coverage.{part}") for part in ("name", "numerator", "denominator"))
    assert VI.say("meeting.notes_rate", name=name, numerator=top, denominator=bottom) in notes
    assert "unit=38" in notes and open_frame("meeting", {}).snapshot_id in notes
    assert VI.say("pace.rule") in deck_of("a province").slides[3].notes_slide.notes_text_frame.text


def test_a_programme_without_months_has_what_was_published_and_an_empty_store_nothing(
    use_store, empty_settings: Settings
):
    deck = open_deck(programme="2010-2015")
    assert len(deck.slides) == 1 and len(tables_of(deck.slides[0])) == 1
    assert VI.say("meeting.simulated") not in words_of(deck.slides[0])
    use_store(empty_settings.var_directory)
    with pytest.raises(NothingToTake):
        take("meeting", "slides.pptx", {"programme": "2026-2030"})


def test_every_screen_offers_the_slides_of_its_own_choices():
    block = "".join(screen_of("ranking", **PROVINCE).markup)
    assert re.search(r'href="take/meeting/slides\.pptx\?[^"]*unit=38', block)


def test_the_command_writes_the_same_slides_and_refuses_what_there_is_not(
    tmp_path: Path, capsys: pytest.CaptureFixture
):
    assert main(["slides", "--unit", "38", "--period", "2020-12", "--lang", "en", "--into", str(tmp_path)]) == 0
    (written,) = tmp_path.iterdir()
    assert re.fullmatch(r"BHYT_trinh_chieu_38_2020-12_[\d-]+_en\.pptx", written.name)
    titles = [slide.shapes.title.text_frame.text for slide in Presentation(written).slides]
    assert titles == [slide.shapes.title.text_frame.text for slide in open_deck(unit="38", lang="en").slides]
    assert main(["slides", "--period", "1999-01", "--into", str(tmp_path)]) == 1
    assert "1999-01" in capsys.readouterr().err
