"""The screens of meeting mode as slides: the same findings, figures and rows, as parts that PowerPoint can edit."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from reports.slides import BigFigure, LineChart, Picture, SlideContent, Table
from text.formats import Formats
from ui.meeting.screens import BAD, MapPart, MeetingScreen, Rows, Series

FIGURES = 4


def make_slides(
    script: Sequence[MeetingScreen], formats: Formats, draw_map: Callable[[MapPart], bytes | None] = lambda part: None
) -> list[SlideContent]:
    """One slide per screen. `draw_map` gives the PNG of a map, or None where there is none to show."""
    return [make_slide(screen, formats, draw_map) for screen in script]


def make_slide(screen: MeetingScreen, formats: Formats, draw_map: Callable[[MapPart], bytes | None]) -> SlideContent:
    numbers = [*([screen.number] if screen.number else []), *screen.figures]
    parts: list[LineChart | Table | Picture] = [make_table(rows) for rows in screen.rows]
    if screen.lines:
        parts.append(make_lines(screen.lines, formats))
    if screen.map and (png := draw_map(screen.map)) is not None:
        key = [(entry.colour, entry.label) for entry in screen.map.key]
        parts.append(Picture(png, screen.map.sentence, key))
    return SlideContent(
        title=screen.title,
        subtitle=screen.subtitle,
        caption=screen.caption,
        notes="\n".join([*screen.notes, screen.caption]),
        figures=[BigFigure(number.value, "", number.label, number.tone == BAD) for number in numbers[:FIGURES]],
        parts=parts,
    )


def make_table(rows: Rows) -> Table:
    widths = [max(len(row[at]) for row in (rows.head, *rows.rows)) + 2 for at in range(len(rows.head))]
    return Table(rows.head, rows.rows, rows.numbers, widths)


def make_lines(lines: Sequence[Series], formats: Formats) -> LineChart:
    months = list(lines[0].values.index)
    series = [(line.name, [None if v != v else float(v) for v in line.values.tolist()], line.colour) for line in lines]
    goals = [(f"{line.name}: {line.goal_name}", line.goal, line.colour) for line in lines if line.goal is not None]
    return LineChart([formats.month_short(month) for month in months], series, '0"%"', goals, high=100.0)
