"""Handoffs and their ledger of steps taken in the CRM."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, literal, select, update

from bot.models import Application, Ground, Handoff, HandoffState, Target
from bot.store.tables import handoff_steps, handoffs
from bot.store.upsert import upsert

_FIELDS = [field.name for field in fields(Handoff)]
# Statements of the hot path are built once: building them costs more than running them.
_SAVE = update(handoffs).where(
    handoffs.c.team_id == bindparam("of_team"), handoffs.c.application_id == bindparam("of_application")
)
_STEP = (
    (handoff_steps.c.application_id == bindparam("application"))
    & (handoff_steps.c.crm == bindparam("of_crm"))
    & (handoff_steps.c.step == bindparam("of_step"))
)
_BEGUN = select(handoff_steps.c.begun_at).where(_STEP)
_DONE = select(handoff_steps.c.result).where(
    _STEP, handoff_steps.c.team_id == bindparam("team"), handoff_steps.c.done_at.is_not(None)
)
_FINISH = update(handoff_steps).where(_STEP)
_FORGET = delete(handoff_steps).where(_STEP)
# Written out in the statement, as the partial indexes are only used where their condition is seen.
_OPEN = ("waiting", "sending", "failed")


def add(connection: Connection, application: Application) -> None:
    """Store the handoff of a new application."""
    values = {"application_id": application.id, "team_id": application.team_id, **asdict(application.handoff)}
    connection.execute(insert(handoffs).values(**values))


def save(connection: Connection, team_id: str, application_id: str, handoff: Handoff) -> None:
    """Store where a handoff stands."""
    connection.execute(_SAVE, {"of_team": team_id, "of_application": application_id, **vars(handoff)})


def waiting(connection: Connection, team_id: str) -> list[str]:
    """Ids of the workspace's applications whose handoff has not arrived, oldest first."""
    query = (
        select(handoffs.c.application_id)
        .where(handoffs.c.team_id == team_id, handoffs.c.state.in_(["waiting", "sending"]))
        .order_by(handoffs.c.application_id)
    )
    return list(connection.execute(query).scalars())


def count_open(connection: Connection) -> dict[str, int]:
    """How many handoffs of all workspaces wait, are being sent, or failed."""
    is_open = handoffs.c.state.in_([literal(state, literal_execute=True) for state in _OPEN])
    query = select(handoffs.c.state, func.count()).where(is_open).group_by(handoffs.c.state)
    return dict(connection.execute(query).all())


def sent_since(connection: Connection, team_id: str, since: datetime, after: str, limit: int) -> list[str]:
    """Ids of the workspace's applications sent since then whose id comes after `after`, in that order."""
    is_sent = handoffs.c.state == literal("sent", literal_execute=True)
    # By itself PostgreSQL would rather walk through all that was ever sent, as that is in order already.
    lately = (
        select(handoffs.c.application_id)
        .where(handoffs.c.team_id == team_id, is_sent, handoffs.c.since >= since)
        .cte("lately")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    query = (
        select(lately.c.application_id)
        .where(lately.c.application_id > after)
        .order_by(lately.c.application_id)
        .limit(limit)
    )
    return list(connection.execute(query).scalars())


def from_columns(columns: Mapping[str, Any]) -> Handoff:
    """The handoff in a row's columns."""
    values = {name: columns[name] for name in _FIELDS}
    values["target"] = Target(values["target"])
    values["sent"] = Target(values["sent"])
    values["state"] = HandoffState(values["state"])
    values["ground"] = Ground(values["ground"]) if values["ground"] else None
    return Handoff(**values)


def done_step(
    connection: Connection, team_id: str, application_id: str, crm: str, step: str
) -> dict[str, Any] | None:
    """What a finished step gave; None if it has not been finished."""
    step_of = {"team": team_id, "application": application_id, "of_crm": crm, "of_step": step}
    result: dict[str, Any] | None = connection.execute(_DONE, step_of).scalar_one_or_none()
    return result


def begin_step(
    connection: Connection, team_id: str, application_id: str, crm: str, step: str, now: datetime
) -> bool:
    """Note that a step is about to be tried; whether it was begun before, with an outcome nobody knows."""
    again = was_begun(connection, application_id, crm, step)
    key = {"application_id": application_id, "crm": crm, "step": step}
    upsert(connection, handoff_steps, list(key), key | {"team_id": team_id, "begun_at": now})
    return again


def finish_step(
    connection: Connection, application_id: str, crm: str, step: str, result: Mapping[str, Any], now: datetime
) -> None:
    """Write down what a step gave, so that it is never repeated."""
    step_of = {"application": application_id, "of_crm": crm, "of_step": step}
    connection.execute(_FINISH, step_of | {"done_at": now, "result": dict(result)})


def forget_step(connection: Connection, application_id: str, crm: str, step: str) -> None:
    """Drop one step that was begun and surely had no effect."""
    connection.execute(_FORGET, {"application": application_id, "of_crm": crm, "of_step": step})


def was_begun(connection: Connection, application_id: str, crm: str, step: str) -> bool:
    """Whether a step was tried, whatever came of it."""
    step_of = {"application": application_id, "of_crm": crm, "of_step": step}
    return connection.execute(_BEGUN, step_of).scalar_one_or_none() is not None


def forget_steps(connection: Connection, team_id: str, application_id: str, crm: str) -> None:
    """Drop a handoff's ledger for one CRM."""
    table = handoff_steps
    connection.execute(
        delete(table).where(
            table.c.team_id == team_id, table.c.application_id == application_id, table.c.crm == crm
        )
    )
