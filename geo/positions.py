"""Where each commune lies: a position per unit, from the boxes and points of vietnamadminunits, or none if doubtful."""

import numpy as np
import pandas as pd

from geo.crosswalk_lists import read_boxes

METRES_PER_DEGREE = 110_574.0
# One plane for the nation: degrees stretched to metres at 16° N. Widths are up to 4 % off in the far north and south,
# which a line halfway between two neighbours does not notice; and the way back is exact.
TO_METRES = np.array([np.cos(np.radians(16.0)) * 111_320.0, METRES_PER_DEGREE])

# The package puts these on the mainland. Positions: degrees east and north.
KNOWN_POSITIONS = {
    "22736": (111.9194, 8.6447),  # Thị trấn Trường Sa
    "22737": (114.3306, 11.4289),  # Xã Song Tử Tây
    "22739": (114.3294, 9.8867),  # Xã Sinh Tồn
    "21541": (109.1000, 15.3850),  # Xã An Vĩnh (Lý Sơn)
    "21544": (109.1300, 15.3830),  # Xã An Hải
    "21547": (109.0826, 15.4289),  # Xã An Bình, the small island
}


def place_communes(legacy: pd.DataFrame) -> pd.DataFrame:
    """Return x, y, half_width, half_height (plane, metres; nan where doubtful) by unit_code of admin_units_legacy.

    A commune whose box is its whole district's, or that shares its box with another, was not found by whoever made
    the package.
    """
    boxes = read_boxes(legacy).set_index("from_code")
    corners = ["west", "south", "east", "north"]
    district = legacy["districtBounds"].str.extract(r"([\d.]+),([\d.]+) . ([\d.]+),([\d.]+)").astype(float)
    district = district[[1, 0, 3, 2]].to_numpy()
    alone = legacy["wardCode"].isna().to_numpy()
    whole = (np.abs(boxes[corners].to_numpy() - district) < 1e-5).all(axis=1) & ~alone
    repeated = boxes.duplicated(corners, keep=False).to_numpy() & ~alone
    sizes = boxes[["east", "north"]].to_numpy() - boxes[["west", "south"]].to_numpy()
    values = np.hstack([box_centres(legacy).to_numpy() * TO_METRES, sizes / 2 * TO_METRES])
    values[whole | repeated] = np.nan
    places = pd.DataFrame(values, index=boxes.index, columns=["x", "y", "half_width", "half_height"])
    for code, position in KNOWN_POSITIONS.items():
        places.loc[code] = [*(position * TO_METRES), np.nan, np.nan]
    return places.rename_axis("unit_code")


def box_centres(legacy: pd.DataFrame) -> pd.DataFrame:
    """Return lon, lat (degrees) by unit_code of the middle of every box, doubtful ones included."""
    boxes = read_boxes(legacy).set_index("from_code").rename_axis("unit_code")
    return pd.DataFrame({"lon": (boxes["west"] + boxes["east"]) / 2, "lat": (boxes["south"] + boxes["north"]) / 2})


def place_new_communes(current: pd.DataFrame) -> pd.DataFrame:
    """Return x, y (plane, metres) by unit_code for each row of admin_units (2025-07)."""
    plane = current[["wardLon", "wardLat"]].to_numpy(float) * TO_METRES
    return pd.DataFrame(plane, index=pd.Index(current["wardCode"], name="unit_code"), columns=["x", "y"])
