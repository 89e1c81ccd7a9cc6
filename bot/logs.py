"""Logging: ids, never names, e-mails, tokens or addresses with secrets."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from types import TracebackType
from typing import Literal

import structlog
from ulid import ULID

WARNING, ERROR = logging.WARNING, logging.ERROR

# These quote whole requests, tokens or addresses once they are allowed to say more.
_TALKATIVE = (
    "requests_oauthlib",
    "oauthlib",
    "urllib3",
    "slack_sdk",
    "slack_bolt",
    "uvicorn.access",
    "apscheduler",
    "alembic",
)

# Letters, digits and dashes: enough for everybody's ids, and too little for what must not be in a log.
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def set_up(format_: Literal["text", "json"], level: int = logging.INFO) -> None:
    """Send the log to standard error, as text or as one JSON object a line."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.ExceptionRenderer(_without_messages),
            _renderer(format_),
        ],
    )
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))


def request_id(offered: str | None = None) -> str:
    """The id by which the log follows a request: the one it brought, if that is sane, else a new one."""
    return offered if offered and _REQUEST_ID.fullmatch(offered) else str(ULID())


def request() -> str | None:
    """The id of the request that is being answered, or whose work is being done; None where there is none."""
    found: str | None = structlog.contextvars.get_contextvars().get("request")
    return found


def _renderer(format_: Literal["text", "json"]) -> structlog.types.Processor:
    if format_ == "json":
        return structlog.processors.JSONRenderer()
    plain = structlog.dev.plain_traceback
    return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)


def _without_messages(exc_info: _ExcInfo) -> str:
    """Where an exception came from. What it says is left out: it may quote people's data or tokens."""
    _, error, _ = exc_info
    lines = []
    link: BaseException | None = error
    while link is not None:
        lines += [*traceback.format_tb(link.__traceback__), f"{type(link).__qualname__}\n"]
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
        if link is not None:
            lines.append("after:\n")
    return "".join(lines).rstrip()
