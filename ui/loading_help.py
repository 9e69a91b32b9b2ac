"""What an empty page of records says: which template to fill, and how to load it."""

from __future__ import annotations

from ui import parts
from ui.edition import is_public
from ui.frame import Frame


def draw_template_help(page: Frame, template: str) -> None:
    """The sentence for records that nobody has sent yet."""
    what = page.words.say(f"emulation.template_{template}")
    if is_public():
        parts.empty(page.words.say("emulation.template_none", what=what))
        return
    parts.empty(page.words.say("emulation.template_help", what=what, template=template), page.words)
