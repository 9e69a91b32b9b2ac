"""What several questions share."""

NATION = "VN"
SUMMARY_COUNTS = (
    "population", "insured", "uninsured", "population_all", "units", "units_reported", "units_simulated",
    "counted", "met", "not_met", "unknown", "population_counted", "population_met", "still_to_enrol",
    "districts_met", "districts_not_met", "districts_unknown", "districts_not_applicable",
)  # fmt: skip


def coalesce_counts(columns: tuple[str, ...]) -> str:
    """Columns of `unit_summary AS s` with -1 for unknown."""
    return ", ".join(f"coalesce(s.{column}, -1)::BIGINT AS {column}" for column in columns)


COUNTS = coalesce_counts(SUMMARY_COUNTS)
# `unit AS u` inside the unit or region of $scope.
IN_SCOPE = """(
    $scope IS NULL OR $scope = 'VN' OR u.province_code = $scope OR u.district_code = $scope OR u.unit_code = $scope
    OR u.region6 = $scope OR u.region7 = $scope
)"""
# `unit_code` among $codes. A join: asking each of a million rows for its place in a list costs five times as much.
AMONG_CODES = "unit_code IN (SELECT unnest($codes::VARCHAR[]))"
# Percentages of rules leave as text without needless zeros, so that they stay exact: 85, 95.15.
EXACT_VALUE = "rtrim(rtrim(value::VARCHAR, '0'), '.') AS value"
# `p` and `d`: province and district of `unit AS u`, none for the unit itself.
WITH_PROVINCE = """
    LEFT JOIN unit AS p
        ON p.boundary_set = u.boundary_set AND p.unit_code = u.province_code AND u.level <> 'province'
"""
WITH_PARENTS = f"""
    {WITH_PROVINCE}
    LEFT JOIN unit AS d
        ON d.boundary_set = u.boundary_set AND d.unit_code = u.district_code AND u.level <> 'district'
"""
