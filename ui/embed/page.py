"""The HTML of one figure in a frame: title, mark, drawing, notes, caption, and the way to the whole page."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from html import escape
from urllib.parse import urlencode

from charts.coverage_map.installed import SCRIPT, STYLE
from charts.coverage_map.message import pack_message
from charts.vector import UnsupportedFigure
from text.names import lower_first
from ui import style
from ui.chart import REST_WIDTHS as WIDTHS
from ui.documents.figures import TakenFigure
from ui.first_load import map_file
from ui.frame import Frame
from ui.map import MapFrame, build_header
from ui.notices import write_notice
from ui.own_component import OWNER
from ui.view import write_params

MAP_HEIGHT = 600  # CSS pixels: beside its legend and caption it fits the height that the code for a website proposes
HEIGHTS = {True: 940, False: 640}  # of the frame: a map, a chart; on a phone the caption runs over more lines
CONTROLS = ("legend", "zoom", "insets")  # of one month: its caption says which


def write_page(frame: Frame, what: str, figure: TakenFigure) -> str:
    """The whole page. What was refused in the address is said below the figure, as on the page itself."""
    words, lang = frame.words, frame.view.lang
    notices = [write_notice(frame, notice) for notice in frame.notices]
    mark = f'<p class="mark">{escape(words.say("brief.simulated"))}</p>' if figure.is_simulated else ""
    if figure.map_frame is not None:
        drawing = map_markup(frame, what, figure.map_frame, figure.subtitle)
        # The legend of the component counts and filters: what the drawing for paper says of it is said there.
        notes = list(figure.own_notes)
        head = f'<link rel="stylesheet" href="{root(map_file(STYLE))}">'
        tail = f'<script type="module" src="/_stcore/bidi-components/{OWNER}.embed/embed.js"></script>'
    else:
        drawing, notes, head, tail = chart_markup(figure), list(figure.notes), "", ""
    said = "".join(f"<p>{escape(note)}</p>" for note in (*notes, *notices) if note)
    caption = " · ".join(escape(piece) for piece in figure.caption if piece)
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        '<link rel="icon" href="/app/static/icon.png">'
        f"<title>{escape(figure.title)} · {escape(words.say('app.title'))}</title>{head}{embed_style()}</head>"
        f'<body><main><header><h1>{escape(figure.title)}</h1><p class="subtitle">{escape(figure.subtitle)}</p>{mark}</header>'
        f'{drawing}<div class="notes">{said}</div><footer><p>{caption}</p>'
        f'<p><a href="{escape(full_address(frame))}" target="_blank" rel="noopener">{escape(words.say("embed.full"))}</a></p>'
        f"</footer></main>{tail}</body></html>"
    )


def map_markup(frame: Frame, what: str, shown: MapFrame, subtitle: str) -> str:
    """The map component's place with its message; a picture where the browser runs no script."""
    # One month, so no classes over time: the file would be the largest of all.
    alone = replace(
        shown,
        files={**shown.files, "values": None},
        controls=CONTROLS,
        sentence=frame.words.say("embed.map", subtitle=lower_first(subtitle)),
    )
    header = build_header(alone, frame.words, frame.formats) | {"height": MAP_HEIGHT}
    message = base64.b64encode(pack_message(header, alone.classes)).decode()
    query = urlencode(write_params(frame.view, frame.catalogue))
    picture = escape(f"/take/{frame.name}/{what}.png" + (f"?{query}" if query else ""))
    return (
        f'<div id="map" style="min-height:{MAP_HEIGHT + 80}px" data-script="{root(map_file(SCRIPT))}"'
        f' data-message="{message}"></div>'
        f'<noscript><img src="{picture}" alt="{escape(alone.sentence)}"></noscript>'
    )


def chart_markup(figure: TakenFigure) -> str:
    """The chart in every width; a frame too narrow for it shows the narrowest there is."""
    drawn = [(width, svg) for width in WIDTHS if (svg := draw_at(figure, width))]
    if not drawn:
        return f'<div class="drawing">{figure.drawing}</div>'
    rules = "".join(size_rules([width for width, _ in drawn]))
    blocks = "".join(f'<div class="drawing of-{width}">{svg}</div>' for width, svg in drawn)
    return f"<style>{rules}</style>{blocks}"


def draw_at(figure: TakenFigure, width: int) -> str:
    """The chart in one width; nothing where its margins leave no room in it."""
    try:
        return figure.at_width(width) if figure.at_width else ""
    except UnsupportedFigure:
        return ""


def size_rules(widths: list[int]) -> Iterator[str]:
    """Of the drawings, only the widest that fits beside the page's margins is shown."""
    margins = 24
    for at, width in enumerate(widths):
        limits = [f"(max-width:{widths[at + 1] + margins - 0.02}px)"] if at + 1 < len(widths) else []
        limits += [f"(min-width:{width + margins}px)"] if at else []
        shown = " and ".join(limits)
        yield f"@media not all and {shown}{{.of-{width}{{display:none}}}}" if shown else ""


@cache
def embed_style() -> str:
    """The palette, the typeface as the app's own settings name its files, and the rules of this page."""
    return (
        f"<style>{style.typefaces()}{style.light_variables()}{(style.SHEETS / 'embed.css').read_text('utf-8')}</style>"
    )


def full_address(frame: Frame) -> str:
    query = urlencode(write_params(frame.view, frame.catalogue))
    return f"/{'' if frame.name == 'home' else frame.name}" + (f"?{query}" if query else "")


def embed_address(frame: Frame, shelf: str, what: str) -> str:
    """The address of a figure at the View of a page; another page's figures (`shelf`) do not know this page's own choices."""
    view = frame.view if shelf == frame.name else replace(frame.view, own={})
    query = urlencode(write_params(replace(view, page=1), frame.catalogue))
    return f"/embed/{shelf}/{what}" + (f"?{query}" if query else "")


def embed_code(address: str, title: str, is_map: bool) -> str:
    """What an editor pastes into a page."""
    return (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="100%" height="{HEIGHTS[is_map]}" '
        'style="border:0" loading="lazy"></iframe>'
    )


def root(address: str) -> str:
    """An address of the page as one from the root: `./x` is `/x`."""
    return address.removeprefix(".")
