"""The server asks the first questions of every page itself; none of them fails, on a full store, an empty one, or none."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from data.errors import StoreUnavailable
from data.settings import Settings
from ui import warm_up


@pytest.mark.parametrize("store", ["small_settings", "empty_settings"])
def test_every_first_question_is_answered(
    store: str,
    request: pytest.FixtureRequest,
    use_store: Callable[[Path], None],
    caplog: pytest.LogCaptureFixture,
):
    settings: Settings = request.getfixturevalue(store)
    use_store(settings.var_directory)
    caplog.set_level(logging.INFO, logger="baophu")
    warm_up.warm_pages()
    said = [record.message for record in caplog.records if record.name == "baophu"]
    assert "warmed_up" in said and "warm_up_failed" not in said


def test_a_question_that_fails_is_written_down_and_the_others_are_asked(
    use_store: Callable[[Path], None],
    small_settings: Settings,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
):
    use_store(small_settings.var_directory)
    caplog.set_level(logging.INFO, logger="baophu")
    asked = []
    monkeypatch.setattr(warm_up, "first_questions", lambda: {"a": lambda: 1 / 0, "b": lambda: asked.append("b")})
    warm_up.warm_pages()
    assert asked == ["b"] and "warm_up_failed" in [record.message for record in caplog.records]


def test_without_a_store_nothing_is_asked_and_nothing_fails(
    use_store: Callable[[Path], None],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
):
    use_store(tmp_path)
    caplog.set_level(logging.INFO, logger="baophu")
    with pytest.raises(StoreUnavailable):
        warm_up.first_questions()
    warm_up.warm_pages()
    assert not [record.message for record in caplog.records if record.message.startswith("warm")]
