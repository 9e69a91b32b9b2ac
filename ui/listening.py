"""On which addresses a server may listen. The internal edition shows drafts, names and plans to whoever reaches it: until
readers sign in, that may be this machine only (a proxy that asks who they are stands on the same one)."""

from __future__ import annotations

import ipaddress
import sys

import streamlit as st

from data.settings import get_settings
from text.words import Words


def is_this_machine(address: str | None) -> bool:
    """Whether nobody on another machine can reach a server that listens there; no address at all is every one."""
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return False


def refuse_open_door() -> None:
    """End the process, before it listens, where the internal edition would be open to other machines."""
    address = st.get_option("server.address")
    if get_settings().edition == "internal" and not is_this_machine(address):
        print(Words("vi").say("listening.refused", address=address or "*"), file=sys.stderr, flush=True)
        raise SystemExit(2)
