"""The static edition of the small public store, with two provinces, for tests of its files and in a browser."""

from __future__ import annotations

import gzip
import html
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from data.settings import Settings, get_settings
from ui.documents import site as static

PROVINCES = ("02", "24")
PERIOD = "2020-12"
ADDRESS = "https://bhyt.example.vn/tinh-tinh/"


@contextmanager
def public_process(settings: Settings, address: str = ADDRESS) -> Iterator[pytest.MonkeyPatch]:
    """This process is one of the public edition, as the command makes itself one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BAOPHU_VAR", str(settings.var_directory))
        patch.setenv("BAOPHU_EDITION", "public")
        patch.setenv("BAOPHU_SITE_URL", address)
        get_settings.cache_clear()
        try:
            yield patch
        finally:
            patch.undo()
            get_settings.cache_clear()


def write_part(settings: Settings, root: Path, *kinds: str, workers: int = 1) -> Path:
    """The edition with the provinces of PROVINCES only (`kinds`: only such pages); returns its folder."""
    with public_process(settings) as patch:
        every = static.list_jobs

        def some(site) -> list[static.Job]:
            jobs = [job for job in every(site) if job.kind != "province" or job.name in PROVINCES]
            return [job for job in jobs if not kinds or job.kind in kinds]

        patch.setattr(static, "list_jobs", some)
        return static.write_site(root, PERIOD, workers=workers)[0]


def read(folder: Path, path: str) -> str:
    return (folder / path).read_text("utf-8")


def list_pages(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.html"))


def addresses_in(page: str) -> Iterator[str]:
    """Every address that a page names: links, files, preloads, and those that its scripts read."""
    for name in ("href", "src", "action", "data-index", "content"):
        for found in re.findall(rf'\s{name}="([^"]*)"', page):
            text = html.unescape(found)
            if name != "content" or re.match(r"https?://", text):
                yield text
    for told in re.findall(r'data-map="([^"]*)"', page):
        for message in json.loads(html.unescape(told))["messages"]:
            yield message["address"]


def read_message(path: Path) -> dict:
    """The header of what the map is told."""
    body = gzip.decompress(path.read_bytes())
    size = int.from_bytes(body[:4], "little")
    return json.loads(body[4 : 4 + size])


def strip(markup: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", markup))).strip()


def table_rows(page: str, anchor: str = "") -> dict[str, list[str]]:
    """The cells of every row that has a place of its own, by unit code."""
    return {
        code: [strip(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)]
        for code, row in re.findall(r'<tr id="x(\w+)">(.*?)</tr>', page, re.S)
    }
