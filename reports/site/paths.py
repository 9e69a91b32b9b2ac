"""Where each page of the static edition lies, by language. Addresses in pages are relative: the folder may stand anywhere."""

from __future__ import annotations

from posixpath import relpath

# The pages are called as in the app, so that a proxy can answer for the one of the same name.
NAMES = {
    "home": "index.html",
    "ranking": "ranking.html",
    "province": "province/{code}.html",
    "lookup": "lookup.html",
    "method": "method.html",
    "not_found": "404.html",
}
FOLDERS = {"vi": "", "en": "en/"}
MENU = ("home", "ranking", "lookup", "method")


def path_of(name: str, lang: str, code: str = "") -> str:
    """The file of a page; `code` is that of its province."""
    return FOLDERS[lang] + NAMES[name].format(code=code)


def link(source: str, target: str) -> str:
    """The address of `target` (a file of the edition, perhaps with a place in it) as it stands on the page `source`."""
    file, mark, place = target.partition("#")
    return relpath(file, source.rpartition("/")[0] or ".") + mark + place


def anchor(code: str) -> str:
    """The place of a unit's row in its province's page."""
    return f"x{code}"


def public_address(path: str) -> str:
    """A file's address behind the public one: a folder's own page goes by the folder's name."""
    return path.removesuffix("index.html")
