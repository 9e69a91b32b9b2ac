"""Light or dark, as the reader's device prefers or as the reader chose (docs/decisions.md, 48).

The colours of both stand in the one style sheet (ui/style.py). The choice is the browser's own: it is in no address, and no
markup depends on it. A short script in the page's head reads it before the first paint; the policy names it by its hash.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from html import escape

from data.settings import PROJECT_ROOT
from text.words import Words
from ui import style

SOURCE = PROJECT_ROOT / "reports" / "site" / "assets" / "appearance.js"  # the static edition has it as a file
CHOICES = {"": "device", "light": "light", "dark": "dark"}
# Until a page stands there, whose own sheet then decides: the head is the same after a step to another page.
LIGHT_AT_FIRST = ":root:root:not(:has(.st-key-menu)){color-scheme:light only}"
_COMMENT = re.compile(r"^\s*//.*\n|\s+// .*$|^\s+", re.M)


@cache
def script() -> str:
    """The script without its comments and indents."""
    return _COMMENT.sub("", SOURCE.read_text("utf-8")).strip()


@cache
def script_hash() -> str:
    """The script as a content policy names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script().encode()).digest()).decode()}'"


@cache
def head(is_wall: bool = False) -> str:
    """For the head of the app's page: the script, and our colours on Streamlit's own parts, before it has drawn any. `is_wall`:
    meeting mode, light whatever the reader prefers, and from the first paint on."""
    rules = (style.SHEETS / "host.css").read_text("utf-8") + (LIGHT_AT_FIRST if is_wall else "")
    return f"<script>{script()}</script><style>{style.variables()}{rules}</style>"


def choice_markup(words: Words) -> str:
    """The choice itself; the script sets what it shows."""
    options = "".join(
        f'<option value="{value}">{escape(words.say(f"frame.appearance_{name}"))}</option>'
        for value, name in CHOICES.items()
    )
    label = escape(words.say("frame.appearance"))
    return f'<label class="bp-appearance">{label} <select data-appearance-choice>{options}</select></label>'
