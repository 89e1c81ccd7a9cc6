"""Brings a database to this version, and tells whether it is there."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from bot.store.database import Database

_SCRIPTS = Path(__file__).with_name("migrations")
_ONE_AT_A_TIME = 740_152_001  # the advisory lock that lets one of several starting replicas migrate


def migrate(database: Database) -> None:
    """Run every migration this database lacks; safe to call from several processes at once."""
    with database.transaction() as connection:
        if not database.is_sqlite:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})")
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_migrated(database: Database) -> bool:
    """Whether the database has this version's tables."""
    with database.reading() as connection:
        return MigrationContext.configure(connection).get_current_revision() == newest_revision()


def is_empty(database: Database) -> bool:
    """Whether no table exists yet."""
    with database.reading() as connection:
        return not inspect(connection).get_table_names()


def newest_revision() -> str | None:
    """The revision this version of the product needs."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    return config
