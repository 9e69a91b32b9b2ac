"""Pages from templates. Every value is escaped by the template; what is markup already (Markup) was escaped where it was made."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reports.site.hashed import Assets
from reports.site.paths import MENU, link, path_of, public_address
from text.formats import Formats
from text.words import Words

# No inline script, no outside host; styles as on the screen (docs/decisions.md, 44).
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'"
)
# What the choice of the appearance is called, and its three values as site.js lists them.
APPEARANCE = ("", "_device", "_light", "_dark")


@dataclass(frozen=True)
class Edition:
    """What all pages of one build share. `address`: the public one, with a stroke at its end, or ""."""

    snapshot_id: str
    period: str
    made_on: str
    languages: Sequence[str]
    assets: Assets
    address: str = ""
    licence: str = ""


@dataclass(frozen=True)
class SitePage:
    """One page. `name` is its kind (reports/site/paths.py) and its template; `code` the province's; `content` what the template
    reads; `preview` the picture for links to it, and `data_set` its description for search engines (JSON-LD), where it has
    them."""

    name: str
    lang: str
    title: str
    description: str
    content: Mapping[str, Any]
    code: str = ""
    preview: str = ""
    preloads: Sequence[str] = ()
    has_map: bool = False
    data_set: Mapping[str, Any] | None = field(default=None)

    @property
    def path(self) -> str:
        return path_of(self.name, self.lang, self.code)


@cache
def templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(page: SitePage, edition: Edition) -> bytes:
    """The page as HTML."""
    words, formats, path = Words(page.lang), Formats(page.lang), page.path

    def go(target: str) -> str:
        """Relative; of the page that stands for any missing one, which is shown at any address, from the edition's root."""
        if page.name != "not_found":
            return link(path, target)
        return edition.address + public_address(target) if edition.address else f"/{public_address(target)}"

    others = [lang for lang in edition.languages if lang != page.lang]
    return (
        templates()
        .get_template(f"{page.name}.html")
        .render(
            page=page,
            edition=edition,
            edition_month=formats.month(edition.period),
            edition_made=formats.day(date.fromisoformat(edition.made_on)),
            assets=edition.assets,
            appearance=json.dumps([words.say(f"frame.appearance{key}") for key in APPEARANCE], ensure_ascii=False),
            say=lambda key, **values: words.say(key, **values),
            go=go,
            policy=POLICY,
            menu=[(name, path_of(name, page.lang)) for name in MENU],
            here=edition.address + public_address(path) if edition.address else "",
            alternates=[(lang, path_of(page.name, lang, page.code)) for lang in edition.languages],
            other=(others[0], path_of(page.name, others[0], page.code)) if others else None,
            public=lambda target: edition.address + public_address(target) if edition.address else go(target),
            json_ld=write_json_ld(page.data_set) if page.data_set else "",
            **page.content,
        )
        .encode()
    )


def write_json_ld(content: Mapping[str, Any]) -> Markup:
    """JSON for a script element that browsers never run: no "<" can end it."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return Markup(text.replace("<", "\\u003c").replace("&", "\\u0026"))
