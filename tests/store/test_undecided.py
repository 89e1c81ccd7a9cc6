"""The queue: oldest first, counted so far; and every query of it and of bursts is carried by an index."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event

from bot.store import applications, bursts, undecided
from bot.store.database import Database
from bot.store.migrate import migrate

from ..support import START, TEAM
from .samples import an_application

OTHER_TEAM = "T0002"
QUERIES: dict[str, tuple[str, Callable[[Connection], Any]]] = {
    "the next in the queue": ("ix_applications_undecided", lambda c: undecided.first(c, TEAM, "01K")),
    "the next that is free": (
        "ix_applications_undecided",
        lambda c: undecided.first_free(c, TEAM, "01K", "U1", START),
    ),
    "how many wait": ("ix_applications_undecided", lambda c: undecided.count(c, TEAM)),
    "the position": ("ix_applications_undecided", lambda c: undecided.count(c, TEAM, "01K")),
    "cards to be posted": ("ix_applications_cardless", lambda c: applications.without_card(c, TEAM)),
    "whom a limit concerns": ("ix_applications_cardless", lambda c: bursts.first_beyond(c, TEAM, 10)),
    "who of a burst waits": ("ix_applications_held", lambda c: bursts.waiting(c, TEAM, "b")),
    "for which vacancies": ("ix_applications_held", lambda c: bursts.by_vacancy(c, TEAM, "b")),
    "whose bursts": ("ix_applications_held", lambda c: bursts.with_held_cards(c, TEAM)),
    "who is let go": ("ix_applications_held", lambda c: bursts.let_all_go(c, TEAM)),
}
"""What is asked, with the index that carries it."""


def test_the_oldest_undecided_comes_first(connection: Connection) -> None:
    """Of this workspace, after the one named; decided ones are passed over."""
    first, decided, last = (an_application() for _ in range(3))
    for application in (last, decided, first, an_application(team_id=OTHER_TEAM)):
        applications.add(connection, application, None)
    applications.save_decision(connection, replace(decided, decided_by="U1", decided_at=START, version=1))
    assert undecided.first(connection, TEAM) == first.id
    assert undecided.first(connection, TEAM, after=first.id) == last.id
    assert undecided.first(connection, TEAM, after=last.id) is None
    assert undecided.count(connection, TEAM) == 2
    assert undecided.count(connection, TEAM, up_to=first.id) == 1


def test_only_so_many_are_counted(connection: Connection) -> None:
    """One more than the most tells that there are more."""
    for _ in range(5):
        applications.add(connection, an_application(), None)
    assert undecided.count(connection, TEAM, most=2) == 3


@pytest.mark.parametrize("asked", QUERIES)
def test_an_index_carries_it(tmp_path: Path, asked: str) -> None:
    """However many were decided long ago. On SQLite, as PostgreSQL plans by the rows that are there."""
    database = Database(f"sqlite:///{tmp_path}/planned.db")
    migrate(database)
    wanted, query = QUERIES[asked]
    statements: list[tuple[str, Any]] = []
    with database.transaction() as connection:
        event.listen(
            connection,
            "before_cursor_execute",
            lambda _c, _cursor, statement, values, *_: statements.append((statement, values)),
        )
        query(connection)
        plans = [
            str(row[3])
            for statement, values in list(statements)
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        ]
    database.close()
    of_applications = [plan for plan in plans if "applications" in plan]
    assert of_applications
    assert all(wanted in plan for plan in of_applications), plans


def test_whom_others_look_at_is_passed_over(connection: Connection) -> None:
    """For as long as it was said, and not by themselves; whoever looks at somebody new lets go of the old."""
    first, second = an_application(), an_application()
    for application in (first, second):
        applications.add(connection, application, None)
    until = START + timedelta(minutes=3)
    undecided.look(connection, TEAM, "UANA", first.id, until)
    assert undecided.first_free(connection, TEAM, "", "UBEN", START) == second.id
    assert undecided.first_free(connection, TEAM, "", "UANA", START) == first.id
    assert undecided.looker(connection, first.id, "UBEN", START) == "UANA"
    assert undecided.first_free(connection, TEAM, "", "UBEN", until) == first.id
    undecided.look(connection, TEAM, "UANA", second.id, until)
    assert undecided.first_free(connection, TEAM, "", "UBEN", START) == first.id
    assert undecided.purge(connection, until) == 0
    assert undecided.purge(connection, until + timedelta(seconds=1)) == 1
