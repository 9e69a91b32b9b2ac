"""What the browser is told in the one HTML page, so that the first map does not wait its turn.

Streamlit asks for a component's scripts only once its element has arrived, and for the map's own after that; on the
home page the chart library (4.5 MB of script) would be run before them. The files are certain, so the page names them.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape
from pathlib import Path

import streamlit

from charts.coverage_map.installed import SCRIPT, START, STYLE, find_installed
from text.words import Words
from ui import appearance, loaders
from ui.first_look import FirstLook
from ui.map import COMPONENT
from ui.own_component import OWNER

# Resolved, as every file under it is before it is served: an environment may be reached through a link.
ASSETS = (Path(streamlit.__file__).parent / "static").resolve()
TITLE = "Bao phủ BHYT"
# Scripts of the elements that stand above and in the map, by the name that Streamlit's bundler gives them.
ELEMENTS = ("Html", "PageLink", "TextInput", "BidiComponent")
MAP_FILES = f"./_stcore/bidi-components/{COMPONENT}"
MARKUP_LINK = f'<link rel="modulepreload" href="./_stcore/bidi-components/{OWNER}.markup/markup.js">'
_NO_SCRIPT = re.compile(r"<noscript>.*?</noscript>", re.S)
_HOST_SCRIPT = re.compile(r'<script type="module" crossorigin src="([^"]+)"></script>')
_HOST_STYLE = re.compile(r'<link rel="stylesheet" crossorigin href="([^"]+)">')
_IMPORT = re.compile(r'(?:from|import)\s*"\./([\w.-]+\.js)"')


def mend_html(
    page: bytes,
    lang: str,
    *,
    has_map: bool,
    is_first_view: bool,
    is_wall: bool = False,
    look: FirstLook | None = None,
) -> bytes:
    """Streamlit's page in the reader's language, asking for what the first screen needs before any script has run: the scripts of
    the elements, the map's own where the page `has_map`, and its outlines where the address chooses nothing. Light or dark
    from the first paint on (ui/appearance.py), and light alone where it `is_wall`, meeting mode. With the first `look`
    (ui/first_look.py) in its body, whose map is the first thing that is run.
    """
    text = page.decode()
    text = text.replace('<html lang="en">', f'<html lang="{lang}">', 1).replace(
        "<title>Streamlit</title>", f"<title>{TITLE}</title>", 1
    )
    # Words for programs about an interface that is off, and for a reader whose browser runs no script.
    text = re.sub(r'<!--.*?-->|<link rel="service-desc"[^>]*>', "", text, flags=re.S)
    text = _NO_SCRIPT.sub(f"<noscript><p>{escape(Words(lang).say('server.no_script'))}</p></noscript>", text, count=1)
    # Before anything is painted, and behind the line that says how the file's letters are written.
    text = text.replace("</title>", f"</title>{appearance.head(is_wall)}", 1)
    # The app brings its own typeface; Streamlit's would be 170 kB for nothing.
    text = re.sub(r'<link\s+rel="preload"\s+href="[^"]*SourceSans[^>]*>', "", text, count=1)
    asked = [
        *(f'<link rel="modulepreload" href="./static/js/{name}" crossorigin>' for name in element_scripts()),
        MARKUP_LINK,
        *(map_links() if has_map else ()),
        *(
            f'<link rel="preload" href="./app/static/{name}" as="{kind}"{more} crossorigin>'
            for name, kind, more in first_files(is_first_view and look is None)
        ),
    ]
    text = text.replace("</head>", "".join(asked) + "</head>", 1)
    return (text if look is None else show_first(text, look)).encode()


def show_first(text: str, look: FirstLook) -> str:
    """The page with its first look: behind everything in the body, its files and its script before Streamlit's, which are
    fetched behind them and run when it is drawn (charts/coverage_map/assets/start.js)."""
    files = "".join(
        f'<link rel="preload" href=".{file}" as="fetch" fetchpriority="high" crossorigin>' for file in look.files
    )
    script = f'<script type="module" src="{map_file(SCRIPT)}"></script>'
    text = text.replace("<script", f"<style>{look.style}</style>{files}{script}<script", 1)
    start = f'<script type="module" src="{map_file(START)}" data-host="\\1"></script>'
    text = _HOST_SCRIPT.sub(start + '<link rel="modulepreload" crossorigin href="\\1">', text, count=1)
    # Eighty files: those of the first look are not to stand in line behind them.
    text = text.replace('<link rel="modulepreload"', '<link data-host="modulepreload" fetchpriority="low"')
    text = _HOST_STYLE.sub('<link data-host="stylesheet" crossorigin href="\\1">', text, count=1)
    return text.replace("</body>", f"{look.markup}</body>", 1)


def map_file(pattern: str) -> str:
    """The address of one of the map's installed files, from the page."""
    return f"{MAP_FILES}/{find_installed(pattern).name}"


def map_links() -> tuple[str, ...]:
    return (
        f'<link rel="modulepreload" href="{map_file(SCRIPT)}">',
        f'<link rel="preload" href="{map_file(STYLE)}" as="style">',
    )


@cache
def element_scripts() -> tuple[str, ...]:
    """Streamlit's scripts of ELEMENTS and all they import, but those its own page asks for."""
    named = (ASSETS / "index.html").read_text("utf-8")
    folder = ASSETS / "static" / "js"
    waiting = [path.name for element in ELEMENTS for path in sorted(folder.glob(f"{element}.*.js"))]
    found: dict[str, None] = {}
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found[name] = None
            waiting += _IMPORT.findall((folder / name).read_text("utf-8"))
    return tuple(name for name in found if name not in named)


def first_files(is_first_view: bool) -> list[tuple[str, str, str]]:
    """Files that the first screen needs for certain: the text's typeface, and the outlines of the default view."""
    fonts = [
        (f"fonts/be-vietnam-pro-{subset}-{weight}-normal.woff2", "font", ' type="font/woff2"')
        for subset in ("latin", "vietnamese")
        for weight in (400, 600, 700)
    ]
    outlines = loaders.first_outlines() if is_first_view else []
    return [(name, "fetch", "") for name in outlines] + fonts
