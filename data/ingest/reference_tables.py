"""Fills the tables that do not come from reports: units, crosswalks, rules, payer groups and published figures."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pandas as pd

from data.ingest.facts import read_facts, read_targets
from geo.crosswalks import CROSSWALKS_DIR
from geo.units import boundary_sets, load_regions, load_units, map_order, read_text_table
from indicators.catalogue import load_payer_groups
from indicators.rule_rows import goal_rows, programme_rows, threshold_rows
from indicators.rules import load_programmes
from text.names import search_key


def list_reference_tables(rules_directory: Path | None = None) -> Iterator[tuple[str, pd.DataFrame]]:
    """Every reference table with its rows, parents before children.

    Thresholds and targets of `rules_directory` (what the operator entered) are laid over those of the code.
    """
    yield "boundary_set", describe_boundary_sets()
    yield "region", blank_to_null(load_regions())
    yield "unit", pd.concat([list_units(boundary_set) for boundary_set in boundary_sets()], ignore_index=True)
    yield "crosswalk", list_crosswalks()
    programmes = list(load_programmes(rules_directory).values())
    yield "programme", pd.DataFrame(programme_rows(programmes))
    rules = pd.DataFrame(threshold_rows(programmes))
    rules["rule_id"] = rules["programme"] + "/" + rules["kind"] + "/" + rules["level"] + "/" + rules["scope"]
    rules["rule_id"] += "/" + rules["effective_from"].astype(str)
    yield "rule", rules
    yield "goal", pd.DataFrame(goal_rows(programmes))
    yield "payer_group", list_payer_groups()
    yield from list_fact_tables(rules_directory)


def blank_to_null(frame: pd.DataFrame) -> pd.DataFrame:
    """Empty text as NULL, in every column."""
    return frame.mask(frame == "")


def describe_boundary_sets() -> pd.DataFrame:
    """One row per boundary set with how many units it has."""
    rows = []
    for position, boundary_set in enumerate(boundary_sets()):
        count = load_units(boundary_set)["level"].value_counts()
        rows.append(
            {
                "boundary_set": boundary_set,
                "position": position,
                "commune_count": int(count["commune"]),
                "district_count": int(count.get("district", 0)),
                "province_count": int(count["province"]),
            }
        )
    return pd.DataFrame(rows)


@cache
def list_units(boundary_set: str) -> pd.DataFrame:
    """The table `unit` for one boundary set."""
    units = load_units(boundary_set).set_index("unit_code", drop=False)
    frame = units.copy()
    frame["boundary_set"] = boundary_set
    frame["stands_alone"] = frame["stands_alone"] == "1"
    frame["level_order"] = frame.groupby("level").cumcount()
    frame["map_order"] = None
    order = map_order(boundary_set, "commune")
    frame["map_order"] = pd.Series(range(len(order)), index=order).reindex(frame.index).astype("Int32")
    is_commune = frame["level"] == "commune"
    has_district = is_commune & (frame["parent_code"] != frame["province_code"])
    frame["district_code"] = frame["parent_code"].where(has_district, "")
    frame["district_code"] = frame["district_code"].mask(frame["level"] == "district", frame["unit_code"])
    for scheme in ("region6", "region7"):
        frame[scheme] = frame["province_code"].map(units[scheme]).fillna("")
    frame["search_key"] = [search_key(name) for name in frame["name"]]
    return blank_to_null(frame.reset_index(drop=True))


def list_crosswalks() -> pd.DataFrame:
    """The steps from each boundary set to the next."""
    frames = []
    for from_set, to_set in zip(boundary_sets(), boundary_sets()[1:], strict=False):
        step = read_text_table(CROSSWALKS_DIR / f"{from_set}__{to_set}.csv")
        step["from_set"], step["to_set"] = from_set, to_set
        frames.append(step)
    return pd.concat(frames, ignore_index=True)


def list_payer_groups() -> pd.DataFrame:
    """The dated lists of payer groups; `to_period` is the month before the next list begins."""
    lists = load_payer_groups()
    rows = []
    for number, entry in enumerate(lists):
        following = lists[number + 1].effective_from if number + 1 < len(lists) else None
        last = str(pd.Period(following, "M") - 1) if following else None
        for position, group in enumerate(entry.groups):
            rows.append(
                {
                    "list": entry.list,
                    "payer_group": group.code,
                    "position": position,
                    "from_period": str(pd.Period(entry.effective_from, "M")),
                    "to_period": last,
                    "word": group.word,
                    "legal_basis": entry.legal_basis,
                    "source": entry.source,
                }
            )
    return pd.DataFrame(rows)


def list_fact_tables(rules_directory: Path | None) -> Iterator[tuple[str, pd.DataFrame]]:
    """The tables of published figures; columns and names are those of data/facts (see its README)."""
    yield "published_coverage", blank_to_null(read_facts("published_coverage"))
    communes = read_facts("published_commune_coverage")
    communes["unit_code"] = match_commune_codes(communes)
    yield "published_commune_coverage", blank_to_null(communes)
    population = read_facts("population_year").rename(columns={"is_preliminary": "is_estimated"})
    yield "population_year", population
    yield "target", list_targets(rules_directory)
    yield "ntm_progress", blank_to_null(read_facts("ntm_progress"))
    yield "reform_event", read_facts("reform_events")
    yield "emulation_cluster", read_facts("emulation_clusters")
    yield "published_unit_count", read_facts("published_unit_counts")


def list_targets(rules_directory: Path | None) -> pd.DataFrame:
    """The table `target` without what was received: published targets, and those the operator entered."""
    return blank_to_null(read_targets(rules_directory))


def match_commune_codes(communes: pd.DataFrame) -> pd.Series:
    """Codes by name inside the named district and province (boundary set 2019-10); empty where the name is not unique
    there."""
    units = load_units(boundary_sets()[0]).set_index("unit_code", drop=False)
    is_commune = units["level"] == "commune"
    rows = units[is_commune]
    keys = rows["province_code"] + "|" + rows["parent_code"].map(units["short_name"]) + "|" + rows["short_name"]
    unique = pd.Series(rows["unit_code"].to_numpy(), index=keys)[lambda series: ~series.index.duplicated(keep=False)]
    wanted = communes["province_code"] + "|" + communes["district"] + "|" + communes["commune"]
    return wanted.map(unique).fillna("")


def split_statements(sql: str) -> list[str]:
    """The statements of schema.sql; a semicolon inside quotes does not end one."""
    parts = re.findall(r"(?:'(?:[^']|'')*'|--[^\n]*|[^;'])+", sql)
    return [part.strip() for part in parts if re.sub(r"--[^\n]*", "", part).strip()]
