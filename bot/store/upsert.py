"""Insert-or-update and insert-or-ignore, the same on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def _insert(connection: Connection, table: Table, values: Mapping[str, Any]) -> Any:
    # The two dialects' statements offer the same `on_conflict` methods but share no type.
    dialect: Any = sqlite if connection.dialect.name == "sqlite" else postgresql
    return dialect.insert(table).values(**values)


def upsert(connection: Connection, table: Table, key: Sequence[str], values: Mapping[str, Any]) -> None:
    """Insert `values`, or update the row that has the same `key` columns."""
    changed = {name: value for name, value in values.items() if name not in key}
    connection.execute(
        _insert(connection, table, values).on_conflict_do_update(index_elements=list(key), set_=changed)
    )


def insert_once(connection: Connection, table: Table, values: Mapping[str, Any]) -> bool:
    """Insert `values` unless a unique key has them already; whether a row was inserted."""
    statement = _insert(connection, table, values).on_conflict_do_nothing()
    # Without this option SQLAlchemy forgets the count of an insert on PostgreSQL.
    counted = statement.execution_options(preserve_rowcount=True)
    return bool(connection.execute(counted).rowcount)
