"""The app's style sheet: sizes from sheets/, colours from the palette."""

import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from charts import palette
from data.settings import PROJECT_ROOT

SHEETS = Path(__file__).with_name("sheets")
WEIGHTS = (400, 600, 700)  # of the typeface


def rules(sheets: Sequence[str]) -> str:
    """Some sheets with the palette's colours, for pages outside Streamlit (the static edition)."""
    return f"{variables()}\n" + "\n".join((SHEETS / f"{name}.css").read_text("utf-8") for name in sheets)


@cache
def sheet(page: str) -> str:
    """A <style> element with the palette's colours as variables, the rules of every page and those of this one, if any."""
    own = SHEETS / f"{page}.css"
    rules = (SHEETS / "every_page.css").read_text("utf-8") + (own.read_text("utf-8") if own.is_file() else "")
    return f"<style>{variables()}{rules}</style>"


def variables() -> str:
    """The palette's colours as variables of a style sheet, light or dark as the reader's device prefers or as `data-appearance`
    of <html> says (ui/appearance.py, docs/decisions.md 48); printed light, and light in browsers that know no `light-dark()`.

    A variable keeps `light-dark()` unresolved: what is inside of an element with `color-scheme: light` takes the light colour.
    `--paper` is the ground of a figure on a dark page, and nothing on a light one.
    """
    pairs = {name: (light, palette.PAGE_DARK[name]) for name, light in palette.PAGE.items()}
    pairs["paper"] = ("transparent", palette.PAGE["ground"])
    both = "".join(f"--{name}:light-dark({light},{dark});" for name, (light, dark) in pairs.items() if light != dark)
    return (
        f"{light_variables()}@supports (color:light-dark(red,red)){{:root{{color-scheme:light dark;{both}}}"
        ":root[data-appearance=light]{color-scheme:light only}:root[data-appearance=dark]{color-scheme:dark}"
        "@media print{:root:root{color-scheme:light only}}}"
    )


def light_variables() -> str:
    """The same light whatever the reader prefers: for a figure in a frame of another website."""
    colours = "".join(f"--{name}:{colour};" for name, colour in (palette.PAGE | palette.WALL).items())
    return f":root{{color-scheme:light only;--paper:transparent;{colours}}}"


@cache
def typefaces() -> str:
    """The app's typefaces under their names, as its settings say, for what stands outside of Streamlit's page or before it."""
    settings = tomllib.loads((PROJECT_ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    return "".join(
        f"@font-face{{font-family:'{face['family']}';font-weight:{face['weight']};font-display:swap;"
        f"src:url(/{face['url']}) format('woff2');unicode-range:{face['unicodeRange']}}}"
        for face in settings["theme"]["fontFaces"]
        if face["weight"] in WEIGHTS
    )
