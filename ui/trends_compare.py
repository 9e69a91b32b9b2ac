"""Units compared on one scale: chips of the chosen ones, a search to add, the chart, and the table behind it."""

from __future__ import annotations

import streamlit as st

from charts import compare, palette
from charts.compare import UnitLine
from indicators.rates import shown_value
from text.names import lower_first
from ui import chart, loaders, parts
from ui import trends as facts
from ui.behind import draw_behind
from ui.frame import Frame
from ui.loaders import trends
from ui.markup import button, draw_markup
from ui.takeaway import bar
from ui.trends_page import Story
from ui.view import NATION

MIN_SEARCH = 2
COLOURS = len(palette.COMPARED)


def draw_comparison(page: Frame, story: Story) -> None:
    words, formats = page.words, page.formats
    codes, months = facts.chosen_units(page), facts.span_months(page)
    lines = [read_line(page, code, months) for code in codes]
    built = build_comparison(page, story, codes, lines)
    parts.title(built.title, built.subtitle)
    draw_chips(page, codes, lines)
    draw_unit_search(page, codes)
    chart.draw_figure(built, "compare")
    for note in built.notes:
        parts.prose(note)
    at = {month: place for place, month in enumerate(months)}
    rows = [
        [formats.month_short(month), *(write_cell(page, line, month, at[month]) for line in lines)]
        for month in reversed(facts.each_quarter(months))
    ]
    draw_behind(
        words.say("trends.table_compare"), [words.say("trends.column_month"), *(line.name for line in lines)], rows
    )
    bar.show(page, "comparison", "compare")


def build_comparison(page: Frame, story: Story, codes: list[str], lines: list[UnitLine]) -> chart.Chart:
    words, months = page.words, facts.span_months(page)
    rest = [*lines[COLOURS:], *read_rest(page, story, codes, months)]
    threshold = loaders.threshold_at(page.snapshot_id, page.view.period)
    marks = facts.number_breaks(story.breaks, months)
    figure = compare.draw_comparison(
        months, lines[:COLOURS], rest, threshold, marks, words=words, formats=page.formats
    )  # fmt: skip
    title, subtitle = say_title(page, story, codes, lines, bool(rest))
    alt = words.say("trends.compare_alt", units=", ".join(line.name for line in lines))
    notes = [words.say("trends.estimated_note")] if any(line.estimated for line in lines) else []
    return chart.Chart(figure, title, subtitle, alt, notes)


def read_line(page: Frame, code: str, months: list[str]) -> UnitLine:
    series = facts.read_series(page, code).set_index("period")
    rates = series["rate"].astype(float).reindex(months)
    estimated = frozenset(series.index[series["is_estimated"].astype(bool)])
    return UnitLine(facts.unit_name(page, code), [None if rate != rate else float(rate) for rate in rates], estimated)


def read_rest(page: Frame, story: Story, codes: list[str], months: list[str]) -> list[UnitLine]:
    """The provinces around, as quiet lines, where a province or the nation stands among the compared units."""
    if not {facts.level_of(page, code) for code in codes} & {"nation", "province"}:
        return []
    table, _ = trends.load_level_rates(page.snapshot_id, page.boundary_set, "province", tuple(months))
    return [
        UnitLine(code, [None if rate != rate else float(rate) for rate in row])
        for code, row in zip(table.index, table.to_numpy(), strict=True)
        if code not in codes
    ]


def say_title(page: Frame, story: Story, codes, lines: list[UnitLine], has_rest: bool) -> tuple[str, str]:
    """The finding: which of the compared units stands highest at the end."""
    words, formats = page.words, page.formats
    last = [(line.rates[-1], line.name) for line in lines if line.rates[-1] is not None]
    if len(last) > 1:
        (high, first), (low, final) = max(last), min(last)
        title = words.say(
            "trends.compare_title_gap",
            first=first,
            last=final,
            points=words.say("format.points", number=formats.number(high - low, 1)),
        )
    else:
        title = words.say(
            "trends.compare_title", place=lower_first(lines[0].name) if codes[0] == NATION else lines[0].name
        )
    key = "compare_subtitle_rest" if has_rest else "compare_subtitle"
    return title, words.say(f"trends.{key}")


def write_cell(page: Frame, line: UnitLine, month: str, place: int) -> str:
    written = page.formats.rate(shown_value(line.rates[place]))
    return page.words.say("trends.estimated_value", value=written) if month in line.estimated else written


def draw_chips(page: Frame, codes: list[str], lines: list[UnitLine]) -> None:
    """The units compared, each with its colour; pressing one takes it away."""
    chips = []
    for at, (code, line) in enumerate(zip(codes, lines, strict=True)):
        colour = palette.COMPARED[at] if at < COLOURS else palette.QUIET_LINE
        left = ".".join(other for other in codes if other != code)
        swatch = f'<i class="bp-swatch" style="background:{colour}"></i>'
        remove = button("units", left, "×", name=page.words.say("trends.remove", name=line.name), is_disabled=not left)
        chips.append(f'<span class="bp-chip">{swatch}{parts.escape(line.name)}{remove}</span>')
    draw_markup("chips", f'<div class="bp-chips">{"".join(chips)}</div>', page.report_of("chips"))


def draw_unit_search(page: Frame, codes: list[str]) -> None:
    """A box that adds a unit of any level. Not a fragment, as the search of the menu is none (ui/menu.py)."""
    words = page.words
    with st.container(key="add_unit", width=320):
        if len(codes) >= facts.MOST_UNITS:
            parts.prose(words.say("trends.most_units", count=facts.MOST_UNITS))
            return
        text = st.text_input(
            words.say("trends.add_label"), key="add_unit_text", live=True, max_chars=60,
            placeholder=words.say("trends.add"), label_visibility="collapsed", autocomplete="off",
        )  # fmt: skip
        if not text or len(text.strip()) < MIN_SEARCH:
            return
        found = loaders.search_units(page.snapshot_id, page.boundary_set, text)
        with st.container(key="found_unit"):
            if found.empty:
                parts.prose(words.say("frame.search_nothing", text=text))
            for row in found.itertuples():
                if row.unit_code in codes:
                    continue
                st.button(
                    row.label,
                    key=f"add_{row.unit_code}",
                    type="tertiary",
                    on_click=add_unit,
                    args=(page, codes, row.unit_code),
                )


def add_unit(page: Frame, codes: list[str], code: str) -> None:
    page.write_box("add_unit_text", "")
    page.go(units=".".join([*codes, code]) or NATION)
