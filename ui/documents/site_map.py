"""The map of a page of the static edition: what the component is told, as a file, and the files it asks for later."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from charts.coverage_map.message import pack_message
from data.settings import get_settings
from reports.site.hashed import FOLDER, keep, keep_named
from reports.site.paths import path_of
from ui import loaders
from ui.documents.site_markup import Sheet, Site
from ui.frame import Frame
from ui.map import MapFrame, build_header

OUTLINES, VALUES, REST, MESSAGES = (f"{FOLDER}/{name}" for name in ("outlines", "values", "rest", "maps"))
# Files are gzip whatever serves them; the browser inflates them itself (docs/decisions.md, 3).
LEVEL = 9


def write_outlines(folder: Path, boundary_set: str) -> None:
    """All outlines of a boundary set: zooming into the nation asks for those of provinces by their names."""
    entry = loaders.outlines_of(boundary_set)
    names = [entry[key] for key in ("province", "district", "commune", "names") if key in entry]
    for name in [*names, *entry["scopes"].values()]:
        path = loaders.find_outline_file(name)
        if path is not None:
            keep_named(folder, path, OUTLINES)


def list_months(page: Frame) -> list[str]:
    """The months that the map can move through: those of its programme on its boundaries."""
    own = page.catalogue.boundary_of
    return [month for month in page.catalogue.programmes[page.view.programme] if own[month] == page.boundary_set]


def write_rest(site: Site, level: str) -> None:
    """The figures for hover of every month of the slider."""
    page = site.open("home", site.edition.languages[0])
    for month in list_months(page):
        body = loaders.rest_figures(page.snapshot_id, page.boundary_set, level, page.view.programme, month)
        if body is not None:
            path = site.folder / rest_path(site, level).format(period=month)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(gzip.compress(body, LEVEL, mtime=0))


def rest_path(site: Site, level: str) -> str:
    """Where the figures of a level lie; the month is put in by the map. The snapshot stands for their content."""
    return f"{REST}/{site.edition.snapshot_id}/{level}-{{period}}.bin.gz"


def list_outlines(frame: MapFrame) -> list[str]:
    """The outlines of the first picture: a province's own with those around it, else the nation's."""
    keys = ("scope_outlines", "background") if frame.files.get("scope_outlines") else ("outlines",)
    return [f"{OUTLINES}/{Path(address).name}" for key in keys if (address := frame.files.get(key))]


def write_message(sheet: Sheet, page: Frame, frame: MapFrame) -> str:
    """Write what the map is told; returns its path."""
    names = {key: Path(address).name for key, address in frame.files.items() if address and key != "rest"}
    files: dict[str, str | None] = {
        key: sheet.go(f"{OUTLINES}/{name}") for key, name in names.items() if key != "values"
    }
    if "values" in names:
        files["values"] = sheet.go(
            keep_named(sheet.site.folder, get_settings().value_directory / names["values"], VALUES)
        )
    files["rest"] = sheet.go(rest_path(sheet.site, frame.level))
    told = replace(
        frame,
        files={key: files.get(key) for key in frame.files},
        previous_period=None,  # other boundary sets have no page here
        next_period=None,
    )
    message = pack_message(build_header(told, page.words, page.formats), told.classes)
    return keep(sheet.site.folder, f"map-{frame.level}", "bin.gz", gzip.compress(message, LEVEL, mtime=0), MESSAGES)


def tell_map(sheet: Sheet, page: Frame, maps: Sequence[tuple[str, str]], own: str = "") -> str:
    """What the page tells the map's script (charts/coverage_map/assets/alone.js): `maps` are level and message path."""
    words = page.words
    return json.dumps(
        {
            "messages": [
                {"label": words.say(f"site.level_{level}"), "address": sheet.go(path)} for level, path in maps
            ],
            # As templates: the script fills them.
            "words": {name: words.section("site")[f"map_{name}"] for name in ("time", "moved", "level", "open", "row")},
            "province": sheet.go(path_of("province", page.view.lang, "{code}")),
            "own": own,
        },
        ensure_ascii=False,
        sort_keys=True,
    )
