"""Empty workbooks that offices fill in and send, as files to take away: one per layout, all of them on the page that checks
files. Those of a plan hold the communes of the place that the address names, so that a director writes only what is planned."""

from __future__ import annotations

import io
from functools import partial

from data.template_workbook import write_template_workbook
from data.workbook_layouts import Layout, load_layouts
from text.formats import Formats
from text.names import search_key
from text.words import Words
from ui import loaders
from ui.frame import Frame
from ui.takeaway.offers import WORKBOOK, Offer
from ui.view import NATION


def list_templates() -> list[str]:
    """The layouts that offices fill in, the monthly report first."""
    names = [layout.template for layout in load_layouts() if layout.is_filled_in]
    return sorted(names, key=lambda name: (not name.startswith("monthly"), name != "monthly_report", name))


def make_template(layout: Layout, page: Frame, ending: str) -> bytes:
    """The empty workbook. Its headings are what a load looks for, so that it is Vietnamese for every reader."""
    target, words = io.BytesIO(), Words("vi")
    month = find_month(page) if holds_units(layout, page) else ""
    if not month:
        write_template_workbook(layout, target, words)
        return target.getvalue()
    place = loaders.unit_label(page.snapshot_id, page.boundary_set, page.view.unit, "")
    basis = words.say("ingest.template_basis", place=place, month=Formats("vi").month(month))
    write_template_workbook(layout, target, words, list_rows(layout, page, month), basis)
    return target.getvalue()


def holds_units(layout: Layout, page: Frame) -> bool:
    """Whether the workbook is handed out with the communes of the place of the address."""
    return (
        bool(layout.asked)
        and page.view.unit in loaders.load_units(page.snapshot_id, page.boundary_set).index
        and (page.view.unit != NATION)
    )


def find_month(page: Frame) -> str:
    """The month by whose units the workbook is read: the one of the page, or where that shows other boundaries the last month
    of these; "" where they have none."""
    boundary_of = page.catalogue.boundary_of
    if boundary_of.get(page.view.period) == page.boundary_set:
        return page.view.period
    return max((month for month, own in boundary_of.items() if own == page.boundary_set), default="")


def list_rows(layout: Layout, page: Frame, after: str) -> list[dict[str, str]]:
    """The communes of the place (and islands that stand for themselves), district by district, with the month that follows
    `after` and the first state."""
    units, place = loaders.load_units(page.snapshot_id, page.boundary_set), page.view.unit
    inside = (units["unit_code"] == place) | (units["province_code"] == place) | (units["district_code"] == place)
    found = units[inside & ((units["level"] == "commune") | (units["stands_alone"] == 1))].reset_index(drop=True)
    year, month = divmod(int(after[:4]) * 12 + int(after[5:]), 12)
    state = next(iter(layout.column("state").words.values()))
    same = {"month": f"{month + 1:02d}/{year}", "year": str(year), "state": state}
    return [
        {
            "unit_code": row.unit_code,
            "unit_name": row.name,
            "district_name": units.at[row.district_code, "name"] if row.district_code in units.index else "",
            **same,
        }
        for row in found.sort_values(["district_code", "unit_code"], kind="stable").itertuples(index=False)
    ]


def list_offers() -> dict[str, Offer]:
    layouts = {layout.template: layout for layout in load_layouts()}
    return {
        name: Offer(
            partial(make_template, layouts[name]), WORKBOOK, partial(name_file_stem, layouts[name]), is_blank=True
        )
        for name in list_templates()
    }


def name_file_stem(layout: Layout, page: Frame) -> str:
    """With the code of the place whose units the workbook holds."""
    return f"{name_stem(layout)}_{page.view.unit}" if holds_units(layout, page) else name_stem(layout)


def name_stem(layout: Layout) -> str:
    """`mau_bao_cao_thang_cua_tinh`: the title in plain letters, up to a colon or bracket."""
    short = layout.title.split(":")[0].split("(")[0]
    return f"mau_{search_key(short).replace(' ', '_')}"
