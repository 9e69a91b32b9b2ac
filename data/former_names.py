"""Search by the name that a unit had, or was given later, in another boundary set."""

from functools import cache

import numpy as np
import pandas as pd

from data import queries
from data.store import Store
from geo.crosswalks import load_crosswalk
from geo.units import load_units, map_order

# A commune leads to the two communes that hold most of it, anything larger to one province.
PLACES = {"commune": 2}
KINDS = ("former", "later", "within")
LEVELS = ("province", "district", "commune")
COLUMNS = (
    "unit_code", "level", "name", "short_name", "type", "province_code", "province_name", "district_name",
    "former_name", "former_province", "former_set", "kind",
)  # fmt: skip


def search_former_names(store: Store, boundary_set: str, text_key: str, limit: int = 20) -> pd.DataFrame:
    """Units of `boundary_set` that continue, or were before, a unit of another set whose key holds `text_key`.

    unit_code, level, name, short_name, type, province_code, province_name, district_name of the unit of `boundary_set`;
    former_name, former_province (names in the other set), former_set, kind (`list_kinds`). A commune leads to the communes that
    hold most of it (two at most), a district or province to the province that does. Units whose own name holds the text are
    left out, and districts that `boundary_set` has itself: `queries.search_units` finds them.
    """
    found = queries.search_elsewhere(store, boundary_set, text_key)
    found = found[~is_still_district(found, boundary_set)]
    leads = [
        {"unit_code": code, "former_name": row.former_name, "former_province": row.former_province,
         "former_set": row.former_set, "former_level": row.former_level, "former_code": row.former_code}
        for row in found.itertuples()
        for code in list_leads(row.former_set, row.former_level, boundary_set).get(row.former_code, [])
    ]  # fmt: skip
    if not leads:
        return pd.DataFrame(columns=list(COLUMNS))
    rows = pd.DataFrame(leads)
    shown = queries.units_by_code(store, boundary_set, rows["unit_code"].unique().tolist()).set_index("unit_code")
    rows = rows.join(shown, on="unit_code", how="inner")
    rows = rows[[text_key not in key for key in rows["search_key"]]]
    # The later set stands for both where they agree on a name.
    rows = rows.sort_values("former_set", ascending=False, kind="stable").drop_duplicates(["unit_code", "former_name"])
    rank = rows["former_level"].map({"province": 0, "district": 1, "commune": 2})
    order = ["rank", "former_set", "former_code"]
    rows = rows.assign(rank=rank).sort_values(order, ascending=[True, False, True], kind="stable")
    rows["kind"] = list_kinds(rows, boundary_set)
    return rows[list(COLUMNS)].head(limit).reset_index(drop=True)


def list_former_names(store: Store, boundary_set: str) -> pd.DataFrame:
    """Every name that leads to a unit of `boundary_set` from another set, for a search without a store: unit_code, former_name,
    former_province (None for a province), former_level, former_set, kind; larger units and later sets first, each name of a
    unit once."""
    frames = []
    for former_set in queries.boundary_sets(store)["boundary_set"]:
        if former_set == boundary_set:
            continue
        units = queries.units(store, former_set).set_index("unit_code")
        names = units["name"]
        for level in LEVELS:
            own = units[units["level"] == level]
            leads = list_leads(former_set, level, boundary_set)
            pairs = [(code, heir) for code in own.index for heir in leads.get(code, [])]
            former = pd.Index([code for code, _ in pairs], dtype=object)
            province = None if level == "province" else names.reindex(own["province_code"].reindex(former)).to_numpy()
            frames.append(
                pd.DataFrame(
                    {
                        "unit_code": [heir for _, heir in pairs],
                        "former_name": names.reindex(former).to_numpy(),
                        "former_province": province,
                        "former_level": level,
                        "former_set": former_set,
                        "former_code": former,
                    }
                )
            )
    rows = pd.concat(frames, ignore_index=True)
    rows = rows[~is_still_district(rows, boundary_set)]
    rank = rows["former_level"].map({level: place for place, level in enumerate(LEVELS)})
    order = ["rank", "former_set", "former_code", "unit_code"]
    rows = rows.assign(rank=rank).sort_values(order, ascending=[True, False, True, True], kind="stable")
    rows = rows.drop_duplicates(["unit_code", "former_name"])
    rows["kind"] = list_kinds(rows, boundary_set)
    columns = ["unit_code", "former_name", "former_province", "former_level", "former_set", "kind"]
    return rows[columns].reset_index(drop=True)


def is_still_district(rows: pd.DataFrame, boundary_set: str) -> pd.Series:
    """Which rows are districts that `boundary_set` has under the same code and name: what they would lead to is the province
    around them."""
    units = load_units(boundary_set)
    own = units[units["level"] == "district"]
    named = pd.Series(own["name"].to_numpy(), index=own["unit_code"])
    return (rows["former_level"] == "district") & (rows["former_code"].map(named) == rows["former_name"])


def list_kinds(rows: pd.DataFrame, boundary_set: str) -> list[str]:
    """How each name of another set stands to the unit that it leads to: `former`, an older name, of what is now a part of the
    unit or the same; of a later set `later`, formed from the unit, or `within`, a district that lies in it."""
    return [
        "former" if former_set < boundary_set else "within" if level == "district" else "later"
        for former_set, level in zip(rows["former_set"], rows["former_level"], strict=True)
    ]


@cache
def list_leads(former_set: str, level: str, boundary_set: str) -> dict[str, list[str]]:
    """To which units of `boundary_set` each unit of a level of another set leads: those that hold most of its communes by
    the shares of the crosswalk, the first code of equals. Made once per process; do not change it."""
    walk = load_crosswalk(*sorted((former_set, boundary_set)))
    is_forward = former_set < boundary_set
    of_former, of_shown = (walk.source, walk.target) if is_forward else (walk.target, walk.source)
    shown_level = "commune" if level == "commune" else "province"
    parts = pd.DataFrame(
        {
            "former": owners_of_communes(former_set, level)[of_former],
            "shown": owners_of_communes(boundary_set, shown_level)[of_shown],
            "share": walk.numerator / walk.denominator,
        }
    )
    sums = parts.groupby(["former", "shown"], as_index=False)["share"].sum()
    # To nine places, so that equal shares are equal whatever they were added up from.
    sums["share"] = sums["share"].round(9)
    sums = sums.sort_values(["former", "share", "shown"], ascending=[True, False, True])
    most = sums.groupby("former").head(PLACES.get(level, 1))
    leads: dict[str, list[str]] = {}
    for former, shown in zip(most["former"].tolist(), most["shown"].tolist(), strict=True):
        leads.setdefault(former, []).append(shown)
    return leads


def owners_of_communes(boundary_set: str, level: str) -> np.ndarray:
    """The unit of a level in which each unit of the commune map lies, in map order; itself for level commune. A district
    that stands alone is its own; a commune without a district belongs to none ("")."""
    communes = load_units(boundary_set).set_index("unit_code").loc[map_order(boundary_set, "commune")]
    own = communes.index.to_numpy()
    if level == "commune":
        return own
    if level == "province":
        return communes["province_code"].to_numpy()
    alone = (communes["level"] == "district").to_numpy()
    in_district = (communes["parent_code"] != communes["province_code"]).to_numpy()
    return np.where(alone, own, np.where(in_district, communes["parent_code"].to_numpy(), ""))
