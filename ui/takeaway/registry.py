"""Every file that can be taken away, by page and name. A page's choices and place levels are those it gives `frame.begin`
(tests/test_ui_takeaway.py compares them)."""

from __future__ import annotations

from data.settings import get_settings
from ui import emulation, home_tables, whats_new
from ui.documents import brief
from ui.documents.tables import table_offer
from ui.frame import INTERNAL_PAGES
from ui.map_frame import map_level
from ui.meeting.screens import CHOICES as MEETING_CHOICES
from ui.profile import sections
from ui.takeaway.offers import PDF, Offer, PageOffers
from ui.view import ANY_PLACE

LEVEL_STEMS = {"province": "tinh", "district": "huyen", "commune": "xa"}

PAGES: dict[str, PageOffers] = {
    "home": PageOffers(
        {"units": table_offer(home_tables.take_units, lambda page: LEVEL_STEMS[map_level(page)])},
        whats_new.CHOICES,
    ),
    "emulation": PageOffers({}, emulation.CHOICES),
    "meeting": PageOffers({}, MEETING_CHOICES),
    "profile": PageOffers({"brief": Offer(brief.make_brief, PDF, brief.STEM)}, sections.CHOICES, ANY_PLACE),
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
