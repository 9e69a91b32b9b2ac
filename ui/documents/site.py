"""``python -m reports site``: the static edition, plain pages that need no server, from the public edition's snapshot.

A process per processor makes pages; the folder appears whole under its name, and `current` is switched to it last.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import shutil
import sys
import time
from collections.abc import Generator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tqdm import tqdm

from data.errors import StoreUnavailable, UserError
from data.settings import choose_edition, get_settings
from reports.site.folder import begin, list_files, publish, write_sitemap
from reports.site.hashed import write_assets
from reports.site.paths import path_of
from reports.site.render import Edition, SitePage, render
from text.formats import Formats
from text.words import LANGUAGES, Words
from ui import loaders, style
from ui.documents.brief_files import silence_streamlit
from ui.documents.site_map import write_outlines, write_rest
from ui.documents.site_markup import Site
from ui.documents.site_pages import build_home, build_lookup, build_method, build_not_found, build_ranking
from ui.documents.site_province import build_province

SHEETS = ("every_page", "ranking", "profile", "method")
SINGLE = {
    "home": build_home,
    "ranking": build_ranking,
    "lookup": build_lookup,
    "method": build_method,
    "not_found": build_not_found,
}
MEGABYTE = 1e6


@dataclass(frozen=True)
class Job:
    """A piece of work for one process: a page in one language, a province in all, or (`rest`) a level's figures for hover."""

    kind: str
    name: str


def add_commands(commands: argparse._SubParsersAction) -> None:
    site = commands.add_parser("site", help="the static edition: plain pages of the public edition that need no server")
    site.add_argument("--to", type=Path, help="folder (default: `site` in the data directory, which a proxy serves)")
    site.add_argument("--period", default="", help="month, such as 2020-12 (default: where the app opens)")
    site.add_argument("--language", choices=(*LANGUAGES, "both"), default="both")
    site.set_defaults(run=run_site)


def run_site(options: argparse.Namespace, words: Words) -> int:
    silence_streamlit()
    choose_edition("public")
    languages = LANGUAGES if options.language == "both" else (options.language,)
    began = time.monotonic()
    folder, pages = write_site(options.to or get_settings().site_directory, options.period, languages, words)
    formats = Formats(words.lang)
    files = list_files(folder)
    size = sum(path.stat().st_size for path in files) / MEGABYTE
    print(
        words.say(
            "site.written",
            pages=formats.count(len(pages)),
            files=formats.count(len(files)),
            size=formats.number(size, 1),
            seconds=formats.number(time.monotonic() - began, 0),
            folder=folder,
        )
    )
    return 0


def write_site(
    root: Path, period: str = "", languages: Sequence[str] = LANGUAGES, words: Words | None = None, workers: int = 0
) -> tuple[Path, list[str]]:
    """Write the edition under `root`; returns its folder and the paths of its pages. UserError where the store is not that of the
    public edition, or has no such month. `workers`: processes (0: one per processor; 1: this one)."""
    period = check_period(period)
    store = loaders.open_store()
    part = begin(root, store.snapshot_id)
    try:
        site = begin_site(part, period, languages)
        pages = make_pages(site, list_jobs(site), words or Words("vi"), workers)
        lead_home(part, site)
        write_sitemap(part, pages, site.edition.address, date.fromisoformat(site.edition.made_on))
        return publish(root, part, store.snapshot_id), pages
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


def check_period(period: str) -> str:
    """The month asked for, or the one that the app opens on."""
    try:
        store = loaders.open_store()
    except StoreUnavailable as error:
        raise UserError("SITE-NOT-PUBLIC", "site.not_public") from error
    if store.edition != "public":
        raise UserError("SITE-NOT-PUBLIC", "site.not_public")
    months = loaders.list_months(store.snapshot_id)
    if not months:
        raise UserError("SITE-NO-MONTHS", "site.no_months")
    chosen = period or loaders.load_catalogue(store.snapshot_id).default_period
    if chosen not in months:
        raise UserError("SITE-PERIOD", "site.no_month", value=chosen[:40], known=f"{months[0]} – {months[-1]}")
    return chosen


def begin_site(part: Path, period: str, languages: Sequence[str]) -> Site:
    """What every page needs before the first is made."""
    settings, snapshot = get_settings(), loaders.snapshot_info()
    rules = style.rules(SHEETS)
    edition = Edition(
        snapshot_id=snapshot.snapshot_id,
        period=period,
        made_on=snapshot.made_on.isoformat(),
        languages=tuple(languages),
        assets=write_assets(part, rules),
        address=settings.site_url,
        licence=settings.open_licence,
    )
    site = Site(part, period, edition)
    write_outlines(part, site.open("home", languages[0]).boundary_set)
    return site


def list_jobs(site: Site) -> list[Job]:
    """The longest first, so that no process is left alone with one at the end."""
    page = site.open("home", site.edition.languages[0])
    levels = page.catalogue.unit_levels[page.boundary_set]
    known = set(levels.values())
    jobs = [Job(kind, lang) for kind in ("home", "ranking") for lang in site.edition.languages]
    jobs += [Job("rest", level) for level in ("commune", "district", "province") if level in known]
    jobs += [Job("province", code) for code, level in levels.items() if level == "province"]
    return [*jobs, *(Job(kind, lang) for kind in ("lookup", "method", "not_found") for lang in site.edition.languages)]


def make_pages(site: Site, jobs: Sequence[Job], words: Words, workers: int = 0) -> list[str]:
    """Do all jobs; returns the paths of the pages that search engines may list. UserError names the page that failed."""
    workers = workers or max(1, len(os.sched_getaffinity(0)))
    done = run_here(site, jobs) if workers == 1 else run_apart(site, jobs, workers)
    bar = tqdm(done, total=len(jobs), desc=words.say("site.progress"), unit=words.say("files.unit"), file=sys.stderr)
    pages: list[str] = []
    try:
        for job, found in bar:
            if isinstance(found, UserError):
                raise found
            if isinstance(found, Exception):
                name, problem = f"{job.kind} {job.name}", f"{type(found).__name__}: {found}"
                raise UserError("SITE-PAGE", "site.failed", page=name, problem=problem) from found
            pages += found
    finally:
        done.close()  # waits for the processes: what they are writing must not come after the folder is taken away
    hidden = {path_of("not_found", lang) for lang in site.edition.languages}
    return sorted(set(pages) - hidden)


def lead_home(part: Path, site: Site) -> None:
    """Where the edition has no page at its own address (one language, and not the first) a page that leads on."""
    first, home = part / "index.html", path_of("home", site.edition.languages[0])
    if not first.exists() and (part / home).exists():
        first.write_text(
            f'<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0; url={home}">'
            f'<title>{Words(site.edition.languages[0]).say("app.title")}</title><a href="{home}">{home}</a>\n',
            encoding="utf-8",
        )


def run_here(site: Site, jobs: Sequence[Job]) -> Generator[tuple[Job, list[str] | Exception], None, None]:
    for job in jobs:
        try:
            yield job, do(site, job)
        except Exception as error:
            yield job, error


def run_apart(
    site: Site, jobs: Sequence[Job], workers: int
) -> Generator[tuple[Job, list[str] | Exception], None, None]:
    # Not forked: a child of a process that has DuckDB's threads would inherit locks that nobody opens again.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=silence_streamlit) as pool:
        waiting = {pool.submit(do, site, job): job for job in jobs}
        try:
            for one in as_completed(waiting):
                problem = one.exception()
                yield waiting[one], one.result() if problem is None else problem
        finally:
            pool.shutdown(cancel_futures=True)


def do(site: Site, job: Job) -> list[str]:
    """One job; returns the paths of its pages."""
    if job.kind == "rest":
        write_rest(site, job.name)
        return []
    if job.kind == "province":
        return [write_page(site, build_province(site, lang, job.name)) for lang in site.edition.languages]
    return [write_page(site, SINGLE[job.kind](site, job.name))]


def write_page(site: Site, page: SitePage) -> str:
    path = site.folder / page.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(render(page, site.edition))
    return page.path
