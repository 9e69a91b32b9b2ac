"""Nothing that was left out of the public edition can be got back: not from its file, its tables, its map files, any page in
either language, or any file to take away."""

import datetime
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import pandas as pd
import pytest
from screen import PAGES, Screen, read_page

from data import queries
from data.errors import StoreUnavailable
from data.ingest.facts import FACTS_DIRECTORY
from data.ingest.matrices import read_layout
from data.ingest.public_edition import Tree, read_table
from data.ingest.value_files import decode_value_file
from data.settings import Settings
from data.store import Store, get_store, open_current
from geo.units import boundary_set_of, map_order
from indicators.classes import HELD_BACK
from indicators.suppression import Hidden, find_uncovered
from ui.takeaway import answer
from ui.takeaway.offers import NothingToTake
from ui.takeaway.registry import PAGES as OFFERS

DRAFT, RELEASED = "2020-11", "2020-12"
# What offices write in their own words, or what names a person or a file: table, column.
SECRET_COLUMNS = [
    ("source", "name"), ("source", "sha256"), ("load_audit", "file_name"), ("load_audit", "sha256"),
    ("load_audit", "loaded_by"), ("rejection", "message"), ("plan_item", "task"), ("plan_item", "in_charge"),
    ("plan_item", "note"), ("plan_month", "task"), ("plan_month", "in_charge"), ("plan_month", "note"),
    ("activity", "content"), ("activity", "in_charge"), ("activity", "result"), ("initiative", "holder"),
    ("initiative", "title"), ("initiative", "description"), ("responsibility", "in_charge"),
    ("responsibility", "content"), ("ntm_recognition", "note"), ("custom_group", "note"),
]  # fmt: skip
ADDRESSES = [{}, {"period": RELEASED, "unit": "24"}, {"period": RELEASED, "unit": "02", "selected": "00715"}]
SHORTEST = 6  # letters of a secret: "Thấp" says nothing of anybody


@pytest.fixture(scope="module")
def internal_store(public_settings: Settings) -> Iterator[Store]:
    """The whole store that the public edition was made from."""
    store = open_current(replace(public_settings, edition="internal"))
    yield store
    store.close()


@pytest.fixture(scope="module")
def secrets(internal_store: Store) -> set[str]:
    """Every text that must not be anywhere: of the columns above, of awards to persons, and of groups of a director's own;
    but for what stands in the lists of units as well."""
    found: set[str] = set()
    for table, column in SECRET_COLUMNS:
        rows = internal_store.query(f"SELECT DISTINCT {column} AS text FROM {table} WHERE {column} IS NOT NULL")
        found |= set(rows["text"])
    found |= set(internal_store.query("SELECT recipient FROM award WHERE level = 'person'")["recipient"])
    found |= set(internal_store.query("SELECT group_name FROM custom_group WHERE scheme = 'own'")["group_name"])
    names = set(internal_store.query("SELECT name FROM unit UNION SELECT short_name FROM unit")["name"])
    # "UBND xã" is a post like any other; what published facts say anyway is no secret.
    public = "\n".join(path.read_text("utf-8") for path in FACTS_DIRECTORY.glob("*.csv"))
    kept = {text for text in found if len(text) >= SHORTEST and text not in names and text != "simulation"}
    kept -= {text for text in kept if text in public}
    assert len(kept) > 40, "the store of records has secrets to look for"
    return kept


def list_tables(store: Store) -> list[str]:
    return list(store.query("SELECT table_name FROM duckdb_tables()")["table_name"])


# The file


def test_no_secret_text_stands_in_any_table(public_store: Store, secrets: set[str]):
    said: set[str] = set()
    for table in list_tables(public_store):
        frame = public_store.query(f"SELECT COLUMNS(*)::VARCHAR FROM {table}")
        for column in frame.columns:
            said |= set(frame[column].dropna().unique())
    whole = "\n".join(said)
    assert [secret for secret in secrets if secret in whole] == []


def test_no_secret_text_lies_in_the_bytes_of_the_file(
    public_settings: Settings, public_store: Store, secrets: set[str]
):
    data = (public_settings.snapshot_directory / public_store.pointer.file).read_bytes()
    assert [secret for secret in secrets if len(secret) > 12 and secret.encode() in data] == []


def test_tables_of_the_office_are_empty_and_each_table_is_thought_of(public_store: Store, internal_store: Store):
    empty = {
        "source_column", "rejection", "load_audit", "figure_history", "record_history", "plan_item", "plan_month",
        "activity", "initiative", "responsibility", "group_survey",
    }  # fmt: skip
    for table in empty:
        assert public_store.query(f"SELECT count(*) AS n FROM {table}")["n"].iloc[0] == 0, table
        rows = internal_store.query(f"SELECT count(*) AS n FROM {table}")["n"].iloc[0]
        assert rows > 0 or table == "record_history", f"{table} is worth a look"
    carried = {"period", "source", "commune_month", "group_month", "group_total", "unit_population", "target",
               "ntm_recognition", "custom_group", "award", "evaluation_round", "evaluation_row", "meta"}  # fmt: skip
    computed = {"unit_summary", "report_received", "value_file"}
    reference = {
        "boundary_set", "region", "unit", "crosswalk", "programme", "rule", "goal", "payer_group", "published_coverage",
        "published_commune_coverage", "population_year", "ntm_progress", "reform_event", "emulation_cluster",
        "published_unit_count",
    }  # fmt: skip
    assert set(list_tables(public_store)) == empty | carried | computed | reference


def test_a_month_that_is_a_draft_is_in_no_table(public_store: Store):
    for table in list_tables(public_store):
        columns = set(public_store.query(f"DESCRIBE {table}")["column_name"])
        if "period" in columns and not table.startswith("published_"):
            rows = public_store.query(f"SELECT count(*) AS n FROM {table} WHERE period = ?", [DRAFT])
            assert rows["n"].iloc[0] == 0, table
    assert DRAFT not in set(queries.periods(public_store)["period"])
    assert RELEASED in set(queries.periods(public_store)["period"])


def test_rows_held_back_and_what_they_held_are_gone(public_store: Store, internal_store: Store):
    held = internal_store.query("SELECT DISTINCT period, unit_code FROM figure_history WHERE state = 'held_back'")
    assert len(held), "the records have rows that wait for a person"
    assert "held_back" not in set(public_store.query("SELECT DISTINCT obs_status FROM commune_month")["obs_status"])
    waiting = internal_store.query("SELECT period, unit_code FROM commune_month WHERE obs_status = 'held_back'")
    for row in waiting.itertuples():
        assert queries.commune_series(public_store, row.unit_code, row.period, row.period).empty


def test_figures_that_are_shown_are_those_of_the_whole_store(public_store: Store, internal_store: Store):
    question = (
        "SELECT period, unit_code, population, insured FROM commune_month WHERE obs_status = 'reported' ORDER BY ALL"
    )
    whole = internal_store.query(question)
    expected = whole[whole["period"] != DRAFT].reset_index(drop=True)
    assert public_store.query(question).equals(expected)


def test_records_name_no_file_no_row_and_nobody(public_store: Store):
    assert set(public_store.query("SELECT name FROM source")["name"]) == {""}
    for table in ("target", "ntm_recognition", "custom_group", "award", "unit_population"):
        rows = public_store.query(f"SELECT DISTINCT source_id, source_row FROM {table} WHERE source_id IS NOT NULL")
        assert set(map(tuple, rows.itertuples(index=False))) <= {(1, 0)}, table
    awards = public_store.query(
        "SELECT a.recipient, u.name, a.level FROM award AS a JOIN unit AS u USING (boundary_set, unit_code)"
    )
    assert len(awards) and (awards["recipient"] == awards["name"]).all() and "person" not in set(awards["level"])


def test_map_files_hold_released_months_and_no_unit_that_waits(public_settings: Settings, public_store: Store):
    names = public_store.query("SELECT file_name FROM value_file")["file_name"]
    assert {path.name for path in public_settings.value_directory.glob("*.gz")} == set(names)
    for name in names:
        header, classes = decode_value_file((public_settings.value_directory / name).read_bytes())
        assert DRAFT not in header["periods"] and not (classes == HELD_BACK).any()


# Small numbers


def read_month(store: Store, period: str):
    boundary_set = boundary_set_of(period)
    tree, codes = Tree(read_layout(boundary_set)), map_order(boundary_set, "commune")
    rows = store.query(
        "SELECT unit_code, payer_group, coalesce(eligible, -1) AS eligible, coalesce(insured, -1) AS insured "
        "FROM group_month WHERE period = ? ORDER BY unit_code, payer_group",
        [period],
    )
    table, groups, _ = read_table(rows, codes, tree)
    return table, groups, tree


def released_months(store: Store) -> list[str]:
    return list(store.query("SELECT DISTINCT period FROM group_month ORDER BY period")["period"])


def test_small_numbers_by_group_are_hidden_and_covered_in_the_tables_themselves(
    public_store: Store, internal_store: Store, public_settings: Settings
):
    limit = public_settings.small_cell
    months = released_months(public_store)
    assert RELEASED in months and len(months) >= 3
    for period in months:
        true, groups, tree = read_month(internal_store, period)
        shown, _, _ = read_month(public_store, period)
        both = (shown.eligible >= 0) & (shown.insured >= 0)
        assert (shown.eligible[both] == true.eligible[both]).all() and (shown.insured[both] == true.insured[both]).all()
        assert not ((true.uninsured > 0) & (true.uninsured < limit) & both).any(), period
        totals = public_store.query("SELECT * FROM group_total WHERE period = ?", [period])
        place = (
            pd.Index(tree.unit_code).get_indexer(totals["unit_code"]),
            pd.Index(groups).get_indexer(totals["payer_group"]),
        )
        sums = true.add_up(true.uninsured)
        nodes = np.zeros(sums.shape, dtype=bool)
        nodes[place] = totals["uninsured"].isna()
        seen = ~totals["uninsured"].isna().to_numpy()
        assert (sums[place][seen] == totals["uninsured"].to_numpy()[seen]).all()
        hidden = Hidden(true.known & ~both, nodes)
        assert hidden.leaves.any(), period
        assert find_uncovered(true, hidden, limit) == [], period


def test_an_onlooker_who_subtracts_all_that_is_shown_gets_no_small_number(public_store: Store, internal_store: Store):
    """Totals less the parts that are shown, over and over, by what the public tables say only."""
    for period in released_months(public_store):
        true, groups, tree = read_month(internal_store, period)
        shown, _, _ = read_month(public_store, period)
        leaf = np.where(
            (shown.eligible >= 0) & (shown.insured >= 0), np.maximum(shown.eligible - shown.insured, 0), -1.0
        )
        values = queries.commune_values(public_store, period)
        out = (values["population"] - values["insured"]).to_numpy().astype(float)
        surveyed = true.known.any(axis=1)  # whether a commune surveyed its groups is public
        totals = public_store.query("SELECT * FROM group_total WHERE period = ?", [period])
        node = np.full((len(tree.unit_code), len(groups)), -1.0)
        place = (
            pd.Index(tree.unit_code).get_indexer(totals["unit_code"]),
            pd.Index(groups).get_indexer(totals["payer_group"]),
        )
        node[place] = totals["uninsured"].astype("float64").fillna(-1)
        leaf[~surveyed] = 0
        while True:
            before = (leaf < 0).sum() + (node < 0).sum()
            lonely = ((leaf < 0).sum(axis=1) == 1) & surveyed
            for row in np.flatnonzero(lonely):
                leaf[row][leaf[row] < 0] = out[row] - leaf[row][leaf[row] >= 0].sum()
            for number in range(len(tree.unit_code)):
                parts = [leaf[tree.leaf_parent == number], node[tree.node_parent == number]]
                below = np.concatenate(parts)
                gaps = (below < 0).sum(axis=0)
                for group in np.flatnonzero((gaps == 0) & (node[number] < 0)):
                    node[number, group] = below[:, group].sum()
                for group in np.flatnonzero((gaps == 1) & (node[number] >= 0)):
                    rest = node[number, group] - below[:, group][below[:, group] >= 0].sum()
                    for part, owner, above in ((leaf, tree.leaf_parent, number), (node, tree.node_parent, number)):
                        part[(owner == above) & (part[:, group] < 0), group] = rest
            if (leaf < 0).sum() + (node < 0).sum() == before:
                break
        small = (true.uninsured > 0) & (true.uninsured < 5)
        assert (leaf[small & surveyed[:, None]] < 0).all(), period
        assert (node[(true.add_up(true.uninsured) > 0) & (true.add_up(true.uninsured) < 5)] < 0).all(), period


# The app


@pytest.fixture
def on_the_public_edition(use_store: Callable[..., None], public_settings: Settings) -> None:
    use_store(public_settings.var_directory, "public")


def said_on(screen: Screen) -> str:
    """Every word and every figure that went to the browser."""
    texts = [element.proto.SerializeToString().decode("utf-8", "replace") for element in screen.app.get("plotly_chart")]
    return "\n".join([screen.text, *screen.markup, *texts])


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_no_page_says_a_secret(on_the_public_edition, secrets: set[str], page: Path, lang: str):
    for address in ADDRESSES if lang == "vi" else ADDRESSES[-1:]:
        text = said_on(read_page(page, lang=lang, **address))
        assert [secret for secret in secrets if secret in text] == [], address
        assert not re.search(r"\b(None|nan|NaN)\b", read_page(page, lang=lang, **address).text), address


def test_a_draft_month_in_the_address_is_refused(on_the_public_edition):
    screen = read_page(PAGES[0], period=DRAFT)
    assert "2020-11" in screen.text and "tháng 11/2020" not in screen.headline()


def find_hidden() -> str:
    """A commune with a number by group that is hidden."""
    rows = get_store().query(
        "SELECT unit_code FROM group_month WHERE period = ? AND insured IS NULL LIMIT 1", [RELEASED]
    )
    return str(rows["unit_code"].iloc[0])


def test_pages_say_plainly_what_is_not_public(on_the_public_edition):
    by_name = {page.stem: page for page in PAGES}
    quality = read_page(by_name["quality"], period=RELEASED, unit="24").text
    assert "chỉ có trong bản nội bộ" in quality and "Không có ô nào bị giữ lại" not in quality
    profile = read_page(by_name["profile"], period=RELEASED, unit="24", part="sources").text
    assert (
        "không công bố (số ít)"
        in read_page(by_name["profile"], period=RELEASED, unit=find_hidden(), part="people").text
    )
    assert "Các số trước khi sửa chỉ có trong bản nội bộ" in profile
    assert (
        "Kế hoạch các nơi đã nộp chỉ có trong bản nội bộ"
        in read_page(by_name["roadmap"], period=RELEASED, unit="24").text
    )
    assert "Trang này chỉ có trong bản nội bộ" in read_page(by_name["check"]).text


def read_file(body: bytes) -> str:
    """The text of a file to take away: of a package (xlsx, pptx) that of its parts."""
    if not zipfile.is_zipfile(io.BytesIO(body)):
        return body.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(body)) as package:
        return "\n".join(package.read(name).decode("utf-8", "replace") for name in package.namelist())


@pytest.mark.parametrize("page", sorted(OFFERS))
def test_no_file_to_take_away_holds_a_secret(on_the_public_edition, secrets: set[str], page: str):
    taken = 0
    for what, offer in OFFERS[page].offers.items():
        for ending in offer.endings:
            if ending in ("pdf", "png") or not answer.is_offered(page, f"{what}.{ending}"):
                continue
            for address in ADDRESSES[:2]:
                try:
                    text = read_file(answer.take(page, f"{what}.{ending}", address).body)
                except NothingToTake:
                    continue
                taken += 1
                assert [secret for secret in secrets if secret in text] == [], (
                    f"{page}/{what}.{ending}?{urlencode(address)}"
                )
    assert taken or not any(answer.is_offered(page, f"{w}.{o.endings[0]}") for w, o in OFFERS[page].offers.items())


def test_each_edition_refuses_the_file_of_the_other(public_settings: Settings, tmp_path: Path):
    internal = replace(public_settings, edition="internal")
    for reader, other in ((public_settings, internal), (internal, public_settings)):
        wrong = Settings(var_directory=tmp_path / reader.edition, edition=reader.edition)
        wrong.snapshot_directory.mkdir(parents=True)
        pointer = json.loads(other.pointer_file.read_text("utf-8"))
        for name in (pointer["file"], "current.json"):
            (wrong.snapshot_directory / name).write_bytes((other.snapshot_directory / name).read_bytes())
        with pytest.raises(StoreUnavailable, match="STORE-EDITION"):
            open_current(wrong)


def test_the_public_edition_needs_nothing_but_its_own_folder(public_settings: Settings, tmp_path: Path):
    (tmp_path / "public").symlink_to(public_settings.store_directory)
    # The other tests have the same file open: DuckDB wants one configuration for it in a process.
    cache = public_settings.cache_directory
    store = open_current(Settings(var_directory=tmp_path, edition="public", chosen_cache=cache))
    assert store.edition == "public" and len(queries.periods(store))
    made = datetime.datetime.fromisoformat(store.pointer.made_at)
    assert made.tzinfo is not None
    store.close()
