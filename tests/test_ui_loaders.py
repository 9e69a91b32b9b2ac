"""Cached questions: each is asked once per snapshot and has a cache of its own."""

from collections.abc import Callable
from pathlib import Path

from data.queries import movement
from data.settings import Settings
from ui.loaders import emulation
from ui.loaders.snapshot import open_store


def test_questions_made_by_one_function_never_answer_for_each_other(
    use_store: Callable[[Path], None], records_settings: Settings
):
    use_store(records_settings.var_directory)
    store = open_store()
    for load, question in (
        (emulation.load_awards, movement.awards),
        (emulation.load_initiatives, movement.initiatives),
        (emulation.load_plan_items, movement.plan_items),
        (emulation.load_activities, movement.activities),
        (emulation.load_responsibilities, movement.responsibilities),
    ):
        found = load(store.snapshot_id)
        assert len(found) and found.equals(question(store)), question.__name__
        assert load(store.snapshot_id) is found, "asked once"
