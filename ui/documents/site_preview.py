"""The picture that a link to a page shows where it is shared: finding, figures and map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reports.figure import make_preview
from reports.site.hashed import keep
from ui.documents.map_drawing import draw_frame
from ui.documents.site_markup import Sheet
from ui.map_frame import build_map_frame
from ui.parts import Figure

PREVIEWS = "previews"
MAP_WIDTH, FIGURES = 190, 2


def write_preview(sheet: Sheet, headline: str, figures: Sequence[Figure], has_map: bool) -> str:
    """Write it; returns its path. The map is by province for the nation, by commune for a province."""
    page = sheet.page
    if page.name != "profile":
        page = page.showing(replace(page.view, level="province"))
    frame = build_map_frame(page, headline) if has_map else None
    drawing = draw_frame(page, frame, headline, MAP_WIDTH).svg if frame is not None else ""
    body = make_preview(
        drawing,
        title=headline,
        figures=[(figure.label, figure.value, figure.unit) for figure in figures[:FIGURES]],
        brand=page.words.say("app.title"),
        date=page.formats.month(page.view.period),
        simulated=next((figure.mark for figure in figures if figure.mark), ""),
        lang=page.view.lang,
    )
    return keep(sheet.site.folder, f"{page.name}-{page.view.unit}-{page.view.lang}", "png", body, PREVIEWS)
