"""What PostgreSQL's planner makes of the statements that a call sends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, event


@dataclass(frozen=True)
class Plan:
    """The indexes that were used, and the tables that were read from one end to the other."""

    indexes: frozenset[str]
    scanned: frozenset[str]


def plan_of(connection: Connection, act: Callable[[Connection], object]) -> Plan:
    """What was planned for everything that `act` sends on this connection; it is carried out, too."""
    with _listening(connection) as sent:
        act(connection)
    nodes = [node for statement, parameters in sent for node in _nodes(connection, statement, parameters)]
    return Plan(
        frozenset(node["Index Name"] for node in nodes if "Index Name" in node),
        frozenset(node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"),
    )


@contextmanager
def _listening(connection: Connection) -> Iterator[list[tuple[str, Any]]]:
    sent: list[tuple[str, Any]] = []

    def keep(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        sent.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", keep)
    try:
        yield sent
    finally:
        event.remove(connection, "before_cursor_execute", keep)


def _nodes(connection: Connection, statement: str, parameters: Any) -> Iterator[dict[str, Any]]:
    explained = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
    yield from _with_children(explained.scalar_one()[0]["Plan"])


def _with_children(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", []):
        yield from _with_children(child)
