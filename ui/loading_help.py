"""Where records come in: the empty workbook to fill in, and what an empty page says of it."""

from __future__ import annotations

from ui import parts
from ui.edition import is_public
from ui.frame import Frame
from ui.takeaway import bar

SHELF = "check"  # the page under whose address the empty workbooks are (ui/documents/templates.py)


def draw_template_help(page: Frame, template: str) -> None:
    """The sentence for records that nobody has sent yet, and the workbook to send them in."""
    what = page.words.say(f"emulation.template_{template}")
    if is_public():
        parts.empty(page.words.say("emulation.template_none", what=what))
        return
    parts.empty(page.words.say("emulation.template_help", what=what), page.words)
    show_templates(page, template, asks=True)


def show_templates(page: Frame, *templates: str, asks: bool = False) -> None:
    """Links to empty workbooks, with `asks` after the sentence that asks for them; nothing in the public edition, which asks
    nobody for one."""
    if asks and not is_public():
        parts.prose(page.words.say("operator.send"))
    bar.show(page, *templates, of=SHELF)
