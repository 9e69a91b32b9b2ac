"""The first screen in the HTML says and draws what the page itself does, and is not there where the page shows something else."""

import base64
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from screen import HOME, read_page, strip_markup

from data.settings import Settings
from data.store import Store
from ui import first_look, reader
from ui.first_look import KeptLooks, find_first_look

pytestmark = pytest.mark.pages


def read_message(packed: bytes) -> tuple[dict, np.ndarray]:
    length = int.from_bytes(packed[:4], "little")
    return json.loads(packed[4 : 4 + length]), np.frombuffer(packed[4 + length :], np.uint8)


@pytest.fixture(autouse=True)
def on_the_small_store(use_store: Callable[[Path], None], small_settings: Settings) -> Iterator[None]:
    use_store(small_settings.var_directory)
    yield
    first_look.KEPT_LOOKS._looks.clear()


@pytest.mark.parametrize("address", [{}, {"unit": "38"}, {"period": "2020-11", "level": "province", "lang": "en"}])
def test_it_says_and_draws_what_the_page_does(address: dict[str, str]):
    look, screen = find_first_look(address), read_page(HOME, **address)
    assert look is not None
    for block in (r"<h1 .*?</h1>", r'<div class="bp-figures.*?</section></div>', r'<div class="bp-banner.*?</div>'):
        assert strip_markup(re.search(block, look.markup, re.S)[0]) in " ".join(screen.text.split())
    header, classes = read_message(base64.b64decode(re.search(r'data-message="(.*?)"', look.markup)[1]))
    own = next(element for element in screen.components() if element.proto.component_name.endswith("coverage-map.map"))
    wanted, shown = read_message(own.proto.bytes)
    assert np.array_equal(classes, shown)
    assert header == wanted | dict.fromkeys(first_look.LATER)
    assert set(look.files) == {header["scope_outlines"], header["background"]} - {None} or look.files == (
        header["outlines"],
    )


def test_another_address_shows_another_screen_and_the_same_is_made_once(monkeypatch: pytest.MonkeyPatch):
    made = []
    draw = first_look.draw_first_look
    monkeypatch.setattr(first_look, "draw_first_look", lambda page: made.append(page.view) or draw(page))
    first, other = find_first_look({}), find_first_look({"unit": "38"})
    assert first != other and find_first_look({}) is first
    assert find_first_look({"level": "commune", "utm_source": "mail"}) is first, "what is said by leaving it out"
    assert len(made) == 2


@pytest.mark.parametrize("address", [{"unit": "nowhere"}, {"period": "2100-01"}, {"programme": "'><script>"}])
def test_an_address_with_nonsense_has_none(address: dict[str, str]):
    assert find_first_look({}) is not None and find_first_look(address) is None


def test_who_must_sign_in_first_is_shown_nothing(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reader, "is_on", lambda: True)
    assert find_first_look({}) is None


def test_a_missing_outline_leaves_it_to_the_page_to_say_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("ui.map_frame.loaders.find_outline_file", lambda _name: None)
    assert find_first_look({"level": "province"}) is None


def test_only_so_many_are_kept():
    looks, made = KeptLooks(most=2), []
    for key in ("a", "b", "a", "c", "a", "b"):
        looks.get(key, lambda key=key: made.append(key))
    assert made == ["a", "b", "c", "b"]


def test_another_store_shows_its_own(small_store: Store, monkeypatch: pytest.MonkeyPatch):
    page = first_look.open_frame("home", {})
    before = first_look.what_shows(page)
    page.snapshot_id = "another"
    assert first_look.what_shows(page) != before and small_store.snapshot_id in before
