"""The intake API and the health routes on a port, on each kind of database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.store import intake_tokens
from bot.usecases.house import House
from bot.web.metrics import Metrics

from ..support import TEAM, serving
from .client import OTHER_TEAM, OTHER_TOKEN, TOKEN, Api, build_app


@pytest.fixture
def metrics() -> Metrics:
    """The served app's."""
    return Metrics()


@pytest.fixture
def base_url(house: House, metrics: Metrics) -> Iterator[str]:
    """The served app's address; two workspaces have a token each."""
    with house.database.transaction() as connection:
        intake_tokens.add(connection, "first", TEAM, TOKEN, house.clock())
        intake_tokens.add(connection, "second", OTHER_TEAM, OTHER_TOKEN, house.clock())
    with serving(build_app(house, metrics)) as url:
        yield url


@pytest.fixture
def api(base_url: str) -> Iterator[Api]:
    """A client with the first workspace's token."""
    client = Api(base_url)
    with client.http:
        yield client
