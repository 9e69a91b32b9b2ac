"""Words on slides: size, colour, language, typeface.

The typeface is Arial: slides cannot carry ours along, and Arial has every Vietnamese letter on every meeting-room computer.
"""

from __future__ import annotations

from pptx.dml.color import RGBColor
from pptx.enum.text import PP_ALIGN
from pptx.slide import Slide
from pptx.text.text import TextFrame
from pptx.util import Emu, Pt

from charts import palette

FONT = "Arial"
LANGUAGES = {"vi": "vi-VN", "en": "en-GB"}


def add_text(
    slide: Slide,
    text: str,
    left: Emu,
    top: Emu,
    width: Emu,
    height: Emu,
    size: float,
    lang: str,
    colour: str = palette.LIGHT.text,
    *,
    is_bold: bool = False,
    is_right: bool = False,
) -> object:
    box = slide.shapes.add_textbox(left, top, width, height)
    frame = box.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    fill_text(frame, text, size, lang, colour, is_bold=is_bold)
    if is_right:
        frame.paragraphs[0].alignment = PP_ALIGN.RIGHT
    return box


def fill_text(
    frame: TextFrame, text: str, size: float, lang: str, colour: str = palette.LIGHT.text, *, is_bold: bool = False
) -> None:
    """Lines become paragraphs; the language is set, so that the spelling of Vietnamese is not marked as wrong."""
    for number, line in enumerate(text.split("\n")):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = line
        run.font.size, run.font.name, run.font.bold = Pt(size), FONT, is_bold
        run.font.color.rgb = rgb(colour)
        run._r.get_or_add_rPr().set("lang", LANGUAGES[lang])


def describe(shape: object, alt: str) -> None:
    """What a screen reader says of a chart or table."""
    shape._element.nvGraphicFramePr.cNvPr.set("descr", alt)


def rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour.removeprefix("#").upper())
