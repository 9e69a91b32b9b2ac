"""The first questions of every page, asked by the server itself behind its first readers.

`loaders.warm_up` is what the overview needs, and is awaited before the server is ready. What other pages ask first (modules,
crosswalks, the provinces over all months) took their first reader up to two seconds; it is asked in a thread of its own
once the server is ready, so that readiness does not wait for it.
"""

from __future__ import annotations

import importlib
import logging
import threading
import time
from collections.abc import Callable, Mapping

from data.errors import StoreUnavailable
from ui import reader
from ui.claims import ANYBODY

log = logging.getLogger("baophu")
# What the pages import beside what the server already has.
MODULES = (
    "ui.method_page", "ui.criterion_page", "ui.emulation_page", "ui.emulation_details", "ui.map_page", "ui.meeting.build",
    "ui.profile.origins", "ui.profile.compare", "ui.quality_page", "ui.ranking_page", "ui.roadmap_plan",
    "ui.roadmap_whatif", "ui.trends_small", "ui.trends_projection",
)  # fmt: skip


def warm_pages_behind() -> threading.Thread:
    """Start `warm_pages` in a thread that ends with the process."""
    thread = threading.Thread(target=warm_pages, name="baophu-warm-up", daemon=True)
    thread.start()
    return thread


def warm_pages() -> None:
    """Ask every first question; one that fails is written down, and its page will say what is wrong."""
    with reader.acting(ANYBODY):  # the server asks for itself; what single provinces see is asked by them
        ask_all()


def ask_all() -> None:
    began = time.perf_counter()
    for module in MODULES:
        importlib.import_module(module)
    try:
        questions = first_questions()
    except StoreUnavailable:
        return  # the pages say what to do
    for name, ask in questions.items():
        try:
            ask()
        except Exception:
            log.exception("warm_up_failed", extra={"fields": {"question": name}})
    log.info("warmed_up", extra={"fields": {"ms": round((time.perf_counter() - began) * 1000)}})


def first_questions() -> Mapping[str, Callable[[], object]]:
    """By page: the nation or a province as its first reader asks for it; pages that answer at once are left out."""
    from ui import loaders, ranking_page, trends, trends_page, trends_small
    from ui.profile import communes, facts
    from ui.takeaway.headless import open_frame

    home = open_frame("home", {})
    levels = home.catalogue.unit_levels[home.boundary_set]
    # Any province: it is the crosswalks that are dear, and they are the same for all.
    province = {"unit": min(code for code, level in levels.items() if level == "province")}

    def ask_trends(place: dict[str, str]) -> None:
        frame = open_frame("trends", place)
        trends_page.read_story(frame)
        trends_small.read_units(frame, trends.each_quarter(trends.span_months(frame)))

    def ask_profile() -> None:
        frame = open_frame("profile", province)
        found = communes.load_communes(frame, facts.load_facts(frame))
        if found is not None and len(found.frame):
            facts.load_facts(open_frame("profile", {"unit": str(found.frame["unit_code"].iloc[0])}))

    def ask_search() -> None:
        for boundary_set in home.catalogue.boundaries_for:
            loaders.search_former(home.snapshot_id, boundary_set, "tan lap")

    return {
        "search": ask_search,
        "trends": lambda: ask_trends({}),
        "trends of a province": lambda: ask_trends(province),
        "profile": ask_profile,
        "ranking": lambda: ranking_page.read_ranking(open_frame("ranking", {})),
    }
