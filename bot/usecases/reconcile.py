"""Compares what was sent with what the CRM has, sends again what is missing there, and says what changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection

from bot.blocks import notices
from bot.crm._errors import Nonsense, RateLimited, SignInNeeded, Unavailable
from bot.crm._push import PushCrm
from bot.errors import HandoffError, NotFound, Refused
from bot.models import Application, HandoffState, Target
from bot.outbox import TryLater, pause
from bot.store import applications, connections, deliveries, handoffs, paces
from bot.store import settings as settings_store
from bot.store.job_rows import Job
from bot.usecases import queue, sessions
from bot.usecases.house import House
from bot.usecases.reconcile_checks import WORDS, Seen, forget, look, why_not_mended

log = structlog.get_logger(__name__)

DAYS = 7
_FROM_HOUR = 2  # UTC: most of the world's recruiters are asleep, or not yet at work
_BATCH = 20
_MENDABLE = (Seen.PERSON_GONE, Seen.PERSON_REPLACED, Seen.LINK_GONE)
_AGAIN = "it was sent again for this before, so it was left"


@dataclass(frozen=True)
class Finding:
    """An application that the CRM has otherwise than we believe. `left` says why it is not sent again."""

    application_id: str
    seen: Seen
    left: str | None = None

    @property
    def text(self) -> str:
        """What was found, and what comes of it."""
        outcome = f"; {self.left}" if self.left else "; sent again" if self.seen in _MENDABLE else ""
        return f"{WORDS[self.seen]}{outcome}"

    @property
    def mends(self) -> bool:
        """Whether something is sent again."""
        return self.seen in _MENDABLE and self.left is None


@dataclass(frozen=True)
class _Batch:
    """What looking at some applications gave. `trouble` ended it before its end."""

    findings: tuple[Finding, ...]
    last: str
    looked_at: int
    is_last: bool
    trouble: Unavailable | None = None


def nightly(house: House) -> None:
    """Have every workspace compared once a day; whichever process asks first has it done."""
    now = house.clock()
    if now.hour < _FROM_HOUR:
        return
    with house.database.reading() as connection:
        signed_in = connections.usable(connection)
    for team_id, crm_key in signed_in:
        if isinstance(house.crms.get(crm_key), PushCrm):
            continue  # it shows nothing
        with house.database.transaction() as connection:
            if deliveries.is_first(connection, f"reconcile:{team_id}:{now:%Y%m%d}", now):
                since = (now - timedelta(days=DAYS)).isoformat()
                payload = {"crm": crm_key, "since": since, "after": "", "found": []}
                queue.reconcile(house, connection, team_id, crm_key, payload, now)


def deliver(house: House, job: Job) -> None:
    """Compare the next few applications, and queue the rest."""
    told, now = job.payload, house.clock()
    batch = _look_at_some(
        house, job.team_id, told["crm"], datetime.fromisoformat(told["since"]), told["after"]
    )
    if batch is None:
        return
    found = [*told["found"], *([one.application_id, one.seen.value, one.left] for one in batch.findings)]
    with house.database.transaction() as connection:
        _settle(house, connection, job.team_id, batch.findings)
        if batch.is_last:
            _tell(house, connection, job.team_id, told["crm"], [_read(one) for one in found])
        elif batch.looked_at:
            payload = {**told, "after": batch.last, "found": found}
            queue.reconcile(house, connection, job.team_id, told["crm"], payload, now)
    if batch.trouble is not None:
        raise _later(batch.trouble, job, now)


def by_hand(house: House, *, days: int, team: str | None, dry_run: bool) -> Iterator[str]:
    """Compare now; a line for each difference and each workspace.

    Raises `HandoffError` at the end if some were not looked at whole.
    """
    with house.database.reading() as connection:
        signed_in = [pair for pair in connections.usable(connection) if team in (None, pair[0])]
    if team is not None and not signed_in:
        raise NotFound(f"Workspace {team} has no working sign-in to a CRM; /handoff-settings has Login.")
    troubles = []
    for team_id, crm_key in signed_in:
        if isinstance(house.crms[crm_key], PushCrm):
            yield f"{team_id}: {house.crms[crm_key].name} can't tell: it takes applications and shows none"
            continue
        try:
            yield from _whole_team(house, team_id, crm_key, days, dry_run=dry_run)
        except Refused as refused:
            yield f"{team_id}: {refused}"
            troubles.append(team_id)
    if troubles:
        raise HandoffError("Not all was looked at; what was, is done. Run it again later for the rest.")


def _whole_team(house: House, team_id: str, crm_key: str, days: int, *, dry_run: bool) -> Iterator[str]:
    since, name = house.clock() - timedelta(days=days), house.crms[crm_key].name
    found: list[Finding] = []
    after, looked_at = "", 0
    while True:
        _respect_pace(house, team_id, crm_key)
        batch = _look_at_some(house, team_id, crm_key, since, after, tells=not dry_run)
        if batch is None:
            raise Refused(f"{name} no longer accepts the sign-in.")
        with house.database.transaction() as connection:
            if not dry_run:
                _settle(house, connection, team_id, batch.findings)
            if isinstance(batch.trouble, RateLimited) and not dry_run:
                until = _later(batch.trouble, None, house.clock()).at or house.clock()
                paces.hold(connection, queue.crm_pace(team_id, crm_key), until)
        for finding in batch.findings:
            yield f"{team_id} {finding.application_id}: {finding.text}"
        found += batch.findings
        after, looked_at = batch.last, looked_at + batch.looked_at
        if batch.trouble is not None or batch.is_last:
            break
    if not dry_run:
        with house.database.transaction() as connection:
            _tell(house, connection, team_id, crm_key, found)
    if batch.trouble is not None:
        raise Refused(f"{batch.trouble} {looked_at} were looked at.")
    yield f"{team_id}: {looked_at} looked at in {name}, {len(found)} differ"


def _respect_pace(house: House, team_id: str, crm_key: str) -> None:
    with house.database.reading() as connection:
        until = paces.held_until(connection, queue.crm_pace(team_id, crm_key), house.clock())
    if until is not None:
        raise Refused(f"{house.crms[crm_key].name} is to be left alone until {until:%H:%M:%S} UTC.")


def _look_at_some(
    house: House, team_id: str, crm_key: str, since: datetime, after: str, *, tells: bool = True
) -> _Batch | None:
    """Look at the next applications; None where nobody is signed in any more."""
    with house.database.reading() as connection:
        ids = handoffs.sent_since(connection, team_id, since, after, _BATCH)
    if not ids:
        return _Batch((), after, 0, is_last=True)
    sign_in = sessions.find(house, team_id, crm_key)
    findings: list[Finding] = []
    last, looked_at = after, 0
    try:
        with sessions.session_of(house, sign_in) as api:
            for application_id in ids:
                finding = _compared(house, api, team_id, application_id)
                findings += [finding] if finding is not None else []
                last, looked_at = application_id, looked_at + 1
    except NotFound:
        return None
    except SignInNeeded as error:
        if tells:
            sessions.mark_broken(house, sign_in, error)
        return None
    except Unavailable as trouble:
        return _Batch(tuple(findings), last, looked_at, is_last=False, trouble=trouble)
    return _Batch(tuple(findings), last, looked_at, is_last=len(ids) < _BATCH)


def _compared(house: House, api: Any, team_id: str, application_id: str) -> Finding | None:
    with house.database.reading() as connection:
        application = applications.find(connection, team_id, application_id)
    if application is None or application.handoff.crm != api.crm.key:
        return None  # sent to a CRM that was chosen before
    seen = look(house, api, application)
    if seen is Seen.WHOLE:
        return None
    left = None
    if seen in _MENDABLE:
        left = _before(house, application, seen) or why_not_mended(house, api, application, seen)
    return Finding(application_id, seen, left)


def _before(house: House, application: Application, seen: Seen) -> str | None:
    with house.database.reading() as connection:
        key = (application.team_id, application.id, str(application.handoff.crm))
        return _AGAIN if handoffs.done_step(connection, *key, _mark(seen)) is not None else None


def _settle(house: House, connection: Connection, team_id: str, findings: tuple[Finding, ...]) -> None:
    for finding in findings:
        ids = {"team": team_id, "application": finding.application_id}
        log.warning("crm_differs", seen=finding.seen.value, sent_again=finding.mends, **ids)
        if finding.mends:
            _mend(house, connection, team_id, finding)


def _mend(house: House, connection: Connection, team_id: str, finding: Finding) -> None:
    application = applications.find(connection, team_id, finding.application_id, lock=True)
    if application is None or application.handoff.state is not HandoffState.SENT:
        return
    handoff = replace(application.handoff, state=HandoffState.WAITING, attempts=0, since=house.clock())
    if finding.seen is Seen.LINK_GONE:
        handoff = replace(handoff, sent=Target.CRM, link_id=None)
    else:
        handoff = replace(handoff, sent=Target.NONE, candidate_id=None, candidate_url=None, link_id=None)
    forget(house, connection, application, finding.seen)
    _note(house, connection, application, finding.seen)
    handoffs.save(connection, team_id, application.id, handoff)
    queue.handoff(house, connection, team_id, application.id)
    queue.card(house, connection, team_id, application.id)


def _note(house: House, connection: Connection, application: Application, seen: Seen) -> bool:
    """Remember in the ledger that this was seen; whether it is new."""
    key = (application.team_id, application.id, str(application.handoff.crm), _mark(seen))
    is_new = handoffs.done_step(connection, *key) is None
    handoffs.begin_step(connection, *key, house.clock())
    handoffs.finish_step(connection, *key[1:], {}, house.clock())
    return is_new


def _mark(seen: Seen) -> str:
    return f"saw:{seen.value}"


def _tell(house: House, connection: Connection, team_id: str, crm_key: str, findings: list[Finding]) -> None:
    """Tell the admins what was sent again, and what else is new since the last time."""
    lines = []
    for finding in findings:
        application = applications.find(connection, team_id, finding.application_id)
        is_told = finding.seen is Seen.UNKNOWN or finding.left == _AGAIN
        if application is None or is_told:
            continue
        if finding.mends or _note(house, connection, application, finding.seen):
            name = f"{application.candidate.first_name or ''} {application.candidate.last_name}".strip()
            lines.append((f"{name}, {application.vacancy.reference}", finding.text))
    sign_in = connections.find(connection, house.vault, team_id, crm_key)
    if not lines or sign_in is None:
        return
    settings = settings_store.load(connection, team_id)
    text = notices.reconciled(house.crms[crm_key].name, lines)
    for user_id in dict.fromkeys((sign_in.connected_by, *settings.editors)):
        queue.direct(house, connection, team_id, user_id, text)


def _read(stored: Any) -> Finding:
    application_id, seen, left = stored
    return Finding(application_id, Seen(seen), left)


def _later(trouble: Unavailable, job: Job | None, now: datetime) -> TryLater:
    wait = pause(job.attempts if job else 1)
    if isinstance(trouble, RateLimited):
        asked = wait if trouble.seconds is None else timedelta(seconds=trouble.seconds)
        return TryLater(str(trouble), now + asked, holds=True)
    return TryLater(str(trouble), now + wait, is_outage=not isinstance(trouble, Nonsense))
