"""Names, file names and titles that are attacks stay text on every page and in every document; nothing is written."""

import csv
import io
import json
import re
import sys
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pypdf
import pytest
from hostile_store import MARK, PAYLOADS, make_hostile
from kept_stores import KeptStores
from screen import PAGES, Screen, read_component, read_page

from data.settings import PROJECT_ROOT, Settings
from ui.embed.page import write_page
from ui.emulation import SECTIONS
from ui.meeting.screens import SCREENS
from ui.profile import sections
from ui.takeaway import answer, registry
from ui.takeaway.headless import open_frame
from ui.takeaway.offers import NothingToTake

ADDRESSES = ({}, {"period": "2020-12", "unit": "24", "selected": "07213"}, {"level": "province", "sort": "name"})
PARTS = {
    "profile": [{"period": "2020-12", "unit": "24", "part": part} for part in sections.PARTS],
    "emulation": [{"period": "2020-12", "unit": "24", "section": section} for section in SECTIONS],
    "meeting": [{"period": "2020-12", "screen": screen} for screen in SCREENS],
}
VOID = {"br", "input", "hr", "wbr", "img", "meta", "link"}
RISKY_TAGS = {
    "script",
    "iframe",
    "object",
    "embed",
    "base",
    "form",
    "style",
    "link",
    "meta",
    "img",
    "foreignobject",
    "svg:script",
}
URL_ATTRIBUTES = {"href", "src", "action", "xlink:href", "srcset", "formaction", "poster", "data"}
MARKDOWN = r"(?<!\\)[\[<$:*`]"  # a sign that Markdown would act on
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class Reader(HTMLParser):
    """Reads markup as a browser does, and writes down what an attack would have made of it."""

    def __init__(self, allowed: frozenset[str] = frozenset()) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.found: list[str] = []
        self.allowed = allowed
        self.text = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in RISKY_TAGS - self.allowed:
            self.found.append(f"<{tag}>")
        for name, value in attributes:
            address = (value or "").strip().lower()
            if name.startswith("on") or name in ("srcdoc", "autofocus"):
                self.found.append(f"{name}=")
            if name in URL_ATTRIBUTES and (address.startswith(("javascript:", "data:")) or "evil.example" in address):
                self.found.append(f"{name}={address[:40]}")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.found.append(f"</{tag}> without its beginning")

    def handle_comment(self, data: str) -> None:
        self.found.append(f"<!--{data[:20]}")

    def handle_pi(self, data: str) -> None:
        self.found.append(f"<?{data[:20]}")

    def handle_data(self, data: str) -> None:
        self.text += data


def read_markup(markup: str, allowed: frozenset[str] = frozenset()) -> Reader:
    reader = Reader(allowed)
    reader.feed(markup)
    reader.close()
    reader.found += [f"<{tag}> without an end" for tag in reader.open]
    return reader


class Watch:
    """What this process wrote to any file while it was on: Python's own writing by its audit hook, the rest by looking."""

    def __init__(self, *folders: Path) -> None:
        self.folders, self.on, self.written = folders, False, []
        sys.addaudithook(self.hear)

    def hear(self, event: str, arguments: tuple) -> None:
        if not self.on:
            return
        if event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
            self.written.append(str(arguments[0]))
        elif event in (
            "os.mkdir",
            "os.rename",
            "os.remove",
            "os.rmdir",
            "os.link",
            "os.symlink",
            "os.truncate",
            "os.chmod",
        ):
            self.written.append(f"{event} {arguments[0]}")

    def list_files(self) -> dict[str, tuple[int, int]]:
        found = {}
        for folder in self.folders:
            for path in folder.rglob("*"):
                if not {".venv", ".git", "__pycache__", ".pytest_cache", ".ruff_cache", ".hypothesis"} & set(
                    path.parts
                ):
                    about = path.lstat()
                    found[str(path)] = (about.st_size, about.st_mtime_ns)
        return found


@pytest.fixture(scope="module")
def hostile(kept_stores: KeptStores, records_settings: Settings) -> Settings:
    return kept_stores.copy("hostile", lambda settings: make_hostile(records_settings, settings.var_directory))


@pytest.fixture(autouse=True)
def nothing_is_written(
    use_store: Callable[[Path], None], hostile: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """Every test here reads only: whatever it writes anywhere is an error."""
    use_store(hostile.var_directory)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    before = WATCH.list_files() | Watch(hostile.var_directory).list_files()
    WATCH.written, WATCH.on = [], True
    yield
    WATCH.on = False
    assert [path for path in WATCH.written if not path.startswith(("/dev/null", "/proc/"))] == []
    assert (WATCH.list_files() | Watch(hostile.var_directory).list_files()) == before


WATCH = Watch(
    *(
        PROJECT_ROOT / room
        for room in ("data", "geo", "indicators", "text", "ui", "pages", "reports", "charts", "static")
    )
)


def list_labels(screen: Screen) -> list[str]:
    """What Streamlit itself would read as Markdown: labels of buttons, links and boxes."""
    kinds = ("button", "page_link", "text_input", "markdown", "caption", "metric", "selectbox", "expander")
    return [str(getattr(element.proto, "label", "")) for kind in kinds for element in screen.app.get(kind)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_on_every_page_an_attack_is_only_text(page: Path):
    told = ""
    for address in (*ADDRESSES, *PARTS.get(page.stem, ())):
        for lang in ("vi", "en") if address == ADDRESSES[1] else ("vi",):
            screen = read_page(page, lang=lang, **address)
            for block in screen.markup:
                read = read_markup(block)
                assert read.found == [], (address, block[:300])
                told += read.text
            assert not [label for label in list_labels(screen) if MARK in label and re.search(MARKDOWN, label)]
            for element in screen.app.get("plotly_chart"):
                for text in list_texts(json.loads(element.proto.spec)):
                    assert not re.search(r"<(script|img|svg|iframe|a |style|/style)", text), text
    if page.stem not in ("check", "method"):
        assert MARK in told, "the attacks are on the page, else this test says nothing"


def list_texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from list_texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from list_texts(part)


def test_what_a_search_finds_is_only_text():
    from streamlit.testing.v1 import AppTest

    app, told = AppTest.from_file(str(PAGES[0]), default_timeout=60).run(), []
    for text in ("thanh", "tan lap", "<script>", "![x](javascript:1)", "ha noi"):
        app.text_input(key="search_text").set_value(text).run()
        assert not app.exception
        screen = Screen(app)
        assert [read_markup(block).found for block in screen.markup if read_markup(block).found] == []
        labels = [button.proto.label for button in app.button if "found_" in str(button.key)]
        assert not [label for label in labels if re.search(MARKDOWN, label)], labels
        told += labels
    assert any("<script>" in label.replace("\\", "") for label in told)


@pytest.mark.fault
@pytest.mark.parametrize("page", registry.PAGES)
def test_in_every_document_an_attack_is_only_text(page: str):
    told = ""
    for what, offer in registry.PAGES[page].offers.items():
        for ending in offer.endings:
            for address in ADDRESSES[:2]:
                try:
                    body = answer.take(page, f"{what}.{ending}", address).body
                except NothingToTake:
                    continue
                told += READERS[ending](body)
                break
    holds_names = not all(offer.is_blank for offer in registry.PAGES[page].offers.values())
    assert (MARK in told) == holds_names


def read_book(body: bytes) -> str:
    book = openpyxl.load_workbook(io.BytesIO(body))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink]
    read_package(body)
    return " ".join(str(cell.value) for cell in cells)


def read_package(body: bytes) -> str:
    """Every part of a package is whole XML, and none leads out of it."""
    texts = []
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        for name in package.namelist():
            if name.endswith((".xml", ".rels")):
                tree = ET.fromstring(package.read(name))
                texts += [text for element in tree.iter() for text in (element.text, *element.attrib.values()) if text]
                assert not [e for e in tree.iter() if e.attrib.get("TargetMode") == "External"], name
                assert not [e.tag for e in tree.iter() if e.tag.endswith(("}hlinkClick", "}f", "}ddeLink"))], name
    return " ".join(texts)


def read_csv(body: bytes, delimiter: str) -> str:
    cells = [cell for row in csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=delimiter) for cell in row]
    assert [cell for cell in cells if MARK in cell and cell.startswith(FORMULA)] == []
    return " ".join(cells)


def read_svg(body: bytes) -> str:
    tree = ET.fromstring(body)
    assert not [
        e.tag for e in tree.iter() if e.tag.rpartition("}")[2].lower() in ("script", "foreignobject", "iframe", "a")
    ]
    for element in tree.iter():
        assert not [name for name in element.attrib if name.lower().startswith("on")]
        assert not [
            v for n, v in element.attrib.items() if n.endswith("href") and not v.startswith(("#", "data:image"))
        ]
    return ""


def read_pdf(body: bytes) -> str:
    document = pypdf.PdfReader(io.BytesIO(body))
    for kind in (b"/JavaScript", b"/JS ", b"/OpenAction", b"/Launch", b"/SubmitForm", b"/EmbeddedFile"):
        assert kind not in body
    for sheet in document.pages:
        for note in sheet.get("/Annots") or ():
            assert "evil.example" not in str(note.get_object())
    return " ".join(sheet.extract_text() for sheet in document.pages)


READERS = {
    "xlsx": read_book,
    "csv": lambda body: read_csv(body, ","),
    "excel.csv": lambda body: read_csv(body, ";"),
    "svg": read_svg,
    "png": lambda body: "" if body.startswith(b"\x89PNG") else "no picture",
    "pdf": read_pdf,
    "pptx": read_package,
}


@pytest.mark.parametrize(
    "page", [name for name, own in registry.PAGES.items() if any(o.build for o in own.offers.values())]
)
def test_in_every_embedded_figure_an_attack_is_only_text(page: str):
    told = ""
    for what, offer in registry.PAGES[page].offers.items():
        for address in ADDRESSES if offer.build else ():
            frame = open_frame(page, address or {"unit": PAYLOADS[1]})
            figure = offer.build(frame)
            if figure is None:
                continue
            written = write_page(frame, what, figure)
            read = read_markup(written, frozenset({"script", "style", "meta", "link", "img"}))
            assert read.found == [], (what, address)
            assert written.count("<script") == (1 if figure.map_frame else 0)
            told += read.text
    assert MARK in told


def test_the_reader_of_this_file_sees_an_attack():
    for payload in PAYLOADS[:7]:
        assert read_markup(f'<p title="{payload}">{payload}</p>').found, payload
    assert read_markup("<p>&lt;script&gt;</p>").found == []
    assert read_component  # the markup of components is part of Screen.markup
