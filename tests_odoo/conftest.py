"""The product on SQLite, with a local Slack before it and an Odoo that runs behind it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.playground.democrm import DemoCrm
from bot.playground.slack import LocalSlack
from bot.store.database import Database
from bot.usecases import connect
from tests.databases import SqliteTemplate
from tests.support import Clock, forget_environment
from tests.world import ADMIN, TEAM, World, a_world, a_world_config

from .server import NoOdooError, OdooServer, running_odoo


@pytest.fixture(scope="session")
def odoo() -> OdooServer:
    """The Odoo, asked for once."""
    try:
        return running_odoo()
    except NoOdooError as error:
        pytest.exit(str(error), returncode=1)


@pytest.fixture(scope="session")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> SqliteTemplate:
    """A migrated SQLite file to copy."""
    return SqliteTemplate(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture
def unconnected(sqlite: SqliteTemplate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The product before anybody has connected a CRM."""
    forget_environment(monkeypatch)
    url = sqlite.clone(tmp_path / "handoff.db")
    database = Database(url, pool_size=8)
    try:
        with (
            LocalSlack() as slack,
            DemoCrm() as crm,
            a_world(a_world_config(url, slack, crm), database, Clock(), slack, crm) as world,
        ):
            yield world
    finally:
        database.close()


@pytest.fixture
def world(unconnected: World, odoo: OdooServer) -> World:
    """An admin has connected the Odoo."""
    connect.sign_in_with_keys(unconnected.house, TEAM, ADMIN, "ODOO", odoo.answers)
    return unconnected
