"""The frame around every page and its address bar. The only place with session state and query parameters; what stands above
every page is drawn by menu.py.

The address is the truth. Each run reads it into a View; each control writes it in its callback; nothing else remembers
a choice, so that a copied link, the Back button and a click lead to the same screen.
"""

from __future__ import annotations

import copy
import logging
import secrets
from collections.abc import Callable, Hashable, Sequence
from dataclasses import fields
from datetime import date
from typing import TypeVar
from urllib.parse import urlsplit

import streamlit as st

from data.errors import StoreUnavailable
from data.settings import get_settings
from text.formats import Formats
from text.names import lower_first
from text.words import Words
from ui import loaders, parts, reader, style
from ui.catalogue import Catalogue, last_period, level_of, owner_of, province_of
from ui.kept_parts import KEPT, draw_kept
from ui.loaders.drawings import keep_drawing
from ui.menu import draw_banners, draw_menu, keep_choices
from ui.reader_frame import reader_markup, stop_others
from ui.view import (
    COMPARING,
    LANGUAGES,
    NATION,
    PLACE_LEVELS,
    Choice,
    Notice,
    View,
    parse_view,
    shown_boundary_set,
    write_params,
)

T = TypeVar("T")
# By its address: a picture is read and weighed by Streamlit in every run.
ICON = "/app/static/icon.png"
# The choices that every page knows.
VIEW_FIELDS = frozenset(f.name for f in fields(View)) - {"own"}


class Frame:
    """What a page gets: the reader's View, the words and formats of their language, and the ways to change the View."""

    def __init__(
        self,
        snapshot_id: str,
        view: View,
        catalogue: Catalogue,
        words: Words,
        formats: Formats,
        choices: Sequence[Choice] = (),
        place_levels: Sequence[str] = PLACE_LEVELS,
        name: str = "",
        notices: Sequence[Notice] = (),
    ) -> None:
        """`choices` are those that the page adds to the address, `place_levels` the levels of unit it can show; `name` is the
        page's (PAGES), `notices` what had to be replaced in the address."""
        self.snapshot_id, self.view, self.place_levels = snapshot_id, view, place_levels
        self.name, self.notices = name, notices
        self.choices = {choice.name: choice for choice in choices}
        self.catalogue, self.words, self.formats = catalogue, words, formats
        # The day that files say they were made on; None is today. The static edition gives the snapshot's, so that the same
        # snapshot makes the same files.
        self.made_on: date | None = None
        # Looked at once a run: every part asks what decides it.
        self.outlines_stamp = loaders.outlines_stamp()

    @property
    def boundary_set(self) -> str:
        return shown_boundary_set(self.view, self.catalogue)

    @property
    def unit_level(self) -> str:
        """The level of the place shown: nation, province or district; on the profile also region and commune."""
        return level_of(self.view.unit, self.boundary_set, self.catalogue) or "nation"

    def label(self, code: str) -> str:
        """The full name of a unit or region of the boundary set on the screen."""
        if code in self.catalogue.regions.get(self.boundary_set, ()):
            return self.words.say("groups.region", name=loaders.region_label(self.snapshot_id, code, self.view.lang))
        return loaders.unit_label(self.snapshot_id, self.boundary_set, code, self.words.say("home.nation"))

    def place(self) -> str:
        """The name of the place shown, for the middle of a sentence: "cả nước", "tỉnh Thanh Hóa"."""
        return lower_first(self.label(self.view.unit))

    def choice(self, name: str) -> str:
        """What was chosen of a choice that this page added, or its default."""
        return self.view.choice(name, self.choices[name].default)

    def go(self, **choices: object) -> None:
        """Write a changed View into the address; for callbacks, which run before the next run reads it. Choices of the page
        go by their names; a default is left out.
        """
        for name in choices.keys() & self.choices.keys():
            choices[name] = None if choices[name] == self.choices[name].default else choices[name]
        write_address(self.read_address().change(**choices), self.catalogue)

    def read_address(self) -> View:
        """What the address says now. A click that comes while the page is being drawn runs a callback of the drawing before:
        what was chosen since must not be lost.
        """
        params = st.query_params.to_dict()
        return parse_view(
            params, self.catalogue, tuple(self.choices.values()), self.place_levels, compares=self.name in COMPARING
        )[0]

    def site_address(self) -> str:
        """Where readers find this site, such as https://baophu.example.vn: as the settings say, else as this browser does; ""
        outside of a browser."""
        found = urlsplit(get_settings().site_url or st.context.url or "")
        return f"{found.scheme}://{found.netloc}" if found.netloc else ""

    def apart(self) -> Frame:
        """The same frame without a View, for callbacks: what is drawn once is pressed by readers at any address
        (ui/kept_parts.py), so what a press means is read from the address (`now`) and never from the drawing. To ask it for
        its View raises AttributeError."""
        other = copy.copy(self)
        vars(other).pop("view", None)
        return other

    def owner(self) -> tuple[str, str]:
        """What boxes and buttons belong to: callbacks know the page and the language, and nothing else (`apart`)."""
        return self.name, self.view.lang

    def now(self) -> Frame:
        """The same frame with the View of the address, for callbacks."""
        return self.showing(self.read_address())

    def keep(self, key: str, value: object) -> None:
        """Remember something for this session only that is no choice and has no place in the address."""
        st.session_state["kept"] = {**st.session_state.get("kept", {}), key: value}

    def kept(self, key: str) -> object | None:
        return st.session_state.get("kept", {}).get(key)

    def switch_on(self, key: str) -> None:
        """Keep a plain yes of this page for this session: it decides what the page shows, as the address does."""
        self.keep(f"{self.name} {key}", True)

    def is_on(self, key: str) -> bool:
        return self.kept(f"{self.name} {key}") is True

    def switched_on(self) -> tuple[str, ...]:
        """What is switched on of this page."""
        kept = st.session_state.get("kept", {}).items()
        return tuple(sorted(key for key, value in kept if value is True and key.startswith(f"{self.name} ")))

    def write_box(self, key: str, value: object) -> None:
        """Set what stands in a box of Streamlit's; for callbacks."""
        st.session_state[key] = value

    def read_trigger(self, key: str, name: str) -> object:
        """What a component of ours reported in this run, or None; for callbacks."""
        return st.session_state[key].get(name)

    def pick_unit(self, code: str) -> None:
        """A unit was clicked on the map, in the table or in the search: a province opens; any other is marked where it
        lies.
        """
        now = self.read_address()
        level = self.catalogue.unit_levels[shown_boundary_set(now, self.catalogue)].get(code)
        if level is not None and "commune" in self.place_levels:
            self.go(unit=code)
        elif level in ("nation", "province"):
            self.go(unit=code, level="commune" if code != NATION else now.level)
        elif level is not None:
            self.go(selected="" if code == now.selected else code)

    def act(self, kind: str, value: str) -> None:
        """What was pressed or chosen in markup of ours. The value is checked when the address is read."""
        if kind == "unit":
            self.pick_unit(value)
        elif kind == "open":
            self.open_unit(value)
        elif kind == "sort":
            self.go(sort="coverage_desc" if value == "coverage" == self.read_address().sort else value)
        elif kind == "page":
            self.go(page=value)
        elif kind == "programme" and value in self.catalogue.programmes:
            self.go(programme=value, period=last_period(self.catalogue, value), boundaries="")
        elif kind in ("place", "period", "boundaries", "level", "selected"):
            self.go(**{"unit" if kind == "place" else kind: value})
        elif kind in self.choices:
            self.go(**{kind: value})

    def report_of(self, key: str) -> Callable[[], None]:
        """The callback of markup drawn under `key`."""
        own = self.apart()

        def acted() -> None:
            if report := own.read_trigger(key, "acted"):
                own.act(str(report["kind"]), str(report["value"]))

        return acted

    def open_in_set(self, code: str, boundary_set: str) -> None:
        """Open a unit of a boundary set in the last month of that set, or on the screen's month where it is of that set."""
        months = [month for month, own in self.catalogue.boundary_of.items() if own == boundary_set]
        if boundary_set == self.now().boundary_set:
            self.go(unit=code)
        elif months:
            period = max(months)
            self.go(unit=code, period=period, programme=owner_of(period, self.catalogue), boundaries="")

    def showing(self, view: View) -> Frame:
        """The same frame with another View, for a block that shows another place than the page."""
        other = copy.copy(self)
        other.view = view
        return other

    def knowing(self, *names: str) -> Frame:
        """The same frame for a block that is decided by the choices `names` (of the View or of the page) and the language alone:
        all others are as if nobody had chosen anything, so that the block cannot depend on them. Their names are in no link
        of the block; its callbacks read the address."""
        known = {name: getattr(self.view, name) for name in names if name in VIEW_FIELDS}
        own = {name: value for name, value in self.view.own.items() if name in names}
        other = self.showing(View(**{"programme": "", "period": "", "lang": self.view.lang, "own": own} | known))
        other.notices = ()
        return other

    def once(self, name: str, find: Callable[[Frame], T]) -> T:
        """What `find` makes of this frame, kept under `name` and all that decides a screen: for facts that several screens of one
        place share. `find` takes nothing from elsewhere."""
        return keep_drawing(self.snapshot_id, name, what_decides(self, switched_on=()), lambda: find(self))

    def draw_part(self, name: str, choices: Sequence[str], draw: Callable[[Frame], None], *, reached: str = "") -> None:
        """A block of the page that `choices` decide (`knowing`), drawn or sent again as it was drawn for whoever differs in
        something else only (ui/kept_parts.py). `draw` gets the frame that knows these; `reached` names a chart in it that
        readers can reach for (ui/chart.py)."""
        own = self.knowing(*choices)
        is_reached = bool(reached) and self.is_on(f"{reached}_reached")
        key = ("part", name, is_reached, *what_decides(own, switched_on=()))
        draw_kept(key, lambda: draw(own), owner=own.owner())

    def open_found(self, code: str) -> None:
        """A unit was picked in the search: open its place and empty the box; a page that can zoom marks it where it lies."""
        st.session_state["search_text"] = ""
        boundary_set = self.now().boundary_set
        level = self.catalogue.unit_levels[boundary_set].get(code)
        if "zoom" in self.choices and level not in (None, "nation"):
            shown = "commune" if loaders.stands_alone(self.snapshot_id, boundary_set, code) else level
            self.go(unit=NATION, level=shown, selected=code, zoom=code)
        else:
            self.open_unit(code)

    def open_unit(self, code: str) -> None:
        """Open the place of a unit that may lie elsewhere: itself where the page can show it, else its province, with the
        unit marked."""
        if "commune" in self.place_levels:
            self.go(unit=code)
            return
        boundary_set = self.now().boundary_set
        province = province_of(code, boundary_set, self.catalogue) or NATION
        unit = code if self.catalogue.unit_levels[boundary_set].get(code) in ("nation", "district") else province
        self.go(unit=unit, level="commune", selected="" if code == unit else code)


def show(
    page: str,
    draw: Callable[[Frame], None],
    choices: Sequence[Choice] = (),
    place_levels: Sequence[str] = PLACE_LEVELS,
    *,
    without: Sequence[str] | Callable[[Frame], Sequence[str]] = (),
) -> None:
    """A page: the frame, and in it what `draw` draws, or what an earlier reader was shown at the same address
    (ui/kept_parts.py). For pages on which everything that is chosen stands in the address; others call `begin`.

    `without` are choices of every page that mean nothing on this one, or not with what else is chosen: what it draws does not
    know them.
    """
    frame = begin(page, choices, place_levels)
    idle = without(frame) if callable(without) else without
    own = frame.knowing(*(VIEW_FIELDS - set(idle)), *frame.choices) if idle else frame
    draw_kept(("body", *what_decides(own)), lambda: draw(own), owner=own.owner())


def begin(page: str, choices: Sequence[Choice] = (), place_levels: Sequence[str] = PLACE_LEVELS) -> Frame:
    """Draw the frame and return what the page needs; stops the run with a plain sentence where there is no store to
    read. `choices` are what this page adds to the address; `place_levels` the levels of unit that it can show.
    """
    lang = st.query_params.get("lang", "vi")
    words = Words(lang if lang in LANGUAGES else "vi")
    st.set_page_config(
        page_title=title_of(page, words), page_icon=ICON, layout="wide", initial_sidebar_state="collapsed"
    )
    stop_others(words, page, st.query_params.to_dict())
    try:
        store = loaders.open_store()
        catalogue = loaders.load_catalogue(store.snapshot_id)
    except StoreUnavailable as error:
        st.html(style.sheet(page))
        parts.banner(words.say(error.words_key, **error.values), kind="error", words=words, code=error.code)
        st.stop()
    view, notices = parse_view(st.query_params.to_dict(), catalogue, choices, place_levels, compares=page in COMPARING)
    frame = Frame(store.snapshot_id, view, catalogue, words, Formats(view.lang), choices, place_levels, page, notices)
    KEPT.belong_to((get_settings().var_directory, store.pointer.id))
    if reader.is_on():
        st.html(reader_markup(frame))  # a person's name: never in what is kept
    # The menu is one for all addresses of a page: where its links lead is written into them on the way.
    decided, fill = what_decides(frame.knowing(), switched_on=()), keep_choices(frame)

    def keep(name: str, draw: Callable[[], None]) -> None:
        draw_kept((name, *decided), draw, owner=frame.owner(), fill=fill)

    keep("menu", lambda: draw_menu(frame, page, keep))
    # Without a notice, what stands there is about the month and the place alone.
    plain = frame if notices else frame.knowing("programme", "period", "boundaries", "unit")
    draw_kept(
        ("notices", store.fallback_from, *what_decides(plain, switched_on=())),
        lambda: draw_banners(plain, store, notices),
        owner=frame.owner(),
    )
    return frame


def what_decides(frame: Frame, switched_on: tuple[str, ...] | None = None) -> tuple[Hashable, ...]:
    """Everything by which two screens of one snapshot can differ; its id names for whom it is read (data/visibility.py).
    Whoever adds something that a page reads (a setting that changes while the process runs) adds it here; the day is none of it:
    what is overdue or silent is so on the day of the figures, and a file says when it was made. `switched_on` where
    a block knows better than the frame what of it shows."""
    view = frame.view
    chosen = tuple(getattr(view, f.name) for f in fields(view) if f.name != "own")
    own = tuple(sorted(view.own.items()))
    refused = tuple((notice.key, tuple(sorted(notice.values.items()))) for notice in frame.notices)
    edition = get_settings().edition
    of_process = (edition, frame.snapshot_id, frame.outlines_stamp)
    # The code to paste names the address of this site.
    address = frame.site_address() if get_settings().framed_by else ""
    switched = frame.switched_on() if switched_on is None else switched_on
    return (frame.name, *of_process, address, switched, chosen, own, refused)


def title_of(page: str, words: Words) -> str:
    """The title of a browser's tab: which page of the app."""
    app = words.say("app.title")
    return app if page == "home" else f"{words.say(f'frame.page_{page}')} · {app}"


def say_unexpected(error: Exception) -> bool:
    """A bug in a page: one plain sentence in the place of Streamlit's English box, with a code that stands in the log
    beside the trace. For `st.App(on_script_error=…)`; True means that nothing else is shown.
    """
    code = f"UI-{secrets.token_hex(3).upper()}"
    logging.getLogger(__name__).error("%s %s", code, type(error).__name__)
    lang = st.query_params.get("lang", "vi")
    words = Words(lang if lang in LANGUAGES else "vi")
    parts.banner(words.say("error.unexpected"), kind="error", words=words, code=code)
    return True


def write_address(view: View, catalogue: Catalogue) -> None:
    st.query_params.from_dict(write_params(view, catalogue))
