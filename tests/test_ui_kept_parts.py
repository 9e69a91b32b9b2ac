"""What was drawn once is sent again to whoever asks for the same, and nothing of one reader reaches another."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from screen import HOME, PAGES, Screen, open_page
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.testing.v1 import AppTest

from data.settings import Settings
from text.words import Words
from ui import choices, home_page, kept_parts
from ui.frame import Frame
from ui.kept_parts import KEPT
from ui.part_store import KeptParts, Notes

MAP = next(page for page in PAGES if page.stem == "map")


@pytest.fixture(autouse=True)
def on_the_small_store(use_store: Callable[[Path], None], small_settings: Settings) -> None:
    use_store(small_settings.var_directory)
    KEPT.clear()


def start(**address: str) -> AppTest:
    app = AppTest.from_file(str(HOME), default_timeout=60)
    for name, value in address.items():
        app.query_params[name] = value
    return app.run()


def forbid_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is drawn from now on fails; what was kept does not notice."""

    def fail(*_: object, **__: object) -> None:
        raise AssertionError("drawn again")

    monkeypatch.setattr(kept_parts, "draw_noted", fail)


def test_a_second_reader_sees_the_same_without_a_drawing(monkeypatch: pytest.MonkeyPatch):
    first = {page: open_page(page, unit="38", selected="14818", keeps=True) for page in (HOME, MAP)}
    forbid_drawing(monkeypatch)
    for page, shown in first.items():
        again = open_page(page, unit="38", selected="14818", keeps=True)
        assert again.markup == shown.markup and len(shown.markup) > 10
        assert [one.proto for one in again.components()] == [one.proto for one in shown.components()]
        assert len(again.app.get("plotly_chart")) == len(shown.app.get("plotly_chart"))
    with pytest.raises(AssertionError, match=r"app\.py"):
        open_page(HOME, unit="40", keeps=True)


def test_a_press_on_a_kept_page_is_its_readers_own(monkeypatch: pytest.MonkeyPatch):
    start(unit="38")
    one, other = start(unit="38"), start(unit="38")
    one.button(key="language").click().run()
    assert one.query_params["lang"] == "en" and "lang" not in other.query_params
    assert Words("en").say("app.title") in Screen(one).text
    other.run()
    assert Words("vi").say("app.title") in Screen(other).text


def test_one_menu_serves_every_address_and_its_links_keep_what_was_chosen(monkeypatch: pytest.MonkeyPatch):
    drawn = links(start(unit="38", period="2020-11"))
    assert len(drawn) > 8 and {query for _, query in drawn} == {"period=2020-11&unit=38"}
    monkeypatch.setattr("ui.menu.draw_pages", None)  # a call fails
    assert links(start(unit="40")) == [(page, "unit=40") for page, _ in drawn]
    assert links(start()) == [(page, "") for page, _ in drawn]
    assert links(start(unit="38", period="2020-11")) == drawn
    hashes = [
        {one.hash for one, _ in part.messages if one.delta.new_element.WhichOneof("type") == "page_link"}
        for part in KEPT._parts.values()
    ]
    assert max(map(len, hashes)) == len(drawn), "each link is a message of its own"


def links(app: AppTest) -> list[tuple[str, str]]:
    return [(link.proto.page, link.proto.query_string) for link in app.get("page_link")]


def test_what_a_reader_types_is_shown_to_nobody_else_and_goes_with_a_pick():
    start()
    typing = start()
    typing.text_input(key="search_text").set_value("thanh hoa").run()
    found = [button for button in typing.button if str(button.key).startswith("found_")]
    assert found and not [button for button in start().button if str(button.key).startswith("found_")]
    typing.text_input(key="search_text").set_value("thanh").run()
    found[0].click().run()
    assert typing.text_input(key="search_text").value == ""
    assert "unit" in typing.query_params and Screen(typing).headline() != Screen(start()).headline()


def test_whoever_types_has_the_menu_as_it_was(monkeypatch: pytest.MonkeyPatch):
    drawn = links(start(unit="38"))
    for name in ("draw_pages", "draw_style", "draw_end"):
        monkeypatch.setattr(f"ui.menu.{name}", None)  # a call fails
    typing = start(unit="38")
    typing.text_input(key="search_text").set_value("thanh hoa").run()
    assert [button for button in typing.button if str(button.key).startswith("found_")]
    assert not typing.exception and links(typing) == drawn


def test_a_chart_that_one_reader_reached_for_still_rests_for_the_others():
    start(unit="38")
    one = start(unit="38")
    one.session_state["kept"] = {"home trend_reached": True}  # what the markup's callback keeps
    one.run()
    assert Screen(one).has("plotly_chart") and not Screen(one).has_resting_chart("trend")
    other = Screen(start(unit="38"))
    assert other.has_resting_chart("trend") and not other.has("plotly_chart")


def test_parts_are_kept_up_to_so_many_bytes_and_a_message_in_two_parts_once():
    def notes(*texts: str) -> Notes:
        return Notes([message(text) for text in texts])

    def message(text: str) -> ForwardMsg:
        made = ForwardMsg(hash=text[:8])
        made.delta.new_element.html.body = text
        return made

    kept = KeptParts(most=100_000)
    kept.put("a", notes("shared " + "x" * 4000, "own of a " + "x" * 1000), ())
    size = kept.describe()["bytes"]
    kept.put("b", notes("shared " + "x" * 4000, "own of b " + "x" * 1000), ())
    assert kept.describe()["bytes"] - size < 2000 and kept.describe()["messages"] == 3
    kept.put("too large", notes("y" * 50_000), ())
    assert kept.get("too large") is None
    for number in range(40):
        kept.put(number, notes(f"{number:08} " + "z" * 5000), ())
        kept.get("a")
    assert kept.describe()["bytes"] <= 100_000
    assert kept.get("a") and kept.get(39) and not kept.get("b") and not kept.get(0)
    kept.belong_to("another snapshot")
    assert kept.describe() == {"parts": 0, "messages": 0, "bytes": 0}


def press(app: AppTest, key: str, kind: str, value: str) -> AppTest:
    """A press in markup of ours, as the browser reports it."""
    (name,) = (one.proto.id for one in app.get("bidi_component") if one.proto.id.endswith(f"-{key}"))
    states = app._tree.get_widget_states()
    state = states.widgets.add()
    state.id = f"$$STREAMLIT_INTERNAL_KEY_{name}__events"
    state.json_trigger_value = json.dumps([{"event": "acted", "value": {"kind": kind, "value": value}}])
    return app._run(states)


def test_a_press_is_answered_with_what_another_reader_was_shown_after_it(monkeypatch: pytest.MonkeyPatch):
    app = start()
    seen = [Screen(press(app, "choices", "period", month)).headline() for month in ("2020-11", "2020-12")]
    other = start()
    forbid_drawing(monkeypatch)
    for _ in range(2):
        again = [Screen(press(other, "choices", "period", month)).headline() for month in ("2020-11", "2020-12")]
        assert again == seen and len(set(seen)) == 2


# (page, address): every choice that a page can have is in one of them, so that a block which does not know a choice that it
# reads is seen.
WHOLE = (
    ("app", {"unit": "38", "selected": "14818", "sort": "coverage", "page": "2", "measure": "met", "changed": "rose"}),
    (
        "app",
        {"level": "district", "selected": "127", "classes": "1.2", "sort": "name", "since": "2020-09", "lang": "en"},
    ),
    (
        "map",
        {
            "unit": "38",
            "selected": "14818",
            "indicator": "need",
            "quadrant": "low_many",
            "sort": "value_desc",
            "page": "2",
        },
    ),
    (
        "map",
        {"level": "district", "indicator": "change", "span": "3", "second": "2020-06", "measure": "met", "zoom": "127"},
    ),
    ("map", {"level": "province", "selected": "38", "classes": "1.2", "quadrant": "near_few", "lang": "en"}),
    (
        "ranking",
        {"level": "district", "measure": "met", "classes": "1", "unit": "38", "selected": "14818", "page": "2"},
    ),
    ("profile", {"unit": "38", "selected": "14818", "sort": "name", "classes": "1.2", "measure": "met", "page": "2"}),
    ("roadmap", {"unit": "38", "selected": "14818", "measure": "met", "classes": "1", "sort": "name", "page": "2"}),
    ("trends", {"level": "district", "selected": "38", "measure": "met", "classes": "1", "sort": "name", "page": "2"}),
    (
        "quality",
        {"level": "district", "selected": "14818", "measure": "met", "classes": "1", "sort": "name", "page": "2"},
    ),
    ("criterion", {"unit": "38", "selected": "14818", "measure": "met", "sort": "name", "page": "2"}),
)


@pytest.mark.parametrize(("page", "address"), WHOLE, ids=lambda value: value if isinstance(value, str) else "")
def test_a_block_shows_the_same_whether_it_knows_its_own_choices_or_all(
    page: str, address: dict[str, str], monkeypatch: pytest.MonkeyPatch
):
    path = next(one for one in PAGES if one.stem == page)
    narrow = what_stands(open_page(path, **address))
    monkeypatch.setattr(Frame, "knowing", lambda frame, *names: frame)
    whole = what_stands(open_page(path, **address))
    assert len(whole) > 8
    for shown, expected in zip(narrow, whole, strict=True):
        assert shown == expected


def test_a_choice_that_a_block_does_not_know_leaves_it_as_it_was_drawn(monkeypatch: pytest.MonkeyPatch):
    open_page(HOME, unit="38")
    for module, name in ((choices, "draw_choices"), (home_page, "draw_trend"), (home_page, "draw_headline")):
        monkeypatch.setattr(module, name, None)  # a call fails
    marked = open_page(HOME, unit="38", selected="14818", sort="coverage", keeps=True)
    assert 'class="bp-card"' in "".join(marked.markup) and marked.has_resting_chart("trend")
    with pytest.raises(AssertionError, match=r"app\.py"):
        open_page(HOME, unit="40", keeps=True)


def what_stands(screen: Screen) -> list[object]:
    """Everything on a page in its order, but for the addresses in its links, which say choices that do not matter there."""
    components = [without_links(one.proto.json) or one.proto.bytes for one in screen.components()]
    charts = [chart.proto.SerializeToString(deterministic=True) for chart in screen.app.get("plotly_chart")]
    return [*map(without_links, screen.markup), *components, *charts]


def without_links(markup: str) -> str:
    return re.sub(r'href=\\?"[^"]*"', "", markup)


def test_a_page_is_drawn_in_one_turn_with_all_its_parts(monkeypatch: pytest.MonkeyPatch, use_store, small_settings):
    """Its parts do not queue again: nobody else's page comes between the first and the last of them."""
    use_store(small_settings.var_directory)
    asked: list[object] = []
    wait = KeptParts.wait
    monkeypatch.setattr(KeptParts, "wait", lambda self, key, *rest: asked.append(key[0][0]) or wait(self, key, *rest))
    open_page(HOME)
    assert asked == ["menu", "notices", "body"]
    assert KEPT._drawn_now == set() and KEPT._waiting == {}, "the turn is given back"
