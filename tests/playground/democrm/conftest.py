"""A demo CRM on its first day for each test, and a client that is signed in to it."""

from collections.abc import Iterator

import pytest

from bot.playground.democrm import DemoCrm

from .client import Client, Clock


@pytest.fixture(scope="session")
def shared_clock() -> Clock:
    """The running server's clock."""
    return Clock()


@pytest.fixture(scope="session")
def shared_crm(shared_clock: Clock) -> Iterator[DemoCrm]:
    """One server for all tests, as starting and stopping takes longer than most of them."""
    with DemoCrm(clock=shared_clock) as running:
        yield running


@pytest.fixture
def clock(shared_clock: Clock) -> Clock:
    """Moved by the test."""
    return shared_clock


@pytest.fixture
def crm(shared_crm: DemoCrm) -> DemoCrm:
    """Running, with its sample data and nothing else."""
    shared_crm.reset()
    return shared_crm


@pytest.fixture
def stranger(crm: DemoCrm) -> Iterator[Client]:
    """A client that nobody has signed in."""
    client = Client(crm)
    with client.http:
        yield client


@pytest.fixture
def client(stranger: Client) -> Client:
    """A client signed in as Priya with every scope."""
    return stranger.sign_in()
