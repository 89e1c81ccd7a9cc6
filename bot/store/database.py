"""The database: one engine, short transactions, and who is told once something was committed."""

from __future__ import annotations

import hashlib
import math
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4
from weakref import WeakValueDictionary

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event, func, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DisconnectionError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as TookTooLong
from sqlalchemy.pool import NullPool, QueuePool

_WAKE = "handoff_wake"
_BEGIN = "handoff_begin"
_CHANNEL = "handoff_work"
_NOTIFY = text("SELECT pg_notify(:channel, :payload)")
_SQLITE_SECONDS = 15
_IDLE_SINCE = "handoff_idle_since"
_PING_AFTER_SECONDS = 1.0
_LISTEN_SECONDS = 0.5
_RECONNECT_SECONDS = 1.0
_READING_OPTIONS: dict[bool, dict[str, Any]] = {
    True: {_BEGIN: "BEGIN"},
    False: {"isolation_level": "REPEATABLE READ"},
}
_GLANCING_OPTIONS: dict[bool, dict[str, Any]] = {
    True: {_BEGIN: None},
    False: {"isolation_level": "AUTOCOMMIT"},
}

# A server that stopped answering is noticed within seconds; TCP by itself allows many minutes.
_PATIENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "tcp_user_timeout": 20_000,
}


class _Lock:
    """A lock that can be referred to weakly."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()


class Database:
    """Opens transactions on SQLite or PostgreSQL.

    `on_work(callback)` registers whoever is to be woken when a committed transaction left work in the outbox.
    """

    def __init__(self, url: str, pool_size: int = 32) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(url) if self.is_sqlite else _postgresql_engine(url, pool_size)
        self._reader = self.engine.execution_options(**_READING_OPTIONS[self.is_sqlite])
        self._glancer = self.engine.execution_options(**_GLANCING_OPTIONS[self.is_sqlite])
        self._lockers = (
            None if self.is_sqlite else _postgresql_engine(url, pool_size=8, max_overflow=-1, ping_after=0)
        )
        self._listeners: list[Callable[[Collection[str]], None]] = []
        self._name = uuid4().hex
        self._writer = threading.Lock()
        # An SQLite database belongs to one process, so its own locks are enough; unused ones vanish.
        self._locks: WeakValueDictionary[str, _Lock] = WeakValueDictionary()
        self._locks_lock = threading.Lock()

    def on_work(self, callback: Callable[[Collection[str]], None]) -> None:
        """Have `callback` called with the kinds of work that a commit left, in the committing thread."""
        self._listeners.append(callback)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """One transaction: committed when the block ends, rolled back when it raises."""
        with self._turn_to_write(), self.engine.begin() as connection:
            connection.info.pop(_WAKE, None)
            yield connection
            kinds = connection.info.pop(_WAKE, ())
            if kinds and not self.is_sqlite:
                self._notify(connection, kinds)
        if kinds:
            for callback in self._listeners:
                callback(kinds)

    def _notify(self, connection: Connection, kinds: Collection[str]) -> None:
        # Other processes hear of it with the commit.
        payload = ",".join([self._name, *sorted(kinds)])
        connection.execute(_NOTIFY, {"channel": _CHANNEL, "payload": payload})

    @contextmanager
    def _turn_to_write(self) -> Iterator[None]:
        # SQLite has one writer at a time, and whoever finds it busy sleeps for longer and longer before it
        # looks again; waiting here, the next one goes on at once.
        if not self.is_sqlite:
            yield
            return
        if not self._writer.acquire(timeout=_SQLITE_SECONDS):
            raise TookTooLong("the database's one writer was busy for too long")
        try:
            yield
        finally:
            self._writer.release()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view for reading alone: on SQLite it waits for no writer."""
        with self._reader.begin() as connection:
            yield connection

    @contextmanager
    def glance(self) -> Iterator[Connection]:
        """For one statement that reads: it is one view by itself, and a transaction would only cost time."""
        with self._glancer.connect() as connection:
            yield connection

    def listen(self, heard: Callable[[Collection[str] | None], None], stopped: threading.Event) -> None:
        """Call `heard` with the kinds of work another process commits, until `stopped`.

        Runs in the calling thread. On SQLite there is no other process. A lost connection is made anew;
        `heard` is then called with None, as anything may have been missed.
        """
        while not self.is_sqlite and not stopped.is_set():
            try:
                self._listen_once(heard, stopped)
            except (psycopg.Error, OSError):
                stopped.wait(_RECONNECT_SECONDS)

    def _listen_once(self, heard: Callable[[Collection[str] | None], None], stopped: threading.Event) -> None:
        address = self.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"LISTEN {_CHANNEL}".encode())
            heard(None)
            while not stopped.is_set():
                for notice in connection.notifies(timeout=_LISTEN_SECONDS, stop_after=1):
                    sender, *kinds = notice.payload.split(",")
                    if sender != self._name:  # one's own are woken already
                        heard(kinds)

    @contextmanager
    def exclusive(self, name: str) -> Iterator[None]:
        """Let one holder of `name` in at a time, in all processes on this database, without a transaction."""
        if self._lockers is None:
            with self._named_lock(name):
                yield
            return
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
        # Connections of their own: holders of names that need transactions must never wait for each other.
        with self._lockers.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(select(func.pg_advisory_lock(number)))
            try:
                yield
            finally:
                connection.execute(select(func.pg_advisory_unlock(number)))

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()
        if self._lockers is not None:
            self._lockers.dispose()

    def _named_lock(self, name: str) -> _Lock:
        with self._locks_lock:
            return self._locks.setdefault(name, _Lock())

    def is_reachable(self) -> bool:
        """Whether a query is answered at this moment."""
        try:
            with self.reading() as connection:
                connection.exec_driver_sql("SELECT 1")
        except SQLAlchemyError:
            return False
        return True


def leave_work(connection: Connection, kind: str) -> None:
    """Note that this transaction enqueued work of a kind, so that its commit wakes the workers for it."""
    connection.info.setdefault(_WAKE, set()).add(kind)


def sqlite_file(url: str) -> Path | None:
    """The file behind an SQLite URL; None for PostgreSQL and for a database in memory."""
    parsed = make_url(url)
    is_file = parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:")
    return Path(str(parsed.database)) if is_file else None


def _sqlite_engine(url: str) -> Engine:
    pool = QueuePool if sqlite_file(url) else NullPool
    sizes = {"pool_size": 16, "max_overflow": 32} if pool is QueuePool else {}
    engine = create_engine(
        url, poolclass=pool, connect_args={"timeout": _SQLITE_SECONDS}, hide_parameters=True, **sizes
    )

    @event.listens_for(engine, "connect")
    def _configure(dbapi_connection: Any, _record: Any) -> None:
        # The driver must not begin transactions by itself: ours begin IMMEDIATE, so that two writers queue
        # up at the start instead of failing at the end.
        dbapi_connection.isolation_level = None
        cursor = dbapi_connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            f"busy_timeout={_SQLITE_SECONDS * 1000}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        begin = connection.get_execution_options().get(_BEGIN, "BEGIN IMMEDIATE")
        if begin is not None:
            connection.exec_driver_sql(begin)

    return engine


def _postgresql_engine(
    url: str, pool_size: int, max_overflow: int = 16, ping_after: float = _PING_AFTER_SECONDS
) -> Engine:
    given = make_url(url).query
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=max_overflow,
        hide_parameters=True,
        connect_args={name: value for name, value in _PATIENCE.items() if name not in given},
    )

    @event.listens_for(engine, "checkin")
    def _put_down(_dbapi_connection: Any, record: Any) -> None:
        record.info[_IDLE_SINCE] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _take_up(dbapi_connection: Any, record: Any, _proxy: Any) -> None:
        # One used a moment ago is there; asking each one each time would be a third of a click's round trips.
        if time.monotonic() - record.info.get(_IDLE_SINCE, math.inf) < ping_after:
            return
        try:
            engine.dialect.do_ping(dbapi_connection)
        except psycopg.Error:
            raise DisconnectionError from None  # the pool then takes another one

    return engine
