"""The tables of the trends page as files: the long series, units compared, provinces, projection, published beside computed."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pandas as pd

from indicators.published import implied_population
from indicators.rates import floor_pct, floor_percent
from reports.table_files import UNKNOWN
from ui import loaders
from ui import trends as facts
from ui.documents.tables import Draft, TakenTable
from ui.documents.unit_rows import add_names, add_origin
from ui.fact_words import say_fact
from ui.frame import Frame
from ui.trends_compare import read_line, say_title
from ui.trends_page import Story, join_share, list_caption, read_story
from ui.trends_projection import list_ahead, read_projection
from ui.trends_projection import say_title as say_projection
from ui.trends_small import read_units, sort_units
from ui.trends_small import say_title as say_small


def is_simulated(story: Story) -> bool:
    return bool(len(story.series) and story.series["is_simulated"].any())


def take_long(page: Frame) -> TakenTable | None:
    """Every month with a figure, computed or published."""
    story, words = read_story(page), page.words
    frame = join_share(page, story).set_index("period")
    counts = story.series.set_index("period") if len(story.series) else pd.DataFrame(columns=["insured", "population"])
    published = loaders.load_published(page.snapshot_id, story.unit).set_index("period")
    months = sorted({*frame.index, *published.index})
    if not months:
        return None
    rows = frame.reindex(months)
    people = counts[["insured", "population"]].reindex(months).fillna(UNKNOWN).astype("int64")
    said = published[~published.index.duplicated(keep="last")].reindex(months)
    draft = Draft(words)
    draft.add("month", "month", months)
    draft.add("population", "count", people["population"])
    draft.add("insured", "count", people["insured"])
    draft.add("coverage", "rate", floor_pct(people["insured"], people["population"]))
    draft.add("communes_met_share", "rate", floor_percent(rows["communes_met_pct"]))
    draft.add("published", "rate", said["coverage_pct"])
    draft.add("published_insured", "count", said["insured"].fillna(UNKNOWN).astype("int64"))
    draft.add("published_source", "text", [say_fact(text, draft.words) for text in said["source"]], width=40)
    origin = [
        None if month not in frame.index
        else words.say(f"takeaway.origin_{'simulated' if row.is_simulated else 'converted' if row.is_estimated else 'reported'}")
        for month, row in zip(months, rows.itertuples(), strict=True)
    ]  # fmt: skip
    draft.add("origin", "text", origin, width=16)
    notes = [f"{page.formats.month_short(entry.period)}: {entry.text}" for entry in story.breaks]
    title, subtitle = words.say("trends.long_title"), words.say("trends.long_subtitle", place=page.label(story.unit))
    return draft.finish(title, subtitle, list_caption(page, story), notes, is_simulated(story), 1)


def take_compare(page: Frame) -> TakenTable | None:
    """The units compared: a row per unit and month of the span that has a figure."""
    story, words = read_story(page), page.words
    if not story.has_figures:
        return None
    codes, months = facts.chosen_units(page), facts.span_months(page)
    pieces = [facts.read_series(page, code).assign(unit_code=code) for code in codes]
    frame = pd.concat(pieces, ignore_index=True)
    frame = frame[frame["period"].isin(months)]
    names = {code: facts.unit_name(page, code) for code in codes}
    draft = Draft(words)
    draft.add("unit_code", "text", frame["unit_code"], width=12)
    draft.add("name", "text", frame["unit_code"].map(names), label=words.say("takeaway.column.unit"), width=32)
    draft.add("month", "month", frame["period"])
    draft.add("population", "count", frame["population"])
    draft.add("insured", "count", frame["insured"])
    draft.add("coverage", "rate", floor_pct(frame["insured"], frame["population"]))
    add_origin(draft, frame, words)
    lines = [read_line(page, code, months) for code in codes]
    title, subtitle = say_title(page, story, codes, lines, False)
    return draft.finish(
        title,
        subtitle,
        list_caption(page, story),
        [words.say("takeaway.rates_floored")],
        frame["is_simulated"].any(),
        3,
    )


def take_provinces(page: Frame) -> TakenTable | None:
    """Every province with its rate at both ends of the span, its pace and marker, in the order of the screen."""
    story, words = read_story(page), page.words
    if not story.has_figures:
        return None
    months = facts.each_quarter(facts.span_months(page))
    units = sort_units(read_units(page, months), page.choice("order"))
    short, draft = page.formats.month_short, Draft(words)
    add_names(draft, page, units["unit_code"], "province")
    draft.add("population", "count", units["population"])
    draft.add("insured", "count", units["insured"])
    draft.add("coverage", "rate", floor_pct(units["insured"], units["population"]))
    label = words.say("takeaway.first_rate", month=short(months[0]))
    draft.add("coverage_first", "rate", floor_percent(units["first"]), label=label)
    draft.add("points", "points", units["change"])
    draft.add("people_to_goal", "count", units["need"])
    draft.add("pace_now", "number", np.round(units["pace_now"].to_numpy(dtype=float), 1), width=16)
    draft.add("pace_needed", "number", np.round(units["pace_needed"].to_numpy(dtype=float), 1), width=16)
    draft.add("pace", "text", [words.say(f"pace.status_{name}") for name in units["status"]], width=18)
    draft.add("marker", "text", [words.say(f"pace.marker_{name}") for name in units["marker"]], width=22)
    title, subtitle = say_small(page, units, months)
    notes = [words.say("pace.rule"), words.say("pace.marker_rule"), words.say("takeaway.rates_floored")]
    return draft.finish(title, subtitle, list_caption(page, story), notes, is_simulated(story))


def take_projection(page: Frame) -> TakenTable | None:
    """Where the present pace leads: low, middle and high of every quarter to the goal's date."""
    story, words = read_story(page), page.words
    found = read_projection(page, story) if story.has_figures else None
    if found is None or len(found.ahead) < 2:
        return None
    rows, draft = list_ahead(found), Draft(words)
    draft.add("month", "month", [month for month, *_ in rows])
    for at, name in enumerate(("low", "middle", "high"), 1):
        draft.add(f"rate_{name}", "rate", floor_percent([row[at] for row in rows]))
    title, subtitle = say_projection(page, story)
    notes = [words.say("pace.arrival_rule"), words.say("takeaway.projection_is_arithmetic")]
    return draft.finish(title, subtitle, list_caption(page, story), notes, is_simulated(story), 1)


def take_published(page: Frame) -> TakenTable | None:
    """Published figures beside computed ones, with the population that each published rate implies."""
    story, words = read_story(page), page.words
    published = loaders.load_published(page.snapshot_id, story.unit)
    if published.empty:
        return None
    own = story.series.set_index("period") if len(story.series) else pd.DataFrame(columns=["insured", "population"])
    own = own[["insured", "population"]].reindex(published["period"]).fillna(UNKNOWN).astype("int64")
    rates = [None if rate != rate else Decimal(str(rate)) for rate in published["coverage_pct"]]
    implied = [implied_population(int(n), rate) for n, rate in zip(published["insured"], rates, strict=True)]
    ours = floor_pct(own["insured"], own["population"])
    draft = Draft(words)
    draft.add("month", "month", published["period"])
    draft.add("published", "rate", published["coverage_pct"])
    draft.add("is_estimate", "text", [draft.say_yes(bool(flag)) for flag in published["is_estimate"]], width=14)
    draft.add("published_insured", "count", published["insured"])
    draft.add("implied_population", "count", implied)
    draft.add("coverage", "rate", ours, label=words.say("trends.column_computed"))
    draft.add("population", "count", own["population"])
    draft.add("insured", "count", own["insured"])
    draft.add("points_published", "points", published["coverage_pct"].to_numpy(dtype=float) - ours)
    draft.add("wording", "text", [say_fact(text, words) for text in published["wording"]], width=40)
    draft.add("source", "text", [say_fact(text, words) for text in published["source"]], width=50)
    subtitle = words.say("trends.published_subtitle", place=page.label(story.unit))
    notes = [words.say("trends.published_why")]
    return draft.finish(
        words.say("trends.published_title"), subtitle, list_caption(page, story), notes, is_simulated(story), 1
    )
