"""Pages, files and map files as leadership, the office of a province and nobody get them, in one process and from one store:
2020-12 is released there, 2020-11 a draft, and three provinces have sent plans, files and names."""

import asyncio
import gzip
import json
import re
import struct
import time

import numpy as np
import pytest
from screen import HOME, PROJECT_ROOT, Screen
from starlette.requests import Request
from streamlit.testing.v1 import AppTest

from data.settings import Settings, get_settings
from data.visibility import EVERYTHING, Audience
from geo.units import load_units, map_order
from indicators.classes import NO_DATA
from ui import loaders, own_values, reader, server
from ui.claims import SIGNED_IN, Reader
from ui.takeaway import answer

DRAFT, OUT = "2020-11", "2020-12"
OFFICE = {"baophu_role": "province", "baophu_province": "24"}
PEOPLE = {
    "leader": {"baophu_role": "leadership"},
    "office": OFFICE,
    "other": OFFICE | {"baophu_province": "02"},
    "guest": {},
}
READERS = {
    "leader": Reader(SIGNED_IN, "Trần A", "leadership", EVERYTHING),
    "office": Reader(SIGNED_IN, "Lê B", "province", Audience("24")),
    "other": Reader(SIGNED_IN, "Lý C", "province", Audience("02")),
}
THEIRS = "bao_cao_2020-12_02.xlsx"  # the file of province 02


@pytest.fixture
def signed_in(use_store, public_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server of the internal edition where readers sign in."""
    use_store(public_settings.var_directory)
    monkeypatch.setattr(reader, "is_set_up", lambda: True)
    monkeypatch.setattr(reader.runtime, "exists", lambda: True)


def open_as(who: str, page: str, **address: str) -> Screen:
    app = AppTest.from_file(str(HOME), default_timeout=60)
    if page != "home":
        app.switch_page(f"pages/{page}.py")
    app.user = {"is_logged_in": True, "sub": who, "iat": time.time() - 5, "name": f"Name of {who}"} | PEOPLE[who]
    for name, value in address.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception, [failure.message for failure in app.exception]
    return Screen(app)


PAGES = ["home", *sorted(path.stem for path in (PROJECT_ROOT / "pages").glob("[a-z]*.py"))]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_nothing_to_whoever_has_no_role(signed_in, page: str):
    screen = open_as("guest", page, period=OUT, lang="en")
    assert "has not been given a role" in screen.text and "Name of guest" in screen.text
    assert not screen.has("bidi_component") and "%" not in screen.text and "2020" not in screen.text


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_an_office_names_nothing_of_others(signed_in, page: str):
    """Each page at the nation, at another province and at its own, in a released month and in a draft."""
    whole = loaders.store_of(loaders_id("leader"))
    names = set(whole.query("SELECT in_charge AS said FROM plan_item WHERE unit_code NOT LIKE '24%'")["said"])
    names -= set(whole.query("SELECT in_charge AS said FROM plan_item WHERE unit_code LIKE '24%'")["said"])
    for unit, period in (("VN", OUT), ("02", OUT), ("02", DRAFT)):
        text = open_as("office", page, unit=unit, period=period, programme="2016-2020").text
        assert THEIRS not in text and not [name for name in names if name and name in text]
        assert "nan" not in text.split() and "None" not in text.split()


def loaders_id(who: str) -> str:
    with reader.acting(READERS[who]):
        return loaders.open_store().snapshot_id


def test_a_draft_of_others_is_not_shown_and_the_own_one_is_marked(signed_in):
    own = open_as("office", "home", unit="24", period=DRAFT, programme="2016-2020")
    assert "chưa công bố" in own.text and "Bắc Giang" in own.headline() and "Name of office" in own.text
    whole = open_as("leader", "home", unit="24", period=DRAFT, programme="2016-2020")
    assert own.headline() == whole.headline() and "chưa công bố" not in whole.text
    for unit in ("VN", "02"):
        moved = open_as("office", "home", unit=unit, period=DRAFT, programme="2016-2020")
        assert "tháng 12/2019, kỳ đã công bố gần nhất" in moved.text
        assert moved.app.query_params["period"] == DRAFT  # the address asked for is left as it was


def test_an_office_that_was_merged_away_keeps_its_own_past_and_reads_on(signed_in):
    """Province 02 is no more from 2025-07 on: its account has drafts of its own up to then."""
    for page in PAGES:
        now = open_as("other", page)
        assert "tỉnh Hà Giang" in now.text, page
    assert "Hà Giang" in open_as("other", "home", period=DRAFT, programme="2016-2020").headline()


def test_released_figures_of_all_are_the_same_for_all(signed_in):
    for page, unit in (("home", "VN"), ("profile", "02"), ("ranking", "VN")):
        seen = [
            open_as(who, page, unit=unit, period=OUT, programme="2016-2020").headline() for who in ("leader", "office")
        ]
        assert seen[0] == seen[1]


def test_no_rank_is_made_of_the_own_province_alone(signed_in):
    profile = open_as("office", "profile", unit="24", period=DRAFT, programme="2016-2020").text
    assert not re.search(r"(?<![\d.,])1=?/1(?![\d.,])", profile)
    ranked = open_as("office", "ranking", unit="24", period=DRAFT, programme="2016-2020").text
    assert "tháng 12/2019" in ranked and "11/2020 chưa công bố" in ranked


def test_of_others_is_not_said_that_they_have_no_plan_no_file_and_no_log(signed_in):
    log = open_as("office", "emulation", section="log", unit="02", period=OUT, programme="2016-2020").text
    assert "chưa nộp kế hoạch" not in log and "lãnh đạo và bộ phận vận hành mới thấy" in log
    filed = open_as("office", "roadmap", unit="02", period=OUT, programme="2016-2020").text
    assert "lãnh đạo và bộ phận vận hành mới thấy" in filed and "chưa nộp" not in filed
    quality = open_as("office", "quality", unit="02", period=OUT, programme="2016-2020").text
    assert "Không có ô nào bị giữ lại" not in quality
    assert THEIRS in open_as("other", "quality", unit="02", period=OUT, programme="2016-2020").text


def test_the_same_address_gives_each_reader_their_own_again_and_again(signed_in):
    """Whatever is kept (screens, frames, files) is kept for an audience: readers in turn, each twice."""
    first: dict[str, str] = {}
    for _ in range(2):
        for who in ("leader", "office", "other"):
            text = open_as(who, "quality", unit="VN", period=DRAFT, programme="2016-2020").text
            assert text == first.setdefault(who, text)
    assert len(set(first.values())) == 3
    assert "bao_cao_2020-11_02" in first["leader"] and "bao_cao_2020-11_02" not in first["office"]


def take(who: str, page: str, file: str, **params: str) -> answer.Taken:
    with reader.acting(READERS[who]):
        return answer.take(page, file, params)


def test_files_to_take_away_are_made_for_their_reader(signed_in):
    draft = {"period": DRAFT, "programme": "2016-2020"}
    for file, page, params in (
        ("units.csv", "home", {"unit": "02"}), ("units.csv", "home", {"unit": "VN"}), ("league.csv", "ranking", {}),
        ("brief.pdf", "profile", {"unit": "02"}), ("slides.pptx", "meeting", {"unit": "24"}),
    ):  # fmt: skip
        with pytest.raises(answer.NotYours):
            take("office", page, file, **draft, **params)
    own = take("office", "home", "units.csv", unit="24", **draft)
    same = take("leader", "home", "units.csv", unit="24", **draft)
    assert own.body == same.body and own.tag != same.tag
    released = [take(who, "home", "units.csv", unit="02", period=OUT, programme="2016-2020").body for who in READERS]
    assert released[0] == released[1] and b"02" in released[0]
    plans = [
        take(who, "roadmap", "tasks.csv", unit="24", period=OUT, programme="2016-2020").body
        for who in ("leader", "office")
    ]
    assert plans[0] == plans[1]


def ask(who: str, route, **path: str):
    scope = {"type": "http", "method": "GET", "headers": [], "query_string": b"", "path": "/", "path_params": path}
    with reader.acting(READERS[who]):
        return asyncio.run(route(Request(scope)))


def test_figures_for_hover_are_given_under_the_readers_own_name_of_the_snapshot_only(signed_in):
    where = {"boundary_set": "2019-10", "level": "province", "programme": "2016-2020", "period": DRAFT}
    names = {who: loaders_id(who) for who in READERS}
    bodies = {who: ask(who, server.answer_rest, snapshot=names[who], **where) for who in READERS}
    assert {who: found.status_code for who, found in bodies.items()} == dict.fromkeys(READERS, 200)
    for who in READERS:
        for other in READERS.keys() - {who}:  # kept by now for the other
            assert ask(who, server.answer_rest, snapshot=names[other], **where).status_code == 403
    for span in (server.answer_layer_months,):
        path = {
            "boundary_set": "2019-10",
            "level": "province",
            "programme": "2016-2020",
            "indicator": "need",
            "span": "12",
        }
        assert ask("office", span, snapshot=names["leader"], **path).status_code == 403
        assert ask("office", span, snapshot=names["office"], **path).status_code == 200
    codes = list(load_units("2019-10").query("level == 'province'")["unit_code"])
    known = {who: read_known(body.body, codes) for who, body in bodies.items()}
    assert known["office"] == {"24", "27"} and known["other"] == {"02"} and len(known["leader"]) > 50


def read_known(body: bytes, codes: list[str]) -> set[str]:
    (length,) = struct.unpack_from("<I", body)
    rates = np.frombuffer(body, np.uint16, len(codes), 4 + length)
    return {code for code, rate in zip(codes, rates, strict=True) if rate != 65535}


def test_map_classes_over_time_lack_the_drafts_of_others(signed_in):
    files = loaders.store_of(loaders_id("leader")).query(
        "SELECT file_name, level FROM value_file WHERE boundary_set = '2019-10' AND programme = '2016-2020'"
    )
    for file in files.itertuples():
        header, whole = read_values((get_settings().value_directory / file.file_name).read_bytes())
        same, seen = read_values(own_values.reduce_values(loaders_id("office"), file.file_name))
        assert same == header
        units = load_units("2019-10").set_index("unit_code")["province_code"].loc[map_order("2019-10", file.level)]
        own = units.isin(["24", "27"]).to_numpy()
        draft = np.array([period == DRAFT for period in header["periods"]])
        assert (seen[own] == whole[own]).all()
        assert (seen[~own][:, draft] == NO_DATA).all() and (whole[~own][:, draft] != NO_DATA).any()
        kept = whole[~own][:, ~draft]
        assert ((seen[~own][:, ~draft] == kept) | (kept == 252)).all()
    answered = ask("office", server.answer_values, name=str(files["file_name"].iloc[0]))
    assert answered.headers["cache-control"] == "private, no-cache" and answered.headers["etag"]


def read_values(content: bytes) -> tuple[dict, np.ndarray]:
    raw = gzip.decompress(content)
    (length,) = struct.unpack_from("<I", raw)
    header = json.loads(raw[4 : 4 + length])
    return header, np.frombuffer(raw, np.uint8, offset=4 + length).reshape(header["unit_count"], -1)


def test_what_is_kept_once_for_all_reads_only_what_everybody_sees(signed_in, monkeypatch: pytest.MonkeyPatch):
    """`cached_for_all` gives every audience the same answer: its questions must touch no table that is not everybody's."""
    from data.visibility import TABLES, Kind
    from ui.loaders import snapshot, units

    asked: list[str] = []
    whole = loaders.store_of(loaders_id("leader"))
    ask_whole = whole.query
    monkeypatch.setattr(whole, "query", lambda sql, parameters=None: asked.append(sql) or ask_whole(sql, parameters))
    one = whole.snapshot_id
    for function, arguments in (
        (snapshot.load_programmes, ()), (snapshot.list_months, ()), (units.load_units, ("2019-10",)), (units.load_regions, ()),
        (units.search_units, ("2019-10", "tan lap")), (units.search_former, ("2025-07", "tan lap")),
        (units.place_labels, ("2019-10", "commune", True)),
    ):  # fmt: skip
        function.__wrapped__(one, *arguments)
    closed = [table for table, kind in TABLES.items() if kind is not Kind.SHARED]
    words = set(" ".join(asked).replace("(", " ").replace(",", " ").split())
    assert len(asked) > 6 and not words & set(closed)


def test_a_checked_file_is_compared_with_what_its_sender_may_see(signed_in, monkeypatch: pytest.MonkeyPatch):
    from ui import check_file

    commands: list[list[str]] = []

    def run(command, **options):
        commands.append([str(part) for part in command])
        raise check_file.subprocess.TimeoutExpired(command, 1)

    monkeypatch.setattr(check_file.subprocess, "run", run)
    for who in ("leader", "office"):
        with reader.acting(READERS[who]):
            check_file.run_check("a.csv", b"")
    assert "--seen-by" not in commands[0] and commands[1][-2:] == ["--seen-by", "24"]


def test_an_open_page_of_a_sign_in_that_is_over_shows_nothing_more(signed_in, monkeypatch: pytest.MonkeyPatch):
    app = AppTest.from_file(str(HOME), default_timeout=60)
    app.user = {"is_logged_in": True, "sub": "x", "iat": time.time() - 13 * 3600, "name": "X"} | PEOPLE["leader"]
    app.query_params["unit"] = "24"
    app.run()
    screen = Screen(app)
    assert "phiên đăng nhập đã hết hạn" in screen.text and "%" not in screen.text
    assert 'href="sign-in?next=%2F%3Funit%3D24"' in "".join(screen.markup)
