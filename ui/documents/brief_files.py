"""Briefs as files, for commands: one place, or every place of a level in as many processes as there are processors."""

from __future__ import annotations

import logging
import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from streamlit.logger import set_log_level

from data.errors import UserError
from geo.units import boundary_set_of
from reports.files import write_whole
from text.words import Words
from ui import loaders
from ui.documents.brief import STEM, make_brief
from ui.frame import Frame
from ui.takeaway.headless import open_frame
from ui.view import NATION


@dataclass(frozen=True)
class Order:
    """The briefs of one month in one language, and the folder they go to."""

    period: str
    lang: str
    into: Path

    def path(self, unit: str) -> Path:
        """A name that is the same tomorrow, so that a scheduler replaces the file of yesterday."""
        return self.into / f"BHYT_{STEM}_{unit}_{self.period}_{self.lang}.pdf"


@dataclass(frozen=True)
class Outcome:
    """What became of one place: `problem` is "" where its file was written."""

    unit: str
    problem: str


def open_place(unit: str, period: str, lang: str) -> Frame:
    """The Frame of a place and month; "" takes the default. UserError where the store has no such place or month: a command
    must not write another one in its stead."""
    asked = {"unit": unit, "period": period, "lang": lang}
    page = open_frame("profile", {name: value for name, value in asked.items() if value})
    for notice in page.notices:
        raise UserError("BRIEF-ADDRESS", notice.key.replace("error.address_", "brief.no_"), **notice.values)
    return page


def list_places(level: str, period: str) -> list[str]:
    """The codes of a level in a month, in the order of its files. UserError where the month has none."""
    snapshot_id = loaders.open_store().snapshot_id
    months = loaders.list_months(snapshot_id)
    if period not in months:
        known = f"{months[0]} – {months[-1]}" if months else "–"
        raise UserError("BRIEF-PERIOD", "brief.no_month", value=period, known=known)
    if level == "nation":
        return [NATION]
    units = loaders.load_units(snapshot_id, boundary_set_of(period))
    if level == "region":
        found = [code for scheme in ("region6", "region7") for code in sorted(units[scheme].dropna().unique()) if code]
    else:
        found = units.index[units["level"] == level].tolist()
    if not found:
        raise UserError("BRIEF-LEVEL", "brief.no_level", level=Words("vi").say(f"level.{level}"), period=period)
    return found


def write_brief(unit: str, order: Order) -> Outcome:
    """Write one file; a place that cannot be set is told, so that the others still are."""
    try:
        write_whole(order.path(unit), make_brief(open_place(unit, order.period, order.lang)))
    except UserError as error:
        return Outcome(unit, Words("vi").say(error.words_key, **error.values))
    except Exception as error:
        logging.getLogger(__name__).exception("the brief of %s", unit)
        return Outcome(unit, f"{type(error).__name__}: {error}")
    return Outcome(unit, "")


def write_briefs(units: Sequence[str], order: Order) -> Iterator[Outcome]:
    """Write many, as they are done. Each process has a store and caches of its own, which every place after the first finds
    warm."""
    # Not forked: a child of a process that has DuckDB's threads would inherit locks that nobody opens again.
    context = multiprocessing.get_context("spawn")
    workers = max(1, min(len(os.sched_getaffinity(0)), len(units)))
    with ProcessPoolExecutor(workers, mp_context=context, initializer=start_worker, initargs=(order.period,)) as pool:
        waiting = {pool.submit(write_brief, unit, order): unit for unit in units}
        for done in as_completed(waiting):
            problem = done.exception()
            yield done.result() if problem is None else Outcome(waiting[done], f"{type(problem).__name__}: {problem}")


def start_worker(period: str) -> None:
    """What every place of the month needs, read before the first."""
    silence_streamlit()
    page = open_place("", period, "")
    loaders.load_communes(page.snapshot_id, page.view.period, page.boundary_set)


def silence_streamlit() -> None:
    """Outside of a page Streamlit warns at every cached function that there is no browser."""
    set_log_level("ERROR")
