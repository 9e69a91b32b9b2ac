"""Make `fixture.arc` and `fixture.json`: a small invented coverage with everything that is hard to draw.

Run by hand after a change of the file format: `python charts/coverage_map/tests/make_fixture.py`.
Voronoi cells with a unit inside another, a hole that belongs to nobody, islands, and a unit in three parts.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import shapely

sys.path.insert(0, str(Path(__file__).parents[3]))
from geo.arcs import cut_edges, encode_arcs, link_arcs, set_levels

UNITS, SIZE = 60, 100_000.0


def make_coverage() -> np.ndarray:
    """Sixty units in metres; the same every time."""
    rng = np.random.default_rng(20201231)
    land = shapely.difference(shapely.box(0, 0, SIZE, SIZE), shapely.Point(0.7 * SIZE, 0.3 * SIZE).buffer(6_000))
    points = shapely.multipoints(rng.uniform(0, SIZE, (UNITS - 2, 2)))
    cells = shapely.get_parts(shapely.voronoi_polygons(points, extend_to=land))
    cells = shapely.intersection(cells, land)
    enclave = shapely.Point(0.3 * SIZE, 0.6 * SIZE).buffer(4_000, quad_segs=4)
    cells = shapely.difference(cells, enclave)
    islands = [shapely.box(x, 1.05 * SIZE, x + 3_000, 1.08 * SIZE) for x in (10_000, 50_000, 90_000)]
    cells[0] = shapely.union_all([cells[0], islands[0]])
    cells[1] = shapely.union_all([cells[1], *islands[1:]])
    far = shapely.Point(1.1 * SIZE, 0.5 * SIZE).buffer(5_000, quad_segs=3)
    return shapely.coverage_clean(np.array([*cells, enclave, far], dtype=object))


def main() -> None:
    coverage = shapely.coverage_simplify(make_coverage(), 300)
    centre = shapely.get_coordinates(shapely.point_on_surface(coverage))
    province = (centre[:, 0] > SIZE / 2).astype(int)
    district = province * 2 + (centre[:, 1] > SIZE / 2)
    origin, step = (-1_000.0, -1_000.0), 20.0
    edges = set_levels(cut_edges(coverage, origin, step), district, province)
    points = np.rint((centre - origin) / step).astype(np.int64)
    header = {
        "boundary_set": "test", "level": "commune", "scope": "VN", "unit_count": len(coverage),
        "order_hash": "0123456789abcdef", "projection": {"crs": "none", "origin": origin, "step": step},
        "frame": [0, 0, 6000, 6000], "insets": [],
    }  # fmt: skip
    here = Path(__file__).parent
    (here / "fixture.arc").write_bytes(encode_arcs(link_arcs(edges), np.arange(len(coverage)), points, header))
    polygons = []
    for geometry in coverage:
        rings = shapely.get_rings(shapely.get_parts(geometry))
        polygons.append(
            [np.rint((shapely.get_coordinates(ring) - origin) / step).astype(int).tolist() for ring in rings]
        )
    (here / "fixture.json").write_text(json.dumps(polygons, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
