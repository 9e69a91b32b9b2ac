"""Imported outlines become a whole: overlaps, gaps, enclaves, lakes, and units that did not come."""

import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import box

from geo.build import tidy_coverage
from geo.import_fit import fit_units, refit_children
from geo.import_gaps import find_holes, give_away
from geo.import_read import ImportProblem

KM = 1_000.0
GRID = pd.Series(
    {f"{x}{y}": box(x * 5 * KM, y * 5 * KM, (x + 1) * 5 * KM, (y + 1) * 5 * KM) for x in range(4) for y in range(4)}
)
PARENT = pd.Series("p", index=GRID.index)
NONE = np.array([], dtype=object)


def fit(imported: pd.Series, unnamed: np.ndarray = NONE, in_use: pd.Series = GRID):
    fitted = fit_units(imported, unnamed, in_use, pd.Series("p", index=in_use.index))
    assert shapely.coverage_is_valid(tidy_coverage(fitted.outlines.to_numpy()))
    assert fitted.outlines.index.equals(in_use.index)
    return fitted


def whole_area(outlines: pd.Series) -> float:
    return shapely.area(shapely.union_all(outlines.to_numpy()))


def test_narrow_gaps_and_overlaps_between_neighbours_are_closed():
    shaken = GRID.map(lambda cell: shapely.affinity.translate(shapely.buffer(cell, -20.0, join_style="mitre"), 9.0))
    shaken["11"] = shapely.buffer(shaken["11"], 60.0, join_style="mitre")
    fitted = fit(shaken)
    assert fitted.kept == [] and len(find_holes(fitted.outlines.to_numpy())) == 0
    assert shapely.area(fitted.outlines.to_numpy()).sum() == pytest.approx(whole_area(fitted.outlines), rel=1e-9)


def test_a_lake_stays_and_a_small_hole_goes_to_the_longest_border():
    ring = shapely.difference(GRID["11"], box(6 * KM, 6 * KM, 9 * KM, 9 * KM))
    notch = shapely.difference(GRID["22"], box(10 * KM, 12 * KM, 10.5 * KM, 13 * KM))
    fitted = fit(GRID.drop(["11", "22"]).pipe(lambda rest: pd.concat([rest, pd.Series({"11": ring, "22": notch})])))
    assert fitted.outlines["11"].area == pytest.approx(25e6 - 9e6)
    assert fitted.outlines["22"].area == pytest.approx(25e6)  # two of the hole's long sides are its own


def test_an_island_in_a_small_hole_is_not_swallowed():
    hole = box(6 * KM, 6 * KM, 7 * KM, 7 * KM)
    island = box(6.2 * KM, 6.2 * KM, 6.8 * KM, 6.8 * KM)
    named = pd.Series({"host": shapely.difference(GRID["11"], hole), "island": island})
    result = give_away(named, NONE, NONE)
    assert result["island"].area == pytest.approx(island.area)
    assert shapely.area(result.to_numpy()).sum() == pytest.approx(25e6)
    assert shapely.intersection(result["host"], result["island"]).area == 0


def test_an_enclave_whose_host_was_drawn_without_a_hole_has_its_ground():
    in_use = pd.concat([GRID, pd.Series({"town": box(6 * KM, 6 * KM, 8 * KM, 8 * KM)})])
    fitted = fit(in_use, in_use=in_use)
    assert fitted.kept == []
    assert fitted.outlines["town"].area == pytest.approx(4e6) and fitted.outlines["11"].area == pytest.approx(21e6)


def test_a_unit_that_did_not_come_keeps_what_the_others_leave_free():
    wider = GRID.drop("11")
    wider["21"] = shapely.union(wider["21"], box(9 * KM, 5 * KM, 10 * KM, 10 * KM))
    fitted = fit(wider)
    assert fitted.kept == ["11"] and fitted.outlines["11"].area == pytest.approx(20e6)


def test_a_unit_founded_since_is_cut_out_of_those_that_have_its_ground():
    came = GRID.drop("11")
    came["21"] = shapely.union(came["21"], GRID["11"])
    fitted = fit(came)
    assert fitted.kept == ["11"]
    assert fitted.outlines["11"].area > 15e6 and fitted.outlines["21"].area > 0.39 * 50e6
    assert shapely.area(fitted.outlines.to_numpy()).sum() == pytest.approx(400e6)


def test_islands_far_from_everything_stay_where_they_are_when_they_do_not_come():
    far = pd.concat([GRID, pd.Series({"498": box(900 * KM, 0, 901 * KM, 1 * KM)})])
    fitted = fit(GRID, in_use=far)
    assert fitted.kept == ["498"] and fitted.outlines["498"].equals(far["498"])


def test_an_outline_without_a_unit_goes_to_the_neighbours_and_never_takes_a_missing_units_ground():
    fitted = fit(GRID.drop(["11", "33"]), unnamed=np.array([GRID["11"], box(400 * KM, 0, 401 * KM, 1 * KM)]))
    assert fitted.kept == ["11", "33"]
    assert fitted.outlines["11"].area == pytest.approx(25e6)
    assert whole_area(fitted.outlines) == pytest.approx(400e6)  # the far one, unknown, is not drawn


def test_two_outlines_of_the_same_ground_leave_both_units_with_some():
    twice = GRID.copy()
    twice["12"] = GRID["11"]
    fitted = fit(twice)
    assert min(shapely.area(fitted.outlines.to_numpy())) > 1e6


def test_a_sliver_is_no_outline():
    slivers = GRID.copy()
    slivers["11"] = box(5 * KM, 5 * KM, 5.002 * KM, 10 * KM)
    fitted = fit(slivers)
    assert fitted.kept == ["11"] and fitted.outlines["11"].area > 20e6


def test_a_file_of_another_boundary_set_is_refused():
    halves = pd.Series({f"0{y}": box(0, y * 5 * KM, 20 * KM, (y + 1) * 5 * KM) for y in range(4)})
    with pytest.raises(ImportProblem, match="wrong_set"):
        fit(halves)


def test_children_are_laid_into_the_new_outlines_of_their_parents():
    parent = pd.Series({code: "left" if code[0] in "01" else "right" for code in GRID.index})
    parents = pd.Series({"left": box(0, 0, 11 * KM, 20 * KM), "right": box(11 * KM, 0, 22 * KM, 20 * KM)})
    laid = refit_children(GRID, parent, parents)
    for code, area in parents.items():
        own = laid[parent == code].to_numpy()
        assert shapely.area(own).sum() == pytest.approx(area.area, rel=1e-6)
        assert shapely.union_all(own).symmetric_difference(area).area < 1.0
