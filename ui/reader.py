"""Who reads at this moment, on the server: in a page's run the person of its session, in a route the person of the cookie.

Only here is decided for whom the store is opened (`ui.loaders.open_store`). Where signing in is set up and nobody is known, that
is refused: a route, a thread or a page that forgets to ask shows nothing.
"""

from __future__ import annotations

import threading
import time
import tomllib
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

import streamlit as st
from streamlit import runtime
from streamlit.auth_util import get_secrets_auth_section
from streamlit.runtime.scriptrunner_utils.script_run_context import get_script_run_ctx

from data.errors import UserError
from data.settings import get_settings
from data.visibility import Audience
from geo import units
from ui.claims import ANYBODY, NOBODY, SIGNED_IN, Reader, read_reader

NEEDED = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
SHORTEST_SECRET = 32
MOST_ENDED = 10_000

_acting: ContextVar[Reader | None] = ContextVar("baophu_reader", default=None)


class NotAllowed(UserError):
    """Nobody who may see this is signed in. `state` says why (ui/claims.py)."""

    def __init__(self, state: str) -> None:
        super().__init__("SIGN-IN", f"sign_in.{state}")
        self.state = state


def is_on() -> bool:
    """Whether readers sign in here: the internal edition whose secrets.toml names a provider. The public one never asks. A
    command is no server: whoever starts it can read the files."""
    return get_settings().edition == "internal" and runtime.exists() and is_set_up()


@cache
def is_set_up() -> bool:
    """Whether secrets.toml had a section [auth] when this process first looked; whether it is whole is asked at the start
    (`find_faults`). A file that is taken away later opens nothing."""
    return bool(get_secrets_auth_section())


def find_faults() -> list[str]:
    """What is missing or wrong in the section [auth], as `kind` or `kind:name` (words listening.fault_<kind>); nothing where
    signing in is safe, or not set up at all."""
    if unreadable := find_unreadable():
        return [f"unreadable:{unreadable}"]
    section = get_secrets_auth_section()
    if not section:
        return ["none"] if get_settings().sign_in_required else []
    faults = [f"missing:{name}" for name in NEEDED if not str(section.get(name, "")).strip()]
    if not faults and len(str(section["cookie_secret"])) < SHORTEST_SECRET:
        faults.append("secret_short")
    if not faults and not is_private_address(str(section["redirect_uri"])):
        faults.append("not_https")
    if st.get_option("server.trustedUserHeaders"):
        faults.append("headers")
    return faults


def find_unreadable() -> str:
    """The name of a file of secrets that is there and cannot be read: Streamlit would go on without it, and so without
    signing in; "" where all can be."""
    for path in map(Path, st.get_option("secrets.files")):
        if path.is_file():
            try:
                tomllib.loads(path.read_text("utf-8"))
            except (OSError, ValueError):
                return path.name
    return ""


def is_private_address(redirect_uri: str) -> bool:
    """Whether the cookie goes over an encrypted line, or stays on one machine."""
    local = ("http://localhost", "http://127.0.0.1", "http://[::1]")
    whole = redirect_uri.endswith("/oauth2callback")
    return whole and (redirect_uri.startswith("https://") or any(redirect_uri.startswith(f"{one}:") for one in local))


def current() -> Reader:
    """The reader of this moment."""
    if not is_on():
        return ANYBODY
    if (
        get_script_run_ctx(suppress_warning=True) is not None
    ):  # a page's run is its session's, whoever started the thread
        return judge(st.user.to_dict())
    return _acting.get() or NOBODY


def judge(claims: dict) -> Reader:
    """The reader whom the claims of a session or a cookie describe, now."""
    found = read_reader(claims, get_settings(), time.time(), known_provinces())
    return NOBODY if found.mark in ended else found


@cache
def known_provinces() -> frozenset[str]:
    """The codes of the provinces of every boundary set."""
    found = [units.load_units(name) for name in units.boundary_sets()]
    return frozenset(code for frame in found for code in frame.loc[frame["level"] == "province", "unit_code"])


def audience() -> Audience:
    """For whom the store is opened. Raises NotAllowed."""
    reader = current()
    if reader.state != SIGNED_IN or reader.audience is None:
        raise NotAllowed(reader.state)
    return reader.audience


@contextmanager
def acting(reader: Reader) -> Iterator[None]:
    """Read as somebody for a while: a route as the person of the cookie, the server's own questions as ANYBODY."""
    token = _acting.set(reader)
    try:
        yield
    finally:
        _acting.reset(token)


class Ended:
    """Sign-ins that were ended by their reader before their time: other windows of the same browser have them still. Kept in this
    process only (a cookie sends a reader to the same replica); after a restart the time limit of a sign-in holds alone."""

    def __init__(self, most: int) -> None:
        self._most, self._marks, self._lock = most, OrderedDict[str, None](), threading.Lock()

    def add(self, mark: str) -> None:
        with self._lock:
            self._marks[mark] = None
            while len(self._marks) > self._most:
                self._marks.popitem(last=False)

    def __contains__(self, mark: str) -> bool:
        return bool(mark) and mark in self._marks


ended = Ended(MOST_ENDED)
