"""How much area the derived outlines give to the right unit, against real outlines (not part of the project)."""

import re
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geo import units
from geo.crosswalk_lists import fold_name
from geo.positions import TO_METRES

BOUNDARIES = Path(__file__).parents[2] / "shared" / "boundaries"
pytestmark = pytest.mark.skipif(not BOUNDARIES.exists(), reason="needs the real outlines of ../shared")


def bare_name(name):
    """A folded name without its type, whichever way a file writes it."""
    return re.sub(r"^(tinh|thanhpho|tp|quan|huyen|thixa|xa|phuong|thitran)(?=.)", "", fold_name(name))


def share_right(boundary_set, real, columns):
    """Share of the area of real units (by code) that the derived map gives to the same unit, or the same parent."""
    derived = gpd.read_parquet(units.SETS_DIR / boundary_set / "communes.parquet").set_index("unit_code").geometry
    frame = units.load_units(boundary_set).set_index("unit_code", drop=False)
    tree = shapely.STRtree(derived.to_numpy())
    left, right = tree.query(real.to_numpy(), predicate="intersects")
    overlap = shapely.intersection(real.to_numpy()[left], derived.to_numpy()[right])
    area = shapely.area(shapely.transform(overlap, lambda degrees: degrees * TO_METRES))
    truth, found = real.index[left], derived.index[right]
    return {
        column: float(
            area[frame.loc[truth, column].to_numpy() == frame.loc[found, column].to_numpy()].sum() / area.sum()
        )
        for column in columns
    }


def test_the_communes_of_2025_lie_where_the_real_ones_do():
    real = gpd.read_parquet(BOUNDARIES / "communes_2025_coded.parquet").set_index("code").geometry.iloc[::4]
    real = real.rename({"06978": "06970"})  # Xã Ba Chẽ has two codes in circulation.
    shares = share_right(
        "2025-07", gpd.GeoSeries(shapely.make_valid(real.to_numpy()), real.index), ["province_code", "unit_code"]
    )
    assert shares["province_code"] > 0.994
    assert shares["unit_code"] > 0.85


def test_the_communes_of_2019_lie_where_those_of_the_same_name_did():
    real = gpd.read_file(BOUNDARIES / "communes_2009_named.gpkg", columns=["TINH", "HUYEN", "XA"])
    real = real[real["XA"].notna()].iloc[::8]
    frame = units.load_units("2019-10").set_index("unit_code")
    communes = frame[frame["level"] == "commune"]
    names = frame["name"].map(bare_name)
    keys = pd.MultiIndex.from_arrays(
        [names[communes["province_code"]], names[communes["parent_code"]], names[communes.index]]
    )
    known = pd.Series(communes.index, index=keys)[~keys.duplicated(keep=False)]
    wanted = pd.MultiIndex.from_arrays([real[column].map(bare_name) for column in ("TINH", "HUYEN", "XA")])
    codes = known.reindex(wanted)
    matched = codes.notna().to_numpy() & ~codes.duplicated(keep=False).to_numpy()
    assert matched.sum() > 900
    outlines = gpd.GeoSeries(shapely.make_valid(real.geometry.to_numpy()[matched]), codes[matched].to_numpy())
    shares = share_right("2019-10", outlines, ["province_code", "parent_code", "unit_code"])
    assert shares["province_code"] > 0.99
    assert shares["parent_code"] > 0.97
    assert shares["unit_code"] > 0.73
