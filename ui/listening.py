"""On which addresses a server may listen. The internal edition shows drafts, names and plans: to other machines only where
readers sign in (docs/operations.md, "Sign-in"). Where they sign in badly, it does not start at all."""

from __future__ import annotations

import ipaddress
import sys

import streamlit as st

from data.settings import get_settings
from text.words import Words
from ui import reader


def is_this_machine(address: str | None) -> bool:
    """Whether nobody on another machine can reach a server that listens there; no address at all is every one."""
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return False


def is_open_door() -> bool:
    """Whether other machines reach an internal edition in which nobody signs in."""
    internal = get_settings().edition == "internal"
    return internal and not reader.is_set_up() and not is_this_machine(st.get_option("server.address"))


def refuse_open_door() -> None:
    """End the process, before it listens, where the internal edition would be open to other machines, or where signing in is set
    up so that it would keep nobody out."""
    if get_settings().edition != "internal":
        return
    words = Words("vi")
    said = [
        words.say(f"listening.fault_{kind}", name=name)
        for kind, _, name in (fault.partition(":") for fault in reader.find_faults())
    ]
    if not said and is_open_door():
        said = [words.say("listening.refused", address=st.get_option("server.address") or "*")]
    if said:
        print("\n".join(said), file=sys.stderr, flush=True)
        raise SystemExit(2)
