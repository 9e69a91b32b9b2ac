"""The screens of meeting mode as slides: the same findings, figures and rows, as parts that PowerPoint can edit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from charts import palette
from reports.slide_charts import BarChart, LineChart
from reports.slide_tables import Table
from reports.slides import BigFigure, Picture, SlideContent
from ui.meeting.screens import BAD, MapPart, MeetingScreen, Rows, Series

FIGURES = 4
REMARKS = 2
MAP_SHARE, TABLE_SHARE = 1.1, 1.0
BESIDE_BARS = (1.5, 1.0)


def make_slides(
    script: Sequence[MeetingScreen],
    draw_map: Callable[[MapPart], bytes | None] = lambda part: None,
    say_notes: Callable[[MeetingScreen], str] = lambda screen: "\n".join([*screen.notes, screen.caption]),
) -> list[SlideContent]:
    """One slide per screen. `draw_map` gives the PNG of a map, or None where there is none to show; `say_notes` what the
    speaker reads."""
    return [make_slide(screen, draw_map, say_notes) for screen in script]


def make_slide(
    screen: MeetingScreen,
    draw_map: Callable[[MapPart], bytes | None],
    say_notes: Callable[[MeetingScreen], str],
) -> SlideContent:
    numbers = [*([screen.number] if screen.number else []), *screen.figures]
    parts: list[LineChart | BarChart | Table | Picture] = []
    shares: list[float] = []
    for rows in screen.rows:
        parts.append(make_table(rows))
        shares.append(TABLE_SHARE)
        if len(rows.amounts) > 1:
            parts.append(make_bars(rows))
            shares[-1:] = BESIDE_BARS
    if screen.lines:
        parts.append(make_lines(screen.lines, screen.lines_alt))
        shares.append(TABLE_SHARE)
    if screen.map and (png := draw_map(screen.map)) is not None:
        key = [(entry.colour, entry.label) for entry in screen.map.key]
        parts.append(Picture(png, screen.map.sentence, key))
        shares.append(MAP_SHARE)
    return SlideContent(
        title=screen.title,
        subtitle=screen.subtitle,
        caption=screen.caption,
        notes=say_notes(screen),
        figures=[BigFigure(number.value, "", number.label, number.tone == BAD) for number in numbers[:FIGURES]],
        parts=parts,
        shares=shares,
        remarks=screen.notes[:REMARKS],
        simulated=screen.mark,
    )


def make_table(rows: Rows) -> Table:
    return Table(rows.head, rows.rows, rows.numbers, rows.title, rows.marked)


def make_bars(rows: Rows) -> BarChart:
    """What a column of the table says, as lengths: the same rows in the same order."""
    names, label = [row[0] for row in rows.rows], rows.head[rows.amount]
    written = [row[rows.amount] for row in rows.rows]
    colours = [colour for _, colour in rows.bars] or [palette.NOT_MET] * len(names)
    said = "; ".join(f"{name}: {amount}" for name, amount in zip(names, written, strict=True))
    return BarChart(names, rows.amounts, label, "#,##0", colours, written, f"{label}: {said}")


def make_lines(lines: Sequence[Series], alt: str) -> LineChart:
    months = list(lines[0].values.index)
    series = [(line.name, [None if v != v else float(v) for v in line.values.tolist()], line.colour) for line in lines]
    goals = [(f"{line.name}: {line.goal_name}", line.goal, line.colour) for line in lines if line.goal is not None]
    written = [line.last for line in lines]
    return LineChart(
        [date.fromisoformat(f"{month}-01") for month in months],
        series,
        '0"%"',
        goals,
        high=100.0,
        last=written,
        alt=alt,
    )
