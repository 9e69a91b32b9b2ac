"""Makes imported outlines a whole: repaired, without gaps or overlaps, with the outlines in use where none came.

All geometry is in the plane of `geo.positions.TO_METRES`, in metres. Imported outlines always win; what they leave open
or leave out is filled from the outlines in use, cut to fit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from geo.import_gaps import give_away
from geo.import_read import ImportProblem
from geo.partition import cut_off, polygons_only
from geo.positions import TO_METRES

# A unit that did not come keeps what the others leave free, if that is this share of its outline in use;
# otherwise it is one that was founded since, and is cut out of them.
_FREE_SHARE = 0.3
# Units that must be cut out of imported ones are few where the file is of this boundary set; more say that it is not.
_MOST_CUT_OUT, _ALWAYS_CUT_OUT = 0.2, 3
# What a unit keeps at least when another is cut out of it.
_KEPT_SHARE = 0.4
# Less than this share of its outline in use is what digitising left over, and no outline.
_LEAST_SHARE = 0.01
_MOST_ROUNDS = 3
_MIN_SHARE = 1e-3
_MIN_AREA = 1_000.0


@dataclass(frozen=True)
class Fitted:
    """Outlines of every unit by code, and which of them are not the imported ones."""

    outlines: pd.Series
    kept: list[str]


def to_plane(degrees: np.ndarray) -> np.ndarray:
    """Degrees to metres of the one plane that all building here is done in."""
    return shapely.transform(degrees, lambda corner: corner * TO_METRES)


def repair(geometry: np.ndarray) -> np.ndarray:
    """Valid polygons, without the lines and points that a repair can leave; empty where nothing is left."""
    valid = shapely.make_valid(geometry)
    mixed = shapely.get_type_id(valid) == 7
    valid[mixed] = polygons_only(valid[mixed])
    return valid


def join_parts(codes: np.ndarray, plane: np.ndarray) -> pd.Series:
    """One outline per code, by code."""
    groups = pd.Series(plane, index=codes).groupby(level=0, sort=True)
    return groups.apply(lambda parts: parts.iloc[0] if len(parts) == 1 else shapely.union_all(parts.to_numpy()))


def fit_units(imported: pd.Series, unnamed: np.ndarray, in_use: pd.Series, parent: pd.Series) -> Fitted:
    """Outlines of every unit of `in_use`, from imported ones and, where none came, from those in use.

    Corners where one was cut into another are still to be tidied (`geo.build.tidy_coverage`).

    Where outlines of the file overlap, the smaller one has the ground: one that lies whole in another is an enclave whose
    host was drawn without a hole. Raises ImportProblem where so many units must be cut out of others that the file can be
    of another boundary set only.

    Args:
        imported: by code.
        unnamed: outlines of the file that no unit was found for; their ground is given to whoever lies around it.
        in_use: outlines in use of every unit of the level, by code; their order is that of the result.
        parent: each unit's district (or province): units founded since are cut out of units of the same one.
    """
    least = np.maximum(_MIN_AREA, _LEAST_SHARE * pd.Series(shapely.area(in_use.to_numpy()), index=in_use.index))
    outlines = {code: area for code, area in imported.items() if area.area > least[code]}
    added: list[str] = []
    cut_out = 0
    for _ in range(_MOST_ROUNDS):
        missing = [code for code in in_use.index if code not in outlines]
        cut_out += _lay_in(outlines, missing, in_use, parent)
        if cut_out > max(_ALWAYS_CUT_OUT, _MOST_CUT_OUT * len(imported)):
            raise ImportProblem("wrong_set", count=len(imported), missing=cut_out)
        added += missing
        codes = list(outlines)
        rest = _take_away(unnamed, [outlines[code] for code in added])
        with np.errstate(invalid="ignore"):  # GEOS leaves a flag of its own arithmetic behind.
            whole = shapely.coverage_clean(
                np.array([*outlines.values(), *rest], dtype=object), merge_strategy="min_area"
            )
        lost = [code for code, area in zip(codes, whole, strict=False) if area.area <= least[code]]
        if not lost:
            break
        # Two outlines of the file are (all but) the same ground: one of them is laid in like a unit that did not come.
        for code in lost:
            del outlines[code]
    named = pd.Series(whole[: len(codes)], index=codes)
    fitted = give_away(named, whole[len(codes) :], named.reindex(list(dict.fromkeys(added))).to_numpy())
    return Fitted(fitted.reindex(in_use.index), [code for code in in_use.index if code in set(added)])


def _take_away(areas: np.ndarray, others: list[shapely.Geometry]) -> list[shapely.Geometry]:
    """The areas without the others, as polygons of some size."""
    left = shapely.get_parts(polygons_only(shapely.difference(areas, shapely.union_all(others)))) if len(areas) else []
    return [part for part in left if part.area > _MIN_AREA]


def _lay_in(outlines: dict[str, shapely.Geometry], missing: list[str], in_use: pd.Series, parent: pd.Series) -> int:
    """Add the missing units to `outlines`; return how many had to be cut out of others."""
    came = list(outlines)
    tree = shapely.STRtree([outlines[code] for code in came])
    cut_out = 0
    for code in missing:
        old = in_use[code]
        around = [came[i] for i in tree.query(old, predicate="intersects")]
        free = old
        if around:
            free = polygons_only(shapely.difference(old, shapely.union_all([outlines[other] for other in around])))
            free = _without_slivers(free, old.area)
        hosts = [other for other in around if parent[other] == parent[code]] or around
        if free.area >= _FREE_SHARE * old.area or not hosts:
            outlines[code] = free if not free.is_empty else old
        else:
            outlines[code] = _cut_out(outlines, code, old, hosts)
            cut_out += 1
    return cut_out


def _without_slivers(area: shapely.Geometry, whole: float) -> shapely.Geometry:
    parts = shapely.get_parts(area)
    kept = parts[shapely.area(parts) > max(0.02 * whole, _MIN_AREA)]
    return shapely.union_all(kept) if len(kept) else shapely.Polygon()


def _cut_out(outlines: dict[str, shapely.Geometry], code: str, old: shapely.Geometry, hosts: list[str]):
    """Cut a unit's outline in use out of its hosts, each of which keeps enough; return what was cut."""
    parts = []
    for host in hosts:
        area = outlines[host]
        taken = polygons_only(shapely.intersection(area, old))
        if taken.area < max(_MIN_SHARE * old.area, _MIN_AREA):
            continue
        if taken.area > (1 - _KEPT_SHARE) * area.area:
            towards = _centre(old) - _centre(area)
            taken, left = cut_off(area, towards, 1 - _KEPT_SHARE)
        else:
            left = polygons_only(shapely.difference(area, taken))
        parts.append(taken)
        outlines[host] = left
    if not parts:
        # Nothing to speak of of any host: an island the size of a rock. It gets a corner of the nearest host.
        host = min(hosts, key=lambda other: shapely.distance(outlines[other], old))
        taken, outlines[host] = cut_off(outlines[host], _centre(old) - _centre(outlines[host]), 0.25)
        parts = [taken]
    return shapely.union_all(parts)


def _centre(area: shapely.Geometry) -> np.ndarray:
    return shapely.get_coordinates(shapely.centroid(area))[0]


def refit_children(children: pd.Series, parent: pd.Series, parents: pd.Series) -> pd.Series:
    """Outlines of units laid into new outlines of their districts (or provinces).

    Args:
        children: outlines in use by code; parent: the code of each one's parent; parents: the parents' new outlines.

    Each child keeps the part of its outline that lies in its parent; ground that the parent gained goes to the
    nearest child. A child that would be left with nothing is moved in whole: it gets a part of its nearest sibling.
    """
    own = parents.reindex(parent.reindex(children.index).to_numpy()).to_numpy()
    inside = polygons_only(shapely.intersection(children.to_numpy(), own))
    result = pd.Series(inside, index=children.index)
    for code, area in parents.items():
        members = parent.index[parent == code].intersection(children.index)
        if len(members) == 1:
            result[members[0]] = area
            continue
        held = result[members]
        full = shapely.area(held.to_numpy()) > 0.01 * shapely.area(children[members].to_numpy())
        outlines = dict(zip(members[full], held[full], strict=True))
        if not outlines:
            outlines = {members[0]: area}
            full = members == members[0]
        open_ground = polygons_only(shapely.difference(area, shapely.union_all(list(outlines.values()))))
        for member, ground in _share_ground(open_ground, outlines).items():
            outlines[member] = shapely.union_all([outlines[member], ground])
        for member in members[~full]:
            outlines[member] = _cut_out(outlines, member, children[member], list(outlines))
        result[members] = [outlines[member] for member in members]
    return result


def _share_ground(ground: shapely.Geometry, outlines: dict[str, shapely.Geometry], step: float = 400.0):
    """Return code → the part of the ground nearest to that outline's border."""
    if ground.is_empty or ground.area < _MIN_AREA:
        return {}
    codes = list(outlines)
    near = [code for code in codes if shapely.distance(outlines[code], ground) < 1.0] or codes
    if len(near) == 1:
        return {near[0]: ground}
    lines = shapely.segmentize(shapely.boundary([outlines[code] for code in near]), step)
    points, owner = shapely.get_coordinates(lines, return_index=True)
    points, first = np.unique(np.round(points), axis=0, return_index=True)
    owner = owner[first]
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points), extend_to=ground, ordered=True))
    tree = shapely.STRtree(cells)
    hit = tree.query(ground, predicate="intersects")
    pieces = polygons_only(shapely.intersection(cells[hit], ground))
    return {near[i]: shapely.union_all(pieces[owner[hit] == i]) for i in np.unique(owner[hit])}
