"""A unit beside those around it and those like it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from geo.neighbours import neighbours_of
from indicators.changes import change_points
from indicators.met import still_to_enrol
from indicators.peers import nearest_in_size
from indicators.ranking import rates, sort_keys
from indicators.rates import shown_pct, shown_points
from ui import loaders, parts
from ui.frame import Frame
from ui.loaders import profile
from ui.loaders.comparison import load_level_shared, load_shared
from ui.loaders.units import load_units
from ui.markup import button, draw_markup
from ui.profile.facts import ProfileFacts
from ui.profile.markup import Trusted, data_table
from ui.takeaway import bar

PLACED = ("district", "commune")  # levels whose names repeat: written with the names above them


@dataclass(frozen=True)
class Company:
    """Units of the same level with their figures: unit_code, population, insured, met, counted, need; `year` the counts of
    now and of a year earlier over the communes known in both, None where those cannot be compared."""

    units: pd.DataFrame
    year: tuple[pd.DataFrame, pd.DataFrame] | None


def draw_part(page: Frame, facts: ProfileFacts) -> None:
    """Neighbours, then peers; each with its rule."""
    words = page.words
    if facts.is_nation:
        parts.prose(words.say("profile.compare_nation"))
        return
    company = load_company(page, facts)
    if facts.level != "region":
        near = neighbours_of(page.boundary_set, facts.unit)
        sentence = "neighbours_rule" if near else "neighbours_none"
        draw_company(page, facts, company, "neighbours", [facts.unit, *near], words.say(f"profile.{sentence}"))
    peers = find_peers(page, facts, company)
    rule = words.say(f"profile.peers_rule_{facts.level}", region=say_region(page, facts))
    draw_company(page, facts, company, "peers", [facts.unit, *peers], rule)
    if facts.level != "region":
        bar.show(page, "company")


def load_company(page: Frame, facts: ProfileFacts) -> Company:
    units = load_units_of_level(page, facts, facts.period)
    return Company(units, load_year(page, facts, units))


def find_neighbours(page: Frame, facts: ProfileFacts, company: Company) -> list[str]:
    """The unit itself and those that share a border with it, longest border first; without units that have no row."""
    near = neighbours_of(page.boundary_set, facts.unit)
    return [code for code in (facts.unit, *near) if code in company.units.index]


def load_year(page: Frame, facts: ProfileFacts, units: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    if facts.year.sums is None:
        return None
    key = (page.snapshot_id, facts.period, facts.earlier, page.boundary_set)
    if facts.level in ("province", "district"):
        return load_level_shared(*key, facts.level)
    if facts.level == "region":
        found = {code: load_shared(*key, code, "region") for code in units.index}
        now = {code: vars(sums.now) for code, sums in found.items() if sums is not None}
        before = {code: vars(sums.before) for code, sums in found.items() if sums is not None}
        return pd.DataFrame.from_dict(now, orient="index"), pd.DataFrame.from_dict(before, orient="index")
    return units, load_units_of_level(page, facts, facts.earlier)


def load_units_of_level(page: Frame, facts: ProfileFacts, period: str) -> pd.DataFrame:
    """Every unit of the place's level in a month, by unit_code."""
    if facts.level == "region":
        schemes = page.catalogue.regions[page.boundary_set]
        rows = {}
        for code in [code for code, scheme in schemes.items() if scheme == schemes[facts.unit]]:
            found = profile.load_place(page.snapshot_id, period, page.boundary_set, code, "region")
            if found is not None:
                rows[code] = vars(found)
        return pd.DataFrame.from_dict(rows, orient="index").assign(unit_code=list(rows))
    frame = loaders.load_level(page.snapshot_id, period, page.boundary_set, facts.level)
    return frame.set_index("unit_code", drop=False)


def find_peers(page: Frame, facts: ProfileFacts, company: Company) -> list[str]:
    """Same region, nearest population; districts and communes also of the same type. Of a region: all of its scheme."""
    frame = company.units
    if facts.level == "region":
        return [code for code in frame.index if code != facts.unit]
    if facts.unit not in frame.index:
        return []
    units = load_units(page.snapshot_id, page.boundary_set).reindex(frame.index)
    scheme = region_scheme(page)
    eligible = units[scheme] == units.at[facts.unit, scheme]
    if facts.level != "province":
        eligible &= units["type"] == units.at[facts.unit, "type"]
    at = int(frame.index.get_loc(facts.unit))
    return [str(frame.index[place]) for place in nearest_in_size(frame["population"], at, eligible)]


def region_scheme(page: Frame) -> str:
    return "region7" if "region7" in page.catalogue.regions[page.boundary_set].values() else "region6"


def say_region(page: Frame, facts: ProfileFacts) -> str:
    if facts.level == "region":
        return facts.place
    units = load_units(page.snapshot_id, page.boundary_set)
    return page.label(str(units.at[facts.unit, region_scheme(page)]))


def draw_company(page: Frame, facts: ProfileFacts, company: Company, name: str, codes: list[str], rule: str) -> None:
    """One table: the unit itself first, marked by bold type, then the others."""
    words = page.words
    title = words.say(f"profile.{name}_title")
    codes = [code for code in codes if code in company.units.index]
    if len(codes) < 2:
        parts.title(title, rule)
        return
    parts.title(say_finding(page, company, name, codes), rule)
    is_judged = facts.threshold is not None
    names = ["unit", "population", "coverage", "change"] + (["communes", "need"] if is_judged else [])
    head = [words.say(f"profile.compare_{column}") for column in names]
    rows = [company_row(page, facts, company, code, is_judged) for code in codes]
    markup = data_table(title, head, rows, figures=range(1, len(head)))
    draw_markup(name, markup, page.report_of(name))


def say_finding(page: Frame, company: Company, name: str, codes: list[str]) -> str:
    """Above how many of the others its coverage lies, by exact rates; only the table's name where it has none itself."""
    rows = company.units.loc[codes]
    values = rates(rows["insured"], rows["population"])
    if not values.known[0]:
        return page.words.say(f"profile.{name}_title")
    keys = sort_keys(values)
    others = keys[1:][values.known[1:]]
    lower = sum(key < keys[0] for key in others)
    return page.words.say(
        f"profile.{name}_finding", lower=page.formats.count(lower), count=page.formats.count(len(others))
    )


def company_row(page: Frame, facts: ProfileFacts, company: Company, code: str, is_judged: bool) -> list[str]:
    words, formats = page.words, page.formats
    row = company.units.loc[code]
    above = loaders.unit_parents_label(page.snapshot_id, page.boundary_set, code) if facts.level in PLACED else ""
    label = f"{page.label(code)}, {above}" if above else page.label(code)
    own = Trusted(f"<strong>{parts.escape(label)}</strong>")
    name = own if code == facts.unit else Trusted(button("place", code, label))
    rate = shown_pct(int(row["insured"]), int(row["population"]), facts.threshold)
    cells = [name, formats.count(row["population"]), formats.rate(rate) if rate is not None else formats.missing]
    cells.append(say_change(page, company, code))
    if not is_judged:
        return cells
    if "counted" in company.units and facts.level != "commune":
        has = row["counted"] > 0
        cells.append(formats.part_of(row["met"], row["counted"]) if has else words.say("absence.not_applicable"))
        cells.append(formats.count(row["still_to_enrol"]) if has else words.say("absence.not_applicable"))
        return cells
    if row["type"] not in facts.threshold.unit_types:
        return [*cells, words.say("absence.not_applicable"), words.say("absence.not_applicable")]
    need = int(still_to_enrol(row["insured"], row["population"], facts.threshold).item())
    state = formats.missing if need < 0 else words.say("class.met" if need == 0 else "class.not_met")
    return [*cells, state, formats.count(need)]


def say_change(page: Frame, company: Company, code: str) -> str:
    formats = page.formats
    if company.year is None or not all(code in frame.index for frame in company.year):
        return formats.missing
    row, before = (frame.loc[code] for frame in company.year)
    points = change_points(row["insured"], row["population"], before["insured"], before["population"]).item()
    return formats.points(shown_points(points))
