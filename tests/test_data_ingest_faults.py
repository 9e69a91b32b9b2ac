"""Workbooks with random damage, generated cells and headings, and accepted rows written back.

A sample runs in the fast tests; `./check fault` runs more, and BAOPHU_FAULTS=full as many as docs/performance.md speaks of.
"""

import os
import random
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from office_workbooks import AT, DONG_VAN, GROUPS, Grid, make_grid, write_xlsx

from bench.workbooks import HEADINGS, Line, ProvinceReport, write_workbook
from data.errors import IngestRefused
from data.ingest.cells import parse_count, parse_percent, parse_percent_exactly, read_code_digits
from data.ingest.layouts import name_columns
from data.ingest.reading import read_parts
from data.ingest.received import Received, ReceivedReport
from data.ingest.sandbox import ReadOptions, Sandbox
from data.ingest.unit_names import get_unit_names, name_key
from data.workbook_layouts import load_layouts
from geo.units import load_units

pytestmark = pytest.mark.store

FULL = os.environ.get("BAOPHU_FAULTS") == "full"
CASES = 10_000 if FULL else 1_000
MUTATIONS = 1_000 if FULL else 100
SEED = 4794
OPTIONS = ReadOptions("2026-11", "2020-12")
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"

many = settings(max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck))


# Mutated workbooks


@dataclass(frozen=True)
class Whole:
    """A workbook that is right: its entries, and what stands in it."""

    path: Path
    entries: dict[str, bytes]
    truth: dict[str, tuple[int, ...]]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    path = write_xlsx(tmp_path_factory.mktemp("whole") / "whole.xlsx", make_grid())
    with zipfile.ZipFile(path) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    [part] = read_parts(path, "xlsx", last_period="2026-11")
    truth = list_figures(part)
    assert len(truth) == len(DONG_VAN)
    return Whole(path, entries, truth)


def list_figures(part: Received) -> dict[str, tuple[int, ...]]:
    columns = part.columns
    return {
        code: (int(columns.population[row]), int(columns.insured[row]), *map(int, columns.group_insured[row]))
        for row, code in enumerate(columns.unit_code)
        if columns.insured[row] >= 0
    }


def flip_bytes(whole: Whole, rng: random.Random) -> bytes:
    content = bytearray(whole.path.read_bytes())
    for _ in range(rng.choice((1, 1, 5, 40))):
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    return bytes(content)


def cut(whole: Whole, rng: random.Random) -> bytes:
    content = whole.path.read_bytes()
    return content[: rng.randrange(len(content))]


def change_entry(whole: Whole, rng: random.Random, change: Callable[[bytearray, random.Random], bytes]) -> bytes:
    """One part of the workbook changed and packed again, so that its checksum is right."""
    name = rng.choice((SHEET, SHEET, SHEET, STRINGS, STRINGS, "xl/workbook.xml", "xl/_rels/workbook.xml.rels"))
    entries = whole.entries | {name: change(bytearray(whole.entries[name]), rng)}
    return pack(whole.path.with_name("packed.xlsx"), entries)


def pack(path: Path, entries: dict[str, bytes]) -> bytes:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path.read_bytes()


def change_digit(content: bytearray, rng: random.Random) -> bytes:
    places = [place for place, byte in enumerate(content) if 48 <= byte <= 57]
    content[rng.choice(places)] = rng.choice(b"0123456789")
    return bytes(content)


def change_letter(content: bytearray, rng: random.Random) -> bytes:
    content[rng.randrange(len(content))] = rng.choice(b"abcxyz<>&\"'/= 09")
    return bytes(content)


def drop_part(content: bytearray, rng: random.Random) -> bytes:
    begin = rng.randrange(len(content))
    del content[begin : begin + rng.randrange(1, 400)]
    return bytes(content)


def repeat_part(content: bytearray, rng: random.Random) -> bytes:
    begin = rng.randrange(len(content))
    piece = content[begin : begin + rng.randrange(1, 400)]
    content[begin:begin] = piece
    return bytes(content)


def drop_row(content: bytearray, rng: random.Random) -> bytes:
    rows = re.findall(rb"<row .*?</row>", bytes(content))
    return bytes(content).replace(rng.choice(rows), b"", 1) if rows else change_digit(content, rng)


def swap_values(content: bytearray, rng: random.Random) -> bytes:
    values = list(re.finditer(rb"<v>(\d+)</v>", bytes(content)))
    if len(values) < 2:
        return change_digit(content, rng)
    one, other = sorted(rng.sample(values, 2), key=lambda found: found.start())
    text = bytes(content)
    return text[: one.start()] + other.group() + text[one.end() : other.start()] + one.group() + text[other.end() :]


CHANGES = (change_digit, change_digit, change_letter, drop_part, repeat_part, drop_row, swap_values)


def mutate(whole: Whole, rng: random.Random) -> bytes:
    kind = rng.random()
    if kind < 0.15:
        return flip_bytes(whole, rng)
    if kind < 0.25:
        return cut(whole, rng)
    return change_entry(whole, rng, rng.choice(CHANGES))


def is_silent(part: ReceivedReport, truth: dict[str, tuple[int, ...]]) -> list[str]:
    """Units whose figures differ from the truth without a word about their row or about the file. A blank cell is
    unknown, which is never a wrong figure."""
    said_of = {one.unit_code for one in part.rejections if one.unit_code and one.rule_id != "units_missing"}
    about_file = any(
        one.rule_id in ("sums_not_checked", "sheet_not_read", "column_not_read") for one in part.rejections
    )
    rows = {int(re.sub(r"\D", "", one.cell)) for one in part.rejections if re.search(r"\d", one.cell)}
    wrong = []
    figures = list_figures(part)
    for place, code in enumerate(part.columns.unit_code):
        if code not in figures or code in said_of or about_file or int(part.columns.source_row[place]) in rows:
            continue
        read, right = figures[code], truth.get(code, ())
        if len(read) != len(right) or any(a not in (b, -1) for a, b in zip(read, right, strict=True)):
            wrong.append(f"{code}: {read} for {right}")
    return wrong


def read_mutated(whole: Whole, folder: Path, count: int, seed: int) -> dict[str, int]:
    """Read many mutated workbooks in the sandbox; returns how many were refused, accepted as they were, and accepted
    with something said. Fails at the first figure that is wrong and about which nothing is said."""
    rng = random.Random(seed)
    paths = []
    for number in range(count):
        path = folder / f"{number:05d}.xlsx"
        path.write_bytes(mutate(whole, rng))
        paths.append(path)
    outcome = {"refused": 0, "clean": 0, "told": 0}
    with Sandbox() as sandbox:
        for path, result in sandbox.read_all(paths, OPTIONS):
            if isinstance(result, IngestRefused):
                assert result.code != "INGEST-BUG", f"{path.name} of seed {seed}: {result.values}"
                outcome["refused"] += 1
                continue
            for part in result:
                assert isinstance(part, ReceivedReport), path
                assert is_silent(part, whole.truth) == [], f"{path.name} of seed {seed}"
            said = any(one.rule_id != "units_missing" for part in result for one in part.rejections)
            outcome["told" if said else "clean"] += 1
    return outcome


def test_a_sample_of_mutated_workbooks_is_never_accepted_wrong(whole: Whole, tmp_path: Path):
    assert sum(read_mutated(whole, tmp_path, 25, SEED).values()) == 25


@pytest.mark.fault
def test_no_mutated_workbook_is_ever_accepted_wrong_without_a_word(whole: Whole, tmp_path: Path):
    outcome = read_mutated(whole, tmp_path, MUTATIONS, SEED + 1)
    print(outcome)
    assert sum(outcome.values()) == MUTATIONS and all(outcome.values())


# Generated cells


def check_count(count: int, form: int, blanks: tuple[int, int]) -> None:
    dotted = f"{count:,}".replace(",", ".")
    written: list[object] = [
        count, float(count), str(count), dotted, dotted.replace(".", " "), dotted.replace(".", "\u00a0"),
        dotted.replace(".", "\u202f"), f"{dotted},0", f"{count},00",
    ]  # fmt: skip
    cell = written[form % len(written)]
    if isinstance(cell, str):
        cell = " " * blanks[0] + cell + "\u00a0" * blanks[1]
    assert parse_count(cell) == count, cell


def check_no_count(text: str) -> None:
    """Whatever is read as a number of people is made of those digits, in groups of three where there are groups."""
    count = parse_count(text)
    if count is None or count < 0:
        return
    whole = re.sub(r",0+$|\.0+$", "", text.replace("\u00a0", " ").strip())
    assert re.fullmatch(r"\d+|\d{1,3}([.\u202f ]\d{3})+|\d{1,3}(,\d{3}){2,}", whole), text
    assert count == int(re.sub(r"\D", "", whole))


NUMBERLIKE = st.text(alphabet="0123456789.,% -\u00a0\u202f+e", max_size=14)


@pytest.mark.fault
@many
@given(st.integers(0, 2_000_000_000), st.integers(0, 8), st.tuples(st.integers(0, 2), st.integers(0, 2)))
def test_counts_are_read_in_every_writing(count: int, form: int, blanks: tuple[int, int]):
    check_count(count, form, blanks)


@pytest.mark.fault
@many
@given(NUMBERLIKE)
def test_nothing_is_taken_for_a_count_that_could_be_another_number(text: str):
    check_no_count(text)


@pytest.mark.fault
@many
@given(st.integers(0, 100_000), st.sampled_from((",", ".")), st.booleans())
def test_percentages_are_read_with_comma_or_point(thousandths: int, sign: str, has_sign: bool):
    text = f"{thousandths // 1000}{sign}{thousandths % 1000:03d}" + ("%" if has_sign else "")
    assert parse_percent(text) == pytest.approx(thousandths / 1000)
    exact = parse_percent_exactly(text)
    assert exact is None if thousandths == 0 else exact is not None and int(exact * 1000) == thousandths


@cache
def list_codes() -> tuple[str, ...]:
    return tuple(load_units("2019-10")["unit_code"][1:])


def check_code(code: str, form: int) -> None:
    """A code that lost its zeros comes back only as itself, with its name; without a name never as another one."""
    names = get_unit_names("2019-10")
    cells: list[object] = [
        code,
        code.lstrip("0"),
        float(int(code)),
        int(code),
        f"'{code}",
        f" {code} ",
        f"{int(code)}.0",
    ]
    cell = cells[form % len(cells)]
    digits = read_code_digits(cell)
    assert digits is not None
    name = names.units[code].name
    full = len(digits) == 5
    found = names.resolve_code(digits, name)
    if full or len(code) == 5:
        assert found in (code, None) and (not full or found == digits)
    assert found is None or found == code or not names.is_named(found, name) or names.is_named(code, name)
    alone = names.resolve_code(digits, "")
    fitting = {digits.zfill(size) for size in (2, 3, 5) if len(digits) <= size} & names.units.keys()
    assert full or alone is None or fitting == {alone}


@pytest.mark.fault
@many
@given(st.data(), st.integers(0, 6))
def test_codes_keep_or_regain_their_zeros(data: st.DataObject, form: int):
    check_code(data.draw(st.sampled_from(list_codes())), form)


@pytest.mark.fault
@many
@given(st.text(alphabet="0123456789.'X -", max_size=8))
def test_whatever_is_read_as_a_code_is_its_own_digits(text: str):
    digits = read_code_digits(text)
    if digits:
        assert digits == text.strip().lstrip("'").strip().removesuffix(".0") and len(digits) <= 5


@cache
def list_communes() -> tuple[tuple[str, str, str], ...]:
    """Code, name and holder of every commune."""
    units = load_units("2019-10")
    rows = units[units["level"] == "commune"]
    return tuple(rows[["unit_code", "name", "parent_code"]].itertuples(index=False, name=None))


def write_name(name: str, rng: random.Random) -> str:
    """The same name as another person writes it."""
    import unicodedata

    kind, bare = next(
        (kind, name[len(kind) + 1 :]) for kind in ("Xã", "Phường", "Thị trấn") if name.startswith(kind + " ")
    )
    short = {"Xã": ("X.", "xã", "XÃ"), "Phường": ("P.", "phường", "PHƯỜNG"), "Thị trấn": ("TT.", "thị trấn", "TT")}
    written = f"{rng.choice((kind, *short[kind]))} {bare}"
    written = rng.choice((str, str.upper, str.lower))(written)
    written = unicodedata.normalize(rng.choice(("NFC", "NFD")), written)
    written = written.replace(" ", rng.choice((" ", "  ", "\u00a0")))
    return rng.choice(("", "- ", "1. ", " ")) + written + rng.choice(("", " "))


@pytest.mark.fault
@many
@given(st.integers(0, 10**9))
def test_names_are_found_in_their_district_or_not_at_all(seed: int):
    rng = random.Random(seed)
    code, name, holder = rng.choice(list_communes())
    names = get_unit_names("2019-10")
    found = names.find(write_name(name, rng), "commune", holder)
    same = [one for one in names.list_inside(holder) if name_key(one.name) == name_key(name)]
    assert found == (code if len(same) == 1 else None)


@pytest.mark.fault
@many
@given(st.integers(0, 10**9))
def test_a_name_with_one_letter_changed_is_never_another_unit(seed: int):
    rng = random.Random(seed)
    _, name, holder = rng.choice(list_communes())
    place = rng.randrange(name.index(" ") + 1, len(name))
    changed = name[:place] + rng.choice("aăâbcdđeêghiklmnoôơpqrstuưvxy") + name[place + 1 :]
    names = get_unit_names("2019-10")
    found = names.find(changed, "commune", holder)
    assert (
        found is None
        or name_key(names.units[found].name) == name_key(changed)
        or (name_key(names.units[found].short_name) == name_key(changed))
    )


@pytest.mark.fault
@many
@given(st.integers(0, 10**9))
def test_headings_are_found_in_any_order_case_and_depth_or_the_layout_is_refused(seed: int):
    check_headings(random.Random(seed))


def check_headings(rng: random.Random) -> None:
    """Columns of the monthly report in any order, under any of their headings, over one row or two, below any titles."""
    from data.ingest.layouts import find_layouts
    from data.ingest.sheets import Sheet

    layout = next(layout for layout in load_layouts() if layout.template == "monthly_report")
    columns = [column for column in layout.columns if column.type != "ignored" and not column.payer_group]
    columns += rng.sample([column for column in layout.columns if column.payer_group], rng.randint(0, 6))
    dropped = rng.random() < 0.2
    if dropped:
        columns.remove(rng.choice([column for column in columns if column.required]))
    rng.shuffle(columns)
    top, bottom, expected = [], [], {}
    for place, column in enumerate(columns):
        key = rng.choice(sorted(column.keys))
        above, _, below = key.partition("|")
        top.append(rng.choice((str.upper, str.title, str))(above))
        bottom.append(below or None)
        expected[column.key] = place
    rows: list[list[object]] = [["Biểu số 1"] for _ in range(rng.randint(0, 8))] + [top]
    if any(bottom):
        rows.append(bottom)
    rows.append([1] * len(top))
    found = find_layouts([Sheet("Xa", rows)])
    if dropped:
        # Without its code column it is the layout of a district, which has none.
        complete = [one for one in found if not one.missing and one.layout is layout]
        assert not complete
    else:
        [one] = found
        assert one.layout is layout and not one.missing and one.columns == expected


def test_a_sample_of_generated_cells_names_and_headings():
    rng = random.Random(SEED)
    for number in range(300):
        check_count(rng.randrange(2_000_000_000), number, (number % 3, number % 2))
        check_no_count("".join(rng.choice("0123456789., %") for _ in range(rng.randrange(9))))
        check_code(rng.choice(list_codes()), number)
        check_headings(rng)
        code, name, holder = rng.choice(list_communes())
        assert get_unit_names("2019-10").find(write_name(name, rng), "commune", holder) in (code, None)
    assert name_columns(["a", "", "b"], ["", "c", ""])[1] == ("a|c", "c")


# Accepted rows written back


def write_back(part: ReceivedReport, path: Path) -> Path:
    """Accepted rows as a workbook of our own making."""
    units = load_units("2019-10").set_index("unit_code")
    columns = part.columns
    lines = tuple(
        Line(
            code,
            units.loc[code, "name"],
            units.loc[units.loc[code, "parent_code"], "name"],
            int(columns.population[row]),
            int(columns.insured[row]),
            tuple(map(int, columns.group_insured[row])),
        )
        for row, code in enumerate(columns.unit_code)
    )
    report = ProvinceReport(part.period, part.province_code, "Tỉnh Hà Giang", columns.payer_groups, lines)
    return write_workbook(report, path)


def make_random_grid(rng: random.Random) -> Grid:
    """A right report of random communes of the province, some of their cells blank."""
    chosen = rng.sample([one for one in list_communes() if one[0] in inside_province()], rng.randint(1, 40))
    chosen.sort(key=lambda one: (one[2], one[0]))  # by district, as a report lists them
    units = []
    for code, name, _ in chosen:
        people = rng.randint(1, 60_000)
        units.append((code, name, people, rng.randint(0, people)))
    grid = make_grid(units)
    grid[AT.first - 1][AT.population : AT.insured + 1] = [None, None]  # the communes are of several districts
    for row in grid[AT.first : AT.first + len(units)]:
        if rng.random() < 0.1:
            row[AT.insured : AT.groups + len(GROUPS)] = [None] * (1 + len(GROUPS))
    return grid


@cache
def inside_province() -> frozenset[str]:
    return frozenset(unit.code for unit in get_unit_names("2019-10").list_inside("02") if unit.level == "commune")


def check_round_trip(folder: Path, seed: int) -> None:
    path = write_xlsx(folder / "a.xlsx", make_random_grid(random.Random(seed)))
    [first] = read_parts(path, "xlsx", last_period="2026-11")
    [again] = read_parts(write_back(first, folder / "b.xlsx"), "xlsx", last_period="2026-11")
    assert set(first.columns.payer_groups) == set(HEADINGS)
    assert again.period == first.period and again.province_code == first.province_code
    for name in ("unit_code", "population", "insured", "obs_status"):
        assert np.array_equal(getattr(again.columns, name), getattr(first.columns, name)), f"{name}, seed {seed}"
    order = [again.columns.payer_groups.index(group) for group in first.columns.payer_groups]
    assert np.array_equal(again.columns.group_insured[:, order], first.columns.group_insured), seed


def test_accepted_rows_written_back_give_the_same_observations(tmp_path: Path):
    for seed in range(5):
        check_round_trip(tmp_path, seed)


@pytest.mark.fault
def test_accepted_rows_of_many_reports_written_back_give_the_same_observations(tmp_path: Path):
    for seed in range(5, 205 if FULL else 30):
        check_round_trip(tmp_path, seed)


def list_files(folder: Path) -> Iterator[Path]:
    yield from sorted(folder.iterdir())


def test_the_sandbox_gives_results_in_order_whatever_dies_between(whole: Whole, tmp_path: Path):
    for number in range(6):
        target = tmp_path / f"{number}.xlsx"
        shutil.copy(whole.path, target)
        if number % 2:
            target.write_bytes(target.read_bytes()[:900])
    with Sandbox() as sandbox:
        read = list(sandbox.read_all(list(list_files(tmp_path)), OPTIONS))
    assert [path.name for path, _ in read] == [f"{number}.xlsx" for number in range(6)]
    assert [isinstance(result, IngestRefused) for _, result in read] == [False, True] * 3
