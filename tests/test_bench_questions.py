"""Every question that a screen can ask of the store is in the bench, and its arguments fit."""

from bench.questions import list_questions, prepare_calls
from data import queries
from data.store import Store


def test_every_question_is_found_and_answers_with_the_arguments_it_gets(small_store: Store):
    calls = prepare_calls(small_store)
    named = {name.rpartition(".")[2] for name in list_questions()}
    offered = {name for name in queries.__all__ if callable(getattr(queries, name))}
    assert offered <= named and len(calls) >= 50
    for call in calls.values():
        call()
