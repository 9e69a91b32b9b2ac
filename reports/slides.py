"""Slides (PPTX, 16:9): one finding per slide, charts and tables that PowerPoint and Impress can edit, maps as sharp pictures, and
notes for the speaker with source and method. Charts are in `slide_charts`, tables in `slide_tables`, words in `slide_text`.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.slide import Slide
from pptx.util import Emu, Inches, Pt

from charts import palette
from reports.slide_charts import BarChart, LineChart, draw_bars, draw_lines
from reports.slide_room import measure
from reports.slide_tables import TABLE_SIZES, Table, draw_table, fit_table
from reports.slide_text import LANGUAGES, add_text, fill_text, rgb

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
LEFT, RIGHT = Inches(0.6), Inches(12.73)
BODY_TOP, BODY_BOTTOM = Inches(1.92), Inches(6.75)
FIGURES_WIDTH, NARROW_FIGURES = Inches(3.9), Inches(3.4)
FIRST_FIGURE, FIRST_OF_FEW = Inches(1.5), Inches(1.9)
GAP = Inches(0.25)
TITLE_SIZES = (28, 24)
KEY_WIDTH, KEY_STEP = Inches(2.5), Inches(0.3)
NOTE_HEIGHT = Inches(0.3)
_TITLE_ONLY = 5


@dataclass(frozen=True)
class BigFigure:
    """A figure to read from the last row: value, unit beside it, what it is; `is_short_of_goal` colours it as not met."""

    value: str
    unit: str
    label: str
    is_short_of_goal: bool = False


@dataclass(frozen=True)
class Picture:
    """A map as PNG, with what a screen reader says, and its key as (colour, words)."""

    png: bytes
    alt: str
    key: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class SlideContent:
    """One slide. Everything is written in the reader's language already. `remarks` stand below the parts, `shares` are the
    widths of the parts (all alike where none are given); `simulated` is the mark of this slide, or "".
    """

    title: str
    subtitle: str
    caption: str
    notes: str
    figures: Sequence[BigFigure] = ()
    parts: Sequence[LineChart | BarChart | Table | Picture] = ()
    shares: Sequence[float] = ()
    remarks: Sequence[str] = ()
    simulated: str = ""


def write_slides(slides: Sequence[SlideContent], *, title: str, lang: str) -> bytes:
    """The whole presentation."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    deck.core_properties.title, deck.core_properties.author = title, "Bao phủ BHYT"
    deck.core_properties.language = LANGUAGES[lang]
    for number, content in enumerate(slides, start=1):
        slide = deck.slides.add_slide(deck.slide_layouts[_TITLE_ONLY])
        draw_slide(slide, content, f"{number}/{len(slides)}", lang)
    target = io.BytesIO()
    deck.save(target)
    return target.getvalue()


def draw_slide(slide: Slide, content: SlideContent, place: str, lang: str) -> None:
    draw_title(slide, content.title, lang)
    add_text(slide, content.subtitle, LEFT, Inches(1.42), RIGHT - LEFT, Inches(0.4), 18, lang, palette.LIGHT.muted)
    left, bottom = LEFT, BODY_BOTTOM
    if content.remarks:
        top = Emu(bottom - NOTE_HEIGHT * len(content.remarks))
        said = "\n".join(content.remarks)
        add_text(slide, said, LEFT, top, RIGHT - LEFT, Emu(bottom - top), 14, lang)
        bottom = Emu(top - Inches(0.12))
    if content.figures:
        width = (NARROW_FIGURES if len(content.parts) > 1 else FIGURES_WIDTH) if content.parts else Emu(RIGHT - LEFT)
        draw_figures(slide, content.figures, left, width, bottom, lang)
        left = Emu(left + width + GAP)
    shares = content.shares or [1.0] * len(content.parts)
    room = Emu(RIGHT - left - GAP * (len(content.parts) - 1))
    widths = [Emu(int(room * share / sum(shares))) for share in shares]
    pairs = list(zip(content.parts, widths, strict=True))
    # Tables side by side are set in one size.
    size = min((fit_table(part, width) for part, width in pairs if isinstance(part, Table)), default=TABLE_SIZES[-1])
    for part, width in pairs:
        part = replace(part, size=size) if isinstance(part, Table) else part
        _DRAW[type(part)](slide, part, (left, BODY_TOP, width, Emu(bottom - BODY_TOP)), lang)
        left = Emu(left + width + GAP)
    muted = palette.LIGHT.muted
    add_text(slide, content.caption, LEFT, Inches(6.88), Inches(10.9), Inches(0.5), 12, lang, muted)
    add_text(slide, place, Inches(11.7), Inches(6.88), Inches(1.03), Inches(0.35), 12, lang, muted, is_right=True)
    if content.simulated:
        draw_mark(slide, content.simulated, lang)
    slide.notes_slide.notes_text_frame.text = content.notes


def draw_title(slide: Slide, title: str, lang: str) -> None:
    """The finding, as the title that outline view and screen readers know."""
    shape = slide.shapes.title
    shape.left, shape.top, shape.width, shape.height = LEFT, Inches(0.46), Emu(RIGHT - LEFT), Inches(0.95)
    frame = shape.text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    # Two lines at most; a line loses a word's length where it breaks.
    lines = 1.1 * measure(title, is_bold=True) * Pt(TITLE_SIZES[0]) / (RIGHT - LEFT)
    fill_text(frame, title, TITLE_SIZES[0 if lines <= 2 else 1], lang, is_bold=True)
    frame.paragraphs[0].alignment = PP_ALIGN.LEFT


def draw_figures(slide: Slide, figures: Sequence[BigFigure], left: Emu, width: Emu, bottom: Emu, lang: str) -> None:
    """The first figure large, the others below it in rooms of one size."""
    first = FIRST_FIGURE if len(figures) > 3 else FIRST_OF_FEW
    pitch = Emu((bottom - BODY_TOP - first) // max(len(figures) - 1, 2))
    for number, figure in enumerate(figures):
        top = BODY_TOP if number == 0 else Emu(BODY_TOP + first + (number - 1) * pitch)
        colour = palette.LIGHT.communes_met if figure.is_short_of_goal else palette.MET
        size = 54 if number == 0 else 28
        said = "\n".join(piece for piece in (figure.unit, figure.label) if piece)
        add_text(slide, figure.value, left, top, width, Pt(size * 1.2), size, lang, colour, is_bold=True)
        below = Emu(top + Pt(size * 1.2))
        add_text(slide, said, left, below, width, Inches(0.48), 14, lang)


def draw_mark(slide: Slide, simulated: str, lang: str) -> None:
    """The mark of simulated figures, top right on every slide."""
    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, Inches(10.53), Inches(0.12), Inches(2.2), Inches(0.34))
    shape.shadow.inherit = False
    shape.fill.background()
    shape.line.color.rgb = rgb(palette.SIMULATED_MARK)
    shape.line.width = Pt(1)
    shape.text_frame.margin_top = shape.text_frame.margin_bottom = 0
    fill_text(shape.text_frame, simulated, 14, lang, palette.PAGE["notice-ink"], is_bold=True)
    shape.text_frame.paragraphs[0].alignment = PP_ALIGN.CENTER


def draw_map(slide: Slide, picture: Picture, spot: tuple[Emu, Emu, Emu, Emu], lang: str) -> None:
    """The picture as large as it can be, its key below it, or left of it where there is room; a row per class, so that no
    word is cut."""
    left, top, width, height = spot
    key_height = Emu(KEY_STEP * len(picture.key))
    is_beside = width > 1.4 * height
    room = Emu(width - KEY_WIDTH) if is_beside else width
    tall = height if is_beside else Emu(height - key_height - Inches(0.1))
    shape = slide.shapes.add_picture(io.BytesIO(picture.png), left, top)
    scale = min(room / shape.width, tall / shape.height)
    shape.width, shape.height = Emu(int(shape.width * scale)), Emu(int(shape.height * scale))
    shape.left = Emu(left + (width - room) + (room - shape.width) // 2)
    shape._element.nvPicPr.cNvPr.set("descr", picture.alt)
    for number, (colour, words) in enumerate(picture.key):
        y = Emu(top + height - key_height + number * KEY_STEP)
        swatch = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, left, Emu(y + Inches(0.04)), Inches(0.3), Inches(0.2))
        swatch.shadow.inherit = False
        swatch.fill.solid()
        swatch.fill.fore_color.rgb = rgb(colour)
        swatch.line.color.rgb = rgb(palette.OUTLINE)
        swatch.line.width = Pt(0.5)
        add_text(slide, words, Emu(left + Inches(0.4)), y, Emu(KEY_WIDTH - Inches(0.4)), KEY_STEP, 14, lang)


_DRAW = {LineChart: draw_lines, BarChart: draw_bars, Table: draw_table, Picture: draw_map}
