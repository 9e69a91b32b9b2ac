"""The log: one JSON object a line, and nothing about a person in it."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from ui.journal import log_event, start_journal


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = io.StringIO()
    start_journal(stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)


def test_an_event_is_one_line_with_its_fields(log: io.StringIO):
    log_event("run", page="home", ms=84, snapshot="abc")
    said = json.loads(log.getvalue())
    assert said["event"] == "run" and said["level"] == "info" and said["at"].endswith("+00:00")
    assert (said["page"], said["ms"], said["snapshot"]) == ("home", 84, "abc")


def test_a_failure_keeps_its_trace_in_one_line(log: io.StringIO):
    try:
        raise ValueError("two\nlines")
    except ValueError:
        logging.getLogger("ui.any").exception("UI-1")
    (line,) = log.getvalue().splitlines()
    assert json.loads(line)["logger"] == "ui.any" and "ValueError: two\nlines" in json.loads(line)["trace"]


def test_lines_that_name_a_readers_machine_are_left_out(log: io.StringIO):
    logging.getLogger("uvicorn.error").info('%s - "WebSocket %s" [accepted]', "203.0.113.7:40212", "/_stcore/stream")
    logging.getLogger("uvicorn.access").info("%s %s", "203.0.113.7", "/?unit=38")
    assert log.getvalue() == ""
