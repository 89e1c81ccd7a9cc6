"""Migrations: they build exactly the tables of this version, once, whoever starts at the same time."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from bot.store import deliveries
from bot.store.database import Database
from bot.store.every_table import metadata
from bot.store.migrate import is_empty, is_migrated, migrate, newest_revision

from ..databases import PostgresqlTemplate
from ..support import START

START_UP = """
import sys
from bot.store.database import Database
from bot.store.migrate import migrate

database = Database(sys.argv[1])
migrate(database)
database.close()
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of each kind without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.db"
        return
    server: PostgresqlTemplate = request.getfixturevalue("postgresql")
    name = f"empty_{uuid4().hex}"
    url = server.clone(name)
    database = Database(url)
    with database.transaction() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    database.close()
    yield url
    server.drop(name)


@pytest.fixture
def empty(empty_url: str) -> Iterator[Database]:
    """Opened, and closed after the test."""
    database = Database(empty_url)
    yield database
    database.close()


def test_empty_until_migrated(empty: Database) -> None:
    """A new database is told from one of this version."""
    assert is_empty(empty)
    assert not is_migrated(empty)
    migrate(empty)
    assert not is_empty(empty)
    assert is_migrated(empty)


def test_migrations_build_the_tables_of_this_version(empty: Database) -> None:
    """Columns, types, keys and indexes: nothing is missing and nothing is left over."""
    migrate(empty)
    with empty.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_partial_indexes_keep_their_conditions(empty: Database) -> None:
    """An index over the few rows that wait covers those, and not all."""
    migrate(empty)
    catalogue = {
        True: "SELECT name, sql AS definition FROM sqlite_master WHERE type = 'index'",
        False: "SELECT indexname AS name, indexdef AS definition FROM pg_indexes WHERE schemaname = 'public'",
    }
    with empty.reading() as connection:
        rows = connection.execute(text(catalogue[empty.is_sqlite]))
        partial = {row.name for row in rows if row.definition and " WHERE " in row.definition}
    wanted = {
        index.name
        for table in metadata.tables.values()
        for index in table.indexes
        if index.dialect_options["sqlite"]["where"] is not None
    }
    assert partial == wanted
    assert wanted


def test_migrating_again_changes_nothing(database: Database) -> None:
    """What is stored stays."""
    with database.transaction() as connection:
        deliveries.is_first(connection, "Ev1", START)
    migrate(database)
    with database.transaction() as connection:
        assert not deliveries.is_first(connection, "Ev1", START)


def test_processes_that_start_at_once_migrate_once(empty_url: str, empty: Database) -> None:
    """All of them come up, whoever was first."""
    starting = [
        subprocess.Popen([sys.executable, "-c", START_UP, empty_url], stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    outcomes = [(process.communicate(timeout=60)[1].decode(), process.returncode) for process in starting]
    assert outcomes == [("", 0)] * 3
    assert is_migrated(empty)


def test_database_of_another_version_is_told(database: Database) -> None:
    """One that a later or an earlier version has migrated is not taken for ours."""
    with database.transaction() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'another'"))
    assert not is_migrated(database)
    assert not is_empty(database)


def test_there_is_one_newest_revision() -> None:
    """Migrations are a line without branches."""
    assert newest_revision() is not None
