"""Opens a page without a browser and reads the words on it, for the tests of pages.

One run costs about 0.15 s of a core: use `read_page`, which opens a page at an address once per store and session, and
make several assertions on what it showed. `open_page` is for tests that change something that the page reads (a
monkeypatched function, a setting), or that need a fresh session.
"""

from __future__ import annotations

import functools
import html
import json
import re
from pathlib import Path

from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from data.settings import PROJECT_ROOT, get_settings
from ui.kept_parts import KEPT

# AppTest looks through every installed package for components before each run: twice the time of the page itself.
manifest_scanner.scan_component_manifests = functools.cache(manifest_scanner.scan_component_manifests)

# Relative paths would be looked for beside the test (AppTest's own rule), so all are absolute.
PAGES = [PROJECT_ROOT / "app.py", *sorted((PROJECT_ROOT / "pages").glob("[a-z]*.py"))]  # not __init__.py
HOME = PROJECT_ROOT / "app.py"


class Screen:
    """What one page showed. `text` is every word of it without markup; `sentences` the same, block by block."""

    def __init__(self, app: AppTest) -> None:
        self.app = app
        blocks = [element.proto.body for element in app.get("html")]
        blocks += [read_component(element) for element in app.get("bidi_component")]
        self.markup = [block for block in blocks if block and not block.startswith("<style")]
        self.sentences = [strip_markup(block) for block in self.markup]
        self.text = "\n".join(self.sentences)

    def has(self, kind: str) -> bool:
        """Whether an element of Streamlit's own kind stands on the page, such as `plotly_chart`."""
        return len(self.app.get(kind)) > 0

    def has_resting_chart(self, key: str) -> bool:
        """Whether a chart stands on the page as a picture, to be drawn by Plotly for who reaches for it."""
        return any(f'data-reach="{key}"' in block and "<svg" in block for block in self.markup)

    def has_map(self) -> bool:
        return any(element.proto.component_name.endswith("coverage-map.map") for element in self.components())

    def components(self) -> list:
        return self.app.get("bidi_component")

    def headline(self) -> str:
        return next(strip_markup(block) for block in self.markup if "<h1" in block)

    def figure(self, label: str) -> str:
        """The headline figure with a label, as its value and unit are written: "6.316 / 8.930 xã = 70,7%"."""
        found = re.findall(
            r'<section class="bp-figure"><h2>(.*?)</h2><div class="bp-value">(.*?)</div>', "".join(self.markup)
        )
        return next(strip_markup(value) for name, value in found if strip_markup(name).startswith(label))


def read_component(element) -> str:
    """The markup that a component of ui/markup.py was given; "" for one that draws by itself."""
    data = json.loads(element.proto.json) if element.proto.json else ""
    return data if isinstance(data, str) else ""


def strip_markup(block: str) -> str:
    """The words of a piece of HTML, with one space where a tag stood."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", block))).strip()


def open_page(page: Path, /, runs: int = 1, keeps: bool = False, **address: str) -> Screen:
    """Open a page with an address; `runs` above 1 draws it again in the same session, as a click would. What earlier readers
    were shown is forgotten first, unless the test is about that (`keeps`). Fails on any exception in the page, and names it."""
    if not keeps:
        KEPT.clear()
    app = AppTest.from_file(str(HOME), default_timeout=60)
    if page != HOME:
        app.switch_page(str(page.relative_to(PROJECT_ROOT)))
    for name, value in address.items():
        app.query_params[name] = value
    for _ in range(runs):
        app.run()
        assert not app.exception, f"{page.name} {address}: {[failure.message for failure in app.exception]}"
    return Screen(app)


def read_page(page: Path, /, **address: str) -> Screen:
    """What a page shows at an address, on the store that is in use: opened once per session, so not for tests that
    change what it reads by other means than the store. The screen is shared: tests must not change it."""
    pointer = get_settings().pointer_file
    stored = pointer.read_text("utf-8") if pointer.is_file() else ""
    return _read_once(page, f"{pointer} {stored}", tuple(sorted(address.items())))


@functools.cache
def _read_once(page: Path, _store: str, address: tuple[tuple[str, str], ...]) -> Screen:
    return open_page(page, **dict(address))


def table_rows(screen: Screen, label: str) -> list[list[str]]:
    """The cells of the table whose accessible name begins with `label`, as a reader sees them."""
    for component in screen.components():
        markup = json.loads(component.proto.json) if component.proto.json else ""
        if f'aria-label="{html.escape(label)}' in markup:
            body = re.split(r"<tbody[^>]*>", markup, maxsplit=1)[-1]
            return [
                [strip_markup(cell) for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row)]
                for row in re.findall(r"<tr[^>]*>(.*?)</tr>", body)
            ]
    raise AssertionError(f"no table {label!r} on the page")
