"""How large the circles of people are: area grows with people, one size per class of the legend."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import sqrt

LARGEST = {"commune": 6.5, "district": 15.0, "province": 24.0}  # CSS pixels of radius on the map of the nation
INSIDE = 17.0  # inside one province, where the units stand far apart
SMALLEST = 1.2


def circle_radii(edges: Sequence[int], largest: float) -> list[float]:
    """Radius in CSS pixels per class of `layers.classify_people`: nobody has none; a class is drawn by the geometric mean
    of its edges, the open last one by one and a half times its edge."""
    middles = [sqrt(low * high) for low, high in pairwise(edges)] + [1.5 * edges[-1]]
    scale = largest / sqrt(middles[-1])
    return [0.0, *(round(max(SMALLEST, scale * sqrt(people)), 1) for people in middles)]
