import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.partition import cut_off, partition_by_seeds, partition_by_shares, partition_equally

SQUARE = shapely.box(0, 0, 10_000, 10_000)
TWO_ISLANDS = shapely.union(shapely.box(0, 0, 4_000, 9_000), shapely.box(6_000, 0, 10_000, 9_000))
areas = st.sampled_from([SQUARE, TWO_ISLANDS, shapely.Point(0, 0).buffer(5_000)])
near = st.floats(-20_000, 20_000)


def assert_parts_make_up(parts, area):
    assert all(part.area > 0 for part in parts)
    assert sum(part.area for part in parts) == pytest.approx(area.area, rel=1e-6)
    assert shapely.union_all(parts).symmetric_difference(area).area < area.area * 1e-6


@settings(deadline=None, max_examples=40)
@given(area=areas, seeds=st.lists(st.tuples(near, near), min_size=1, max_size=12))
def test_every_seed_gets_a_part_and_the_parts_make_up_the_area(area, seeds):
    parts = partition_by_seeds(area, np.array(seeds))
    assert len(parts) == len(seeds)
    assert_parts_make_up(parts, area)


@settings(deadline=None, max_examples=40)
@given(
    area=areas,
    seeds=st.lists(st.tuples(near, near, st.floats(0, 8_000), st.floats(0, 8_000)), min_size=1, max_size=10),
)
def test_seeds_with_a_size_make_up_the_area_too(area, seeds):
    seeds = np.array(seeds)
    parts = partition_by_seeds(area, seeds[:, :2], seeds[:, 2:])
    assert len(parts) == len(seeds)
    assert_parts_make_up(parts, area)


def test_a_part_in_one_piece_of_land_is_in_one_piece():
    generator = np.random.default_rng(3)
    seeds = generator.uniform(0, 10_000, size=(40, 2))
    parts = partition_by_seeds(SQUARE, seeds, generator.uniform(300, 4_000, size=(40, 2)))
    assert {shapely.get_num_geometries(part) for part in parts} == {1}


def test_a_wide_unit_reaches_wide():
    seeds = np.array([[3_000.0, 5_000.0], [7_000.0, 5_000.0]])
    wide, narrow = partition_by_seeds(SQUARE, seeds, np.array([[4_000.0, 4_000.0], [500.0, 500.0]]))
    assert wide.area > narrow.area * 1.3


def test_a_part_is_what_lies_nearest_to_its_seed():
    west, east = partition_by_seeds(SQUARE, np.array([[2_000.0, 5_000.0], [6_000.0, 5_000.0]]))
    assert west.bounds == pytest.approx((0, 0, 4_000, 10_000))
    assert east.bounds == pytest.approx((4_000, 0, 10_000, 10_000))


def test_a_missing_or_repeated_seed_goes_where_there_is_room():
    corner = [1_000.0, 1_000.0]
    parts = partition_by_seeds(SQUARE, np.array([corner, corner, [np.nan, np.nan]]))
    assert parts[0].covers(shapely.Point(corner))
    assert min(part.area for part in parts) > SQUARE.area * 0.15


@settings(deadline=None, max_examples=40)
@given(area=areas, count=st.integers(1, 7))
def test_equal_parts_are_equal(area, count):
    parts = partition_equally(area, count)
    assert_parts_make_up(parts, area)
    assert [part.area for part in parts] == pytest.approx([area.area / count] * count, rel=1e-3)


@settings(deadline=None, max_examples=40)
@given(area=areas, share=st.floats(0.02, 0.98), angle=st.floats(0, 6.28))
def test_a_cut_has_its_share_and_lies_ahead(area, share, angle):
    direction = np.array([np.cos(angle), np.sin(angle)])
    part, rest = cut_off(area, direction, share)
    assert_parts_make_up([part, rest], area)
    assert part.area / area.area == pytest.approx(share, abs=1e-3)
    ahead = shapely.get_coordinates(part.centroid)[0] - shapely.get_coordinates(rest.centroid)[0]
    assert ahead @ direction > 0


def test_shares_are_cut_towards_their_seeds():
    seeds = np.array([[-5_000.0, 5_000.0], [5_000.0, 5_000.0], [5_000.0, 30_000.0]])
    parts = partition_by_shares(SQUARE, seeds, [0.2, 0.5, 0.3])
    assert_parts_make_up(parts, SQUARE)
    assert [part.area / SQUARE.area for part in parts] == pytest.approx([0.2, 0.5, 0.3], abs=1e-3)
    assert parts[2].bounds[1] > 5_000 and parts[0].bounds[0] == 0
