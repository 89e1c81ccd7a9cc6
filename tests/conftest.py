"""The house on a fresh database of each kind, for tests of every room."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from bot.config import Config
from bot.crm._registry import every_crm
from bot.store.database import Database
from bot.store.vault import Vault
from bot.usecases.house import House, client_apps

from .chromium import browser as browser
from .databases import PostgresqlTemplate, SqliteTemplate
from .support import VAULT_KEY, Clock, a_config, forget_environment


@pytest.fixture(scope="session")
def postgresql(
    tmp_path_factory: pytest.TempPathFactory, testrun_uid: str, worker_id: str
) -> Iterator[PostgresqlTemplate]:
    """The run's PostgreSQL server, stopped when the last process is done with it."""
    base = tmp_path_factory.getbasetemp()
    lock = (base if worker_id == "master" else base.parent) / "postgresql.lock"
    # Not below pytest's own directory: for root the server runs as another user, and every pytest that starts
    # on this machine takes the way into that directory from other users.
    directory = Path(tempfile.gettempdir()) / f"handoff-tests-{testrun_uid}"
    template = PostgresqlTemplate(directory, lock)
    yield template
    template.close()


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> SqliteTemplate:
    """A migrated SQLite file to copy."""
    return SqliteTemplate(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh, empty, migrated database of each kind."""
    if request.param == "sqlite":
        template: SqliteTemplate = request.getfixturevalue("sqlite")
        yield template.clone(tmp_path / "handoff.db")
        return
    server: PostgresqlTemplate = request.getfixturevalue("postgresql")
    name = f"test_{uuid4().hex}"
    yield server.clone(name)
    server.drop(name)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Opened, and closed after the test."""
    database = Database(database_url, pool_size=8)
    yield database
    database.close()


@pytest.fixture
def clock() -> Clock:
    """Moved by the test."""
    return Clock()


@pytest.fixture
def config(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Config:
    """Settings of a small workspace, untouched by the environment."""
    forget_environment(monkeypatch)
    return a_config(database_url=database_url)


@pytest.fixture
def house(config: Config, database: Database, clock: Clock) -> House:
    """All that use cases need: a fresh database, fixed keys, the CRMs of this version, the test's clock."""
    crms = every_crm()
    return House(config, database, Vault([VAULT_KEY]), crms, client_apps(config, crms), clock)
