"""What a page asks is answered once per snapshot and arguments, also when many ask at once; an error is kept for nobody."""

import threading
import time

import pytest

from ui.loaders import snapshot
from ui.loaders.snapshot import cached


def test_many_that_ask_the_same_at_once_wait_for_one_answer():
    asked = []

    @cached
    def slow(snapshot_id: str, code: str, _make: object = None) -> list[str]:
        asked.append(code)
        time.sleep(0.05)
        return [code]

    found: list[list[str]] = []
    readers = [threading.Thread(target=lambda: found.append(slow("a", "38", object()))) for _ in range(8)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert asked == ["38"] and all(one is found[0] for one in found) and len(found) == 8
    assert slow("b", "38") is not found[0] and slow("a", code="38") == ["38"] and len(asked) == 3
    slow.clear()
    slow("a", "38")
    assert len(asked) == 4 and slow.__name__ == "slow"


def test_an_error_is_not_kept_and_the_oldest_answers_make_room(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(snapshot, "MOST_ANSWERS", 3)
    asked = []

    @cached
    def ask(snapshot_id: str, number: int) -> int:
        asked.append(number)
        if len(asked) == 1:
            raise ValueError("not yet")
        return number

    with pytest.raises(ValueError, match="not yet"):
        ask("a", 1)
    assert [ask("a", number) for number in (1, 2, 3, 1, 4, 1, 2)] == [1, 2, 3, 1, 4, 1, 2]
    assert asked == [1, 1, 2, 3, 4, 2]
