"""Handing an application to the CRM: step by step, each result kept, so that a repeat goes on from there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import Connection

from bot.crm._errors import CrmError, Missing, Nonsense, NoVacancy, SignInNeeded, Unavailable
from bot.errors import NotFound, Refused
from bot.models import Application, Handoff, HandoffState, Target
from bot.outbox import TryLater
from bot.rules import decide as rules
from bot.store import applications, connections, handoffs
from bot.store import settings as settings_store
from bot.store.job_rows import Job
from bot.usecases import forward_notes, people, queue, sessions, trouble
from bot.usecases.forward_steps import STEPS, Steps
from bot.usecases.house import House

log = structlog.get_logger(__name__)

_SENDING_SHOWS_AFTER = timedelta(seconds=1)


def deliver(house: House, job: Job) -> None:
    """Take the application as far as it is wanted, or note why not and when it goes on."""
    application = _begin(house, job)
    if application is None:
        return
    crm_key = str(application.handoff.crm)
    sign_in = sessions.find(house, job.team_id, crm_key)
    try:
        with sessions.session_of(house, sign_in) as api:
            Steps(house, api, application, job).take()
    except NotFound:
        house.watch.handed(crm_key, "parked")
        _wait(house, job, reason=None)
    except SignInNeeded as error:
        house.watch.handed(crm_key, "parked")
        _wait(house, job, reason=str(error))
        sessions.mark_broken(house, sign_in, error)
    except Unavailable as error:
        _try_later(house, job, crm_key, error)
    except CrmError as error:
        if isinstance(error, Missing):
            _doubt_the_ledger(house, job, crm_key)
        _fail(house, job, crm_key, str(error), needs="vacancy" if isinstance(error, NoVacancy) else None)
    except Exception as error:
        if job.attempts < trouble.UNEXPECTED_TRIES:
            raise
        log.exception("handoff_failed_unexpectedly", job=job.id, error=type(error).__name__)
        _fail(house, job, crm_key, f"Something unexpected went wrong (reference {job.id}).")
    else:
        _settle(house, job)
        house.watch.handed(crm_key, "sent")


def retry(house: House, team_id: str, user_id: str, application_id: str) -> None:
    """Somebody pressed Retry: try now what failed or waits. Raises `Refused` where nothing does."""
    people.require_decider(house, team_id, user_id)
    with house.database.transaction() as connection:
        application = applications.find(connection, team_id, application_id, lock=True)
        if application is None or application.handoff.state not in (
            HandoffState.FAILED,
            HandoffState.WAITING,
        ):
            raise Refused("There is nothing to retry: the card shows where the handoff stands.")
        again = replace(
            application.handoff, state=HandoffState.WAITING, reason=None, attempts=0, since=house.clock()
        )
        handoffs.save(connection, team_id, application_id, again)
        queue.handoff(house, connection, team_id, application_id, application.undo_until)
        queue.card(house, connection, team_id, application_id)


def _begin(house: House, job: Job) -> Application | None:
    """Mark the handoff as being sent. None if there is nothing to send, or nowhere to send it."""
    application_id, now = job.payload["application_id"], house.clock()
    with house.database.transaction() as connection:
        application = applications.find(connection, job.team_id, application_id, lock=True)
        if application is None:
            return None
        if application.handoff.target.reach <= application.handoff.sent.reach:
            _settle_arrived(house, connection, application)
            return None
        if not rules.may_leave(application, now):
            raise TryLater("The decision can still be undone.", application.undo_until, counts=False)
        crm_key = settings_store.load(connection, job.team_id).crm
        sign_in = connections.find(connection, house.vault, job.team_id, crm_key or "")
        if sign_in is None or sign_in.broken:
            _save(house, connection, application, state=HandoffState.WAITING, reason=None)
            return None
        handoff = _to_crm(application.handoff, sign_in.crm)
        since = handoff.since if handoff.attempts else now
        attempts = handoff.attempts + 1
        sending = replace(handoff, state=HandoffState.SENDING, attempts=attempts, since=since, needs=None)
        handoffs.save(connection, job.team_id, application_id, sending)
        queue.card(house, connection, job.team_id, application_id, now + _SENDING_SHOWS_AFTER)
        return replace(application, handoff=sending)


def _to_crm(handoff: Handoff, crm_key: str) -> Handoff:
    # After a change of CRM everything still wanted goes to the new one, from the start.
    if handoff.crm in (None, crm_key):
        return replace(handoff, crm=crm_key)
    return replace(
        handoff,
        crm=crm_key,
        sent=Target.NONE,
        candidate_id=None,
        candidate_url=None,
        link_id=None,
        owner=None,
        owner_note=None,
        vacancy_id=None,
        vacancy_title=None,
    )


def _settle(house: House, job: Job) -> None:
    with house.database.transaction() as connection:
        application = applications.find(connection, job.team_id, job.payload["application_id"], lock=True)
        if application is None:
            return
        handoff = application.handoff
        if (
            handoff.target.reach <= handoff.sent.reach
        ):  # else raised while it was being sent; that job comes next
            state = HandoffState.NONE if handoff.sent is Target.NONE else HandoffState.SENT
            _save(house, connection, application, state=state, reason=None)


def _settle_arrived(house: House, connection: Connection, application: Application) -> None:
    # Whoever took it there may have died before saying so.
    if application.handoff.state is HandoffState.SENDING and application.handoff.sent is not Target.NONE:
        _save(house, connection, application, state=HandoffState.SENT, reason=None)


def _wait(house: House, job: Job, reason: str | None) -> None:
    _update(house, job, HandoffState.WAITING, reason, attempts=0)


def _fail(house: House, job: Job, crm_key: str, reason: str, needs: str | None = None) -> None:
    log.warning("handoff_failed", job=job.id, application=job.payload["application_id"])
    house.watch.handed(crm_key, "failed")
    _update(house, job, HandoffState.FAILED, reason, needs=needs)


def _try_later(house: House, job: Job, crm_key: str, error: Unavailable) -> None:
    before = _present(house, job)
    # An outage that ends in a page of nonsense is an outage still: only what repeats itself is given up.
    repeats = before is not None and before.reason == str(error)
    if isinstance(error, Nonsense) and repeats and job.attempts >= trouble.NONSENSE_TRIES:
        _fail(house, job, crm_key, str(error))
        return
    house.watch.handed(crm_key, "again")
    _update(house, job, HandoffState.WAITING, str(error))
    raise trouble.again(house, job, crm_key, error, before.since if before is not None else None)


def _doubt_the_ledger(house: House, job: Job, crm_key: str) -> None:
    # Somebody deleted a record there: a Retry looks for each again, and makes what is gone.
    with house.database.transaction() as connection:
        key = (job.team_id, job.payload["application_id"], crm_key)
        handoffs.forget_steps(connection, *key)
        for name in STEPS:
            handoffs.begin_step(connection, *key, name, house.clock())


def _present(house: House, job: Job) -> Handoff | None:
    with house.database.reading() as connection:
        application = applications.find(connection, job.team_id, job.payload["application_id"])
    return application.handoff if application is not None else None


def _update(house: House, job: Job, state: HandoffState, reason: str | None, **changes: Any) -> None:
    with house.database.transaction() as connection:
        application = applications.find(connection, job.team_id, job.payload["application_id"], lock=True)
        if application is None or application.handoff.target.reach <= application.handoff.sent.reach:
            return
        _save(house, connection, application, state=state, reason=reason, **changes)


def _save(house: House, connection: Connection, application: Application, **changes: Any) -> None:
    handoff = replace(application.handoff, **changes)
    handoffs.save(connection, application.team_id, application.id, handoff)
    if handoff.state in (HandoffState.SENT, HandoffState.FAILED):
        forward_notes.settled(house, connection, application)
    queue.card(house, connection, application.team_id, application.id)
