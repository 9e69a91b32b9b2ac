"""The roadmap of the nation: which province to open, by what each one misses."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from charts import palette
from indicators.rates import coverage_pct, shown_pct
from ui import home_page, loaders, parts
from ui.frame import Frame
from ui.loaders import pace
from ui.roadmap_page import draw_empty_headline
from ui.table import Column, Row, draw_table
from ui.takeaway import bar
from ui.view import NATION


def draw_nation(page: Frame) -> None:
    words, formats = page.words, page.formats
    now = loaders.load_summary(page.snapshot_id, page.view.period, page.boundary_set, NATION, "nation")
    if now is None:
        draw_empty_headline(page)
        return
    with st.container(key="banners"):
        home_page.say_simulated(page, now.units_simulated)
    if now.still_to_enrol >= 0:
        people, communes = formats.count(now.still_to_enrol), formats.count(now.not_met)
        parts.headline(words.say("roadmap.headline_nation", people=people, communes=communes))
    else:
        parts.headline(words.say("roadmap.headline_nation_plain"))
    parts.title(words.say("roadmap.nation_title"), words.say("roadmap.nation_subtitle"))
    frame = list_provinces(page)
    names = ("province", "coverage", "communes_met", "need_communes", "need_target", "status")
    columns = [
        Column(words.say(f"roadmap.column_{name}"), is_figure=name not in ("province", "status")) for name in names
    ]
    goals = pace.load_goals(page.snapshot_id, page.view.period, page.boundary_set, "province")
    rows = [
        Row(
            row.Index,
            (
                row.name,
                formats.rate(shown_pct(int(row.insured), int(row.population), goals.get(row.Index))),
                formats.part_of(row.met, row.counted) if row.met >= 0 else formats.missing,
                formats.count(row.still_to_enrol),
                formats.count(row.need),
                words.say(f"pace.status_{row.status}"),
            ),
            swatch=palette.STATUS.get(row.status, palette.QUIET_LINE),
        )
        for row in frame.itertuples()
    ]
    draw_table("provinces", columns, rows, None, "", page.report_of("provinces"), words.say("roadmap.nation_title"))
    bar.show(page, "nation")
    parts.bullets([words.say("pace.rule")])


def list_provinces(page: Frame) -> pd.DataFrame:
    """Provinces by unit_code with pace and sums, those with most people missing first."""
    units = loaders.load_level(page.snapshot_id, page.view.period, page.boundary_set, "province").set_index("unit_code")
    paces = pace.load_pace(page.snapshot_id, page.view.period, page.boundary_set, "province")
    own = [name for name in units if name not in paces]
    frame = paces.join(units[own])
    frame = frame.assign(rate=coverage_pct(frame["insured"], frame["population"]))
    return frame.sort_values(["still_to_enrol", "rate"], ascending=[False, True], kind="stable")
