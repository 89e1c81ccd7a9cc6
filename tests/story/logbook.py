"""The log as an operator has it, for tests that look into it."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr

import structlog

from bot import logs


@contextmanager
def logged(level: int = logging.DEBUG) -> Iterator[io.StringIO]:
    """Log as `handoff serve` does, into what this gives, with everything at `level` let through."""
    root = logging.getLogger()
    before, handlers, was = structlog.get_config(), root.handlers[:], root.level
    book = io.StringIO()
    with redirect_stderr(book):
        logs.set_up("json", level=level)
    try:
        yield book
    finally:
        root.handlers[:] = handlers
        root.setLevel(was)
        structlog.configure(**before)
