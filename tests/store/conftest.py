"""An open transaction on a database of each kind, and keys to encrypt with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from bot.store.database import Database
from bot.store.vault import Vault

from ..support import VAULT_KEY


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    """A transaction that is committed after the test."""
    with database.transaction() as connection:
        yield connection


@pytest.fixture
def vault() -> Vault:
    """One key, the same in every test."""
    return Vault([VAULT_KEY])
