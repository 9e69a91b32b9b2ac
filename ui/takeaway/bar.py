"""The row of links under a figure or table: plain, in the order of the forms, so that a keyboard and a script reach them."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from urllib.parse import urlencode

from ui import parts
from ui.frame import Frame
from ui.view import write_params


def show(page: Frame, *names: str, of: str = "") -> None:
    """Draw the links to files of the page, or of another page (`of`) at the same View."""
    if links := links_markup(page, *names, of=of):
        parts.markup(links)


def links_markup(page: Frame, *names: str, of: str = "") -> str:
    """The same as markup, for blocks that are drawn as one; "" where this edition has none of the files."""
    from ui.takeaway.registry import find_offer  # the registry imports the pages' modules, which import this one

    words, shelf = page.words, of or page.name
    pieces = []
    for name in names:
        offer = find_offer(shelf, name)
        if offer is None:
            continue
        what = words.say(f"takeaway.what.{shelf}_{name}")
        links = "".join(link(page, shelf, name, ending, what) for ending in offer.endings)
        pieces.append(f"<span>{escape(words.say('takeaway.take', what=what))}</span>{links}")
    if not pieces:
        return ""
    label = escape(words.say("takeaway.label"))
    return f'<nav class="bp-take" aria-label="{label}">{"".join(f"<p>{piece}</p>" for piece in pieces)}</nav>'


def link(page: Frame, shelf: str, name: str, ending: str, what: str) -> str:
    form = page.words.say(f"takeaway.form.{ending.replace('.', '_')}")
    said = escape(page.words.say("takeaway.link", what=what, form=form))
    address = escape(address_of(page, shelf, name, ending))
    return f'<a href="{address}" download aria-label="{said}" target="_self">{escape(form)}</a>'


def address_of(page: Frame, shelf: str, name: str, ending: str) -> str:
    """Relative, so that it holds behind a proxy's prefix too. Another page's files do not know this page's own choices."""
    view = page.view if shelf == page.name else replace(page.view, own={})
    params = write_params(replace(view, page=1), page.catalogue)
    return f"take/{shelf}/{name}.{ending}" + (f"?{urlencode(params)}" if params else "")
