"""Rounds of evaluation and records of the movement, cached by snapshot."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from decimal import Decimal

import numpy as np
import pandas as pd

from data import queries
from data.queries import evaluation as asked
from data.queries import movement
from data.round_figures import RoundData, read_round
from indicators.evaluation import Evaluation, RoundFigures, evaluate, measure, take_values
from indicators.evaluation_reasons import find_apart
from indicators.evaluation_rules import EvaluationRules, Round, list_rounds, load_rules, rules_of_record
from indicators.met import still_to_enrol
from indicators.ranking import Fractions
from indicators.rules import Threshold, threshold_in_force
from ui.loaders.figures import load_level
from ui.loaders.snapshot import cached, cached_question, load_catalogue, load_programmes, store_of

SUM_COLUMNS = ("insured", "population", "met", "counted", "still_to_enrol", "is_simulated")


@dataclass(frozen=True)
class ListEvaluation:
    """One list of units evaluated: `places` are its rows in the round's data; values and evaluation hold these only."""

    data: RoundData
    places: np.ndarray
    values: dict[str, Fractions]
    result: Evaluation
    rules: EvaluationRules

    @property
    def units(self) -> pd.DataFrame:
        return self.data.units.iloc[self.places]

    @property
    def figures(self) -> RoundFigures:
        return self.data.figures.take(self.places)


@cached
def load_rounds(snapshot_id: str, programme: str) -> tuple[Round, ...]:
    """Rounds of a programme. Places are compared in them: months that this reader sees only in part are not in."""
    catalogue = load_catalogue(snapshot_id)
    months = [month for month in catalogue.programmes[programme] if month not in catalogue.partial_months]
    return list_rounds(load_rules(), programme, months)


@cached
def load_round(snapshot_id: str, one: Round, level: str) -> RoundData:
    return read_round(store_of(snapshot_id), one, level, load_programmes(snapshot_id))


@cached
def load_values(snapshot_id: str, one: Round, level: str) -> dict[str, Fractions]:
    data = load_round(snapshot_id, one, level)
    return measure(data.figures, level, data.threshold, load_rules())


@cached
def load_list(
    snapshot_id: str, one: Round, level: str, provinces: tuple[str, ...] | None, place: str
) -> ListEvaluation:
    """The list of a level inside some provinces (None: all) and a place ("" for none), as the figures stand now."""
    data = load_round(snapshot_id, one, level)
    return evaluate_list(data, load_values(snapshot_id, one, level), provinces, place, load_rules())


def evaluate_list(
    data: RoundData, values: dict[str, Fractions], provinces: tuple[str, ...] | None, place: str, rules: EvaluationRules
) -> ListEvaluation:
    own = data.units["unit_code" if data.level == "province" else "province_code"]
    inside = np.ones(len(own), dtype=bool) if provinces is None else own.isin(provinces).to_numpy()
    if place:
        inside &= (own.eq(place) | data.units["district_code"].eq(place)).to_numpy()
    places = np.flatnonzero(inside)
    chosen, figures = take_values(values, places), data.figures.take(places)
    result = evaluate(chosen, find_apart(figures, data.level, rules), data.level, rules)
    return ListEvaluation(data, places, chosen, result, rules)


load_closings = cached_question(asked.closed_rounds)
"""Every closing, newest first (data.queries.evaluation.ROUND_COLUMNS)."""


@cached
def load_frozen_list(
    snapshot_id: str,
    one: Round,
    level: str,
    provinces: tuple[str, ...] | None,
    place: str,
    round_id: str,
    closing: int,
) -> ListEvaluation | None:
    """The same list by the figures and rules that were frozen; None where that closing holds nothing of the level.

    A cluster that was closed by itself keeps the places of its own list; other lists are worked out from the frozen figures
    of the country, which give what they gave on that day.
    """
    rows = asked.frozen_rows(store_of(snapshot_id), round_id, closing, level)
    if rows.empty:
        return None
    closings = load_closings(snapshot_id)
    header = closings[(closings["round_id"] == round_id) & (closings["closing"] == closing)].iloc[0]
    data, rules = load_round(snapshot_id, one, level), rules_of_record(header["rules"])
    inside = data.units["unit_code"].isin(rows["unit_code"]).to_numpy()
    units = data.units[inside].reset_index(drop=True)
    rows = rows.set_index("unit_code").loc[units["unit_code"]]
    figures = RoundFigures(**{field.name: rows[field.name].to_numpy() for field in fields(RoundFigures)})
    frozen = replace(
        data,
        units=units.assign(is_simulated=rows["is_simulated"].to_numpy()),
        figures=figures,
        status=data.status[inside],
        threshold=read_threshold(header["threshold"], data.threshold),
    )
    found = evaluate_list(frozen, measure(figures, level, frozen.threshold, rules), provinces, place, rules)
    if not header["cluster"] or place:
        return found
    kept = rows.iloc[found.places]
    result = replace(
        found.result,
        place=kept["place"].to_numpy(),
        tied=kept["is_tied"].to_numpy(),
        of=int(kept["of_units"].max()),
        score=read_scores(kept["score"]),
        reason=kept["reason"].to_numpy(dtype=object),
    )
    return replace(found, result=result)


def load_province_sums(snapshot_id: str, one: Round, boundary_set: str) -> pd.DataFrame:
    """Provinces at the end of a round, as the figures stand now: insured, population, met, counted, still_to_enrol (int64,
    -1 unknown), is_simulated, by unit_code."""
    return load_level(snapshot_id, one.to_period, boundary_set, "province").set_index("unit_code")[list(SUM_COLUMNS)]


@cached
def load_frozen_sums(
    snapshot_id: str, one: Round, boundary_set: str, round_id: str, closing: int
) -> pd.DataFrame | None:
    """The same by the figures that were frozen; people still to enrol from the frozen communes. None where that closing
    holds no provinces."""
    store = store_of(snapshot_id)
    provinces, communes = (asked.frozen_rows(store, round_id, closing, level) for level in ("province", "commune"))
    if provinces.empty:
        return None
    closings = load_closings(snapshot_id)
    header = closings[(closings["round_id"] == round_id) & (closings["closing"] == closing)].iloc[0]
    rule = read_threshold(header["threshold"], load_round_threshold(snapshot_id, one))
    province_of = queries.units(store, boundary_set, "commune").set_index("unit_code")["province_code"]
    communes = communes[communes["is_counted"].astype(bool)]
    need = pd.Series(still_to_enrol(communes["insured"], communes["population"], rule))
    need = need.clip(lower=0).groupby(communes["unit_code"].map(province_of).to_numpy()).sum()
    found = provinces.set_index("unit_code")
    missing = found.index.map(need).fillna(0).astype("int64") if rule else -1
    return found.assign(still_to_enrol=missing)[list(SUM_COLUMNS)]


def load_round_threshold(snapshot_id: str, one: Round) -> Threshold | None:
    return threshold_in_force(load_programmes(snapshot_id)[one.programme], one.to_period)


def read_threshold(text: str, now: Threshold | None) -> Threshold | None:
    """The threshold of a record, with the legal basis of the present one where it is the same."""
    if not text:
        return None
    operator, value = text.split()
    if now is not None and (now.operator, now.value) == (operator, Decimal(value)):
        return now
    return Threshold(Decimal(value), operator)


def read_scores(texts: pd.Series) -> Fractions:
    parts = [text.partition("/") for text in texts]
    return Fractions(
        np.array([int(top or 0) for top, _, _ in parts], dtype=object),
        np.array([int(bottom or 1) for _, _, bottom in parts], dtype=object),
        np.array([bool(text) for text in texts], dtype=bool),
    )


load_awards = cached_question(movement.awards)
load_initiatives = cached_question(movement.initiatives)
load_plan_items = cached_question(movement.plan_items)
load_activities = cached_question(movement.activities)
load_responsibilities = cached_question(movement.responsibilities)


@cached
def load_unit_months(snapshot_id: str, codes: tuple[str, ...]) -> pd.DataFrame:
    return movement.figures_of_units(store_of(snapshot_id), list(codes))
