"""What the frame of a page says of its reader: who is signed in, the way out, and what is not shown to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import streamlit as st

from text.names import lower_first
from text.words import Words
from ui import listening, loaders, parts, reader, style
from ui.catalogue import is_own_place
from ui.claims import EXPIRED, SIGNED_IN, STRANGER
from ui.view import NATION

if TYPE_CHECKING:
    from ui.frame import Frame


def stop_others(words: Words, page: str, address: Mapping[str, str]) -> None:
    """Stop the run where whoever reads may see nothing: signed out in another window, sign-in over, no role. The page itself is
    only given to readers (`ui.sign_in.AskWho`); this holds for those whose page is open still."""
    found = reader.current()
    if found.state == SIGNED_IN and not listening.is_open_door():
        return
    st.html(style.sheet(page))
    if listening.is_open_door():
        parts.banner(words.say("listening.refused", address="*"), kind="error", words=words)
        st.stop()
    if found.state in (STRANGER, EXPIRED):
        said = words.say("sign_in.not_here")
    else:
        said = words.say(f"sign_in.{found.state}", name=parts.escape(found.name or words.say("sign_in.this_account")))
    chosen = urlencode(address)
    asked = f"/{'' if page == 'home' else page}{f'?{chosen}' if chosen else ''}"
    link = f"sign-in?{urlencode({'next': asked})}"
    parts.banner(said, kind="error", words=words, link=(link, words.say("sign_in.link")))
    st.stop()


def reader_markup(frame: Frame) -> str:
    """Who is signed in, for whom they read, and the way out."""
    words, found = frame.words, reader.current()
    own = name_own(frame)
    role = own[0] if own else words.say(f"sign_in.role_{found.role}") if found.role else ""
    who = " · ".join(parts.escape(part) for part in (found.name, role) if part)
    out = parts.escape(words.say("sign_in.sign_out"))
    return (
        f'<div class="bp-reader" role="group" aria-label="{parts.escape(words.say("sign_in.reader"))}">'
        f'<span>{who}</span> <a href="auth/logout" target="_self">{out}</a></div>'
    )


def say_partial(frame: Frame) -> None:
    """Over a draft of which this reader sees its own place only: that it is one."""
    if frame.view.period in frame.catalogue.partial_months:
        month = frame.formats.month(frame.view.period)
        said = frame.words.say("sign_in.partial", month=month, place=parts.escape(say_own(frame)))
        parts.banner(said, words=frame.words)


def name_own(frame: Frame) -> list[str]:
    """The provinces whose office the reader is, as they are called on the boundaries of the screen, else on the last ones on
    which there were any; none for whoever sees everything."""
    own = frame.catalogue.own_provinces
    if not own:
        return []
    name = frame.boundary_set if frame.boundary_set in own else max(own)
    return [lower_first(loaders.unit_label(frame.snapshot_id, name, code, "")) for code in own[name]]


def say_own(frame: Frame) -> str:
    """The same for the middle of a sentence."""
    return ", ".join(name_own(frame))


def say_own_only(frame: Frame) -> None:
    """On pages with plans, logs and files: that those of other places are not shown to this reader."""
    if frame.catalogue.own_provinces:
        parts.prose(frame.words.say("sign_in.own_only", place=say_own(frame)))


def is_of_others(frame: Frame) -> bool:
    """Whether the place shown is another office's, so that its plans, files and log are not this reader's to see: that there are
    none must not be said then."""
    own, place = frame.catalogue.own_provinces, frame.view.unit
    return bool(own) and place != NATION and not is_own_place(place, frame.boundary_set, frame.catalogue)
