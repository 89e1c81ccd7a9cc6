"""A post office on a database of each kind, and what its workers log."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs

from bot.store.database import Database

from ..support import Clock
from .post import Logged, Post


@pytest.fixture
def post(database: Database, clock: Clock) -> Post:
    """Empty, with a clock that the test moves."""
    return Post(database, clock)


@pytest.fixture(autouse=True)
def logged() -> Iterator[Logged]:
    """What workers log during the test."""
    with capture_logs() as entries:
        yield Logged(entries)
