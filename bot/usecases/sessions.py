"""A workspace's working sign-in to its CRM: sessions, renewal, and what happens when the CRM refuses it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import structlog

from bot.blocks import notices
from bot.crm import _oauth
from bot.crm._errors import SignInNeeded
from bot.crm._http import TIMEOUT, Session, Timeout
from bot.errors import NotFound
from bot.store import applications, connections, handoffs, paces
from bot.store import notes as note_store
from bot.store import settings as settings_store
from bot.usecases import notes, queue
from bot.usecases.house import House
from bot.workspace import Connection, Credentials

log = structlog.get_logger(__name__)

_RENEW_AHEAD = timedelta(seconds=60)


def find(house: House, team_id: str, crm_key: str | None) -> Connection | None:
    """The workspace's sign-in to that CRM, broken or not."""
    if crm_key is None:
        return None
    with house.database.glance() as connection:
        return connections.find(connection, house.vault, team_id, crm_key)


def session(
    house: House,
    team_id: str,
    crm_key: str,
    *,
    options: Mapping[str, str] | None = None,
    timeout: Timeout = TIMEOUT,
) -> Session:
    """A session with the workspace's CRM, its sign-in fresh; `options` go before those that are saved.

    Raises `NotFound` when nobody signed in, `SignInNeeded` when the sign-in is broken, `Unavailable`
    when it could not be renewed just now.
    """
    return session_of(house, find(house, team_id, crm_key), options=options, timeout=timeout)


def session_of(
    house: House,
    stored: Connection | None,
    *,
    options: Mapping[str, str] | None = None,
    timeout: Timeout = TIMEOUT,
) -> Session:
    """The same for a sign-in that was looked up already; None is none."""
    if stored is None:
        raise NotFound("No CRM is connected.")
    crm = house.crms[stored.crm]
    if stored.broken:
        raise SignInNeeded(stored.broken)
    credentials = stored.credentials
    if credentials.expires_at is not None and credentials.expires_at - _RENEW_AHEAD <= house.clock():
        credentials = _renew(house, stored, credentials)
    renew = None if crm.oauth is None and not crm.keys_expire else lambda stale: _renew(house, stored, stale)
    with house.database.reading() as connection:
        saved = settings_store.load(connection, stored.team_id).crm_options.get(stored.crm, {})
    chosen = {key: picked.value for key, picked in saved.items()} | dict(options or {})
    app = house.apps[stored.crm]
    return Session(crm, credentials, stored.answers, renew, app=app, options=chosen, timeout=timeout)


def mark_broken(house: House, refused: Connection | None, error: SignInNeeded) -> None:
    """The CRM refused this sign-in: note it once, tell the admins once, and show it on the cards that wait.

    `refused` is the sign-in as the session had begun with it: a newer one is not meant.
    """
    if refused is None:
        return
    crm, team_id = house.crms[refused.crm], refused.team_id
    with house.database.transaction() as connection:
        if not connections.mark_broken(connection, refused, str(error)):
            return
        settings = settings_store.load(connection, team_id)
        for user_id in dict.fromkeys((refused.connected_by, *settings.editors)):
            queue.direct(house, connection, team_id, user_id, notices.sign_in_broken(crm.name))
        redraw_waiting(house, connection, team_id)
    log.warning("crm_sign_in_broken", team=team_id, crm=refused.crm)


def release(house: House, connection: Any, team_id: str) -> None:
    """Let everything go that waited for a connection; what can still be undone waits for that."""
    now = house.clock()
    crm_key = str(settings_store.load(connection, team_id).crm)
    paces.succeed(connection, queue.crm_pace(team_id, crm_key), now)  # signing in, it was there
    for application_id in handoffs.waiting(connection, team_id):
        application = applications.find(connection, team_id, application_id)
        undoable = application is not None and application.can_be_undone(now)
        due = application.undo_until if application is not None and undoable else now
        queue.handoff(house, connection, team_id, application_id, due)
    notes.release(house, connection, team_id)


def redraw_waiting(house: House, connection: Any, team_id: str) -> None:
    """Have the cards of all that waits say why."""
    late = (*handoffs.waiting(connection, team_id), *note_store.waiting(connection, team_id))
    for application_id in dict.fromkeys(late):
        queue.card(house, connection, team_id, application_id)


def _renew(house: House, stored: Connection, stale: Credentials) -> Credentials:
    # Refresh tokens may serve only once: one process at a time renews, the others take what it got.
    with house.database.exclusive(f"renew:{stored.team_id}:{stored.crm}"):
        present = find(house, stored.team_id, stored.crm)
        if present is None or present.broken:
            raise SignInNeeded(present.broken or "" if present else "The CRM was disconnected.")
        if present.credentials.access_token != stale.access_token:
            return present.credentials
        crm, app = house.crms[stored.crm], house.apps[stored.crm]
        oauth = crm.oauth_for(present.answers, app)
        with _watched(house, stored.crm):
            if oauth is None:
                renewed = crm.credentials_from_answers(present.answers, app)
            else:
                token = _oauth.refresh(crm, oauth, app, present.credentials)
                renewed = crm.credentials_from_token(token, present.answers, app)
        with house.database.transaction() as connection:
            connections.save_credentials(connection, house.vault, present, renewed)
        return renewed


@contextmanager
def _watched(house: House, crm_key: str) -> Iterator[None]:
    outcome = "failed"
    try:
        yield
        outcome = "renewed"
    except SignInNeeded:
        outcome = "refused"
        raise
    finally:
        house.watch.renewed(crm_key, outcome)
        log.info("crm_sign_in_renewed", crm=crm_key, outcome=outcome)
