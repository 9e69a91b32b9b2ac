"""The screens that name provinces: who stands where, and who is behind and by how many people."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd

from charts import palette
from indicators.ranking import RANKED
from indicators.rates import share_pct, shown_pct
from indicators.rules import Goal
from indicators.shares import fewest_holding
from ui import loaders
from ui.catalogue import province_of
from ui.loaders.groups import NATION_SCOPE
from ui.loaders.pace import load_goals, load_pace
from ui.loaders.ranking import load_facts as load_ranking
from ui.meeting.facts import Meeting
from ui.meeting.screens import BEHIND, RANKING, MeetingScreen, Rows
from ui.ranking import RankingFacts
from ui.ranking_words import RankingWords

EACH_END = 6
BEHIND_ROWS = 8
LATE = ("speed_up", "slow", "falling")
THREE_QUARTERS = Fraction(3, 4)


def build_ranking(meeting: Meeting) -> MeetingScreen:
    """The best and the last provinces by coverage, and where the province of the address stands."""
    page, formats = meeting.nation, meeting.page.formats
    if not meeting.facts.has_figures:
        return meeting.without_figures(RANKING)
    facts = load_ranking(page.snapshot_id, page.view.period, page.boundary_set, find_comparable(meeting), NATION_SCOPE)
    province = province_of(meeting.page.view.unit, page.boundary_set, page.catalogue) or ""
    said = RankingWords(facts, {}, province, page.words, formats)
    level = facts.measures["level"]
    order = [at for at in level.order() if level.ranks.place[at] > 0]
    if not order:
        return meeting.screen(RANKING, meeting.say("ranking_none", period=formats.month(facts.period)))
    each = min(EACH_END, -(-len(order) // 2))
    pinned = facts.place_at(province) if province else None
    top, bottom = order[:each], order[each:][-each:]
    unranked = int((facts.units["reason"] != RANKED).sum())
    notes = [
        say_pinned(meeting, said, pinned) if pinned is not None and pinned not in (*top, *bottom) else "",
        meeting.say("ranking_unranked", count=formats.count(unranked)) if unranked else "",
        meeting.say("ranking_note"),
    ]
    values = {"first": said.name(order[0]), "first_rate": said.value("level", order[0])}
    values |= {"last": said.name(order[-1]), "last_rate": said.value("level", order[-1])}
    return meeting.screen(
        RANKING,
        meeting.say("ranking_title", **values),
        subtitle=meeting.say(
            "subtitle_ranking", period=formats.month(facts.period), count=formats.count(level.ranks.of)
        ),
        rows=tuple(
            list_ranks(meeting, facts, said, part, meeting.say(key), pinned)
            for part, key in ((top, "ranking_top"), (bottom, "ranking_bottom"))
            if part
        ),
        notes=tuple(note for note in notes if note),
    )


def find_comparable(meeting: Meeting) -> str:
    """The month compared with where its boundaries can be carried to those shown, else ""."""
    page, since = meeting.nation, meeting.since
    if since is None or page.boundary_set not in page.catalogue.boundaries_for[page.catalogue.boundary_of[since]]:
        return ""
    return since


def list_ranks(
    meeting: Meeting, facts: RankingFacts, said: RankingWords, order: list[int], title: str, pinned: int | None
) -> Rows:
    measures = [name for name in ("level", "share") if name in facts.measures]
    head = [meeting.say("head_rank"), meeting.say("head_province"), *(meeting.say(f"head_{name}") for name in measures)]
    rows = [[said.rank("level", at), said.name(at), *(said.value(name, at) for name in measures)] for at in order]
    if "improvement" in facts.measures:
        head.append(meeting.say("head_change", since=meeting.page.formats.month_short(facts.since)))
        rows = [[*row, said.value("improvement", at)] for row, at in zip(rows, order, strict=True)]
    return Rows(
        tuple(head),
        tuple(tuple(row) for row in rows),
        frozenset(range(2, len(head))),
        title,
        marked=order.index(pinned) if pinned in order else None,
    )


def say_pinned(meeting: Meeting, said: RankingWords, at: int) -> str:
    return meeting.say("ranking_pinned", name=said.name(at), rank=said.rank("level", at), rate=said.value("level", at))


def build_behind(meeting: Meeting) -> MeetingScreen:
    """Provinces short of their goal: before the deadline those whose pace is too slow, from it on all that missed it."""
    page, formats = meeting.nation, meeting.page.formats
    if not meeting.facts.has_figures:
        return meeting.without_figures(BEHIND)
    goals = load_goals(page.snapshot_id, page.view.period, page.boundary_set, "province")
    if not goals:
        return meeting.screen(BEHIND, meeting.say("behind_no_goal"))
    pace = load_pace(page.snapshot_id, page.view.period, page.boundary_set, "province")
    behind = pace[(pace["need"] > 0) & pace["status"].isin([*LATE, "not_met"])]
    behind = behind.sort_values("need", ascending=False, kind="stable")
    missed = bool((behind["status"] == "not_met").any()) or not len(behind)
    people = int(behind["need"].sum())
    is_over = bool((pace["months_left"] <= 0).all())
    title = "behind_none" if not len(behind) and is_over else "behind_none_late" if not len(behind) else ""
    # Where a province's own deadline has passed and that of the others has not, those in time are not counted: the title says so.
    title = title or ("behind_late" if not missed else "behind_missed" if is_over else "behind_mixed")
    unknown = int(pace["status"].isin(["too_few", "unjudged"]).sum())
    few = fewest_holding(behind["need"], THREE_QUARTERS)
    notes = [
        meeting.say("behind_where", provinces=formats.count(few)) if 0 < few < len(behind) else "",
        meeting.say("behind_unknown", count=formats.count(unknown)) if unknown else "",
        say_low_confidence(meeting, goals),
    ]
    shown = behind.head(BEHIND_ROWS)
    return meeting.screen(
        BEHIND,
        meeting.say(title, count=formats.count(len(behind)), people=formats.count(people)),
        subtitle=meeting.say("subtitle_behind", goal=say_goals(meeting, goals), period=formats.month(page.view.period)),
        rows=(list_behind(meeting, shown, goals, len(behind)),) if len(shown) else (),
        notes=tuple(note for note in notes if note),
    )


def say_goals(meeting: Meeting, goals: dict[str, Goal]) -> str:
    """The one goal that all provinces have, or that each has its own."""
    rules = {(goal.value, goal.operator) for goal in goals.values()}
    if len(rules) > 1:
        return meeting.say("goals_own")
    value, operator = next(iter(rules))
    return meeting.say("goals_one", rule=meeting.page.formats.rule(value, operator))


def say_low_confidence(meeting: Meeting, goals: dict[str, Goal]) -> str:
    low = any(goal.confidence == "low" for goal in goals.values())
    return meeting.say("goal_low", note=meeting.page.words.say("rule.low_confidence")) if low else ""


def list_behind(meeting: Meeting, shown: pd.DataFrame, goals: dict[str, Goal], total: int) -> Rows:
    """Province, coverage, people missing with a bar, status with its pace."""
    page, formats, words = meeting.nation, meeting.page.formats, meeting.page.words
    names = loaders.load_units(page.snapshot_id, page.boundary_set)["short_name"]
    most = int(shown["need"].max())
    rows, bars = [], []
    has_pace = bool((shown["months_left"] > 0).any())
    for code, row in zip(shown.index, shown.to_dict("records"), strict=True):
        goal = goals[code]
        rate = formats.rate(shown_pct(int(row["insured"]), int(row["population"]), goal))
        cells = [names[code], rate, formats.rule(goal.value, goal.operator), formats.count(row["need"])]
        if has_pace:
            cells += [
                words.say(f"pace.status_{row['status']}"),
                say_paces(meeting, row["pace_now"], row["pace_needed"]),
            ]
        rows.append(tuple(cells))
        bars.append((share_pct(int(row["need"]), most), palette.STATUS.get(row["status"], palette.STATUS["slow"])))
    keys = [
        "head_province",
        "head_level",
        "head_goal",
        "head_need",
        *(["head_status", "head_pace"] if has_pace else []),
    ]
    title = (
        meeting.say("behind_first", shown=formats.count(len(rows)), count=formats.count(total))
        if total > len(rows)
        else ""
    )
    numbers = frozenset({1, 2, 3, 5})
    amounts = tuple(int(need) for need in shown["need"])
    head = tuple(meeting.say(key) for key in keys)
    return Rows(head, tuple(rows), numbers, title, tuple(bars), amounts, keys.index("head_need"))


def say_paces(meeting: Meeting, now: float, needed: float) -> str:
    """People a month now against those needed."""
    formats = meeting.page.formats
    if now != now or needed != needed:
        return formats.missing
    return meeting.say("pace_pair", now=formats.change(now), needed=formats.count(needed))
