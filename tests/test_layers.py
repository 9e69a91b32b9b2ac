"""What import-linter cannot see: the two modules at the top, and who may write SQL, colours and words."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("charts", "data", "geo", "indicators", "reports", "text", "ui", "pages")


def imported_rooms(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return {name.split(".")[0] for name in names} & set(ROOMS)


def sources(*rooms: str) -> list[Path]:
    return [path for room in rooms for path in sorted((ROOT / room).rglob("*.py"))]


@pytest.mark.parametrize("name", ["app.py", "asgi.py"])
def test_the_modules_at_the_top_speak_to_ui_only(name):
    assert imported_rooms(ROOT / name) == {"ui"}


def test_pages_hold_no_arithmetic():
    """A page reads like a table of contents: no operator but the joining of text, no loop over figures."""
    for path in [ROOT / "app.py", *sources("pages")]:
        tree = ast.parse(path.read_text("utf-8"))
        assert not [node for node in ast.walk(tree) if isinstance(node, ast.BinOp)], path.name
        assert len(path.read_text("utf-8").splitlines()) <= 80, path.name


def test_a_colour_is_written_in_the_palette_only():
    colour = re.compile(r"#[0-9a-fA-F]{6}\b")
    for path in [
        *sources("ui", "pages", "reports", "data", "geo", "indicators", "text", "charts"),
        *(ROOT / "ui" / "sheets").glob("*.css"),
        *(ROOT / "reports" / "templates").glob("*.typ"),
    ]:
        if path.name != "palette.py":
            assert not colour.search(path.read_text("utf-8")), path.relative_to(ROOT)


def test_the_address_and_the_session_are_touched_in_the_frame_only():
    for path in [ROOT / "app.py", *sources("ui", "pages")]:
        if path.name != "frame.py":
            text = path.read_text("utf-8")
            assert "st.session_state" not in text and "st.query_params" not in text, path.name


def test_the_environment_is_read_in_the_settings_only():
    for path in sources(*ROOMS):
        if path.name != "settings.py":
            assert not re.search(r"os\.environ|os\.getenv", path.read_text("utf-8")), path.relative_to(ROOT)


def test_sql_that_reads_stands_in_the_queries_only():
    select = re.compile(r"\bSELECT\b.+\bFROM\b", re.S)
    for path in sources("ui", "pages", "charts", "indicators", "text"):
        assert not select.search(path.read_text("utf-8")), path.relative_to(ROOT)
