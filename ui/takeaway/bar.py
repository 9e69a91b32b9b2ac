"""The row of links under a figure or table: plain, in the order of the forms, so that a keyboard and a script reach them."""

from __future__ import annotations

from dataclasses import replace
from html import escape
from urllib.parse import urlencode

from data.settings import get_settings
from ui import parts
from ui.frame import Frame
from ui.view import write_params

MAP_STEM = "ban_do"  # how the file names of maps begin


def show(page: Frame, *names: str, of: str = "") -> None:
    """Draw the links to files of the page, or of another page (`of`) at the same View."""
    if links := links_markup(page, *names, of=of):
        parts.markup(links)


def links_markup(page: Frame, *names: str, of: str = "") -> str:
    """The same as markup, for blocks that are drawn as one; "" where this edition has none of the files."""
    from ui.takeaway.registry import find_offer  # the registry imports the pages' modules, which import this one

    words, shelf = page.words, of or page.name
    pieces, framed, taken = [], [], []
    for name in names:
        offer = find_offer(shelf, name)
        if offer is None:
            continue
        what = words.say(f"takeaway.what.{shelf}_{name}")
        taken.append(what)
        links = "".join(link(page, shelf, name, ending, what) for ending in offer.endings)
        pieces.append(f"<span>{escape(words.say('takeaway.take', what=what))}</span>{links}")
        if offer.build is not None and get_settings().framed_by:
            framed.append(frame_code(page, shelf, name, what, offer.name(page).startswith(MAP_STEM)))
    if not pieces:
        return ""
    # Several such rows stand on a page: a screen reader lists them by what they give.
    label = escape(f"{words.say('takeaway.label')}: {', '.join(taken)}")
    lines = "".join(f"<p>{piece}</p>" for piece in pieces)
    return f'<nav class="bp-take" aria-label="{label}">{lines}{"".join(framed)}</nav>'


def frame_code(page: Frame, shelf: str, name: str, what: str, is_map: bool) -> str:
    """What an editor pastes to show a figure on another website, in a field to copy from."""
    from ui.embed.page import embed_address, embed_code  # draws figures, whose modules import this one

    words = page.words
    code = embed_code(page.site_address() + embed_address(page, shelf, name), what, is_map)
    said = escape(words.say("embed.code", what=what))
    return (
        f'<details class="bp-embed"><summary>{escape(words.say("embed.open", what=what))}</summary>'
        f'<label>{said}<textarea readonly rows="4" spellcheck="false">{escape(code)}</textarea></label></details>'
    )


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
