"""Vietnamese reality: the same report in every writing and container gives the same figures, or is refused."""

import random
import unicodedata
from pathlib import Path

import pytest
from office_workbooks import AT, DONG_VAN, Grid, make_grid, write_csv_text, write_xls, write_xlsx

from data.errors import IngestRefused
from data.ingest.containers import check_container
from data.ingest.encodings import UndecidableEncoding, decode_bytes
from data.ingest.legacy_text import (
    decode_tcvn3,
    decode_viqr,
    decode_vni,
    encode_tcvn3,
    encode_viqr,
    encode_vni,
)
from data.ingest.reading import read_parts
from data.ingest.unit_names import get_unit_names, name_key
from geo.units import load_units

TRUTH = {code: (population, insured) for code, _, population, insured in DONG_VAN}


def encode_cp1258(text: str) -> bytes:
    """Windows-1258 has the letters and, apart from a few, no letters with tones: those are a letter and a mark."""
    out = b""
    for letter in unicodedata.normalize("NFC", text):
        try:
            out += letter.encode("cp1258")
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", letter)
            tone = next(mark for mark in parts if mark in "\u0300\u0301\u0303\u0309\u0323")
            out += unicodedata.normalize("NFC", parts.replace(tone, "")).encode("cp1258") + tone.encode("cp1258")
    return out


WRITINGS = {
    "utf-8": lambda text: text.encode("utf-8"),
    "utf-8 with BOM": lambda text: text.encode("utf-8-sig"),
    "utf-8, marks apart": lambda text: unicodedata.normalize("NFD", text).encode("utf-8"),
    "utf-16": lambda text: text.encode("utf-16"),
    "utf-16 big endian with BOM": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "utf-16 without BOM": lambda text: text.encode("utf-16-le"),
    "utf-16 big endian without BOM": lambda text: text.encode("utf-16-be"),
    "Windows-1258": encode_cp1258,
    "TCVN3": lambda text: encode_tcvn3(text).encode("latin-1"),
    "VNI": lambda text: encode_vni(text).encode("latin-1"),
    "VIQR": lambda text: encode_viqr(text).encode("ascii"),
    "TCVN3 saved as UTF-8": lambda text: encode_tcvn3(text).encode("utf-8"),
    "VNI saved as UTF-16": lambda text: encode_vni(text).encode("utf-16"),
}


def read_figures(path: Path) -> dict[str, tuple[int, int]]:
    """What a file says; fails where anything in it was found doubtful, a name for instance."""
    [part] = read_parts(path, check_container(path).kind, last_period="2026-11")
    assert [one for one in part.rejections if one.rule_id != "units_missing"] == []
    columns = part.columns
    return dict(
        zip(columns.unit_code, zip(columns.population.tolist(), columns.insured.tolist(), strict=True), strict=True)
    )


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("writing", list(WRITINGS))
def test_a_text_file_gives_the_same_figures_in_every_writing(tmp_path: Path, writing: str, separator: str):
    text = write_csv_text(make_grid(), separator)
    path = tmp_path / "a.csv"
    path.write_bytes(WRITINGS[writing](text))
    assert read_figures(path) == TRUTH


def translate(grid: Grid, encode) -> Grid:
    return [[encode(cell) if isinstance(cell, str) else cell for cell in row] for row in grid]


@pytest.mark.parametrize(
    "encode", [str, encode_tcvn3, encode_vni, encode_viqr], ids=["Unicode", "TCVN3", "VNI", "VIQR"]
)
@pytest.mark.parametrize("write", [write_xlsx, write_xls], ids=["xlsx", "xls"])
def test_a_workbook_gives_the_same_figures_in_every_writing(tmp_path: Path, write, encode):
    suffix = "xls" if write is write_xls else "xlsx"
    assert read_figures(write(tmp_path / f"a.{suffix}", translate(make_grid(), encode))) == TRUTH


def test_an_old_workbook_keeps_numbers_and_text_apart(tmp_path: Path):
    grid = make_grid()
    grid[AT.first][AT.code] = 712  # the zeros went when somebody typed the code as a number
    grid[AT.first + 1][AT.population] = "5.012"
    assert read_figures(write_xls(tmp_path / "a.xls", grid)) == TRUTH


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("xã lũng cú", "00715"),
        ("X. Lũng Cú", "00715"),
        ("Lũng Cú", "00715"),
        ("XÃ LŨNG CÚ", "00715"),
        ("TT. Phó Bảng", "00712"),
        ("X. Xã Lũng Cú", "00715"),
        ("IV. Xã Lũng Cú", "00715"),
        ("Thị trấn Phó  Bảng ", "00712"),
    ],
)
def test_a_name_is_matched_in_its_district_however_it_is_written(tmp_path: Path, written: str, code: str):
    grid = make_grid()
    row = next(row for row in grid[AT.first :] if row[AT.code] == code)
    row[AT.code], row[AT.name] = None, written
    [part] = read_parts(write_xlsx(tmp_path / "a.xlsx", grid), "xlsx", last_period="2026-11")
    assert code in part.columns.unit_code and [one.rule_id for one in part.rejections] == ["matched_by_name"]


@pytest.mark.parametrize("written", ["Xã Lũng Cu", "Xã Lung Cú", "Xã Lũng Cúu", "Xã Đồng Văn", "Xã Thượng Phùng"])
def test_a_name_that_is_only_nearly_right_is_never_taken(tmp_path: Path, written: str):
    grid = make_grid()
    grid[AT.first + 1][AT.code], grid[AT.first + 1][AT.name] = None, written
    [part] = read_parts(write_xlsx(tmp_path / "a.xlsx", grid), "xlsx", last_period="2026-11")
    assert "00715" not in part.columns.unit_code
    [found] = [one for one in part.rejections if one.severity == "error"]
    assert found.rule_id == "code_missing" and found.cell == "B8"
    if written.startswith("Xã Lũng C"):
        assert "00715" in found.hint, "a near name is a suggestion"


def test_both_places_of_a_tone_mark_are_the_same_name():
    for old, new in (("hoà", "hòa"), ("Thuỷ", "Thủy"), ("khoẻ", "khỏe")):
        grid_name = f"Xã {old} Bình"
        assert name_key(grid_name) == name_key(f"Xã {new} Bình")
        assert name_key(unicodedata.normalize("NFD", grid_name)) == name_key(grid_name)


def test_every_name_of_the_country_survives_the_old_writings():
    names = sorted(set(load_units("2019-10")["name"]))
    for name in names:
        assert decode_viqr(encode_viqr(name)) == name
        assert decode_vni(encode_vni(name)) == name
        # A font of capitals has no capital letters with tones: they come back small.
        assert decode_tcvn3(encode_tcvn3(name)).lower() == name.lower()


@pytest.mark.parametrize(
    "content",
    [
        "STT;M\u00e3;T\u00ean\r\n1;2;caf\u00e9 cr\u00e8me br\u00fbl\u00e9e".encode("latin-1"),
        bytes(range(128, 256)) * 4,
        "Отчёт за декабрь".encode("cp1251"),
        "x\u00e3".encode("latin-1"),
        b"\xff\xfe\x00\xd8\x00\xd8",
    ],
    ids=["French", "every byte", "Russian", "one word", "broken UTF-16"],
)
def test_a_writing_that_cannot_be_decided_is_refused(tmp_path: Path, content: bytes):
    with pytest.raises(UndecidableEncoding):
        decode_bytes(content)
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(IngestRefused) as refusal:
        read_parts(path, "csv", last_period="2026-11")
    assert refusal.value.code == "INGEST-ENCODING"


def test_text_of_one_writing_is_never_read_as_another():
    rng = random.Random(3)
    names = list(load_units("2019-10")["name"])
    for _ in range(40):
        text = "Mã ĐVHC;Tên đơn vị;Dân số;Số người tham gia BHYT\n" + "\n".join(rng.sample(names, 30))
        for name, encode in WRITINGS.items():
            read = decode_bytes(encode(text)).replace("\r\n", "\n")
            same = read.lower() == text.lower() if "TCVN3" in name else read == text
            assert same, name


def test_a_commune_beside_a_town_of_its_name_is_found_by_its_abbreviated_type():
    names = get_unit_names("2019-10")
    holder = names.units["07294"].parent_code
    assert names.find("X. Bố Hạ", "commune", holder) == "07294"
    assert names.units[names.find("TT. Bố Hạ", "commune", holder)].name == "Thị trấn Bố Hạ"
    assert names.find("Bố Hạ", "commune", holder) is None, "without its type it could be either"
