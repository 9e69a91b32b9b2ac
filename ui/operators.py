"""What only the office that runs the system needs: commands and files, in a fold under the sentence that says whom to ask.

The words carry both (text/), since commands print the same sentences: a sentence with a command or with <code> goes into the
fold.
"""

from __future__ import annotations

import html
import re

from text.words import Words

_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_COMMAND = re.compile(r"<code>|python -m ")


def split_sentences(said: str) -> tuple[str, str]:
    """What every reader reads, and what the operator needs ("" where nothing); values are escaped already."""
    sentences = _SENTENCE.split(said)
    plain = [sentence for sentence in sentences if not _COMMAND.search(sentence)]
    return " ".join(plain), " ".join(sentence for sentence in sentences if _COMMAND.search(sentence))


def fold(commands: str, words: Words) -> str:
    """The fold as markup, "" where there is nothing in it."""
    if not commands:
        return ""
    label = html.escape(words.say("operator.detail"))
    return f'<details class="bp-operator"><summary>{label}</summary><p>{commands}</p></details>'
