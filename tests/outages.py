"""A database that goes away for a while, and a disk that fills up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import event

from bot.store.database import Database, sqlite_file


@contextmanager
def away(database: Database) -> Iterator[None]:
    """Nobody reaches the database: open connections end, and new ones are refused."""
    file = sqlite_file(str(database.url))
    with _moved(database, file) if file is not None else _closed(database):
        yield


@contextmanager
def full(database: Database, spare_pages: int = 0) -> Iterator[None]:
    """The disk has room for so many pages more; for SQLite, whose connections can be told so."""
    with database.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()

    def limit(connection: Any, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages + spare_pages}")

    event.listen(database.engine, "connect", limit)
    database.engine.dispose()
    try:
        yield
    finally:
        event.remove(database.engine, "connect", limit)
        database.engine.dispose()


@contextmanager
def _moved(database: Database, file: Path) -> Iterator[None]:
    # As when the disk is gone: a folder in the file's place can't be opened.
    database.engine.dispose()
    parts = [part for part in file.parent.iterdir() if part.name.startswith(file.name)]
    for part in parts:
        part.rename(part.with_name(f"gone-{part.name}"))
    file.mkdir()
    try:
        yield
    finally:
        file.rmdir()
        for part in parts:
            part.with_name(f"gone-{part.name}").rename(part)


@contextmanager
def _closed(database: Database) -> Iterator[None]:
    name = database.url.database
    address = database.url.set(drivername="postgresql", database="postgres").render_as_string(False)
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'.encode())
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        try:
            yield
        finally:
            server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'.encode())
