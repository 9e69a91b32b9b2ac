"""What a page of the screen draws, made fit for a page without a server: buttons that lead somewhere become links, those that
only change the screen go, and every file that is offered is made and lies beside the pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from html import escape, unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urljoin

from markupsafe import Markup

from data.errors import UserError
from reports.site.paths import anchor, link, path_of
from reports.site.render import Edition
from reports.table_files import name_file
from text.words import Words
from ui.catalogue import province_of
from ui.frame import Frame
from ui.surface import collect
from ui.takeaway.answer import split_name
from ui.takeaway.headless import open_frame
from ui.takeaway.offers import NothingToTake
from ui.takeaway.registry import find_offer
from ui.view import NATION

FILES = "files"
ENDINGS = ("xlsx", "excel.csv", "csv", "svg")
LEADS_TO_UNIT = frozenset({"unit", "place", "open", "selected"})
HEADINGS = frozenset({"sort", "by"})
BUTTON = re.compile(r'<button type="button" data-act="([^"]*)" data-value="([^"]*)"[^>]*>(.*?)</button>', re.S)
ONLY_ON_SCREEN = re.compile(r'<div class="bp-since">.*?</div>|<p class="bp-buttons">.*?</p>', re.S)
LINK = re.compile(r'<a href="([^"]*)"([^>]*)>(.*?)</a>', re.S)


MARKED = re.compile(r'(<h2 class="bp-title"[^>]*>)(.*?)</h2>', re.S)


class SiteWords(Words):
    """The words of the screen, but for the few that tell a reader to press what a page without a server does not have: those
    stand under `site_instead`, by the key with lines in the place of points."""

    def say(self, key: str, **values: Any) -> str:
        own = f"site_instead.{key.replace('.', '_')}"
        return super().say(own if self.has(own) else key, **values)


@dataclass(frozen=True)
class Site:
    """One build: the folder it is made in, the month, and what all its pages share."""

    folder: Path
    period: str
    edition: Edition

    def open(self, page: str, lang: str, **view: str) -> Frame:
        """The Frame of a page at the month of the build; files that it makes are dated as the snapshot."""
        frame = self.open_for_file(page, {"lang": lang, **view})
        frame.words = SiteWords(lang)
        return frame

    def open_for_file(self, page: str, params: Mapping[str, str]) -> Frame:
        """The same with the screen's own words, for files that are those of the screen. UserError where another snapshot was
        published meanwhile: two of them must not be mixed in one edition."""
        frame = open_frame(page, {**params, "period": self.period})
        if frame.snapshot_id != self.edition.snapshot_id:
            raise UserError("SITE-CHANGED", "site.changed")
        frame.made_on = date.fromisoformat(self.edition.made_on)
        return frame


class Sheet:
    """One page in the making: `page` is the Frame that its blocks read, `path` where it will lie."""

    def __init__(self, site: Site, page: Frame, name: str, code: str = "") -> None:
        self.site, self.page = site, page
        self.path = path_of(name, page.view.lang, code)
        self._frames: dict[tuple[str, str], Frame] = {}

    def go(self, target: str) -> str:
        return link(self.path, target)

    def address_of(self, code: str) -> str:
        """The page or row of a unit; "" for one that has none."""
        lang, shown = self.page.view.lang, self.page.boundary_set
        if code == NATION:
            return self.go(path_of("home", lang))
        province = province_of(code, shown, self.page.catalogue)
        if province is None:
            return ""
        page = path_of("province", lang, province)
        target = page if province == code else f"{page}#{anchor(code)}"
        return target.removeprefix(page) if page == self.path and province != code else self.go(target)

    def draw(self, *blocks: Callable[[], object], mark: str = "") -> Markup:
        """What the blocks draw on the screen, settled. `mark`: the word for simulated figures, put beside every finding."""
        with collect() as kept:
            for block in blocks:
                block()
        drawn = "\n".join(kept)
        if mark:
            drawn = MARKED.sub(rf'\1\2 <span class="bp-sim">{escape(mark)}</span></h2>', drawn)
        return self.settle(drawn)

    def settle(self, markup: str) -> Markup:
        markup = ONLY_ON_SCREEN.sub("", markup)
        markup = BUTTON.sub(self.settle_button, markup)
        # `Markup`: every value in it was escaped by the function that drew it.
        return Markup(
            LINK.sub(self.settle_link, markup).replace(' data-act="place"', "").replace(' data-act="selected"', "")
        )

    def settle_button(self, found: re.Match[str]) -> str:
        act, value, label = found[1], unescape(found[2]), found[3]
        address = self.address_of(value) if act in LEADS_TO_UNIT else ""
        if address:
            return f'<a href="{escape(address)}">{label}</a>'
        if act in HEADINGS or act in LEADS_TO_UNIT:
            return label
        return f"<strong>{label}</strong>" if act == "changed" else ""

    def settle_link(self, found: re.Match[str]) -> str:
        address, more, label = unescape(found[1]), found[2].replace(' target="_self"', ""), found[3]
        if address.startswith("take/"):
            path = self.take_address(address)
            return f'<a href="{escape(self.go(path))}"{more}>{label}</a>' if path else ""
        if address.startswith("method"):
            target = path_of("method", self.page.view.lang) + address.removeprefix("method")
            return f'<a href="{escape(self.go(target))}"{more}>{label}</a>'
        if address.startswith("/open/"):
            # The app's own address, on the host that shows the edition too; without one there is nothing to lead to.
            public = self.site.edition.address
            return f'<a href="{escape(urljoin(public, address))}"{more}>{label}</a>' if public else label
        return f'<a href="{found[1]}"{more}>{label}</a>'

    def take_address(self, address: str) -> str:
        """The file behind an address of the screen, made and kept; "" where the View has none, or not in this form."""
        place, _, query = address.partition("?")
        _, shelf, file = place.split("/")
        what, ending = split_name(file)
        offer = find_offer(shelf, what)
        if offer is None or ending not in ENDINGS:
            return ""
        if (shelf, query) not in self._frames:
            self._frames[shelf, query] = self.site.open_for_file(shelf, dict(parse_qsl(query)))
        frame = self._frames[shelf, query]
        name = name_file(offer.name(frame), frame.view.unit, frame.view.period, frame.made_on, ending, frame.view.lang)
        path = f"{FILES}/{frame.view.lang}/{name}"
        if not (self.site.folder / path).exists():
            try:
                body = offer.make(frame, ending)
            except NothingToTake:
                return ""
            (self.site.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.site.folder / path).write_bytes(body)
        return path
