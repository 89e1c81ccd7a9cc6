"""Deciding about an applicant: lights, statuses, Undo. One transaction each, and what leaves queued in it."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.blocks import notices
from bot.errors import NotFound, Refused
from bot.models import Application, Choice, Decision, HandoffState, Light
from bot.rules import decide as rules
from bot.store import applications, decisions, handoffs
from bot.store import settings as settings_store
from bot.store.job_rows import Job
from bot.usecases import bursts, people, queue
from bot.usecases.house import House
from bot.workspace import WorkspaceSettings


class Stale(Refused):
    """The card had changed since it was drawn. `application` is how it stands now."""

    def __init__(self, application: Application) -> None:
        super().__init__("Somebody else decided meanwhile; nothing was changed.")
        self.application = application


def decide(
    house: House, team_id: str, user_id: str, application_id: str, version: int, choice: Choice
) -> None:
    """Carry out a recruiter's choice on the card as it was drawn with `version`.

    Raises `Stale` when the card has changed since, `Refused` for guests and for a status that is switched
    off, `NotFound`.
    """
    people.require_decider(house, team_id, user_id)
    with house.database.transaction() as connection:
        before = _locked(connection, team_id, application_id)
        now = house.clock()
        if _is_repeat(before, user_id, version, choice):
            return
        if before.version != version:
            raise Stale(before)
        settings = settings_store.load(connection, team_id)
        _require_active(connection, team_id, choice)
        after = rules.decide(
            before, choice, settings, user_id=user_id, now=now, undo_window=house.undo_window(settings)
        )
        if after is before:
            return
        _store(connection, before, after, "light" if choice.light else "status", now)
        _queue(house, connection, before, after, settings)


def undo(house: House, team_id: str, user_id: str, application_id: str, version: int) -> None:
    """Take the last decision back. Raises `Stale`, or `Refused` once its time has passed."""
    people.require_decider(house, team_id, user_id)
    with house.database.transaction() as connection:
        present = _locked(connection, team_id, application_id)
        now = house.clock()  # whoever waited for the lock must not undo what left meanwhile
        if _is_repeated_undo(connection, present, user_id, version):
            return
        if present.version != version:
            raise Stale(present)
        last = decisions.last_standing(connection, team_id, application_id)
        if last is None or not present.can_be_undone(now):
            raise Refused(notices.too_late_to_undo())
        decision, stored = last
        restored = _restored(present, stored, now)
        decisions.mark_undone(connection, team_id, decision.id)
        _store(connection, present, restored, "undo", now, by=user_id)
        _queue(house, connection, present, restored, settings_store.load(connection, team_id))


def _locked(connection: Connection, team_id: str, application_id: str) -> Application:
    application = applications.find(connection, team_id, application_id, lock=True)
    if application is None:
        raise NotFound("This application is no longer here.")
    return application


def _is_repeat(application: Application, user_id: str, version: int, choice: Choice) -> bool:
    # The same person's second click on the card as it was: the first one had its effect already.
    if application.version != version + 1 or application.decided_by != user_id:
        return False
    if choice.light is not None:
        return application.light is choice.light
    return application.status == choice.status


def _is_repeated_undo(connection: Connection, application: Application, user_id: str, version: int) -> bool:
    if application.version != version + 1:
        return False
    latest = decisions.history(connection, application.team_id, application.id, limit=1)
    return bool(latest) and latest[0].kind == "undo" and latest[0].user_id == user_id


def _require_active(connection: Connection, team_id: str, choice: Choice) -> None:
    if choice.status is None:
        return
    statuses = settings_store.load_statuses(connection, team_id)
    if choice.status not in {status.key for status in statuses if status.active}:
        raise Refused("This status is switched off. Choose another one from the menu.")


def _store(
    connection: Connection,
    before: Application,
    after: Application,
    kind: str,
    now: datetime,
    by: str | None = None,
) -> None:
    applications.save_decision(connection, after)
    if after.handoff != before.handoff:
        handoffs.save(connection, after.team_id, after.id, after.handoff)
    decision = Decision(
        id=0,
        user_id=by or after.decided_by or "",
        at=now,
        kind=kind,
        light_before=before.light,
        light_after=after.light,
        status_before=before.status,
        status_after=after.status,
    )
    decisions.add(connection, after, decision, _snapshot(before))


def _queue(
    house: House,
    connection: Connection,
    before: Application,
    after: Application,
    settings: WorkspaceSettings,
) -> None:
    bursts.let_go(house, connection, before)  # the card is the record of what was decided
    queue.redraw(house, connection, after, settings)
    if after.undo_until is not None:
        queue.undo_closed(house, connection, after.team_id, after.id, after.undo_until)
    if after.handoff == before.handoff:
        return
    if after.handoff.state is HandoffState.WAITING:
        queue.handoff_to(house, connection, after.team_id, after.id, settings.crm, after.undo_until)
    else:
        queue.cancel_handoff(connection, after.id)


def _snapshot(application: Application) -> dict[str, Any]:
    handoff = application.handoff
    return {
        "light": application.light,
        "status": application.status,
        "decided_by": application.decided_by,
        "decided_at": _written(application.decided_at),
        "undo_until": _written(application.undo_until),
        "handoff": asdict(handoff) | {"since": _written(handoff.since)},
    }


def _restored(present: Application, stored: dict[str, Any], now: datetime) -> Application:
    columns = stored["handoff"] | {"since": _read(stored["handoff"]["since"])}
    earlier = handoffs.from_columns(columns)
    undo_until = _read(stored.get("undo_until"))
    return replace(
        present,
        light=Light(stored["light"]) if stored["light"] else None,
        status=stored["status"],
        version=present.version + 1,
        decided_by=stored["decided_by"],
        decided_at=_read(stored["decided_at"]),
        # The decision that stands again has the rest of its own window.
        undo_until=undo_until if undo_until is not None and now < undo_until else None,
        handoff=rules.take_back(present.handoff, earlier, now),
    )


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _read(moment: str | None) -> datetime | None:
    return datetime.fromisoformat(moment) if moment else None


def undo_closed(house: House, job: Job) -> None:
    """Redraw a card whose Undo is over."""
    with house.database.transaction() as connection:
        queue.card(house, connection, job.team_id, job.payload["application_id"])
