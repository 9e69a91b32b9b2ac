"""A month's figures on another, newer boundary set: counts are converted, never rates."""

import numpy as np
import pandas as pd

from data import queries
from data.store import Store
from geo.crosswalks import convert_counts, load_crosswalk

NOT_APPLICABLE = "not_applicable"


def convert_commune_values(store: Store, period: str, boundary_set: str, scope: str | None = None) -> pd.DataFrame:
    """The frame of `queries.commune_values` for a month, on a newer boundary set, in that set's map order.

    A new unit with an unreported part is unreported; a part where nobody lives adds nobody. `is_estimated` marks units
    to which a split unit's people were shared out. Sums of the nation stay the same where everything was reported.
    Raises ValueError for an older boundary set, KeyError for an unknown one; empty where the month has no figures.
    """
    figures = queries.commune_values(store, period)
    if figures.empty:
        return figures.assign(is_estimated=pd.Series(dtype=bool))
    own_set = str(queries.periods(store).set_index("period").loc[period, "boundary_set"])
    crosswalk = load_crosswalk(own_set, boundary_set)
    empty = (figures["obs_status"] == NOT_APPLICABLE).to_numpy()
    counts = figures[["population", "insured"]].to_numpy(dtype=np.int64, copy=True)
    counts[empty] = 0
    converted = convert_counts(counts, crosswalk)
    simulated = convert_counts(figures["is_simulated"].to_numpy().astype(np.int64) * 1_000_000, crosswalk) > 0
    nobody = converted[:, 0] == 0
    converted[nobody] = -1
    result = queries.units(store, boundary_set, "commune")[
        ["unit_code", "name", "short_name", "type", "province_code", "district_code", "stands_alone", "map_order"]
    ].copy()
    result["population"], result["insured"] = converted[:, 0], converted[:, 1]
    result["obs_status"] = np.where(nobody, NOT_APPLICABLE, np.where(converted[:, 1] >= 0, "reported", "missing"))
    result["is_simulated"] = simulated
    result["is_estimated"] = crosswalk.estimated
    if scope not in (None, queries.NATION):
        result = result[
            (result["province_code"] == scope) | (result["district_code"] == scope) | (result["unit_code"] == scope)
        ]
    return result.reset_index(drop=True)
