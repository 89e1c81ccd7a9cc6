"""Logging: ids, never names, e-mails, tokens or addresses with secrets."""

from __future__ import annotations

import logging
import sys
from typing import Literal

import structlog

WARNING, ERROR = logging.WARNING, logging.ERROR

# These quote whole requests, tokens or addresses once they are allowed to say more.
_TALKATIVE = ("requests_oauthlib", "oauthlib", "urllib3", "slack_sdk", "slack_bolt", "uvicorn.access", "apscheduler", "alembic")


def set_up(format_: Literal["text", "json"], level: int = logging.INFO) -> None:
    """Send the log to standard error, as text or as one JSON object a line."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: structlog.types.Processor = (
        structlog.processors.JSONRenderer()
        if format_ == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
    )
    structlog.configure(
        processors=[*shared, structlog.processors.format_exc_info, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
