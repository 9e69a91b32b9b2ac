"""What stands above every page: styles, the menu with search and language, and what is wrong with the store or the address."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.state.query_params import process_query_params

from data.settings import get_settings
from data.store import POINTER, Store
from ui import appearance, loaders, parts, style
from ui.light_runs import find_page
from ui.notices import say_notice
from ui.own_component import own_component
from ui.page_list import INTERNAL_PAGES, MEETING, PAGES, RARE_PAGES
from ui.reader_frame import say_partial
from ui.view import Notice, plain_place, write_params

if TYPE_CHECKING:
    from ui.frame import Frame

MIN_SEARCH = 2
MIN_FORMER = 3


def keep_choices(frame: Frame) -> Callable[[ForwardMsg], ForwardMsg | None]:
    """What the links of the menu keep of what was chosen: all but the choices that only one page has."""
    view = replace(plain_place(frame.view, frame.catalogue), own={})
    query = process_query_params(write_params(view, frame.catalogue))

    def fill(message: ForwardMsg) -> ForwardMsg | None:
        if message.delta.new_element.WhichOneof("type") != "page_link":
            return None
        filled = ForwardMsg()
        filled.CopyFrom(message)
        filled.delta.new_element.page_link.query_string = query
        return filled

    return fill


def draw_menu(frame: Frame, page: str, keep: Callable[[str, Callable[[], None]], None]) -> None:
    """Styles, and the pages in one row, the rarer ones behind a switch; on a narrow screen all of them behind one. The switches
    are checkboxes that style sheets read, so that opening a menu asks the server nothing.

    Of the View it reads the language only, and in the search, whose results are its reader's, the boundary set. `keep` draws a
    piece of a name or sends it again: whoever types has the rest of the menu as it was.
    """
    keep("style", lambda: draw_style(page))
    with st.container(horizontal=True, key="menu", vertical_alignment="center", gap="small"):
        keep("pages", lambda: draw_pages(frame, page))
        st.space("stretch")
        draw_search(frame)
        keep("end", lambda: draw_end(frame, page))


def draw_style(page: str) -> None:
    st.html(style.sheet(page))


def list_shown() -> list[str]:
    return [name for name in PAGES if name not in INTERNAL_PAGES or get_settings().edition == "internal"]


def draw_pages(frame: Frame, page: str) -> None:
    words, shown = frame.words, list_shown()
    brand = f'<span class="bp-brand">{words.say("app.title")}</span>'
    skip = f'<a class="bp-skip" href="#bp-content" target="_self">{parts.escape(words.say("frame.skip"))}</a>'
    st.html(skip + brand + switch_markup("pages", words.say("frame.menu"), page), width="content")
    with st.container(horizontal=True, key="pages", gap=None, width="content"):
        for name in [name for name in shown if name not in RARE_PAGES and name != MEETING]:
            link_page(frame, name, page)
    if rare := [name for name in shown if name in RARE_PAGES]:
        with st.container(key="more", width="content", gap=None):
            st.html(switch_markup("more", words.say("frame.more"), page), width="content")
            with st.container(key="more_pages", gap=None):
                for name in rare:
                    link_page(frame, name, page)
                st.html(appearance.choice_markup(words))


def draw_end(frame: Frame, page: str) -> None:
    """The other language, and the way to the meeting."""
    words = frame.words
    st.button(
        words.say("frame.other_language"),
        key="language",
        on_click=frame.apart().go,
        kwargs={"lang": "en" if frame.view.lang == "vi" else "vi"},
        help=words.say("frame.language_help"),
    )
    if MEETING in list_shown():
        with st.container(key="meeting", width="content"):
            link_page(frame, MEETING, page)


def link_page(frame: Frame, name: str, page: str) -> None:
    """A link to a page; `keep_choices` writes into it what was chosen."""
    st.page_link(find_page(name), label=frame.words.say(f"frame.page_{name}"), disabled=name == page)


def switch_markup(name: str, label: str, page: str) -> str:
    """A switch that shows a part of the menu; `page` makes it new, and so closed, on every page."""
    return (
        f'<label class="bp-switch bp-switch-{name}" data-page="{page}">'
        f'<input type="checkbox" id="bp-switch-{name}">{parts.escape(label)}</label>'
    )


def draw_search(frame: Frame) -> None:
    """A search box over every unit of the boundary set on the screen; marks are not needed, old spellings are found.

    Not a fragment: picked in a run of the box alone, a unit changed the address and now and then not the page.
    """
    words = frame.words
    with st.container(key="search", width=260):
        text = st.text_input(
            words.say("frame.search_label"),
            key="search_text",
            live=True,
            max_chars=60,
            placeholder=words.say("frame.search"),
            label_visibility="collapsed",
            autocomplete="off",
        )
        if not text or len(text.strip()) < MIN_SEARCH:
            return
        found = loaders.search_units(frame.snapshot_id, frame.boundary_set, text)
        results = [(row.unit_code, row.label) for row in found.itertuples()]
        # Names of other boundary sets only where there is room for them: most readers look for a unit as it is called now.
        if len(results) < loaders.SEARCH_LIMIT and len(text.strip()) >= MIN_FORMER:
            former = loaders.search_former(frame.snapshot_id, frame.boundary_set, text)
            known = set(found["unit_code"])
            results += [
                (row.unit_code, words.say(f"frame.search_{row.kind}", former=row.former, now=row.label))
                for row in former.itertuples()
                if row.unit_code not in known
            ]
        with st.container(key="found"):
            if not results:
                near = loaders.search_near(frame.snapshot_id, frame.boundary_set, text)
                results = [(row.unit_code, row.label) for row in near.itertuples()]
                parts.prose(words.say("frame.search_near" if results else "frame.search_nothing", text=text))
            for code, label in results:
                st.button(
                    parts.plain_label(label),
                    key=f"found_{code}",
                    type="tertiary",
                    on_click=frame.apart().open_found,
                    args=(code,),
                )


def draw_banners(frame: Frame, store: Store, notices: Sequence[Notice]) -> None:
    """What is wrong with the store or the address; in a container that is always there (see home_page.say_banners)."""
    words, formats = frame.words, frame.formats
    with st.container(key="notices"):
        own_component("page")(key="page_language", data={"lang": frame.view.lang})
        if store.fallback_from:
            made = formats.day(date.fromisoformat(store.pointer.made_at[:10]))
            key = "error.no_pointer" if store.fallback_from == POINTER else "error.store_fallback"
            parts.banner(words.say(key, made=made), kind="error", words=words)
        say_partial(frame)
        for notice in notices:
            said, link = say_notice(frame, notice)
            parts.banner(said, words=words, link=link)
