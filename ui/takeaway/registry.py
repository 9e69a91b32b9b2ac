"""Every file that can be taken away, by page and name. A page's choices and place levels are those it gives `frame.show`
(tests/test_ui_takeaway.py compares them)."""

from __future__ import annotations

from data.settings import get_settings
from ui import criterion_choices, emulation, ranking_choices, roadmap, trends, whats_new
from ui.documents import (
    brief,
    criterion_tables,
    emulation_side_tables,
    emulation_tables,
    evaluation,
    home_tables,
    list_figures,
    map_tables,
    method_tables,
    page_figures,
    profile_tables,
    quality_tables,
    quality_trace_tables,
    ranking_tables,
    record_tables,
    roadmap_tables,
    slides,
    templates,
    trends_tables,
    workbook,
)
from ui.documents.figures import figure_offer
from ui.documents.tables import table_offer
from ui.frame import Frame
from ui.layers import CHOICES as MAP_CHOICES
from ui.map_frame import map_level
from ui.meeting.screens import CHOICES as MEETING_CHOICES
from ui.page_list import INTERNAL_PAGES
from ui.profile import sections
from ui.takeaway.offers import PDF, WORKBOOK, Offer, PageOffers
from ui.view import ANY_PLACE

MEASURE_STEMS = {
    "coverage": "bao_phu",
    "met": "dat",
    "share": "ty_le_xa_dat",
    "change": "thay_doi",
    "need": "con_thieu",
    "distance": "khoang_cach",
}
LEVEL_STEMS = {"province": "tinh", "district": "huyen", "commune": "xa"}


def level_stem(page: Frame) -> str:
    """What a table of the map's units is called: xa, huyen, tinh."""
    return LEVEL_STEMS[map_level(page)]


def map_stem(page: Frame) -> str:
    """The measure of the map in a word of plain letters."""
    return f"ban_do_{MEASURE_STEMS[page.choice('indicator')]}"


PAGES: dict[str, PageOffers] = {
    "home": PageOffers(
        {
            "map": figure_offer(page_figures.home_map, "ban_do"),
            "trend": figure_offer(page_figures.home_trend, "bieu_do"),
            "units": table_offer(home_tables.take_units, level_stem),
            "places": table_offer(home_tables.take_places, "con_thieu"),
            "changes": table_offer(home_tables.take_changes, "co_gi_moi"),
        },
        whats_new.CHOICES,
    ),
    "map": PageOffers(
        {
            "map": figure_offer(page_figures.map_map, map_stem),
            "second": figure_offer(page_figures.map_second, map_stem),
            "dots": figure_offer(page_figures.map_priority, "bieu_do_uu_tien"),
            "units": table_offer(map_tables.take_units, lambda page: f"ban_do_{level_stem(page)}"),
            "priority": table_offer(map_tables.take_priority, "uu_tien"),
        },
        MAP_CHOICES,
    ),
    "ranking": PageOffers(
        {
            "dots": figure_offer(page_figures.ranking_dots, "phan_bo"),
            "list": figure_offer(list_figures.ranking_list, "xep_hang"),
            "league": table_offer(ranking_tables.take_league, "xep_hang"),
            "inside": table_offer(ranking_tables.take_inside, "trong_dia_ban"),
        },
        ranking_choices.CHOICES,
    ),
    "profile": PageOffers(
        {
            "brief": Offer(brief.make_brief, PDF, brief.STEM),
            "workbook": Offer(workbook.make_workbook, WORKBOOK, "so_lieu"),
            "map": figure_offer(page_figures.profile_map, "ban_do"),
            "strip": figure_offer(page_figures.profile_strip, "phan_bo"),
            "trend": figure_offer(page_figures.profile_months, "bieu_do"),
            "communes": table_offer(profile_tables.take_communes, "ho_so_xa"),
            "groups": table_offer(profile_tables.take_groups, "nhom_doi_tuong"),
            "populations": table_offer(profile_tables.take_populations, "dan_so"),
            "months": table_offer(profile_tables.take_months, "theo_thang"),
            "pace": table_offer(profile_tables.take_pace, "tien_do"),
            "ranks": table_offer(profile_tables.take_ranks, "thu_hang"),
            "company": table_offer(profile_tables.take_company, "so_sanh"),
            "revisions": table_offer(profile_tables.take_revisions, "dinh_chinh"),
            "origins": table_offer(record_tables.take_origins, "truoc_va_sau_sap_xep"),
            "published": table_offer(record_tables.take_published, "so_cong_bo"),
            # Names of files are the office's own.
            "sources": table_offer(record_tables.take_sources, "nguon_so_lieu", is_internal=True),
        },
        sections.CHOICES,
        ANY_PLACE,
    ),
    "trends": PageOffers(
        {
            "trend": figure_offer(page_figures.trends_long, "bieu_do"),
            "comparison": figure_offer(page_figures.trends_comparison, "bieu_do_so_sanh"),
            "small": figure_offer(list_figures.trends_small_lines, "bieu_do_cac_tinh"),
            "fan": figure_offer(page_figures.trends_fan, "bieu_do_du_bao"),
            "long": table_offer(trends_tables.take_long, "xu_huong"),
            "compare": table_offer(trends_tables.take_compare, "so_sanh_don_vi"),
            "provinces": table_offer(trends_tables.take_provinces, "xu_huong_tinh"),
            "projection": table_offer(trends_tables.take_projection, "du_bao"),
            "published": table_offer(trends_tables.take_published, "cong_bo"),
        },
        trends.CHOICES,
    ),
    "roadmap": PageOffers(
        {
            "nation": table_offer(roadmap_tables.take_nation, "lo_trinh_tinh"),
            "gap": table_offer(roadmap_tables.take_gap, "con_thieu_xa"),
            "steps": table_offer(roadmap_tables.take_steps, "tung_thang"),
            "plan": Offer(roadmap_tables.make_plan, WORKBOOK, "ke_hoach"),
            "whatif": table_offer(roadmap_tables.take_whatif, "thu_tinh"),
            "progress": table_offer(roadmap_tables.take_progress, "theo_doi_ke_hoach"),
            # Names of posts are the office's own.
            "tasks": table_offer(roadmap_tables.take_tasks, "nhiem_vu", is_internal=True),
        },
        roadmap.CHOICES,
    ),
    "criterion": PageOffers(
        {
            "map": figure_offer(page_figures.criterion_map, "ban_do_doi_tieu_chi"),
            "groups": table_offer(criterion_tables.take_groups, "doi_tieu_chi"),
            "changes": table_offer(criterion_tables.take_changes, "xa_thay_doi"),
        },
        criterion_choices.CHOICES,
    ),
    "emulation": PageOffers(
        {
            "ranking": table_offer(emulation_tables.take_ranking, "thi_dua"),
            "awards": table_offer(emulation_tables.take_awards, "khen_thuong"),
            "library": table_offer(emulation_tables.take_library, "sang_kien"),
            "log": table_offer(emulation_tables.take_log, "nhat_ky_don_vi", is_internal=True),
            "plans": table_offer(emulation_tables.take_plans, "ke_hoach_thi_dua", is_internal=True),
            "activities": table_offer(emulation_tables.take_activities, "hoat_dong", is_internal=True),
            "duties": table_offer(record_tables.take_duties, "trach_nhiem", is_internal=True),
            "report": evaluation.REPORT,
            **emulation_side_tables.OFFERS,
        },
        emulation.CHOICES,
    ),
    "meeting": PageOffers({"slides": slides.DECK}, MEETING_CHOICES),
    "method": PageOffers(method_tables.list_offers()),
    "check": PageOffers(templates.list_offers()),
    "quality": PageOffers(
        {
            "reports": table_offer(quality_tables.take_reports, "bao_cao_da_nop"),
            "rejections": table_offer(quality_tables.take_rejections, "o_bi_tu_choi"),
            "over": table_offer(quality_tables.take_over, "tren_100"),
            "drops": table_offer(quality_tables.take_drops, "giam_dot_ngot"),
            "missing": table_offer(quality_tables.take_missing, "chua_co_so_lieu"),
            "files": table_offer(quality_tables.take_files, "tep_da_nhan"),
            # Names of files are the office's own.
            "trace": table_offer(quality_trace_tables.take_trace, "o_nguon", is_internal=True),
            "place_files": table_offer(quality_trace_tables.take_place_files, "tep_nguon", is_internal=True),
            "versions": table_offer(quality_trace_tables.take_versions, "cac_lan_nhan", is_internal=True),
        }
    ),
}


def find_offer(page: str, what: str) -> Offer | None:
    """The file of an address; None where there is none, also where only the internal edition has it."""
    offers = PAGES.get(page)
    offer = offers.offers.get(what) if offers else None
    if offer is None or (is_hidden(page, offer) and get_settings().edition != "internal"):
        return None
    return offer


def is_hidden(page: str, offer: Offer) -> bool:
    return offer.is_internal or page in INTERNAL_PAGES
