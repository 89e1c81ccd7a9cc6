"""Insert-or-update and insert-or-ignore, the same on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def upsert(connection: Connection, table: Table, key: Sequence[str], values: Mapping[str, Any]) -> None:
    """Insert `values`, or update the row that has the same `key` columns."""
    connection.execute(_upsert(connection.dialect.name, table, tuple(key), tuple(values)), dict(values))


def insert_once(connection: Connection, table: Table, values: Mapping[str, Any]) -> bool:
    """Insert `values` unless a unique key has them already; whether a row was inserted."""
    return bool(connection.execute(_insert_once(connection.dialect.name, table), dict(values)).rowcount)


# Built once for each table: building a statement costs more than running it.
@cache
def _upsert(dialect_name: str, table: Table, key: tuple[str, ...], names: tuple[str, ...]) -> Any:
    statement = _insert(dialect_name, table)
    changed = {name: statement.excluded[name] for name in names if name not in key}
    return statement.on_conflict_do_update(index_elements=list(key), set_=changed)


@cache
def _insert_once(dialect_name: str, table: Table) -> Any:
    statement = _insert(dialect_name, table).on_conflict_do_nothing()
    # Without this option SQLAlchemy forgets the count of an insert on PostgreSQL.
    return statement.execution_options(preserve_rowcount=True)


def _insert(dialect_name: str, table: Table) -> Any:
    # The two dialects' statements offer the same `on_conflict` methods but share no type.
    dialect: Any = sqlite if dialect_name == "sqlite" else postgresql
    return dialect.insert(table)
