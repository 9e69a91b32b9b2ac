"""From what an identity provider says of a person to what that person may see. Pure: claims in, a `Reader` out.

A claim is a name or a path with dots (`realm_access.roles`), its value a text or a list of texts. Whoever has several roles has
the one that sees most. Whatever is missing, unknown or too old gives a reader who sees nothing, and the reason.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container, Mapping
from dataclasses import dataclass

from data.settings import ROLES, Settings
from data.visibility import EVERYTHING, Audience

SIGNED_IN, STRANGER, EXPIRED, NO_ROLE, NO_PROVINCE = "signed_in", "stranger", "expired", "no_role", "no_province"
NAME_CLAIMS = ("name", "preferred_username", "email")
LONGEST_NAME = 60
CLOCKS_APART = 300  # seconds that the provider's clock may be ahead of ours


@dataclass(frozen=True)
class Reader:
    """Who reads. `state` is SIGNED_IN or why nothing may be seen; `audience` None then. `mark` names the sign-in itself."""

    state: str
    name: str = ""
    role: str = ""
    audience: Audience | None = None
    mark: str = ""


NOBODY = Reader(STRANGER)
ANY_CODE = frozenset(f"{number:02}" for number in range(100))
# Where nobody signs in: the public edition, whose file holds nothing else, and the internal one on its own machine.
ANYBODY = Reader(SIGNED_IN, audience=EVERYTHING)


def read_reader(
    claims: Mapping[str, object], settings: Settings, now: float, provinces: Container[str] = ANY_CODE
) -> Reader:
    """The reader whom claims describe, at a time in seconds. `provinces` are the codes that there are."""
    if claims.get("is_logged_in") is not True:
        return NOBODY
    name = read_name(claims)
    mark = hashlib.sha256(f"{claims.get('iss')}|{claims.get('sub')}|{claims.get('iat')}".encode()).hexdigest()
    began = claims.get("iat")
    if isinstance(began, bool) or not isinstance(began, (int, float)):
        return Reader(EXPIRED, name)
    if not began - CLOCKS_APART <= now < began + settings.sign_in_hours * 3600:
        return Reader(EXPIRED, name)
    said = set(read_texts(claims, settings.role_claim))
    found = {role for role in ROLES if said & set(names_of(role, settings))}
    for role in ("leadership", "operator"):
        if role in found:
            return Reader(SIGNED_IN, name, role, EVERYTHING, mark)
    if "province" not in found:
        return Reader(NO_ROLE, name)
    codes = set(read_texts(claims, settings.province_claim))
    code = codes.pop() if len(codes) == 1 else ""
    if not re.fullmatch(r"\d{2}", code, re.ASCII) or code not in provinces:
        return Reader(NO_PROVINCE, name)
    return Reader(SIGNED_IN, name, "province", Audience(code), mark)


def names_of(role: str, settings: Settings) -> list[str]:
    """What the provider calls a role of ours: the same, where the settings do not say otherwise."""
    return [theirs for ours, theirs in settings.role_names if ours == role] or [role]


def read_name(claims: Mapping[str, object]) -> str:
    """How a person is called on the screen; "" where the provider does not say."""
    for claim in NAME_CLAIMS:
        value = claims.get(claim)
        if isinstance(value, str) and value.strip():
            return " ".join(value.split())[:LONGEST_NAME]
    return ""


def read_texts(claims: Mapping[str, object], path: str) -> list[str]:
    """The texts of a claim: of one that is called so, else of the one at the end of a path with dots."""
    value: object = claims.get(path)
    if value is None:
        value = claims
        for step in path.split("."):
            value = value.get(step) if isinstance(value, Mapping) else None
    values = value if isinstance(value, (list, tuple)) else [value]
    return [one.strip() for one in values if isinstance(one, str)]
