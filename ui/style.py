"""The app's style sheet: sizes from style.css, colours from the palette."""

from functools import cache
from pathlib import Path

from charts import palette


@cache
def sheet() -> str:
    """A <style> element with the palette's colours as variables and the rules of style.css."""
    variables = "".join(f"--{name}:{colour};" for name, colour in palette.PAGE.items())
    rules = Path(__file__).with_name("style.css").read_text("utf-8")
    return f"<style>:root{{{variables}}}{rules}</style>"
