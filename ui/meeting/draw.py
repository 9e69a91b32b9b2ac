"""One screen of meeting mode, drawn: the words and figures as markup, the map as the map component, the keys."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from charts import palette
from charts.wall import WallLine, draw_wall_lines
from ui import parts
from ui.catalogue import province_of
from ui.frame import Frame
from ui.map import draw_map
from ui.map_frame import build_map_frame
from ui.markup import button, draw_markup
from ui.meeting.facts import at_place
from ui.meeting.keys import listen_to_keys
from ui.meeting.screens import PROVINCE, SCREENS, MapPart, MeetingScreen, Number, Rows, neighbours
from ui.page_list import PAGES
from ui.parts import escape
from ui.takeaway import bar
from ui.view import write_params

ARCHIPELAGOS = ("hoang_sa", "truong_sa")
MAP_HEIGHT = 0.83  # of the window's; the rest is the footer
MAP_TYPE = "clamp(14px, min(1.25vw, 2.23vh), 48px)"  # as ui/sheets/meeting.css: 24 px at 1920 × 1080


def draw_screen(page: Frame, screen: MeetingScreen) -> None:
    draw_way_out(page)
    kind = "map" if screen.map else "lines" if screen.lines else "lists"
    with st.container(key=f"wall_{kind}"):
        draw_markup("wall", write_screen(page, screen), page.report_of("wall"))
        if screen.map:
            with st.container(key="wall_drawing"):
                draw_wall_map(page, screen.map)
    draw_markup("wall_foot", write_foot(page, screen), page.report_of("wall_foot"))
    listen_to_keys("wall_keys", neighbours(screen.name), page.report_of("wall_keys"))


def draw_way_out(page: Frame) -> None:
    """A link back to the overview with what was chosen; Escape presses it."""
    view = replace(page.view, own={})
    with st.container(key="leave"):
        st.page_link(
            PAGES["home"], label=page.words.say("meeting.leave"), query_params=write_params(view, page.catalogue)
        )


def write_screen(page: Frame, screen: MeetingScreen) -> str:
    mark = f'<p class="wall-mark">{escape(screen.mark)}</p>' if screen.mark else ""
    subtitle = f'<p class="wall-subtitle">{escape(screen.subtitle)}</p>' if screen.subtitle else ""
    body = write_number(screen.number) + write_figures(screen.figures)
    if screen.map:
        body += write_key(screen.map)
    body += "".join(f'<p class="wall-note">{escape(note)}</p>' for note in screen.notes if screen.lines)
    tables = "".join(write_rows(rows) for rows in screen.rows)
    lists = f'<div class="wall-tables wall-of-{len(screen.rows)}">{tables}</div>' if tables else ""
    drawn = [
        WallLine(line.name, line.values, line.last, line.colour, line.goal, line.goal_name) for line in screen.lines
    ]
    lines = draw_wall_lines(drawn, screen.lines_alt, page.formats)
    chart = f'<div class="wall-chart">{lines}{write_goals(screen)}</div>' if lines else ""
    notes = "".join(f'<p class="wall-note">{escape(note)}</p>' for note in screen.notes if not screen.lines)
    head = f'<header>{mark}<h1 class="wall-title">{escape(screen.title)}</h1>{subtitle}</header>'
    said = f'<div class="wall-say">{body}</div>' if body else ""
    return f'<div class="wall-screen">{head}<div class="wall-body">{said}{chart}{lists}</div>{notes}</div>'


def write_number(number: Number | None) -> str:
    if number is None:
        return ""
    value = f'<strong class="{tone(number)}">{escape(number.value)}</strong>'
    return f'<p class="wall-number">{value} <span>{escape(number.label)}</span></p>'


def write_figures(figures: tuple[Number, ...]) -> str:
    cells = "".join(
        f'<div><dd class="{tone(figure)}">{escape(figure.value)}</dd><dt>{escape(figure.label)}</dt></div>'
        for figure in figures
    )
    return f'<dl class="wall-figures">{cells}</dl>' if cells else ""


def tone(number: Number) -> str:
    return f"wall-{number.tone}" if number.tone else "wall-plain"


def write_key(part: MapPart) -> str:
    """The classes in words, with the colours of the map."""
    items = "".join(
        f'<li><i style="background:{write_fill(entry.colour, entry.hatch)}"></i>{escape(entry.label)}</li>'
        for entry in part.key
    )
    return f'<ul class="wall-key">{items}</ul>'


def write_fill(colour: str, hatch: str) -> str:
    return f"repeating-linear-gradient(45deg,{hatch} 0 2px,{colour} 2px 7px)" if hatch else colour


def write_goals(screen: MeetingScreen) -> str:
    """The goals of the lines, in words: dotted lines of the same colour."""
    items = "".join(
        f'<li style="color:{line.colour}"><i></i>{escape(line.name)}: {escape(line.goal_name)}</li>'
        for line in screen.lines
        if line.goal is not None
    )
    return f'<ul class="wall-goals">{items}</ul>' if items else ""


def write_rows(rows: Rows) -> str:
    caption = f"<caption>{escape(rows.title)}</caption>" if rows.title else ""
    head = "".join(
        write_cell("th", cell, at in rows.numbers, ' scope="col" role="columnheader"')
        for at, cell in enumerate(rows.head)
    )
    body = ""
    for place, cells in enumerate(rows.rows):
        marked = ' class="wall-marked"' if place == rows.marked else ""
        first = write_bar(*rows.bars[place]) if rows.bars else ""
        # What a row is about: its first cell of words, not its rank.
        in_words = (at for at, cell in enumerate(cells) if at not in rows.numbers and any(map(str.isalpha, cell)))
        named = next(in_words, 0)
        written = "".join(
            write_cell("th", cell, at in rows.numbers, ' scope="row" role="rowheader"')
            if at == named
            else write_cell("td", cell, at in rows.numbers, f' role="cell" data-label="{escape(label)}"')
            for at, (cell, label) in enumerate(zip(cells, rows.head, strict=True))
        )
        body += f'<tr role="row"{marked}>{written}{first}</tr>'
    head += '<th aria-hidden="true"></th>' if rows.bars else ""
    kind = " wall-counts" if 0 in rows.numbers else ""
    # Roles are written out: on a telephone rows are drawn as blocks, which would take them away.
    top = f'<thead role="rowgroup"><tr role="row">{head}</tr></thead>'
    return f'<table role="table" class="wall-table{kind}">{caption}{top}<tbody role="rowgroup">{body}</tbody></table>'


def write_cell(tag: str, text: str, is_number: bool, more: str = "") -> str:
    number = ' class="bp-num"' if is_number else ""
    return f"<{tag}{more}{number}>{escape(text)}</{tag}>"


def write_bar(length: float, colour: str) -> str:
    return f'<td class="wall-bar" aria-hidden="true"><i style="width:{length:.2f}%;background:{colour}"></i></td>'


def draw_wall_map(page: Frame, part: MapPart) -> None:
    """The map of the View's month at a place, in the colours and the type of a wall; a click leads to the province."""
    place = at_place(page, part.unit)
    frame = build_map_frame(place, part.sentence)
    if frame is None:
        shown = page.words.say(f"boundary_set.{page.boundary_set}.short")
        parts.banner(page.words.say("error.no_outlines", boundaries=shown), words=page.words, kind="error")
        return
    entries = [
        {"codes": list(entry.codes), "label": entry.label, "colour": entry.colour}
        | ({"hatch": entry.hatch} if entry.hatch else {})
        for entry in part.key
    ]
    # Places outside the district shown: land, no class of its own.
    entries.append(
        {
            "codes": [254],
            "label": page.words.say("absence.not_applicable"),
            "colour": palette.MAP["land"],
            "optional": True,
        }
    )
    frame = replace(
        frame,
        legend="wall",
        legends={"wall": entries},
        files={**frame.files, "values": None, "rest": None},
        controls=("insets",),
        insets=ARCHIPELAGOS,
        wall=(MAP_HEIGHT, MAP_TYPE),
    )

    def picked() -> None:
        found = page.read_trigger("map", "picked")
        province = province_of(str(found["unit"]), page.boundary_set, page.catalogue) if found else None
        if province:
            page.go(screen=PROVINCE, unit=province)

    draw_map(frame, page.words, page.formats, {"picked": picked})


def write_take(page: Frame) -> str:
    """The link to all screens as slides: small, for whoever prepares the meeting."""
    words = page.words
    form = words.say("takeaway.form.pptx")
    said = escape(words.say("takeaway.link", what=words.say("takeaway.what.meeting_slides"), form=form))
    address = escape(bar.address_of(page, "meeting", "slides", "pptx"))
    label = escape(words.say("meeting.take"))
    return f'<a class="wall-take" href="{address}" download target="_self" title="{said}">{label}</a>'


def write_foot(page: Frame, screen: MeetingScreen) -> str:
    """Caption left; right the place in the script and the buttons that lead back and on."""
    to, words = neighbours(screen.name), page.words
    at = words.say("meeting.place", number=screen.place + 1, of=len(SCREENS), screen=screen.label)
    back = button("screen", to["back"], "‹", name=words.say("meeting.back"), key="back", is_disabled=screen.place == 0)
    is_last = screen.place == len(SCREENS) - 1
    on = button("screen", to["on"], "›", name=words.say("meeting.on"), key="on", is_disabled=is_last)
    name = escape(words.say("meeting.script"))
    return (
        f'<footer class="wall-foot"><p>{escape(screen.caption)}</p>'
        f'<nav aria-label="{name}">{write_take(page)}<span aria-live="polite">{escape(at)}</span>{back}{on}</nav></footer>'
    )
