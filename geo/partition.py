"""Cuts an area into parts: by nearest seed, by share of area, into equal parts. Plane coordinates in metres."""

import numpy as np
import shapely

# Seeds closer than this would make slivers or, equal, one cell for two units.
_MIN_SEED_DISTANCE = 200.0
_MIN_PART = 1e-4
# Tried on real outlines: see the docstring of geo.derive.
_RING_POINTS = 6
_RING_RADIUS = 0.45
_HALVINGS = 24


def partition_by_seeds(
    area: shapely.Geometry, seeds: np.ndarray, half_sizes: np.ndarray | None = None
) -> list[shapely.Geometry]:
    """Return for each seed (n, 2) the part of the area that is nearer to it than to the others; never an empty part.

    With ``half_sizes`` (n, 2: half width and half height of what the seed stands for, nan where unknown) each seed is
    an ellipse of points instead of one: a wide unit then reaches wide, a large one far. A seed that is not finite, that
    repeats an earlier one or that would get next to nothing is put where there is most room between the others.
    """
    if len(seeds) == 1:
        return [area]
    seeds = _drop_repeated(seeds)
    for _ in range(2 * len(seeds) + 1):
        known = np.isfinite(seeds).all(axis=1, keepdims=True)
        seeds = place_missing(area, seeds)
        points, owners = seeds, np.arange(len(seeds))
        if half_sizes is not None:
            points, owners = _surround(seeds, np.where(known, half_sizes, np.nan), _usual_half_size(area, len(seeds)))
        pieces = _nearest_areas(points, area)
        parts = _rejoin_fragments([shapely.union_all(pieces[owners == i]) for i in range(len(seeds))])
        starved = shapely.area(parts) < _MIN_PART * shapely.area(area)
        if not starved.any():
            return parts
        seeds[starved] = np.nan
    raise ValueError("an area is too small for its seeds")


def _rejoin_fragments(parts: list[shapely.Geometry]) -> list[shapely.Geometry]:
    """Return the parts without pieces that lie cut off inside another part: each goes to what it borders on longest.

    A piece that borders on nothing is an island and stays.
    """
    pieces = [sorted(shapely.get_parts(part), key=lambda piece: -piece.area) for part in parts]
    mains = np.array([own[0] if own else shapely.Polygon() for own in pieces])
    loose = [(owner, piece) for owner, own in enumerate(pieces) for piece in own[1:]]
    joined = True
    while loose and joined:
        joined, waiting = False, []
        for owner, piece in loose:
            borders = shapely.length(shapely.intersection(piece, mains))
            if borders.max() > 0:
                best = int(borders.argmax())
                mains[best] = shapely.union(mains[best], piece)
                joined = True
            else:
                waiting.append((owner, piece))
        loose = waiting
    islands = [[piece for owner, piece in loose if owner == i] for i in range(len(parts))]
    return [shapely.union_all([main, *own]) for main, own in zip(mains, islands, strict=True)]


def _usual_half_size(area: shapely.Geometry, count: int) -> float:
    """Return the half side of a square whose points spread over half of an average part's width."""
    return float(np.sqrt(shapely.area(area) / count)) / 4


def _surround(seeds: np.ndarray, half_sizes: np.ndarray, usual: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the seeds followed by points around each (on a grid of metres, no point twice), and whose each is."""
    unknown = ~(half_sizes >= _MIN_SEED_DISTANCE).all(axis=1)
    radii = np.where(unknown[:, None], usual, half_sizes) * _RING_RADIUS
    angles = np.arange(_RING_POINTS) / _RING_POINTS * 2 * np.pi
    ring = np.column_stack([np.cos(angles), np.sin(angles)])
    points = np.vstack([seeds, (seeds[None] + ring[:, None] * radii[None]).reshape(-1, 2)])
    owners = np.tile(np.arange(len(seeds)), _RING_POINTS + 1)
    _, first = np.unique(np.round(points), axis=0, return_index=True)
    first.sort()
    return points[first], owners[first]


def _nearest_areas(points: np.ndarray, area: shapely.Geometry) -> np.ndarray:
    """Return the part of the area nearest to each point.

    Points are taken at whole metres: GEOS makes cells that overlap of points that are all but on one line or circle.
    """
    cells = shapely.voronoi_polygons(shapely.multipoints(np.round(points)), extend_to=area, ordered=True)
    return polygons_only(shapely.intersection(shapely.get_parts(cells), area))


def _drop_repeated(seeds: np.ndarray) -> np.ndarray:
    """Return the seeds with those too near to an earlier one set to nan."""
    kept = seeds.astype(float).copy()
    for i in range(1, len(kept)):
        if (np.hypot(*(kept[:i] - kept[i]).T) < _MIN_SEED_DISTANCE).any():
            kept[i] = np.nan
    return kept


def place_missing(area: shapely.Geometry, seeds: np.ndarray) -> np.ndarray:
    """Return the seeds with every missing one put at the grid point of the area furthest from all others.

    With none to keep away from, the first goes to a point inside the area.
    """
    seeds = seeds.copy()
    missing = np.flatnonzero(~np.isfinite(seeds).all(axis=1))
    if not len(missing):
        return seeds
    grid = _grid_inside(area)
    for i in missing:
        placed = seeds[np.isfinite(seeds).all(axis=1)]
        if len(placed):
            distance = np.hypot(*(grid[:, None, :] - placed[None, :, :]).transpose(2, 0, 1)).min(axis=1)
            seeds[i] = grid[distance.argmax()]
        else:
            seeds[i] = shapely.get_coordinates(shapely.point_on_surface(area))[0]
    return seeds


def _grid_inside(area: shapely.Geometry, side: int = 48) -> np.ndarray:
    """Return the points of a side x side grid over the area's box that lie in the area; at least its own point."""
    west, south, east, north = shapely.bounds(area)
    steps = (np.arange(side) + 0.5) / side
    x, y = np.meshgrid(west + (east - west) * steps, south + (north - south) * steps)
    shapely.prepare(area)
    inside = shapely.contains_xy(area, x.ravel(), y.ravel())
    grid = np.column_stack([x.ravel()[inside], y.ravel()[inside]])
    own = shapely.get_coordinates(shapely.point_on_surface(area))
    return np.vstack([grid, own])


def partition_by_shares(area: shapely.Geometry, seeds: np.ndarray, shares: list[float]) -> list[shapely.Geometry]:
    """Return one part per seed with its share of the area, each lying towards its seed.

    The seed furthest from the middle is cut off first, across the direction in which it lies.
    """
    middle = shapely.get_coordinates(shapely.centroid(area))[0]
    order = np.argsort(-np.hypot(*(seeds - middle).T), kind="stable")
    parts: list[shapely.Geometry] = [None] * len(seeds)
    rest, rest_share = area, sum(shares)
    for position, i in enumerate(order):
        others = order[position + 1 :]
        if not len(others):
            parts[i] = rest
            break
        direction = seeds[i] - seeds[others].mean(axis=0)
        parts[i], rest = cut_off(rest, direction, shares[i] / rest_share)
        rest_share -= shares[i]
    return parts


def partition_equally(area: shapely.Geometry, count: int) -> list[shapely.Geometry]:
    """Return ``count`` parts of equal area, by halving across the longer side."""
    if count == 1:
        return [area]
    west, south, east, north = shapely.bounds(area)
    direction = np.array([0.0, 1.0]) if north - south > east - west else np.array([-1.0, 0.0])
    first = (count + 1) // 2
    head, tail = cut_off(area, direction, first / count)
    return partition_equally(head, first) + partition_equally(tail, count - first)


def cut_off(area: shapely.Geometry, direction: np.ndarray, share: float) -> tuple[shapely.Geometry, shapely.Geometry]:
    """Cut the area by a straight line with ``share`` of it in the given direction; return that part, then the rest."""
    length = np.hypot(*direction)
    ahead = direction / length if length > 0 else np.array([1.0, 0.0])
    side = np.array([-ahead[1], ahead[0]])
    along = shapely.get_coordinates(area) @ ahead
    across = shapely.get_coordinates(area) @ side
    low, high = along.min(), along.max()
    far, left, right = high + 1.0, across.min() - 1.0, across.max() + 1.0

    def half_plane(offset: float) -> shapely.Geometry:
        corners = [(offset, left), (offset, right), (far, right), (far, left)]
        return shapely.polygons([a * ahead + b * side for a, b in corners])

    wanted = share * shapely.area(area)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if shapely.area(shapely.intersection(area, half_plane(middle))) > wanted:
            low = middle
        else:
            high = middle
    blade = half_plane((low + high) / 2)
    return polygons_only(shapely.intersection(area, blade)), polygons_only(shapely.difference(area, blade))


def polygons_only(geometries):
    """Return the geometries without the points and lines that an intersection can leave."""
    return shapely.buffer(geometries, 0)
