"""The rank of the brief's place with its limits; of the nation, where most people are missing."""

from __future__ import annotations

from typing import Any

from indicators.rates import coverage_pct, shown_pct
from text.names import lower_first
from ui import loaders
from ui.catalogue import province_of
from ui.frame import Frame
from ui.loaders import ranking
from ui.loaders.groups import NATION_SCOPE
from ui.profile.facts import ProfileFacts
from ui.profile.ranks import RankRow
from ui.ranking import RankingFacts
from ui.ranking_words import RankingWords

NATION_ROWS = 5
OTHER_MEASURES = ("share", "improvement")


def build_ranks(page: Frame, facts: ProfileFacts, rows: list[RankRow]) -> dict[str, Any]:
    """title, lines (name and value), limits."""
    if not facts.has_figures:
        return {"title": "", "lines": [], "limits": ""}
    if facts.is_nation:
        return list_places(page, facts)
    words, formats = page.words, page.formats
    lines = []
    for row in rows[1:]:
        place, of, tied = row.places[facts.period]
        said = words.say("profile.unranked") if place is None else formats.rank(place, of, tied=tied)
        lines.append({"name": row.name, "value": said})
    first = rows[0].places[facts.period] if rows else (None, 0, False)
    lines += [{"name": name, "value": value} for name, value in rank_otherwise(page, facts)]
    if first[0] is None:
        title = words.say("brief.rank_title_none")
    else:
        rank = formats.rank(first[0], first[1], tied=first[2])
        title = words.say("brief.rank_title", rank=rank, scope=lower_first(rows[0].name))
    return {"title": title, "lines": lines, "limits": words.say("profile.ranks_note")}


def rank_otherwise(page: Frame, facts: ProfileFacts) -> list[tuple[str, str]]:
    """Of a province in the nation and a district in its province: by the share of communes that meet, and by what a year
    has gained."""
    found = load_ranking(page, facts)
    at = found.place_at(facts.unit) if found else None
    if at is None:
        return []
    said = RankingWords(found, {}, "", page.words, page.formats)
    lines = []
    for measure in OTHER_MEASURES:
        if measure in found.measures:
            since = said.since() if measure == "improvement" else ""
            lines.append((page.words.say(f"brief.rank_{measure}", since=since), said.rank(measure, at)))
    return lines


def load_ranking(page: Frame, facts: ProfileFacts) -> RankingFacts | None:
    if facts.level not in ("province", "district"):
        return None
    if facts.level == "province" and facts.period in page.catalogue.partial_months:
        return None  # among provinces of which this reader sees its own only
    key = (page.snapshot_id, facts.period, page.boundary_set, earlier_month(page, facts))
    if facts.level == "province":
        return ranking.load_facts(*key, NATION_SCOPE)
    return ranking.load_district_facts(*key, province_of(facts.unit, page.boundary_set, page.catalogue) or "")


def earlier_month(page: Frame, facts: ProfileFacts) -> str:
    """A year ago, where that month can be shown on the boundaries of the screen."""
    own = page.catalogue.boundary_of.get(facts.earlier)
    if facts.level == "province" and facts.earlier in page.catalogue.partial_months:
        return ""
    return facts.earlier if own and page.boundary_set in page.catalogue.boundaries_for[own] else ""


def list_places(page: Frame, facts: ProfileFacts) -> dict[str, Any]:
    """Of the nation: the provinces where most people are missing, or where nothing is judged the lowest ones."""
    words, formats = page.words, page.formats
    frame = loaders.load_level(page.snapshot_id, facts.period, page.boundary_set, "province")
    if facts.is_judged:
        shown = frame.sort_values("still_to_enrol", ascending=False, kind="stable").head(NATION_ROWS)
        values = [
            words.say("brief.place_missing", people=formats.people(row.still_to_enrol),
                      communes=formats.part_of(row.met, row.counted))
            for row in shown.itertuples()
        ]  # fmt: skip
        title = words.say("home.ranking_title_province")
    else:
        known = frame.assign(rate=coverage_pct(frame["insured"], frame["population"]))
        shown = known[known["rate"].notna()].sort_values("rate", kind="stable").head(NATION_ROWS)
        values = [formats.rate(shown_pct(int(row.insured), int(row.population))) for row in shown.itertuples()]
        title = words.say("home.ranking_coverage_province")
    lines = [{"name": row.short_name, "value": value} for row, value in zip(shown.itertuples(), values, strict=True)]
    limits = words.say("brief.places_limits" if facts.is_judged else "profile.ranks_note")
    return {"title": title, "lines": lines, "limits": limits}
