"""Small multiples: every province on one scale with the threshold, in an order of the reader's choice."""

from __future__ import annotations

import numpy as np
import pandas as pd

from charts import palette
from charts.small_multiples import Scale, SmallLine, draw_small, share_scale
from indicators.rates import coverage_pct, shown_pct, shown_points, shown_value
from indicators.rules import Threshold
from text.names import collation_key
from ui import loaders, parts
from ui import trends as facts
from ui.behind import draw_behind
from ui.frame import Frame
from ui.loaders import pace, trends
from ui.markup import button, draw_markup
from ui.parts import escape
from ui.takeaway import bar
from ui.trends_page import Story

ORDERS = ("need", "coverage", "change", "name")


def draw_small_multiples(page: Frame, story: Story) -> None:
    words = page.words
    months = facts.each_quarter(facts.span_months(page))
    units = sort_units(read_units(page, months), page.choice("order"))
    parts.title(*say_title(page, units, months))
    threshold = loaders.threshold_at(page.snapshot_id, page.view.period)
    lines = [SmallLine(row.rates, row.estimated) for row in units.itertuples()]
    scale = share_scale(lines, float(threshold.value) if threshold else None)
    cells = "".join(draw_cell(page, row, line, scale) for row, line in zip(units.itertuples(), lines, strict=True))
    note = escape(say_scale(page, scale, threshold))
    markup = f'{order_choice(page)}<p class="bp-subtitle">{note}</p><div class="bp-small">{cells}</div>'
    draw_markup("small", markup, page.report_of("small"))
    head = [
        words.say(f"trends.column_{name}") for name in ("province", "first", "coverage", "change", "need", "marker")
    ]
    draw_behind(words.say("trends.table_small"), head, [table_row(page, row) for row in units.itertuples()])
    bar.show(page, "small", "provinces")


def say_scale(page: Frame, scale: Scale, threshold: Threshold | None) -> str:
    """What the shared scale runs over, and what the dotted line and the colours are."""
    formats = page.formats
    line = formats.rule(threshold.value, threshold.operator) if threshold else ""
    key = "trends.small_scale" if threshold else "trends.small_scale_plain"
    return page.words.say(key, low=formats.rate(scale.low, 0), high=formats.rate(scale.high, 0), threshold=line)


def say_title(page: Frame, units: pd.DataFrame, months: list[str]) -> tuple[str, str]:
    """How many rise and fall; over which months."""
    markers, short = units["marker"].value_counts(), page.formats.month_short
    rising, falling = int(markers.get("rising", 0)), int(markers.get("falling", 0))
    title = page.words.say("trends.small_title", rising=rising, units=len(units), falling=falling)
    return title, page.words.say("trends.small_subtitle", first=short(months[0]), last=short(months[-1]))


def read_units(page: Frame, months: list[str]) -> pd.DataFrame:
    """Per province: name, rates (a list, None unknown), estimated, change (points over the span, NaN), need, marker, status,
    insured, population of the month shown."""
    every = tuple(facts.span_months(page))  # the months of the comparison above: asked for once
    tables = trends.load_level_rates(page.snapshot_id, page.boundary_set, "province", every)
    rates, estimated = (table[months] for table in tables)
    paces = pace.load_pace(page.snapshot_id, page.view.period, page.boundary_set, "province")
    names = loaders.load_units(page.snapshot_id, page.boundary_set)["short_name"]
    rates, estimated = rates.reindex(paces.index), estimated.reindex(paces.index, fill_value=False)
    table = rates.to_numpy(dtype=float)
    known = ~np.isnan(table)
    first = np.where(known.any(axis=1), known.argmax(axis=1), 0)
    last = np.where(known.any(axis=1), table.shape[1] - 1 - known[:, ::-1].argmax(axis=1), 0)
    rows = np.arange(len(table))
    return paces.assign(
        name=names.reindex(paces.index),
        rates=[[None if rate != rate else float(rate) for rate in row] for row in table],
        estimated=[list(row) for row in estimated.to_numpy()],
        first=table[rows, first],
        change=table[rows, last] - table[rows, first],
        rate=coverage_pct(paces["insured"], paces["population"]),
        written=write_rates(page, paces),
    ).reset_index()


def sort_units(units: pd.DataFrame, order: str) -> pd.DataFrame:
    """Most people missing first, lowest coverage first, largest rise first, or by name; unknown last."""
    if order == "name":
        return units.iloc[sorted(range(len(units)), key=lambda at: collation_key(units["name"].iloc[at]))]
    column, ascending = {"need": ("need", False), "coverage": ("rate", True), "change": ("change", False)}[order]
    values = units[column].astype(float)
    values = values.where(values >= 0) if column == "need" else values
    return units.assign(_by=values).sort_values("_by", ascending=ascending, kind="stable", na_position="last")


def order_choice(page: Frame) -> str:
    name = escape(page.words.say("frame.sort"))
    switches = "".join(
        button("order", order, page.words.say(f"trends.order_{order}"), pressed=page.choice("order") == order)
        for order in ORDERS
    )
    return f'<div class="bp-segments" role="group" aria-label="{name}">{switches}</div>'


def draw_cell(page: Frame, row, line: SmallLine, scale: Scale) -> str:
    """One province as a button that opens it: name, last rate, line, status with its word."""
    status = page.words.say(f"pace.status_{row.status}")
    colour = palette.STATUS.get(row.status, palette.QUIET_LINE)
    swatch = f'<i class="bp-swatch" style="background:{colour}"></i>'
    svg = draw_small(line, scale, page.words.say("trends.small_alt", name=row.name, rate=row.written))
    code = escape(row.unit_code)
    return (
        f'<button type="button" class="bp-cell" data-act="unit" data-value="{code}" data-key="small-{code}">'
        f"<b>{escape(row.name)}</b><em>{escape(row.written)}</em>{svg}<small>{swatch}{escape(status)}</small></button>"
    )


def write_rates(page: Frame, paces: pd.DataFrame) -> list[str]:
    """The rate of each province, never rounded across its own goal."""
    goals = pace.load_goals(page.snapshot_id, page.view.period, page.boundary_set, "province")
    return [
        page.formats.rate(shown_pct(int(n), int(p), goals.get(code)))
        for code, n, p in zip(paces.index, paces["insured"], paces["population"], strict=True)
    ]


def table_row(page: Frame, row) -> list[str]:
    words, formats = page.words, page.formats
    return [
        row.name,
        formats.rate(shown_value(row.first)),
        row.written,
        formats.points(shown_points(row.change)),
        formats.count(row.need),
        words.say(f"pace.marker_{row.marker}"),
    ]
