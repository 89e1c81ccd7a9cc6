"""Transactions, views, names held exclusively, and who is told of work."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from bot.store import deliveries
from bot.store.database import Database, leave_work, sqlite_file
from bot.store.tables import seen_deliveries

from ..support import START

MANY = 30


@pytest.fixture
def second(database_url: str) -> Iterator[Database]:
    """The same database, as another part of the product opens it."""
    second = Database(database_url, pool_size=2)
    yield second
    second.close()


def _count(database: Database) -> int:
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(seen_deliveries)).scalar_one()


def _fail_with_work(database: Database, key: str) -> None:
    with database.transaction() as connection:
        deliveries.is_first(connection, key, START)
        leave_work(connection, "card")
        raise LookupError


def test_block_that_raises_leaves_nothing(database: Database) -> None:
    """All of a transaction happens, or nothing."""
    with pytest.raises(LookupError):
        _fail_with_work(database, "Ev1")
    assert _count(database) == 0


def test_reading_is_one_view(database: Database) -> None:
    """What others commit meanwhile is not seen half-way through."""
    with database.reading() as connection:
        count = select(func.count()).select_from(seen_deliveries)
        assert connection.execute(count).scalar_one() == 0
        with database.transaction() as other:
            deliveries.is_first(other, "Ev1", START)
        assert connection.execute(count).scalar_one() == 0
    assert _count(database) == 1


def test_reading_waits_for_no_writer(database: Database) -> None:
    """A long transaction keeps nobody from looking, nor from asking whether the database is there."""
    with database.transaction() as connection:
        deliveries.is_first(connection, "Ev1", START)
        assert _count(database) == 0
        assert database.is_reachable()


def test_writers_queue_up(database: Database) -> None:
    """Many at once all get their turn, on SQLite too."""
    start = threading.Barrier(12)

    def write(number: int) -> None:
        start.wait()
        with database.transaction() as connection:
            deliveries.is_first(connection, f"Ev{number}", START)

    writers = [threading.Thread(target=write, args=[number]) for number in range(12)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert _count(database) == 12


def test_work_is_told_after_the_commit(database: Database) -> None:
    """Whoever is woken finds the work there, and is told of which kinds it is."""
    seen: list[tuple[int, set[str]]] = []
    database.on_work(lambda kinds: seen.append((_count(database), set(kinds))))
    with database.transaction() as connection:
        deliveries.is_first(connection, "Ev1", START)
        leave_work(connection, "card")
        leave_work(connection, "cv")
        assert seen == []
    assert seen == [(1, {"card", "cv"})]


def test_nobody_is_woken_for_nothing(database: Database) -> None:
    """Neither by a transaction without work, nor by one that was rolled back, nor by the next after that."""
    woken: list[object] = []
    database.on_work(woken.append)
    with database.transaction() as connection:
        deliveries.is_first(connection, "Ev1", START)
    with pytest.raises(LookupError):
        _fail_with_work(database, "Ev3")
    with database.transaction() as connection:
        deliveries.is_first(connection, "Ev2", START)
    assert woken == []


def test_one_holder_of_a_name_at_a_time(database: Database, second: Database) -> None:
    """However many come, through one opened database or, on PostgreSQL, through several."""
    others = database if database.is_sqlite else second
    inside: list[str] = []
    overlaps: list[list[str]] = []
    start = threading.Barrier(8)

    def hold(who: str, opened: Database) -> None:
        start.wait()
        with opened.exclusive("renew:T1:DEMO"):
            inside.append(who)
            with opened.transaction() as connection:
                deliveries.is_first(connection, who, START)
            overlaps.append([*inside])
            inside.remove(who)

    holders = [
        threading.Thread(target=hold, args=[f"Ev{number}", database if number % 2 else others])
        for number in range(8)
    ]
    for holder in holders:
        holder.start()
    for holder in holders:
        holder.join()
    assert [len(together) for together in overlaps] == [1] * 8


def test_other_names_are_free(database: Database) -> None:
    """One CRM's renewal holds up no other's."""
    with database.exclusive("renew:T1:DEMO"), database.exclusive("renew:T2:DEMO"):
        assert database.is_reachable()


def test_a_name_is_free_again_after_an_error(database: Database) -> None:
    """Whatever went wrong inside."""
    for _ in range(2):
        with pytest.raises(LookupError), database.exclusive("person:ana"):
            raise LookupError
    taken = threading.Event()

    def take() -> None:
        with database.exclusive("person:ana"):
            taken.set()

    thread = threading.Thread(target=take)
    thread.start()
    thread.join(30)
    assert taken.is_set()


def test_holding_names_takes_nothing_from_transactions(second: Database) -> None:
    """However many hold a name and then need a transaction, they never wait for each other."""
    with ExitStack() as held:
        for number in range(MANY):
            held.enter_context(second.exclusive(f"person:{number}"))
        with second.transaction() as connection:
            assert deliveries.is_first(connection, "Ev1", START)


def test_database_that_is_not_there_is_not_reachable(tmp_path: Path) -> None:
    """It is said, not raised."""
    for url in (f"sqlite:///{tmp_path}/missing/handoff.db", "postgresql+psycopg://nobody@127.0.0.1:1/none"):
        database = Database(url)
        assert not database.is_reachable()
        database.close()


def test_error_messages_quote_no_values(database: Database) -> None:
    """What is logged of a database's error holds nothing of what people wrote."""
    with pytest.raises(SQLAlchemyError) as caught, database.transaction() as connection:
        connection.execute(select(func.no_such_function("ana@example.com")))
    assert "ana@example.com" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite:///handoff.db", Path("handoff.db")),
        ("sqlite:////var/lib/handoff.db", Path("/var/lib/handoff.db")),
        ("sqlite://", None),
        ("sqlite:///:memory:", None),
        ("postgresql+psycopg://host/handoff", None),
    ],
)
def test_file_behind_a_url(url: str, file: Path | None) -> None:
    """The keys are kept beside it."""
    assert sqlite_file(url) == file
