"""``python -m geo import``: outlines that somebody else drew take the place of the derived ones, in the data directory.

The file's level is replaced, the levels above are dissolved from it, units below are laid into it, and later boundary
sets are rebuilt from it by crosswalk. Everything is made beside what is in use; one rename at the end puts it in force.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.build import BuildError, assemble_levels, tidy_coverage
from geo.derive import read_shares
from geo.import_fields import choose_fields
from geo.import_fit import fit_units, join_parts, refit_children, repair, to_plane
from geo.import_match import LEVELS, Matches, UnitFinder, match_outlines
from geo.import_read import ImportProblem, read_layer
from geo.import_report import read_decided, write_report
from geo.import_store import Source, describe_source, find_folder, open_store, own_import
from geo.partition import partition_by_shares
from geo.units import SETS_DIR, boundary_sets, load_units, map_order
from text.words import Words

LEAST_SHARE_MATCHED = 0.5
Step = Callable[[str], AbstractContextManager[None]]


@dataclass(frozen=True)
class Request:
    """What the operator asked for."""

    file: Path
    boundary_set: str
    level: str
    licence: str
    source: str
    code_field: str | None = None
    name_fields: tuple[str, ...] = ()
    licence_url: str = ""
    layer: str | None = None
    crs: str | None = None
    encoding: str | None = None
    decided: Path | None = None
    report: Path | None = None
    dry_run: bool = False


@dataclass(frozen=True)
class Result:
    """What became of an import: matches in the order of `rows`, the units that keep what they had, the sets rebuilt."""

    matches: Matches
    rows: np.ndarray
    labels: list[str]
    kept: list[str]
    rebuilt: list[str]
    report: Path


def import_outlines(request: Request, into: Path, words: Words, step: Step = lambda name: nullcontext()) -> Result:
    """Import one file into the data directory `into`; raises ImportProblem, and then nothing has changed.

    The report (CSV) is written in any case where the file could be read and matched.
    """
    _check(request)
    with step("read"):
        layer = read_layer(request.file, request.layer, request.crs, request.encoding)
        plane = to_plane(repair(layer.geometry))
    with step("match"):
        in_use = load_plane(find_folder(into, request.boundary_set), request.level)
        finder = UnitFinder(request.boundary_set, request.level, in_use, _parents_in_use(request, into, in_use))
        fields = choose_fields(layer.texts, finder, request.code_field, request.name_fields, request.file.name)
        codes = layer.texts[fields.code].tolist() if fields.code else None
        names = layer.texts[list(fields.names)] if fields.names else None
        decided = read_decided(request.decided, layer.rows) if request.decided else None
        filled = ~shapely.is_empty(plane)
        points = shapely.point_on_surface(plane)
        matches = match_outlines(finder, codes, names, np.where(filled, points, shapely.Point(0, 0)), decided)
    labels = [
        " / ".join(filter(None, row)) for row in (names if names is not None else layer.texts).to_numpy().tolist()
    ]
    report = request.report or into / "reports" / f"{request.file.stem}.{request.boundary_set}.{request.level}.csv"
    matched = matches.is_matched & filled
    came = set(np.array(matches.code)[matched])
    kept = [code for code in finder.units.index if code in finder.codes and code not in came]

    def save_report() -> None:
        write_report(report, layer.rows, labels, codes, matches, kept, request.boundary_set, words)

    if matched.mean() < LEAST_SHARE_MATCHED:
        save_report()
        raise ImportProblem("few_matched", found=int(matched.sum()), count=len(matched), report=report)
    if request.dry_run:
        save_report()
        return Result(matches, layer.rows, labels, kept, [], report)
    if request.level == "province" and kept:
        # Laid beside the others, the derived outline of a missing province would pull its islands to another place.
        save_report()
        raise ImportProblem("provinces_missing", count=len(kept), report=report)
    try:
        with open_store(into) as store:
            base = load_plane(SETS_DIR / request.boundary_set, request.level)
            with step("fit"):
                imported = join_parts(np.array(matches.code)[matched], plane[matched])
                parent = _parent_codes(request.boundary_set, request.level)
                fitted = fit_units(imported, plane[filled & ~matched], base, parent)
                kept = fitted.kept
                pieces = _communes_of(request, into, fitted.outlines)
            source = _describe(request, into, kept)
            rebuilt = []
            for boundary_set, communes, is_own in _with_later_sets(request.boundary_set, pieces, into):
                with step(boundary_set):
                    levels = assemble_levels(boundary_set, pd.Series(communes.index), pd.Series(communes.to_numpy()))
                    store.add(boundary_set, levels, source if is_own else source.carried_on())
                rebuilt.append(boundary_set)
            with step("publish"):
                save_report()
                store.publish()
    except OSError as error:
        raise ImportProblem("cannot_write", folder=into, reason=error.strerror or error) from error
    except (BuildError, ValueError, shapely.GEOSException) as error:
        raise ImportProblem("cannot_build", reason=error) from error
    return Result(matches, layer.rows, labels, kept, rebuilt, report)


def _check(request: Request) -> None:
    if request.boundary_set not in boundary_sets():
        raise ImportProblem("unknown_set", name=request.boundary_set, known=", ".join(boundary_sets()))
    if request.level not in LEVELS or not len(map_order(request.boundary_set, request.level)):
        raise ImportProblem("unknown_level", name=request.level, boundary_set=request.boundary_set)
    if not request.licence.strip() or not request.source.strip():
        raise ImportProblem("no_licence")


def load_plane(folder: Path, level: str) -> pd.Series:
    """The outlines of a level in a folder, by code, in the plane (metres)."""
    frame = gpd.read_parquet(folder / f"{level}s.parquet").set_index("unit_code")
    return pd.Series(to_plane(frame.geometry.to_numpy()), index=frame.index.to_numpy())


def _parents_in_use(request: Request, into: Path, in_use: pd.Series) -> pd.Series:
    """Outlines of the districts of the set in use; where it has none, the level's own (its communes have provinces)."""
    if request.level == "commune" and len(map_order(request.boundary_set, "district")):
        return load_plane(find_folder(into, request.boundary_set), "district")
    return in_use


def _parent_codes(boundary_set: str, level: str) -> pd.Series:
    units = load_units(boundary_set).set_index("unit_code")
    codes = map_order(boundary_set, level)
    return units.loc[codes, "parent_code"].where(units.loc[codes, "stands_alone"] != "1", codes)


def _communes_of(request: Request, into: Path, outlines: pd.Series) -> pd.Series:
    """Outlines of all communes: those imported, or those in use laid into the imported districts or provinces."""
    if request.level != "commune":
        communes = load_plane(find_folder(into, request.boundary_set), "commune")
        parent = _parent_codes(request.boundary_set, "commune")
        if request.level == "province":
            parent = load_units(request.boundary_set).set_index("unit_code").loc[communes.index, "province_code"]
        outlines = refit_children(communes, parent, outlines)
    tidy = tidy_coverage(outlines.to_numpy())
    # Tidying may swallow an island the size of a rock; it comes back as it was.
    lost = shapely.is_empty(tidy)
    return pd.Series(np.where(lost, outlines.to_numpy(), tidy), index=outlines.index)


def _with_later_sets(boundary_set: str, communes: pd.Series, into: Path):
    """Yield (boundary set, outlines of communes, whether they are the imported ones), up to a set with its own import."""
    yield boundary_set, communes, True
    known = boundary_sets()
    for before, after in itertools.pairwise(known):
        if before < boundary_set:
            continue
        if own_import(into, after):
            return
        communes = convert_outlines(before, after, communes)
        yield after, communes, False


def convert_outlines(before: str, after: str, communes: pd.Series) -> pd.Series:
    """Outlines of the next boundary set: united by the crosswalk; a split commune is cut by its shares of people.

    Each part lies towards the outline that the new unit has among the derived ones.
    """
    shares = read_shares(before, after)
    places = shapely.get_coordinates(shapely.centroid(load_plane(SETS_DIR / after, "commune").to_numpy()))
    row = {code: i for i, code in enumerate(map_order(after, "commune"))}
    codes, pieces = [], []
    for code, area in communes.items():
        targets = sorted(shares[code])
        parts = [area]
        if len(targets) > 1:
            seeds = places[[row[to] for to in targets]]
            parts = partition_by_shares(area, seeds, [float(shares[code][to]) for to in targets])
        codes += targets
        pieces += parts
    tidy = tidy_coverage(np.array(pieces, dtype=object))
    kept = ~shapely.is_empty(tidy)
    return join_parts(np.array(codes)[kept], tidy[kept])


def _describe(request: Request, into: Path, kept: list[str]) -> Source:
    rest = ""
    if request.level != "commune":
        rest = describe_source(find_folder(into, request.boundary_set))
    elif kept:
        rest = describe_source(SETS_DIR / request.boundary_set)
    digest = hashlib.sha256()
    with request.file.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return Source(
        boundary_set=request.boundary_set,
        level=request.level,
        licence=request.licence.strip(),
        licence_url=request.licence_url.strip(),
        attribution=request.source.strip(),
        file=request.file.name,
        sha256=digest.hexdigest(),
        date=datetime.now(UTC).date().isoformat(),
        kept_units=tuple(kept),
        rest=rest,
    )
