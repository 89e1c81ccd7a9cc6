"""The world in which the stories play: a Slack and a fresh database for each test, one CRM a process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.playground.democrm import DemoCrm
from bot.playground.slack import LocalSlack
from bot.store.database import Database
from tests.crm.world import new_world
from tests.story.crm_desk import PUBLIC, Desk, a_desk
from tests.support import Clock, forget_environment
from tests.world import World, a_world, a_world_config


@pytest.fixture
def slack() -> Iterator[LocalSlack]:
    """A Slack of the test's own."""
    with LocalSlack() as slack:
        slack.be_patient()
        yield slack


@pytest.fixture(scope="session")
def running_crm() -> Iterator[DemoCrm]:
    """A demo CRM that serves all tests of this process."""
    with DemoCrm() as crm:
        yield crm


@pytest.fixture
def crm(running_crm: DemoCrm) -> DemoCrm:
    """The demo CRM as on its first day."""
    running_crm.reset()
    return running_crm


@pytest.fixture
def world(
    database_url: str,
    database: Database,
    clock: Clock,
    slack: LocalSlack,
    crm: DemoCrm,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[World]:
    """The product between that Slack and that CRM, on each kind of database."""
    forget_environment(monkeypatch)
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    with a_world(a_world_config(database_url, slack, crm), database, clock, slack, crm) as world:
        yield world


@pytest.fixture
def desk(
    request: pytest.FixtureRequest,
    database_url: str,
    database: Database,
    clock: Clock,
    slack: LocalSlack,
    running_crm: DemoCrm,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Desk]:
    """The product, with the double of the CRM whose key the story is told of."""
    forget_environment(monkeypatch)
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    crm = new_world(request.param, clock)
    crm.start()
    crm.reset()
    config = a_world_config(database_url, slack, running_crm, public_url=PUBLIC)
    with a_desk(config, database, clock, slack, crm, running_crm) as desk:
        yield desk
    crm.stop()
