"""What only the office that runs the system needs: commands and files, in a fold under the sentence that says whom to ask.

The words carry both (text/), since commands print the same sentences: a sentence with a command or with <code> goes into the
fold.
"""

from __future__ import annotations

import html
import re

from data.settings import get_settings
from text.words import Words

_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_COMMAND = re.compile(r"<code>|python -m |(?<!\S)--[a-z]")


def split_sentences(said: str) -> tuple[str, str]:
    """What every reader reads, and what the operator needs ("" where nothing); values are escaped already."""
    sentences = _SENTENCE.split(said)
    plain = [sentence for sentence in sentences if not _COMMAND.search(sentence)]
    return " ".join(plain), " ".join(sentence for sentence in sentences if _COMMAND.search(sentence))


def fold(commands: str, words: Words, *, is_error: bool = False) -> str:
    """The fold as markup, "" where there is nothing in it. The public can run nothing: its edition has none but with an error,
    whose first reader is the operator."""
    if not commands or (get_settings().edition == "public" and not is_error):
        return ""
    label = html.escape(words.say("operator.detail"))
    return f'<details class="bp-operator"><summary>{label}</summary><p>{commands}</p></details>'
