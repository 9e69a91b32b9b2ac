"""The roadmap of the nation: which province to open, by what each one misses."""

from __future__ import annotations

import streamlit as st

from charts import palette
from indicators.rates import coverage_pct, shown_pct
from ui import home_page, loaders, parts
from ui.frame import Frame
from ui.loaders import pace
from ui.roadmap_page import draw_empty_headline
from ui.table import Column, Row, draw_table
from ui.view import NATION


def draw_nation(page: Frame) -> None:
    words, formats = page.words, page.formats
    units = loaders.load_level(page.snapshot_id, page.view.period, page.boundary_set, "province").set_index("unit_code")
    paces = pace.load_pace(page.snapshot_id, page.view.period, page.boundary_set, "province")
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
    frame = paces.join(units[["name", "met", "counted", "not_met", "still_to_enrol"]])
    frame = frame.assign(rate=coverage_pct(frame["insured"], frame["population"]))
    frame = frame.sort_values(["still_to_enrol", "rate"], ascending=[False, True], kind="stable")
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
    parts.bullets([words.say("pace.rule")])
