"""The arcs of a file as steps of SVG paths on one window, and the closed rings around an area.

Steps are whole tenths of a pixel (`TENTHS` scales them back), relative, steps of nothing left out. They depend on the outlines
and the window only, so they are kept: the next map of the same place, of any month or measure, has only its rings to close.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from geo.arc_reader import ArcFile

TENTHS = 'transform="scale(.1)"'


@dataclass(frozen=True)
class Window:
    """A part of the grid (west, south, east, north) on a rectangle of pixels, north up, nothing stretched."""

    box: tuple[float, float, float, float]
    left: float
    top: float
    width: float
    height: float

    @property
    def scale(self) -> float:
        west, south, east, north = self.box
        return min(self.width / (east - west), self.height / (north - south))

    def x(self, value: np.ndarray) -> np.ndarray:
        west, _, east, _ = self.box
        return self.left + self.width / 2 + (value - (west + east) / 2) * self.scale

    def y(self, value: np.ndarray) -> np.ndarray:
        _, south, _, north = self.box
        return self.top + self.height / 2 - (value - (south + north) / 2) * self.scale


@dataclass(frozen=True)
class Ways:
    """The arcs of a file on one window, by arc: `first` and `last` are their end points ("x,y"), `there` the steps from the
    first to the last, `back` those of the way back, "" where the arc has shrunk to one point. "?" is not reckoned yet."""

    file: ArcFile
    window: Window
    first: list[str] = field(default_factory=list)
    last: list[str] = field(default_factory=list)
    there: list[str] = field(default_factory=list)
    back: list[str] = field(default_factory=list)
    known: np.ndarray = field(default_factory=lambda: np.zeros(0, bool))

    def draw_lines(self, arcs: np.ndarray) -> str:
        """Path data of arcs as lines."""
        self._reckon(arcs)
        return "".join(f"M{self.first[arc]}l{self.there[arc]}" for arc in arcs.tolist() if self.there[arc])

    def draw_rings(self, forward: np.ndarray, backward: np.ndarray) -> str:
        """Path data of an area from the arcs that have it on their left (`forward`) or right (walked back).

        Where rings touch in a point any way on is right: the even-odd rule fills the same area.
        """
        self._reckon(np.r_[forward, backward])
        starts, stops = ends_of_arcs(self.file)
        begins, ends = np.r_[starts[forward], stops[backward]], np.r_[stops[forward], starts[backward]]
        # An area's border closes: in every point as many ways end as begin, and each that ends goes on in one that begins.
        following = np.empty(len(begins), np.int64)
        following[np.argsort(ends, kind="stable")] = np.argsort(begins, kind="stable")
        onward = following.tolist()
        ahead, behind = forward.tolist(), backward.tolist()
        steps = [*(self.there[arc] for arc in ahead), *(self.back[arc] for arc in behind)]
        heads = [*(self.first[arc] for arc in ahead), *(self.last[arc] for arc in behind)]
        walked = [False] * len(onward)
        rings = []
        for start in range(len(onward)):
            way, ring = start, []
            while not walked[way]:
                walked[way] = True
                if steps[way]:
                    ring.append(steps[way])
                way = onward[way]
            if ring:
                rings.append(f"M{heads[start]}l{' '.join(ring)}Z")
        return "".join(rings)

    def _reckon(self, arcs: np.ndarray) -> None:
        """Write the steps of those arcs that have none yet, all points at once: a nation has a hundred thousand."""
        arcs = np.unique(arcs[~self.known[arcs]])
        if not len(arcs):
            return
        offset = self.file.arcs.offset
        lengths = offset[arcs + 1] - offset[arcs]
        until = np.cumsum(lengths)
        heads = until - lengths
        points = np.arange(until[-1]) + np.repeat(offset[arcs] - heads, lengths)
        x = np.rint(self.window.x(self.file.arcs.x[points]) * 10).astype(np.int64)
        y = np.rint(self.window.y(self.file.arcs.y[points]) * 10).astype(np.int64)
        dx, dy = np.diff(x, prepend=0), np.diff(y, prepend=0)
        moved = (dx != 0) | (dy != 0)
        moved[heads] = False
        ends = np.cumsum(moved)[until - 1].tolist()
        dx, dy = dx[moved], dy[moved]
        steps = [f"{a},{b}" for a, b in zip(dx.tolist(), dy.tolist(), strict=True)]
        turned = [f"{a},{b}" for a, b in zip((-dx).tolist(), (-dy).tolist(), strict=True)]
        corners = zip(x[heads].tolist(), y[heads].tolist(), x[until - 1].tolist(), y[until - 1].tolist(), strict=True)
        begin = 0
        for arc, end, (left, top, right, bottom) in zip(arcs.tolist(), ends, corners, strict=True):
            self.first[arc], self.last[arc] = f"{left},{top}", f"{right},{bottom}"
            self.there[arc] = " ".join(steps[begin:end])
            self.back[arc] = " ".join(reversed(turned[begin:end]))
            begin = end
        self.known[arcs] = True  # last: another thread may draw the same


@lru_cache(maxsize=24)
def ways_of(file: ArcFile, window: Window) -> Ways:
    """The ways of a file on a window, kept: the nation has eight windows, a province two."""
    count = len(file.arcs.left)
    return Ways(file, window, *(["?"] * count for _ in range(4)), known=np.zeros(count, bool))


@lru_cache(maxsize=8)
def ends_of_arcs(file: ArcFile) -> tuple[np.ndarray, np.ndarray]:
    """A number of the place where each arc begins and of that where it ends: the same place has the same number."""
    begins, ends = file.arcs.offset[:-1], file.arcs.offset[1:] - 1
    place = (file.arcs.x.astype(np.int64) << 32) ^ (file.arcs.y.astype(np.int64) & 0xFFFFFFFF)
    _, number = np.unique(np.r_[place[begins], place[ends]], return_inverse=True)
    return number[: len(begins)], number[len(begins) :]


@lru_cache(maxsize=8)
def boxes_of_arcs(file: ArcFile) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """West, east, south and north end of each arc."""
    heads = file.arcs.offset[:-1]
    (west, east), (south, north) = (
        (np.minimum.reduceat(value, heads), np.maximum.reduceat(value, heads)) for value in (file.arcs.x, file.arcs.y)
    )
    return west, east, south, north


def near(file: ArcFile, window: Window) -> np.ndarray:
    """Which arcs may reach into the window, by the box around each."""
    west, south, east, north = window.box
    wide, tall = window.width / window.scale - (east - west), window.height / window.scale - (north - south)
    low_x, high_x, low_y, high_y = boxes_of_arcs(file)
    return (low_x <= east + wide) & (high_x >= west - wide) & (low_y <= north + tall) & (high_y >= south - tall)


def find_tiny(file: ArcFile, window: Window, smallest: float) -> np.ndarray:
    """Which arcs are closed and smaller than so many pixels across."""
    west, east, south, north = boxes_of_arcs(file)
    starts, stops = ends_of_arcs(file)
    return (starts == stops) & (np.maximum(east - west, north - south) * window.scale < smallest)
