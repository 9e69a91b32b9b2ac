"""The evaluation report, read back: places, scores and figures are those of the page and of a plain recomputation; every page
has its number, its mark and the headings of its table."""

import functools
import io
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pypdf
import pytest
from pdf_ua import find_faults
from screen import PROJECT_ROOT, read_page
from test_reports_figure import find_fonts
from test_ui_emulation import closed_settings, own_rows  # noqa: F401  the fixture is asked for by name

from data.settings import Settings, get_settings
from data.store import Store
from reports.__main__ import main
from reports.report import Report, ReportTable, write_report
from text.formats import Formats
from text.words import Words
from ui.documents.evaluation import build_report
from ui.documents.evaluation_facts import read_report
from ui.takeaway.answer import take
from ui.takeaway.headless import open_frame
from ui.takeaway.offers import NothingToTake

PAGE = PROJECT_ROOT / "pages" / "emulation.py"
VI, FORMATS = Words("vi"), Formats("vi")
PROVINCE, ITS_PLACE = "06", "tỉnh Bắc Kạn"
BROKEN = re.compile(r"\b(nan|NaN|None|null|inf)\b|[{}]|<|&")
ROUND = {"programme": "2016-2020", "period": "2020-12"}
ADDRESSES = {
    "the nation": {},
    "a region": {"group": "region.r7_tn"},
    "a province": {"unit": PROVINCE},
    "a district": {"unit": "380"},
    "a district without counted communes": {"unit": "755"},
    "a year": {"round": "2019", "unit": PROVINCE},
    "a province after the reform": {"programme": "2021-2025", "unit": "38"},
    "the nation without a threshold": {"programme": "2026-2030"},
    "nonsense": {"unit": "999", "round": "1999", "group": "cluster.00000000"},
}


@pytest.fixture(autouse=True)
def on_the_small_store(use_store: Callable[[Path], None], small_settings: Settings) -> None:
    use_store(small_settings.var_directory)


def say(key: str, **values: object) -> str:
    return VI.say(f"evaluation_report.{key}", **values)


def build(**address: str) -> Report:
    """The report of an address on the store and in the edition that are in use; made once."""
    settings = get_settings()
    return build_once(settings.pointer_file.read_bytes(), settings.edition, tuple(sorted(address.items())))


@functools.cache
def build_once(_store: bytes, _edition: str, address: tuple[tuple[str, str], ...]) -> Report:
    facts = read_report(open_frame("emulation", dict(address)))
    assert facts is not None
    return build_report(facts)


def tables_of(report: Report) -> dict[str, ReportTable]:
    sections = (*report.sections, *report.appendices)
    return {block.title: block for section in sections for block in section.blocks if isinstance(block, ReportTable)}


def find_table(report: Report, start: str) -> ReportTable:
    return next(table for title, table in tables_of(report).items() if title.startswith(start))


def words_of(report: Report) -> str:
    """Everything that is written in the report."""
    sections = (*report.sections, *report.appendices)
    pieces = [report.title, *report.subject, report.state, report.state_note, report.finding]
    for section in sections:
        pieces.append(section.heading)
        for block in section.blocks:
            if isinstance(block, ReportTable):
                pieces += [block.title, block.rule, block.note, *block.head]
                pieces += [
                    line for row in block.rows for cell in row for line in ([cell] if isinstance(cell, str) else cell)
                ]
            elif isinstance(block, str):
                pieces.append(block)
            else:
                pieces.append(str(block))
    return "\n".join(pieces)


@dataclass(frozen=True)
class Printed:
    reader: pypdf.PdfReader
    made: bytes
    pages: tuple[str, ...]
    """The words of each page without any space: lines break where they must."""


@functools.cache
def print_province() -> Printed:
    made = write_report(build(unit=PROVINCE))
    reader = pypdf.PdfReader(io.BytesIO(made))
    return Printed(reader, made, tuple("".join(page.extract_text().split()) for page in reader.pages))


def squeeze(text: str) -> str:
    return "".join(text.split())


# What is said


@pytest.mark.parametrize("name", ADDRESSES)
def test_a_report_can_be_made_of_every_place_and_round(name: str):
    """Each in one language, both about as often; the others of this file are Vietnamese."""
    report = build(**ADDRESSES[name], **({"lang": "en"} if len(name) % 2 else {}))
    text = words_of(report)
    assert report.finding and report.simulated and not BROKEN.search(text), BROKEN.search(text)
    for table in tables_of(report).values():
        assert all(len(row) == len(table.head) == len(table.widths) for row in table.rows), table.title
        assert table.rows or table.nothing, table.title


def test_places_scores_and_reasons_are_those_of_the_page():
    report = build()
    shown = own_rows(read_page(PAGE, **ROUND))
    ranking = find_table(report, "Cấp tỉnh: 6")
    unit, place, score, level, met, improvement = range(6)
    expected = [[row[place], row[unit], row[score], row[level], row[met], row[improvement], row[-1]] for row in shown]
    assert [list(row) for row in ranking.rows] == expected and len(expected) == 63
    evidence = find_table(report, say("evidence_title", tier=say("tier_province")))
    assert [list(row[:3]) for row in evidence.rows] == [row[:3] for row in expected]


def test_a_tie_shares_its_place_and_the_next_is_passed_over():
    rows = find_table(build(), "Cấp tỉnh: 6").rows
    scores = [row[2] for row in rows]
    for row in rows:
        first = scores.index(row[2])
        tied = "=" if scores.count(row[2]) > 1 else ""
        assert row[0] == f"{first + 1}{tied}/63", row[1]


def test_the_figures_behind_every_score_are_those_of_the_store(small_store: Store):
    """People of both months, and the score from the standings that are printed: anybody can recompute it."""
    report = build(unit=PROVINCE)
    table = find_table(report, say("evidence_title", tier=say("tier_commune")))
    raw = small_store.query(
        """
        SELECT u.name || ', ' || d.name AS label, any_value(f.insured) FILTER (f.period = '2020-12') AS insured,
               any_value(f.population) FILTER (f.period = '2020-12') AS population
        FROM unit AS u JOIN unit AS d ON d.boundary_set = u.boundary_set AND d.unit_code = u.district_code
        JOIN commune_month AS f ON f.unit_code = u.unit_code
        WHERE u.boundary_set = '2019-10' AND u.level = 'commune' AND u.type = 'xa' AND u.province_code = $province
        GROUP BY ALL
        """,
        {"province": PROVINCE},
    ).set_index("label")
    assert len(table.rows) > 80
    for row in table.rows:
        own = raw.loc[row[1]]
        assert row[3][1] == FORMATS.part_of(int(own["insured"]), int(own["population"])), row[1]
        points = []
        for cell in row[3:-1]:
            standing = re.fullmatch(r"hơn ([\d.]+)(?:, bằng ([\d.]+))?/([\d.]+)", cell[-1])
            if standing is not None:
                ahead, tied, others = (int((part or "0").replace(".", "")) for part in standing.groups())
                points.append(100 * (ahead + tied / 2) / others)
        assert float(row[2].replace(",", ".")) == pytest.approx(sum(points) / len(points), abs=0.0051), row[1]
    every = find_table(report, say("levels_title")).rows
    by_level = {row[0]: row for row in every}
    assert by_level[say("tier_commune")][2] == FORMATS.count(len(table.rows))
    assert by_level[say("tier_commune")][1] == FORMATS.count(
        small_store.query(
            "SELECT count(*) AS n FROM unit WHERE boundary_set = '2019-10' AND level = 'commune' AND province_code = $p",
            {"p": PROVINCE},
        )["n"].iloc[0]
    )


def test_a_report_holds_its_levels_in_lists_of_their_own():
    nation, province, district = build(), build(unit=PROVINCE), build(unit="380")
    levels = [[row[0] for row in find_table(one, say("levels_title")).rows] for one in (nation, province, district)]
    assert levels == [["Cấp tỉnh", "Cấp huyện", "Cấp xã"], ["Cấp huyện", "Cấp xã"], ["Cấp xã"]]
    own = find_table(province, say("own_title", name=ITS_PLACE)).rows
    on_page = next(row for row in own_rows(read_page(PAGE, **ROUND)) if row[0] == "Tỉnh Bắc Kạn")
    assert own[0][1:3] == on_page[1:3]
    assert say("no_cluster", name="Tỉnh Bắc Kạn", year=2020) in words_of(province)
    whole = find_table(district, say("own_title", name="thành phố Thanh Hóa")).rows
    assert [row[0] for row in whole] == ["Tỉnh Thanh Hóa", VI.say("groups.nation")]


def test_candidates_and_exemplars_are_those_of_the_page():
    report = build(unit=PROVINCE)
    screen = read_page(PAGE, section="recognition", tier="commune", unit=PROVINCE, **ROUND)
    found = tables_of(report)[say("tier_commune")]
    assert len(found.rows) >= 3
    for row in found.rows:
        assert all(str(cell) in screen.text for cell in row), row
    improvers = find_table(report, f"{say('tier_commune')}: 10")
    assert all(str(row[3]) in screen.text for row in improvers.rows)


def test_weights_are_marked_as_an_example_and_the_rule_is_written_out():
    text = words_of(build(unit=PROVINCE))
    assert say("example") in text and say("how") in text and "75%" in text and "500 người (xã)" in text


# Rounds that are closed, editions, records


def test_a_closed_round_says_by_whom_and_sets_revised_figures_beside_it(use_store, closed_settings: Settings):  # noqa: F811
    use_store(closed_settings.var_directory)
    report = build(unit="01", **ROUND)
    assert (
        report.state == say("state_rehearsal") and "Hội đồng" in report.state_note and "Biên bản 5" in report.state_note
    )
    revised = find_table(report, "Cấp xã: " + VI.say("emulation.revised_title", count="4"))
    assert len(revised.rows) == 4 and all(row[1] != row[2] for row in revised.rows)
    assert say("revised_same", tier=say("tier_commune")) in words_of(build(unit="02", **ROUND))


def test_the_public_edition_has_no_candidates_of_an_open_round(
    use_store: Callable[..., None], records_settings: Settings, public_settings: Settings
):
    use_store(records_settings.var_directory)
    assert say("candidates_rule", count="3") in words_of(build(unit=PROVINCE, **ROUND))
    use_store(public_settings.var_directory, "public")
    text = words_of(build(unit=PROVINCE, **ROUND))
    assert say("candidates_later") in text and say("candidates_rule", count="3") not in text
    assert say("candidates_later") in words_of(build(**ROUND))


def test_awards_of_the_round_and_clusters_that_were_received(
    use_store, records_settings: Settings, records_store: Store
):
    use_store(records_settings.var_directory)
    report = build(**ROUND)
    found = records_store.query("SELECT recipient FROM award WHERE round = 'final' AND year = 2020")["recipient"]
    proposed = records_store.query("SELECT count(*) AS n FROM award WHERE round = 'final' AND proposed_to_dg")[
        "n"
    ].iloc[0]
    title = VI.say("emulation.awards_title", count=FORMATS.count(len(found)), proposed=FORMATS.count(proposed))
    assert {row[0] for row in tables_of(report)[title].rows} == set(found)
    clusters = next(
        table for table in tables_of(report).values() if table.head[0] == VI.say("emulation_groups_head.p1")
    )
    assert [row[1] for row in clusters.rows][:1] == ["1/7"] and len(clusters.rows) == 7
    province = build(unit=PROVINCE, **ROUND)
    assert len(find_table(province, say("own_title", name=ITS_PLACE)).rows) == 2, "in the country and in its cluster"


def test_without_a_round_the_address_says_so(use_store, empty_settings: Settings):
    with pytest.raises(NothingToTake) as none:
        take("emulation", "report.pdf", {"programme": "2010-2015"})
    assert none.value.words_key == "evaluation_report.nothing"
    use_store(empty_settings.var_directory)
    with pytest.raises(NothingToTake):
        take("emulation", "report.pdf", {})


# The PDF


def test_every_page_is_numbered_marked_and_headed():
    printed, report = print_province(), build(unit=PROVINCE)
    count = len(printed.pages)
    assert count > 6
    for number, page in enumerate(printed.pages, start=1):
        assert squeeze(say("page", page=number, of=count)) in page, number
        assert squeeze(report.simulated) in page and squeeze(report.state) in page and squeeze(report.title) in page
    head = squeeze("".join(find_table(report, say("evidence_title", tier=say("tier_commune"))).head[:3]))
    whole = printed.reader.pages
    wide = [
        page for page, sheet in zip(printed.pages, whole, strict=True) if sheet.mediabox.width > sheet.mediabox.height
    ]
    assert len(wide) > 4 and all(head in page for page in wide), (
        "the heading of a table stands on every page it reaches"
    )


def test_the_pdf_is_an_official_report_to_be_signed():
    first = print_province().pages[0]
    for words in (
        say("country").upper(),
        say("motto"),
        say("office_nation").upper(),
        "BẢO HIỂM XÃ HỘI TỈNH BẮC KẠN",
        "Số: ……/BC-……",
    ):
        assert squeeze(words) in first, words
    text = "".join(print_province().pages)
    for words in (say("prepared").upper(), say("head").upper(), say("head_note"), say("place_day"), say("receivers")):
        assert squeeze(words) in text, words


def test_the_pdf_is_tagged_composed_and_in_our_typeface_only():
    reader = print_province().reader
    assert find_faults(print_province().made) == []
    fonts = {str(font["/BaseFont"]) for font in find_fonts(reader)}
    assert fonts and all("+BeVietnamPro" in font for font in fonts)
    root = reader.trailer["/Root"]
    assert (
        root["/MarkInfo"]["/Marked"] and root["/Lang"] == "vi" and reader.metadata.title == build(unit=PROVINCE).title
    )
    assert "pdfuaid" in root["/Metadata"].get_object().get_data().decode("utf-8", "ignore")
    text = "".join(page.extract_text() for page in reader.pages)
    assert text == unicodedata.normalize("NFC", text) and "\N{REPLACEMENT CHARACTER}" not in text


def test_every_row_of_the_lists_is_on_paper():
    text = "".join(print_province().pages)
    for tier in ("district", "commune"):
        for row in find_table(build(unit=PROVINCE), say("evidence_title", tier=say(f"tier_{tier}"))).rows:
            assert squeeze(f"{row[0]}{row[1]}{row[2]}") in text, row[1]


# The page and the command


def test_the_page_offers_the_report_of_its_own_choices():
    block = "".join(read_page(PAGE, unit=PROVINCE, round="2019").markup)
    assert "take/emulation/report.pdf?" in block and "round=2019" in block and f"unit={PROVINCE}" in block


def test_the_command_writes_the_same_report_and_names_what_there_is(tmp_path: Path, capsys: pytest.CaptureFixture):
    assert main(["evaluation", "--round", "final-2020", "--province", "bac kan", "--into", str(tmp_path)]) == 0
    (written,) = tmp_path.iterdir()
    assert re.fullmatch(r"BHYT_thi_dua_final_2020_06_2020-12_[\d-]+\.pdf", written.name)
    again = pypdf.PdfReader(written)
    assert again.metadata.title == build(unit=PROVINCE).title and len(again.pages) == len(print_province().pages)
    for wrong in (["--round", "1999"], ["--province", "Atlantis"], ["--cluster", "Cụm không có"]):
        assert main(["evaluation", "--into", str(tmp_path), *wrong]) == 1
        assert wrong[1] in capsys.readouterr().err
    assert main(["evaluation", "--programme", "2010-2015", "--into", str(tmp_path)]) == 1
    assert say("nothing") in capsys.readouterr().err
