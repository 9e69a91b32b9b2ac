"""The home page's first screen, written into the HTML: its words, and the message from which the browser draws its map.

Streamlit's own scripts are 1 MB and take a second or two before the first word; a reader sees the sentence, the figures and
the map meanwhile, at the places where the page's own come to stand (charts/coverage_map/assets/first.js takes them away then).
It is drawn by the functions of the page, from the same address, and answers to nothing: it is a picture, for nobody's keyboard
and for no screen reader, and takes no press from the page behind.
"""

from __future__ import annotations

import base64
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from threading import Lock

from charts.coverage_map.installed import STYLE, find_installed
from charts.coverage_map.message import pack_message
from data.errors import StoreUnavailable
from data.settings import get_settings
from ui import home_facts, home_page, loaders, parts, reader, style
from ui.frame import Frame
from ui.home import HomeWords
from ui.map import MapFrame, build_header
from ui.surface import collect
from ui.takeaway import bar
from ui.takeaway.headless import open_frame
from ui.view import write_params

BEHIND = ".st-key-banners"  # the first of the page's blocks that this shows
LATER = ("names", "values", "rest")  # what the map's first picture does not need
MOST_KEPT = 500  # first screens, 15 kB each


@dataclass(frozen=True)
class FirstLook:
    """`markup` for the body, `style` for the head (typefaces are not read inside a shadow root), and `files`: addresses that
    the map asks for."""

    markup: str
    style: str
    files: tuple[str, ...]


class KeptLooks:
    """The last so many, by everything that decides what they show."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most, self._lock = most, Lock()
        self._looks: OrderedDict[Hashable, FirstLook | None] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], FirstLook | None]) -> FirstLook | None:
        with self._lock:
            if key in self._looks:
                self._looks.move_to_end(key)
                return self._looks[key]
        made = make()
        with self._lock:
            self._looks[key] = made
            while len(self._looks) > self._most:
                self._looks.popitem(last=False)
        return made


KEPT_LOOKS = KeptLooks()


def find_first_look(params: Mapping[str, str]) -> FirstLook | None:
    """What the home page shows first at an address with this query; None where that is no map: no store, no figures, no outlines,
    an address with nonsense in it (the page says so above all else), or an edition that asks first who reads."""
    if reader.is_on():
        return None
    try:
        page = open_frame("home", params)
    except StoreUnavailable:
        return None
    if page.notices or not loaders.snapshot_info().has_figures:
        return None
    return KEPT_LOOKS.get(what_shows(page), lambda: draw_first_look(page))


def what_shows(page: Frame) -> Hashable:
    """Everything by which two first looks can differ: the address stands for all that a reader chose."""
    chosen = tuple(sorted(write_params(page.view, page.catalogue).items()))
    return get_settings().edition, page.snapshot_id, loaders.outlines_stamp(), chosen


def draw_first_look(page: Frame) -> FirstLook | None:
    facts = home_facts.load_facts(page)
    shown = home_page.build_map(page, facts) if facts.has_figures else None
    if shown is None:
        return None
    said = HomeWords(facts, page.words, page.formats)
    above = (
        lambda: home_page.list_banners(page, facts),
        lambda: parts.headline(said.headline()),
        lambda: parts.figures(said.figures(), is_steady=True),
        lambda: bar.show(page, "brief", of="profile"),
    )
    words = "".join(f"<div>{draw(one)}</div>" for one in above)
    finding = draw(lambda: parts.title(*home_page.say_map(page, facts)))
    message = base64.b64encode(pack_map(page, shown)).decode()
    holder = f'<div class="first-map"><div>{finding}</div><div data-message="{message}"></div></div>'
    blocks = f'<div class="stApp"><div class="stMainBlockContainer"><div class="first-page">{words}{holder}</div></div></div>'
    inside = f'<template shadowrootmode="closed"><style>{first_rules()}</style>{blocks}</template>'
    markup = f'<first-look inert aria-hidden="true" lang="{page.words.lang}" data-over="{escape(BEHIND)}">{inside}</first-look>'
    wanted = ("scope_outlines", "background") if shown.files["scope_outlines"] else ("outlines",)
    return FirstLook(markup, style.typefaces(), tuple(file for name in wanted if (file := shown.files[name])))


def draw(block: Callable[[], None]) -> str:
    with collect() as kept:
        block()
    return "".join(kept)


def pack_map(page: Frame, shown: MapFrame) -> bytes:
    header = build_header(shown, page.words, page.formats)
    return pack_message(header | dict.fromkeys(LATER), shown.classes)


@cache
def first_rules() -> str:
    """The sheets of the page and of the map, as they hold inside a shadow root; the colours come from the page's head."""
    sheets = [(style.SHEETS / f"{name}.css").read_text("utf-8") for name in ("every_page", "first_look")]
    return map_rules() + "".join(sheets)


@cache
def map_rules() -> str:
    """The map's own sheet, as it is installed."""
    return find_installed(STYLE).read_text("utf-8")
