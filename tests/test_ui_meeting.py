"""Meeting mode: every screen says its finding from the figures, at every kind of address, in few and large words."""

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from screen import PAGES, Screen, read_page, strip_markup

from data.queries import level_values, summary_series
from data.settings import PROJECT_ROOT, Settings
from data.store import Store
from reports.slides import write_slides
from text.formats import Formats
from text.words import Words
from ui.meeting.build import build_screen
from ui.meeting.screens import MOST_ROWS, SCREENS, KeyEntry, MapPart, MeetingScreen, Number, Rows, Series, neighbours
from ui.meeting.slides import make_slides
from ui.takeaway.headless import open_frame

MEETING = PROJECT_ROOT / "pages" / "meeting.py"
VI = Words("vi")
BROKEN_WRITING = ("nan", "NaN", "None", "inf%", "{", "}")
MOST_WORDS = 18  # syllables; Vietnamese writes a word as one to three of them (UX: twelve words)
ADDRESSES: dict[str, dict[str, str]] = {
    "the last month of the plan": {},
    "a province": {"unit": "38"},
    "a district": {"unit": "380"},
    "a month without a threshold": {"period": "2026-02"},
    "a month without districts": {"period": "2025-07"},
    "a programme without months": {"programme": "2010-2015"},
    "boundaries of another time": {"boundaries": "2025-07"},
    "compared with a year ago": {"since": "2019-12"},
    "the first month of all": {"period": "2019-12"},
}


@pytest.fixture(autouse=True)
def on_the_small_store(use_store: Callable[[Path], None], small_settings: Settings) -> None:
    use_store(small_settings.var_directory)


def read(screen: str, **address: str) -> Screen:
    return read_page(MEETING, screen=screen, **address)


def title_of(screen: Screen) -> str:
    """The finding alone: the whole screen is one piece of markup."""
    found = re.search(r"<h1[^>]*>(.*?)</h1>", "".join(screen.markup))
    return strip_markup(found.group(1)) if found else ""


def test_where_no_commune_is_judged_the_first_screen_does_not_announce_their_share():
    assert "tỷ lệ xã đạt" in read("nation").text
    assert "tỷ lệ xã đạt" not in read("nation", period="2026-02").text


def test_meeting_mode_is_a_page():
    assert MEETING in PAGES


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("name", SCREENS)
def test_every_screen_opens_at_every_address_in_few_words_and_few_rows(name: str, address: str):
    screen = read(name, **ADDRESSES[address])
    assert title_of(screen) and not [word for word in BROKEN_WRITING if word in screen.text.split()]
    assert len(title_of(screen).split()) <= MOST_WORDS, title_of(screen)
    rows = "".join(screen.markup).count("<tr") - "".join(screen.markup).count("<thead")
    assert rows <= MOST_ROWS
    place = VI.say("meeting.place", number=SCREENS.index(name) + 1, of=6, screen=VI.say(f"meeting.screen_{name}"))
    assert place in screen.text
    is_simulated = "programme" not in ADDRESSES[address]
    assert (VI.say("meeting.simulated") in screen.text) == is_simulated, "the mark stands on every screen"


@pytest.mark.parametrize("name", SCREENS)
def test_every_screen_speaks_english_too(name: str):
    screen = read(name, lang="en")
    assert title_of(screen) != title_of(read(name))
    assert Words("en").say("meeting.simulated") in screen.text


@pytest.mark.parametrize("name", SCREENS)
def test_an_empty_store_says_why_and_what_to_do(use_store: Callable[[Path], None], empty_settings: Settings, name: str):
    use_store(empty_settings.var_directory)
    screen = read(name)
    assert VI.say("meeting.absence_store") in screen.text and VI.say("meeting.absence_next") in screen.text
    assert VI.say("meeting.simulated") not in screen.text and not screen.has_map()


def test_the_map_says_how_many_tenths_meet_and_in_how_few_provinces_most_missing_people_live(small_store: Store):
    row = summary_series(small_store, "VN", "2020-12", "2020-12").iloc[0]
    need = sorted(level_values(small_store, "2020-12", "province")["still_to_enrol"].tolist(), reverse=True)
    provinces = next(count for count in range(len(need) + 1) if 4 * sum(need[:count]) >= 3 * sum(need))
    tenths = 10 * int(row["met"]) // int(row["counted"])
    said = title_of(read("map"))
    assert said == f"Hơn {tenths} trong 10 xã đã đạt; ba phần tư số người còn thiếu ở {provinces} tỉnh"
    assert read("map").has_map()
    assert Formats("vi").count(int(row["not_met"])) in read("map").text


def test_the_map_has_its_key_in_words_and_at_most_five_classes():
    judged, plain = read("map"), read("map", period="2026-02")
    assert "đạt (từ 85%)" in judged.text and "chưa đạt" in judged.text and "chưa có dữ liệu" in judged.text
    key = next(re.search(r'<ul class="wall-key">.*?</ul>', block) for block in plain.markup if "wall-key" in block)
    assert key and key.group().count("<li>") <= 5
    assert "chưa đạt" not in key.group(), "where nothing is judged nothing looks judged"


def test_a_deadline_of_one_province_that_has_passed_does_not_speak_for_those_that_still_have_time(
    monkeypatch: pytest.MonkeyPatch,
):
    """Lạng Sơn's own target was of 2018, everybody else's goal of 2020: "one province misses the goal" was not so."""
    pace = pd.DataFrame(
        {
            "insured": [860, 830, 960], "population": [1_000] * 3, "need": [50, 70, 0], "status": ["not_met", "on_track", "met"],
            "months_left": [0, 24, 24], "pace_now": [1.0] * 3, "pace_needed": [float("nan"), 3.0, 0.0],
        },
        index=["20", "01", "11"],
    )  # fmt: skip
    monkeypatch.setattr("ui.meeting.lists.load_pace", lambda *_: pace)
    screen = build_screen(open_frame("meeting", {"period": "2019-12"}), "behind")
    assert screen.title == VI.say("meeting.behind_mixed", count="1", people="50")


def test_who_is_behind_is_counted_from_the_goal_of_every_province(small_store: Store):
    level = level_values(small_store, "2020-12", "province")
    short = level[100 * level["insured"] <= 90 * level["population"]]
    missing = sum(90 * p // 100 + 1 - n for n, p in zip(short["insured"], short["population"], strict=True))
    said = title_of(read("behind"))
    # Provinces with a target of their own are held against it, so the plain goal gives the lower or upper neighbour.
    count, people = (int(number.replace(".", "")) for number in re.findall(r"[\d.]+", said))
    assert abs(count - len(short)) <= 3 and abs(people - missing) < missing
    assert title_of(read("behind", period="2020-12")) == said


def test_the_place_of_the_address_is_the_last_screen_and_without_one_the_province_that_misses_most(small_store: Store):
    level = level_values(small_store, "2020-12", "province")
    most = level.sort_values("still_to_enrol", ascending=False).iloc[0]
    assert title_of(read("province")).startswith(f"{most['name']}: còn ")
    assert Formats("vi").count(most["still_to_enrol"]) in title_of(read("province"))
    assert title_of(read("province", unit="38")).startswith("Tỉnh Thanh Hóa: còn ")
    assert title_of(read("nation", unit="38")) == title_of(read("nation")), "the other screens stay the nation's"


def test_what_changed_is_said_against_the_month_of_the_address():
    assert "so với tháng 11/2020" in read("changed").text
    assert "so với tháng 12/2019" in read("changed", since="2019-12").text
    assert title_of(read("changed", since="2019-12")) != title_of(read("changed"))


def test_nonsense_in_the_address_falls_back_to_the_first_screen_and_says_so():
    screen = read_page(MEETING, screen="dashboard", since="2099-01")
    assert title_of(screen) == title_of(read("nation"))
    assert VI.say("error.address_choice", value="dashboard") in screen.text
    assert VI.say("error.address_choice", value="2099-01") in screen.text


def test_keys_lead_through_the_script_and_stop_at_its_ends():
    assert neighbours("nation") == {"back": "nation", "on": "map", "first": "nation", "last": "province"}
    assert neighbours("province")["on"] == "province"
    walked = ["nation"]
    while (on := neighbours(walked[-1])["on"]) != walked[-1]:
        walked.append(on)
    assert tuple(walked) == SCREENS


def test_the_same_content_makes_slides():
    lines = (
        Series("bao phủ", pd.Series([80.0, float("nan")], index=["2020-11", "2020-12"]), "80,0%", "#0b3c66", 90.0, "g"),
    )
    number = Number("90,2%", "dân số")
    table = Rows(("Tỉnh", "Thiếu"), (("Hà Nội", "158.851"),), frozenset({1}))
    part = MapPart("VN", "bản đồ", (KeyEntry((0,), "đạt", "#0b3c66"),))
    script = [
        MeetingScreen("nation", "Cả nước", "Tựa", number=number, lines=lines),
        MeetingScreen("behind", "Nơi còn thiếu", "Tựa", rows=(table,), map=part, notes=("ghi chú",)),
    ]
    slides = make_slides(script)
    assert [slide.title for slide in slides] == ["Tựa", "Tựa"] and slides[1].notes.startswith("ghi chú")
    assert slides[0].parts[0].series[0][1] == [80.0, None], "unknown stays unknown"
    assert write_slides(slides, title="Họp", lang="vi").startswith(b"PK")
