"""The worlds of all CRMs, started once and set back before each scene."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.crm._http import Session
from tests.support import START, Clock

from .world import World, new_world


@pytest.fixture(autouse=True)
def _loopback_without_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Doubles speak plain HTTP, which the OAuth library refuses unless it is told otherwise."""
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")


@pytest.fixture(scope="session")
def running_worlds() -> Iterator[dict[str, World]]:
    """Those started so far, by key: starting and stopping takes longer than a scene."""
    worlds: dict[str, World] = {}
    yield worlds
    for world in worlds.values():
        world.stop()


@pytest.fixture
def world(request: pytest.FixtureRequest, running_worlds: dict[str, World]) -> World:
    """The world of the CRM that the scene runs over, on its first day."""
    key: str = request.param
    if key not in running_worlds:
        running_worlds[key] = new_world(key, Clock())
        running_worlds[key].start()
    found = running_worlds[key]
    found.clock.now = START
    found.renewals = 0
    found.reset()
    return found


@pytest.fixture
def api(world: World) -> Iterator[Session]:
    """Signed in to that CRM."""
    with world.session() as session:
        yield session
