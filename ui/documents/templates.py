"""Empty workbooks that offices fill in and send, as files to take away: one per layout, all of them on the page that checks
files."""

from __future__ import annotations

import io
from functools import partial

from data.template_workbook import write_template_workbook
from data.workbook_layouts import Layout, load_layouts
from text.names import search_key
from text.words import Words
from ui.frame import Frame
from ui.takeaway.offers import WORKBOOK, Offer


def list_templates() -> list[str]:
    """The layouts that offices fill in, the monthly report first."""
    names = [layout.template for layout in load_layouts() if layout.is_filled_in]
    return sorted(names, key=lambda name: (not name.startswith("monthly"), name != "monthly_report", name))


def make_template(layout: Layout, page: Frame, ending: str) -> bytes:
    """The empty workbook. Its headings are what a load looks for, so that it is Vietnamese for every reader."""
    target = io.BytesIO()
    write_template_workbook(layout, target, Words("vi"))
    return target.getvalue()


def list_offers() -> dict[str, Offer]:
    layouts = {layout.template: layout for layout in load_layouts()}
    return {
        name: Offer(partial(make_template, layouts[name]), WORKBOOK, name_stem(layouts[name]), is_blank=True)
        for name in list_templates()
    }


def name_stem(layout: Layout) -> str:
    """`mau_bao_cao_thang_cua_tinh`: the title in plain letters, up to a colon or bracket."""
    short = layout.title.split(":")[0].split("(")[0]
    return f"mau_{search_key(short).replace(' ', '_')}"
