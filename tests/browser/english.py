"""English words of the framework on a page that speaks Vietnamese."""

import re
from pathlib import Path

from playwright.sync_api import Page

WORDS_ON_SCREEN = (Path(__file__).parent / "words_on_screen.js").read_text("utf-8")
# English of the framework and its libraries. Names that sources carry in English (Open Development Mekong) are longer.


def join_lines(words: str) -> str:
    return "|".join(words.strip().splitlines())


WHOLE = """
Apply|Browse|Browse files|Cancel|Clear|Clear all|Close|Collapse|Connecting|Copy|Copy link|Deploy|Dismiss|Done|Download
Expand|Fullscreen|View fullscreen|Help|Hide|Link|Loading|Menu|More|Next|No results|No options|Open|Options|Page|Pan
Previous|Print|Record|Remove|Rerun|Reset|Reset axes|Running|Save|Search|Select|Select all|Settings|Show|Stop|Submit
Toggle|Upload|Value|Zoom|Zoom in|Zoom out|Close sidebar|Open sidebar|Autoscale|Always rerun|Clear cache
"""
PARTS = r"""
press enter|to apply|no results|choose an option|choose options|drag and drop|skip to main|main menu|options? available
streamlit|download plot|click to|double-click|please wait|is running|connection error|page not found|view fullscreen
\bselected\b|\d of \d+\b|\bsort\b|\brequired\b|\binvalid\b|help for|keyboard shortcut
"""
ENGLISH = re.compile(f"^({join_lines(WHOLE)})[.:…]*$|{join_lines(PARTS)}", re.IGNORECASE)


def find_english(page: Page) -> set[tuple[str, str]]:
    return {
        (found["said"], found["where"]) for found in page.evaluate(WORDS_ON_SCREEN) if ENGLISH.search(found["said"])
    }
