"""A row of the outbox, and the states it can be in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, literal

from bot.store.outbox_tables import outbox

# Written out in the statement, as the partial indexes are only used where their condition is seen.
READY = outbox.c.state == literal("ready", literal_execute=True)
LEASED = outbox.c.state == literal("leased", literal_execute=True)


@dataclass(frozen=True)
class Job:
    """One thing to be delivered. Jobs of a lane run one after the other; a newer one replaces a waiting one.

    `attempts` counts the present try and those of jobs it replaced, as one of them may have had its effect
    without hearing so. `request` is the id of the request that was its cause.
    """

    id: int
    team_id: str
    kind: str
    lane: str
    payload: Mapping[str, Any]
    attempts: int
    created_at: datetime
    pace: str | None = None
    gap: float = 0
    request: str | None = None
    is_trial: bool = False
    """Whether it is the one job that tries if a remote that kept failing is back."""


def job_of(row: Row[Any], *, is_trial: bool) -> Job:
    """The job that a leased row stands for."""
    return Job(
        row.id,
        row.team_id,
        row.kind,
        row.lane,
        row.payload,
        row.attempts,
        row.created_at,
        row.pace,
        row.gap,
        row.request,
        is_trial,
    )
