"""Files whose name holds the hash of what is in them: a browser keeps them for ever, and a new build is another name."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from charts.coverage_map.wheel_backend import bundle_modules

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]
MAP = PROJECT / "charts" / "coverage_map" / "assets"
FONTS = PROJECT / "static" / "fonts"
# Two weights: a third is 34 kB that no reader on a phone misses.
WEIGHTS = (400, 700)
RANGES = {
    "vietnamese": "U+0102-0103,U+0110-0111,U+0128-0129,U+0168-0169,U+01A0-01A1,U+01AF-01B0,U+0300-0301,U+0303-0304,U+0308-0309,"
    "U+0323,U+0329,U+1EA0-1EF9,U+20AB",
    "latin": "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,U+2000-206F,U+20AC,U+2122,"
    "U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD",
}
FOLDER = "assets"


@dataclass(frozen=True)
class Assets:
    """Paths in the edition: style sheet, the script of every page, that of the map, typefaces to ask for at once, icon, and the
    script that is run before the first paint."""

    sheet: str
    script: str
    map_script: str
    fonts: Sequence[str]
    icon: str
    early: str


def keep(folder: Path, stem: str, ending: str, body: bytes, inside: str = FOLDER) -> str:
    """Write a file under its hash, once; returns its path in the edition."""
    name = f"{inside}/{stem}.{hashlib.sha256(body).hexdigest()[:12]}.{ending}"
    path = folder / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    return name


def keep_named(folder: Path, source: Path, inside: str) -> str:
    """Copy a file that has its hash in its name already."""
    path = folder / inside / source.name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(source.read_bytes())
    return f"{inside}/{source.name}"


def write_assets(folder: Path, rules: str) -> Assets:
    """Everything that all pages share. `rules`: the style sheets of the screen, with the palette's colours."""
    faces, fonts = [], []
    for weight in WEIGHTS:
        for subset, letters in RANGES.items():
            source = FONTS / f"be-vietnam-pro-{subset}-{weight}-normal.woff2"
            name = keep(folder, f"be-vietnam-pro-{subset}-{weight}", "woff2", source.read_bytes())
            fonts.append(name)
            faces.append(
                f'@font-face{{font-family:"Be Vietnam Pro";font-weight:{weight};font-display:swap;'
                f'src:url("{name.rpartition("/")[2]}") format("woff2");unicode-range:{letters}}}'
            )
    own = (HERE / "assets" / "site.css").read_text("utf-8")
    sheet = "\n".join([*faces, rules, (MAP / "map.css").read_text("utf-8"), own])
    script = bundle_modules(HERE / "assets", "site.js")
    drawing = bundle_modules(MAP, "alone.js")
    return Assets(
        sheet=keep(folder, "site", "css", sheet.encode()),
        script=keep(folder, "site", "js", script.encode()),
        map_script=keep(folder, "map", "js", drawing.encode()),
        fonts=fonts,
        icon=keep(folder, "icon", "png", (PROJECT / "static" / "icon.png").read_bytes()),
        early=keep(folder, "appearance", "js", (HERE / "assets" / "appearance.js").read_bytes()),
    )
