"""The history of an application: a line for each decision, with what Undo would put back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from bot.models import Application, Decision, Light
from bot.store.tables import decisions

_ADD = insert(decisions)


def add(
    connection: Connection, application: Application, decision: Decision, before: Mapping[str, Any]
) -> None:
    """Write a line of history; the database gives its id. `before` is what Undo puts back (JSON)."""
    values = {
        "team_id": application.team_id,
        "application_id": application.id,
        "user_id": decision.user_id,
        "at": decision.at,
        "kind": decision.kind,
        "light_before": decision.light_before,
        "light_after": decision.light_after,
        "status_before": decision.status_before,
        "status_after": decision.status_after,
        "before": dict(before),
        "undone": False,
    }
    connection.execute(_ADD, values)


def history(connection: Connection, team_id: str, application_id: str, limit: int = 50) -> list[Decision]:
    """The application's latest lines of history, newest first."""
    query = (
        select(decisions)
        .where(decisions.c.team_id == team_id, decisions.c.application_id == application_id)
        .order_by(decisions.c.id.desc())
        .limit(limit)
    )
    return [_from_row(row) for row in connection.execute(query)]


def last_standing(
    connection: Connection, team_id: str, application_id: str
) -> tuple[Decision, dict[str, Any]] | None:
    """The latest decision that was not undone, with what Undo puts back."""
    query = (
        select(decisions)
        .where(
            decisions.c.team_id == team_id,
            decisions.c.application_id == application_id,
            decisions.c.undone.is_(False),
            decisions.c.kind != "undo",
        )
        .order_by(decisions.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else (_from_row(row), row.before)


def mark_undone(connection: Connection, team_id: str, decision_id: int) -> None:
    """Note that a decision was taken back."""
    connection.execute(
        update(decisions)
        .where(decisions.c.team_id == team_id, decisions.c.id == decision_id)
        .values(undone=True)
    )


def _from_row(row: Row[Any]) -> Decision:
    return Decision(
        id=row.id,
        user_id=row.user_id,
        at=row.at,
        kind=row.kind,
        light_before=Light(row.light_before) if row.light_before else None,
        light_after=Light(row.light_after) if row.light_after else None,
        status_before=row.status_before,
        status_after=row.status_after,
        undone=row.undone,
    )
