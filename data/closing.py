"""Closing a round of evaluation: its figures and places become rows that no later load changes."""

from collections.abc import Mapping
from datetime import UTC, datetime

import numpy as np
import pandas as pd

from data import queries
from data.errors import UserError
from data.ingest.builder import SnapshotBuilder
from data.queries.evaluation import FROZEN_COUNTS, closed_rounds
from data.queries.groups import group_members
from data.round_figures import RoundData, read_round
from data.store import Store
from indicators.evaluation import evaluate, measure, take_values
from indicators.evaluation_reasons import find_apart, score_to_text
from indicators.evaluation_rules import LEVELS, Round, list_rounds, load_rules, rules_to_record
from indicators.rule_rows import programmes_from_rows
from indicators.rules import Programme
from text.formats import Formats
from text.names import search_key

CLUSTER = "emulation_cluster"
LAST_MONTH = "-12"


def read_programmes(store: Store) -> dict[str, Programme]:
    """The programmes with the rules of the snapshot."""
    asked = (queries.programmes, queries.thresholds, queries.goals)
    return programmes_from_rows(*(ask(store).to_dict("records") for ask in asked))


def find_round(store: Store, programmes: Mapping[str, Programme], name: str, year: int) -> Round:
    """The round that was asked for. Raises UserError where it is not there, or its figures are not complete and released:
    what is decided on must be what anybody can look up."""
    periods = queries.periods(store)
    found = [
        one
        for code in programmes
        for one in list_rounds(load_rules(), code, tuple(periods.loc[periods["programme"] == code, "period"]))
        if one.round == name and one.year == year
    ]
    if not found:
        raise UserError("EVALUATION-NO-ROUND", "evaluation.no_round", year=year)
    if not found[0].to_period.endswith(LAST_MONTH):
        month = Formats("vi").month(found[0].to_period)
        raise UserError("EVALUATION-UNFINISHED", "evaluation.unfinished", year=year, month=month)
    states = periods.set_index("period")["state"]
    for period in (found[0].from_period, found[0].to_period):
        if states[period] != "released":
            month = Formats("vi").month(period)
            raise UserError("EVALUATION-DRAFT", "evaluation.draft", month=month, period=period)
    return found[0]


def find_cluster(store: Store, name: str, year: int) -> set[str]:
    """The provinces of a cluster in a year. Raises UserError naming those that are known; a received one counts before a
    published one of the same name."""
    members = group_members(store, year)
    members = members[members["scheme"] == CLUSTER]
    own = members[members["group_name"].map(search_key) == search_key(name)]
    if own.empty:
        known = ", ".join(dict.fromkeys(members["group_name"])) or "–"
        raise UserError("EVALUATION-NO-CLUSTER", "evaluation.no_cluster", name=name, year=year, known=known)
    return set(own.loc[own["is_received"] == own["is_received"].iloc[0], "unit_code"])


def name_round(one: Round, cluster: str) -> str:
    """What a closed round is called on the command line: final-2020, yearly-2019-cum-thi-dua-so-4."""
    return "-".join(filter(None, (one.round, str(one.year), search_key(cluster).replace(" ", "-")))).replace("_", "-")


def refuse_closed(store: Store, round_id: str) -> int:
    """The number of the next closing. Raises UserError where the round is closed already."""
    rounds = closed_rounds(store)
    own = rounds[rounds["round_id"] == round_id]
    closed = own[own["reopened_at"].isna()]
    if len(closed):
        row = closed.iloc[0]
        raise UserError("EVALUATION-CLOSED", "evaluation.closed_already", id=round_id, by=row["closed_by"])
    return int(own["closing"].max()) + 1 if len(own) else 1


def freeze_level(data: RoundData, provinces: set[str] | None, round_id: str, closing: int) -> pd.DataFrame:
    """Rows of `evaluation_row` of one level; `provinces` are those of the cluster, None for the whole country."""
    rules = load_rules()
    code = data.units["unit_code" if data.level == "province" else "province_code"]
    inside = np.flatnonzero(np.ones(len(code), dtype=bool) if provinces is None else code.isin(provinces))
    values = take_values(measure(data.figures, data.level, data.threshold, rules), inside)
    figures = data.figures.take(inside)
    result = evaluate(values, find_apart(figures, data.level, rules), data.level, rules)
    counts = {name: pd.array(getattr(figures, name), dtype="Int64") for name in FROZEN_COUNTS}
    frame = pd.DataFrame(counts).mask(lambda column: column < 0)
    return frame.assign(
        round_id=round_id,
        closing=closing,
        level=data.level,
        unit_code=data.units["unit_code"].to_numpy()[inside],
        is_counted=figures.is_counted,
        is_simulated=data.units["is_simulated"].to_numpy()[inside],
        place=pd.Series(result.place, dtype="Int64").mask(result.place < 0),
        is_tied=result.tied,
        of_units=result.of,
        score=[score_to_text(result.score, at) for at in range(len(inside))],
        reason=result.reason,
    )


def freeze_round(
    store: Store, one: Round, cluster: str, *, by: str, note: str, allow_simulated: bool
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The row of `evaluation_round` and the rows of `evaluation_row`. Raises UserError where the round is closed, or where
    figures are simulated and this is no rehearsal."""
    programmes = read_programmes(store)
    round_id = name_round(one, cluster)
    closing = refuse_closed(store, round_id)
    provinces = find_cluster(store, cluster, one.year) if cluster else None
    levels = [read_round(store, one, level, programmes) for level in LEVELS]
    levels = [data for data in levels if len(data.units)]
    rows = pd.concat([freeze_level(data, provinces, round_id, closing) for data in levels], ignore_index=True)
    simulated = int(rows["is_simulated"].sum())
    if simulated and not allow_simulated:
        units = Formats("vi").count(simulated)
        raise UserError("EVALUATION-SIMULATED", "evaluation.simulated", units=units, of=Formats("vi").count(len(rows)))
    threshold = levels[0].threshold
    header = {
        "round_id": round_id,
        "closing": closing,
        "programme": one.programme,
        "round": one.round,
        "year": one.year,
        "cluster": cluster,
        "from_period": one.from_period,
        "to_period": one.to_period,
        "boundary_set": levels[0].boundary_set,
        "closed_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "closed_by": by,
        "note": note or None,
        "snapshot_id": store.snapshot_id,
        "rules": rules_to_record(load_rules()),
        "threshold": f"{threshold.operator} {threshold.value}" if threshold else "",
        "units_simulated": simulated,
    }
    return pd.DataFrame([header]), rows


def add_closing(builder: SnapshotBuilder, header: pd.DataFrame, rows: pd.DataFrame) -> None:
    builder.insert_frame("evaluation_round", header)
    builder.insert_frame("evaluation_row", rows)


def mark_reopened(builder: SnapshotBuilder, round_id: str, closing: int, by: str, reason: str) -> None:
    """The closing stays, with who reopened it and why. Its rows refer to it, so that it is taken out and put back."""
    moment = datetime.now(UTC).isoformat(timespec="seconds")
    same = "round_id = ? AND closing = ?"
    builder.execute(f"CREATE TEMP TABLE kept_rows AS SELECT * FROM evaluation_row WHERE {same}", [round_id, closing])
    builder.execute(f"DELETE FROM evaluation_row WHERE {same}", [round_id, closing])
    builder.execute(
        f"UPDATE evaluation_round SET reopened_at = ?, reopened_by = ?, reopen_reason = ? WHERE {same}",
        [moment, by, reason, round_id, closing],
    )
    builder.execute("INSERT INTO evaluation_row SELECT * FROM temp.kept_rows")
    builder.execute("DROP TABLE temp.kept_rows")
