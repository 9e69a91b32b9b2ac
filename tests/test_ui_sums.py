"""Sums of months as charts want them."""

import numpy as np
import pandas as pd

from ui.sums import add_trend


def test_a_month_of_which_nothing_is_known_is_a_gap_in_both_lines():
    months = pd.DataFrame(
        {
            "period": ["2016-03", "2016-04", "2016-05"],
            "insured": [800, 0, 0],
            "population": [1_000, 0, 900],
            "met": [1, 0, 0],
            "counted": [4, 4, 4],
            "units_simulated": 0,
        }
    )
    for unknown in (0, -1):
        months.loc[1, ["insured", "population"]] = unknown
        trend = add_trend(months)
        assert np.isnan(trend["coverage_pct"]).tolist() == [False, True, False]
        assert np.isnan(trend["communes_met_pct"]).tolist() == [False, True, False]
        assert trend["communes_met_pct"].tolist()[::2] == [25.0, 0.0], "none that meets is no gap"
