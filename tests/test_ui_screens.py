"""Screens drawn ahead into a book are sent as if they had been drawn, and by no server that would draw others."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from screen import HOME, PAGES, Screen, open_page
from test_ui_kept_parts import forbid_drawing, press, start, what_stands

from data.screen_book import BookPart, join_parts, open_book
from data.settings import PROJECT_ROOT, Settings
from ui import book, screen_list, screens
from ui.kept_parts import KEPT
from ui.takeaway.headless import open_frame

PLACES = {"app": "38", "map": "38", "ranking": "38", "profile": "38", "trends": "38", "roadmap": "38"}


@pytest.fixture(autouse=True)
def on_the_small_store(use_store: Callable[[Path], None], small_settings: Settings) -> Iterator[None]:
    use_store(small_settings.var_directory)
    KEPT.clear()
    yield
    KEPT.book = KEPT.on_drawn = None


def page_of(name: str) -> Path:
    return next(one for one in PAGES if one.stem == name)


def write_screens(folder: Path, draw: Callable[[], object]) -> None:
    """Draw into a book, forget it all, and take up the book."""
    part = BookPart(folder / "part")
    KEPT.on_drawn = part.add
    draw()
    KEPT.on_drawn = None
    part.finish()
    assert join_parts([folder / "part"], folder / "book") > 3
    KEPT.clear()
    KEPT.book = open_book(folder / "book")


@pytest.mark.pages
@pytest.mark.parametrize("name", PLACES)
def test_a_screen_of_the_book_is_the_one_that_was_drawn(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    drawn: list[Screen] = []
    write_screens(tmp_path, lambda: drawn.append(open_page(page_of(name), unit=PLACES[name], keeps=True)))
    open_page(page_of(name), unit="01", keeps=True)  # what presses do on this page
    forbid_drawing(monkeypatch)
    shown = open_page(page_of(name), unit=PLACES[name], keeps=True)
    assert what_stands(shown) == what_stands(drawn[0]) and len(shown.markup) > 5
    assert [one.proto for one in shown.components()] == [one.proto for one in drawn[0].components()]
    with pytest.raises(AssertionError):
        open_page(page_of(name), unit="40", keeps=True)


def test_what_no_press_is_known_of_is_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write_screens(tmp_path, lambda: open_page(HOME, unit="38", keeps=True))
    forbid_drawing(monkeypatch)
    with pytest.raises(AssertionError, match=r"app\.py"):
        open_page(HOME, unit="38", keeps=True)


def test_a_damaged_part_of_the_book_is_drawn(tmp_path: Path):
    first: list[Screen] = []
    write_screens(tmp_path, lambda: first.append(open_page(HOME, unit="38", keeps=True)))
    open_page(HOME, unit="01", keeps=True)
    read = KEPT.book.get
    KEPT.book.get = lambda name: found and found[: len(found) // 2] if (found := read(name)) else None  # type: ignore[method-assign]
    shown = open_page(HOME, unit="38", keeps=True)
    assert what_stands(shown) == what_stands(first[0])


def test_a_press_on_a_screen_of_the_book_means_what_it_says_there(tmp_path: Path):
    write_screens(tmp_path, lambda: start(unit="38", period="2020-11"))
    start(unit="01")
    for key, kind, value, wanted in (
        ("choices", "period", "2020-12", {"unit": "38"}),
        ("choices", "level", "province", {"unit": "38", "period": "2020-11", "level": "province"}),
        ("choices", "place", "VN", {"period": "2020-11"}),
        ("units", "unit", "14818", {"unit": "38", "period": "2020-11", "selected": "14818"}),
        ("units", "sort", "name", {"unit": "38", "period": "2020-11", "sort": "name"}),
        ("trend_rest", "reach", "trend", {"unit": "38", "period": "2020-11"}),
    ):
        app = start(unit="38", period="2020-11")
        headline = Screen(app).headline()
        press(app, key, kind, value)
        params = {name: found if isinstance(found, str) else found[0] for name, found in app.query_params.items()}
        assert params == wanted
        alone = open_page(HOME, keeps=False, **params)
        assert Screen(app).headline() == alone.headline()
        assert kind != "reach" or (Screen(app).has("plotly_chart") and Screen(app).headline() == headline)
        KEPT.book = open_book(tmp_path / "book")


def test_the_name_of_a_book_says_snapshot_outlines_settings_and_code(
    small_settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    assert {field.name for field in fields(small_settings)} >= book.OF_PROCESS
    name = book.name_book("0123", small_settings)
    assert name == book.name_book("0123", replace(small_settings, chosen_cache=Path("/elsewhere"), drain_seconds=3))
    assert name == book.name_book("0123", replace(small_settings, is_held=True))
    others = [
        book.name_book("4567", small_settings),
        book.name_book("0123", replace(small_settings, small_cell=7)),
        book.name_book("0123", replace(small_settings, site_url="https://a.example")),
    ]
    monkeypatch.setattr(book, "hash_code", lambda: "other code")
    others.append(book.name_book("0123", small_settings))
    monkeypatch.setattr(book.loaders, "outlines_stamp", lambda: 1)
    others.append(book.name_book("0123", small_settings))
    assert len({name, *others}) == 6


def test_the_addresses_of_a_book_are_those_a_reader_would_come_to():
    addresses = list(screen_list.list_book())
    assert len(addresses) == len(set(addresses)) and addresses[0] == ("home", "")
    assert set(screen_list.list_addresses()) <= set(addresses) and set(screen_list.list_kinds()) & set(addresses)
    frames = [open_frame(page, dict(parse_qsl(query))) for page, query in addresses[::7]]
    assert not [frame.notices for frame in frames if frame.notices]


@pytest.mark.store
def test_the_command_writes_a_book_from_which_another_process_draws_nothing(public_settings: Settings, tmp_path: Path):
    environment = os.environ | {"BAOPHU_VAR": str(tmp_path / "none"), "BAOPHU_EDITION": "internal"}
    missing = run(["-m", "ui.screens"], environment)
    assert missing.returncode == 1 and "Traceback" not in missing.stderr and len(missing.stderr.strip()) > 20
    own = tmp_path / "var"
    subprocess.run(["cp", "-r", str(public_settings.var_directory), str(own)], check=True)
    environment["BAOPHU_VAR"] = str(own)
    none = run(["-m", "ui.screens", "--held"], environment)
    assert none.returncode == 0 and "Không có bản công khai nào đang chờ" in none.stdout
    snapshots = own / "public" / "snapshots"
    shutil.copy(
        snapshots / "current.json", snapshots / "held.json"
    )  # drawn while it waits, and found once it is in force
    written = run(["-m", "ui.screens", "--held", "--most", "8", "--processes", "2"], environment)
    (snapshots / "held.json").unlink()
    assert written.returncode == 0 and "Đã vẽ trước" in written.stdout, written.stderr
    folder = own / "public" / "screens"
    assert [path.suffix for path in folder.iterdir() if path.name != "lock"] == [".screens"]
    with screens.alone(folder) as is_alone:
        assert is_alone
        (folder / "hidden").mkdir()
        for path in folder.glob("*.screens"):
            path.rename(folder / "hidden" / path.name)
        busy = run(["-m", "ui.screens"], environment)
        assert busy.returncode == 0 and "đang vẽ" in busy.stdout and not list(folder.glob("*.screens"))
        for path in (folder / "hidden").iterdir():
            path.rename(folder / path.name)
    assert "Đã có đủ" in run(["-m", "ui.screens"], environment).stdout
    check = run(["-c", DRAW_AGAIN], environment | {"BAOPHU_EDITION": "public"})
    assert check.returncode == 0, check.stderr
    drawn, again = map(int, check.stdout.split())
    assert drawn > 20 and again == 0


DRAW_AGAIN = """
import asyncio
from ui import book, screens
from ui.first_screens import Nobody, open_screens
from ui.kept_parts import KEPT

async def main():
    counted = []
    KEPT.on_drawn = lambda name, drawn: counted.append(name)
    addresses = screens.list_share(0, 1, 8)
    async with screens.running_app(print), open_screens(Nobody()) as draw:
        for page, query in addresses:
            await draw(page, query)
        first = len(counted)
        KEPT._parts.clear(); KEPT._shared.clear()
        assert book.take_book()
        for page, query in addresses:
            await draw(page, query)
    print(first, len(counted) - first)

asyncio.run(main())
"""


def run(arguments: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=PROJECT_ROOT, env=environment, capture_output=True, text=True, timeout=240
    )
