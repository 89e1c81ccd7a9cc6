"""The log: one line an event, as text or JSON, with nothing in it that others quote."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any, Literal

import pytest
import structlog

from bot import logs

Captured = pytest.CaptureFixture[str]

EMAIL, TOKEN = "ana@example.com", "xoxb-1"
TALKATIVE = [
    "requests_oauthlib",
    "oauthlib",
    "urllib3.connectionpool",
    "slack_sdk.web.base_client",
    "slack_bolt.App",
]


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in logs._TALKATIVE}  # put back as they were
    # A web server that ran earlier in this process cut its loggers off; a fresh process has them connected.
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).propagate = True
        logging.getLogger(name).setLevel(logging.NOTSET)
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    structlog.reset_defaults()


def _lines(captured: Captured) -> list[dict[str, Any]]:
    return [json.loads(line) for line in captured.readouterr().err.splitlines()]


def _say_and_fail() -> None:
    raise ValueError(f"{EMAIL} is not a number")


def _fail_twice() -> None:
    try:
        _say_and_fail()
    except ValueError as error:
        raise RuntimeError(f"{TOKEN} was refused") from error


def test_json_is_one_object_a_line(capsys: Captured) -> None:
    """With the event, its values, the level and the time in UTC."""
    logs.set_up("json")
    structlog.get_logger("bot.x").info("job_done", job=7, text="two\nlines")
    (line,) = _lines(capsys)
    assert (line["event"], line["job"], line["level"], line["text"]) == ("job_done", 7, "info", "two\nlines")
    assert line["timestamp"].endswith("Z")


def test_libraries_speak_the_same_way(capsys: Captured) -> None:
    """What comes through Python's own logging is JSON too."""
    logs.set_up("json")
    logging.getLogger("uvicorn.error").info("Started on port %s", 3000)
    (line,) = _lines(capsys)
    assert (line["event"], line["level"]) == ("Started on port 3000", "info")


def test_text_is_one_line_an_event(capsys: Captured) -> None:
    """To be read by people."""
    logs.set_up("text")
    structlog.get_logger("bot.x").warning("job_given_up", job=7)
    (line,) = capsys.readouterr().err.splitlines()
    assert "job_given_up" in line
    assert "job=7" in line


def test_bound_ids_are_in_every_line(capsys: Captured) -> None:
    """A request's id leads from the click to the call."""
    logs.set_up("json")
    with structlog.contextvars.bound_contextvars(request="r1"):
        structlog.get_logger("bot.x").info("decided")
        logging.getLogger("uvicorn.error").warning("slow")
    assert [line["request"] for line in _lines(capsys)] == ["r1", "r1"]


@pytest.mark.parametrize("name", [*TALKATIVE, "uvicorn.access", "apscheduler.scheduler", "alembic.runtime"])
@pytest.mark.parametrize("level", [logging.DEBUG, logging.INFO])
def test_talkative_libraries_say_warnings_only(capsys: Captured, name: str, level: int) -> None:
    """However much else is logged: below a warning they quote requests and tokens."""
    logs.set_up("json", level)
    logging.getLogger(name).debug("Bearer xoxb-1")
    logging.getLogger(name).info("GET /crm/callback?code=secret")
    logging.getLogger(name).warning("trouble")
    assert [line["event"] for line in _lines(capsys)] == ["trouble"]


def test_errors_only_means_of_everybody(capsys: Captured) -> None:
    """The tour prints its own story: not even the libraries' warnings get in between."""
    logs.set_up("text", logs.ERROR)
    structlog.get_logger("bot.x").warning("hidden")
    logging.getLogger("slack_sdk").warning("hidden")
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("format_", ["text", "json"])
@pytest.mark.parametrize("through_logging", [True, False])
def test_exceptions_show_where_and_not_what(
    capsys: Captured, format_: Literal["text", "json"], through_logging: bool
) -> None:
    """Frames and types of the whole chain; messages may quote people's data and stay out."""
    logs.set_up(format_)
    try:
        _fail_twice()
    except RuntimeError as error:
        if through_logging:
            logging.getLogger("apscheduler.executors").exception("Job failed")
        else:
            structlog.get_logger("bot.x").error("job_failed", exc_info=error)
    said = capsys.readouterr().err
    for place in ("RuntimeError", "ValueError", "_fail_twice", "_say_and_fail"):
        assert place in said
    assert EMAIL not in said
    assert TOKEN not in said


def test_set_up_again_says_nothing_twice(capsys: Captured) -> None:
    """The last one counts."""
    logs.set_up("text")
    logs.set_up("json")
    structlog.get_logger("bot.x").info("once")
    assert [line["event"] for line in _lines(capsys)] == ["once"]
