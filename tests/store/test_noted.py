"""What was noted in passing: Slack's deliveries already acted upon, and what it last said of people."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from bot.store import deliveries, members
from bot.store.database import Database
from bot.workspace import Member

from ..support import START, TEAM

ANA = Member("UANA", "Ana", "ana@brightdesk.example", is_admin=True)


def test_a_delivery_is_first_once(database: Database) -> None:
    """Slack's repeats have no second effect, in a later transaction too."""
    with database.transaction() as connection:
        assert deliveries.is_first(connection, "Ev1", START)
        assert not deliveries.is_first(connection, "Ev1", START)
    with database.transaction() as connection:
        assert not deliveries.is_first(connection, "Ev1", START)
        assert deliveries.is_first(connection, "Ev2", START)


def test_a_delivery_is_first_once_for_many_at_the_same_moment(database: Database) -> None:
    """Slack repeats to another replica while the first still works: one of them acts."""
    firsts: list[bool] = []
    start = threading.Barrier(6)

    def hear() -> None:
        start.wait()
        with database.transaction() as connection:
            firsts.append(deliveries.is_first(connection, "Ev1", START))

    hearers = [threading.Thread(target=hear) for _ in range(6)]
    for hearer in hearers:
        hearer.start()
    for hearer in hearers:
        hearer.join()
    assert sorted(firsts) == [False] * 5 + [True]


def test_a_delivery_that_was_not_acted_upon_may_come_again(database: Database) -> None:
    """The note is part of the transaction: when that fails, the repeat counts."""
    with pytest.raises(ZeroDivisionError), database.transaction() as connection:
        assert deliveries.is_first(connection, "Ev1", START) / 0
    with database.transaction() as connection:
        assert deliveries.is_first(connection, "Ev1", START)


def test_old_deliveries_are_forgotten(connection: Connection) -> None:
    """Slack repeats for hours, not for weeks."""
    deliveries.is_first(connection, "old", START)
    deliveries.is_first(connection, "young", START + timedelta(days=2))
    assert deliveries.purge(connection, START + timedelta(days=1)) == 1
    assert deliveries.is_first(connection, "old", START)
    assert not deliveries.is_first(connection, "young", START)


def test_people_are_remembered_for_a_while(connection: Connection) -> None:
    """What is older than asked for is not believed, and a newer word replaces it."""
    members.save(connection, TEAM, ANA, START)
    assert members.find(connection, TEAM, "UANA", not_before=START) == ANA
    assert members.find(connection, TEAM, "UANA", not_before=START + timedelta(seconds=1)) is None
    assert members.find(connection, "T0002", "UANA", not_before=START) is None
    guest = Member("UANA", "Ana", None, is_guest=True)
    members.save(connection, TEAM, guest, START + timedelta(seconds=1))
    assert members.find(connection, TEAM, "UANA", not_before=START) == guest


def test_admins_of_this_workspace(connection: Connection) -> None:
    """Those seen last come first."""
    members.save(connection, TEAM, ANA, START)
    members.save(connection, TEAM, Member("UADA", "Ada", is_admin=True), START + timedelta(seconds=1))
    members.save(connection, TEAM, Member("UBEN", "Ben"), START)
    members.save(connection, "T0002", Member("UEVE", "Eve", is_admin=True), START)
    assert members.admins(connection, TEAM) == ["UADA", "UANA"]
    assert members.admins(connection, TEAM, limit=1) == ["UADA"]
