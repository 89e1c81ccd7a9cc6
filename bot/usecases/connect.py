"""Signing in to CRMs, keeping the sign-in fresh, and ending it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import structlog

from bot.blocks import notices
from bot.crm import _oauth
from bot.crm._base import Crm
from bot.crm._errors import CrmError, Declined, SignInNeeded
from bot.crm._http import Session
from bot.errors import HandoffError, NotFound, Refused
from bot.store import connections, tickets
from bot.store import settings as settings_store
from bot.store.tickets import Ticket
from bot.usecases import people, queue, sessions
from bot.usecases.house import House
from bot.workspace import Connection, Credentials, SettingsChange

log = structlog.get_logger(__name__)

_LINK, _STATE = "login_link", "oauth_state"


@dataclass(frozen=True)
class Attempt:
    """A sign-in that was begun: at which CRM, by whom, with which answers to its questions, and the modal
    that was open (its external id) with its draft.
    """

    crm: Crm
    team_id: str
    user_id: str
    view_id: str | None
    draft: Mapping[str, Any]
    answers: Mapping[str, str] = field(repr=False)


class SignInFailed(HandoffError):
    """A sign-in that was begun came to nothing; the message says why."""

    def __init__(self, reason: str, attempt: Attempt) -> None:
        super().__init__(reason)
        self.attempt = attempt


def login_link(
    house: House,
    team_id: str,
    user_id: str,
    crm_key: str,
    *,
    answers: Mapping[str, str],
    view_id: str | None,
    draft: Mapping[str, Any],
) -> str:
    """The address behind the Login button: it works once, for a quarter of an hour, for this person's
    sign-in.
    """
    payload = {"answers": dict(answers), "view_id": view_id, "draft": dict(draft)}
    with house.database.transaction() as connection:
        secret = tickets.issue(
            connection, house.vault, _LINK, Ticket(team_id, user_id, crm_key, payload), house.clock()
        )
    return f"{house.config.public_url}/crm/login?ticket={secret}"


def check_answers(house: House, crm_key: str, answers: Mapping[str, str]) -> Mapping[str, str]:
    """The answers to a CRM's questions, as they are to be kept. Raises `Invalid` and `CrmError`."""
    return house.crms[crm_key].check_answers(answers, house.apps[crm_key])


def begin(house: House, secret: str) -> str:
    """Where a Login link leads: the CRM's own sign-in page. Raises `Refused` for a used or expired link."""
    now = house.clock()
    verifier = _oauth.new_code_verifier()
    with house.database.transaction() as connection:
        ticket = tickets.redeem(connection, house.vault, _LINK, secret, now)
        if ticket is None or ticket.crm is None:
            raise Refused(
                "This link has been used or is too old. Open /handoff-settings in Slack for a fresh one."
            )
        payload = dict(ticket.payload) | {"verifier": verifier}
        state = tickets.issue(connection, house.vault, _STATE, replace(ticket, payload=payload), now)
    crm, app = house.crms[ticket.crm], house.apps[ticket.crm]
    oauth = crm.oauth_for(ticket.payload["answers"], app)
    if oauth is None:
        raise Refused(f"{crm.name} has no sign-in page; connect it in /handoff-settings.")
    return _oauth.authorize_url(oauth, app, house.crm_redirect_uri, state, verifier)


def finish(house: House, returned: Mapping[str, str]) -> tuple[Attempt, str]:
    """The CRM sent the person back with these parameters: redeem the code and remember the sign-in; also as
    whom.

    Raises `Refused` for an unknown `state`, `SignInFailed` for a denied consent and when the CRM does
    not play along.
    """
    with house.database.transaction() as connection:
        ticket = tickets.redeem(connection, house.vault, _STATE, returned.get("state", ""), house.clock())
    if ticket is None or ticket.crm is None:
        raise Refused(
            "This sign-in was finished before, or took too long. Start again from /handoff-settings in Slack."
        )
    crm, payload = house.crms[ticket.crm], ticket.payload
    attempt = Attempt(
        crm,
        str(ticket.team_id),
        str(ticket.user_id),
        payload.get("view_id"),
        payload.get("draft", {}),
        payload["answers"],
    )
    try:
        if returned.get("error") or not returned.get("code"):
            raise Refused(
                f"{crm.name} was not connected: the consent was not given. "
                "Start again from /handoff-settings."
            )
        return attempt, _redeem(house, ticket, crm, returned)
    except HandoffError as failure:
        raise SignInFailed(str(failure), attempt) from failure


def _redeem(house: House, ticket: Ticket, crm: Crm, returned: Mapping[str, str]) -> str:
    app = house.apps[crm.key]
    answers = crm.answers_after(ticket.payload["answers"], returned, app)
    oauth = crm.oauth_for(answers, app)
    if oauth is None:
        raise Refused(f"{crm.name} has no sign-in page; connect it in /handoff-settings.")
    people.require_editor(house, str(ticket.team_id), str(ticket.user_id))
    token = _oauth.exchange_code(
        crm,
        oauth,
        app,
        code=returned["code"],
        verifier=ticket.payload["verifier"],
        redirect_uri=house.crm_redirect_uri,
    )
    return _store_sign_in(house, ticket, crm, answers, crm.credentials_from_token(token, answers, app))


def sign_in_with_keys(
    house: House, team_id: str, user_id: str, crm_key: str, answers: Mapping[str, str]
) -> str:
    """Connect a CRM that has keys instead of a sign-in page; who is connected.

    Raises `Invalid` or `CrmError`.
    """
    people.require_editor(house, team_id, user_id)
    crm = house.crms[crm_key]
    app = house.apps[crm_key]
    checked = crm.check_answers(answers, app)
    credentials = crm.credentials_from_answers(checked, app)
    return _store_sign_in(house, Ticket(team_id, user_id, crm_key, {}), crm, checked, credentials)


def disconnect(house: House, team_id: str, user_id: str, crm_key: str) -> None:
    """End a sign-in: the CRM is told where it wants to know, and everything secret is forgotten either
    way.
    """
    people.require_editor(house, team_id, user_id)
    crm = house.crms[crm_key]
    try:
        with sessions.session(house, team_id, crm_key) as api:
            crm.revoke(api)
    except (CrmError, NotFound) as error:
        log.warning("crm_not_told_of_disconnect", team=team_id, crm=crm_key, error=type(error).__name__)
    with house.database.transaction() as connection:
        if connections.find(connection, house.vault, team_id, crm_key, lock=True) is None:
            return
        connections.remove(connection, team_id, crm_key)
        change = SettingsChange(user_id, house.clock(), (f"disconnected {crm.name}",))
        settings_store.add_history(connection, team_id, change)
        sessions.redraw_waiting(house, connection, team_id)


def _store_sign_in(
    house: House, ticket: Ticket, crm: Crm, answers: Mapping[str, str], credentials: Credentials
) -> str:
    with Session(crm, credentials, answers, app=house.apps[crm.key]) as api:
        try:
            account = crm.account(api)
        except SignInNeeded:
            raise Declined(
                f"{crm.name} did not accept this sign-in. Check what you entered and try again."
            ) from None
    team_id, user_id, now = str(ticket.team_id), str(ticket.user_id), house.clock()
    with house.database.exclusive(f"settings:{team_id}"), house.database.transaction() as connection:
        before = connections.find(connection, house.vault, team_id, crm.key, lock=True)
        sign_in = Connection(
            id=0,
            team_id=team_id,
            crm=crm.key,
            account=account,
            answers=answers,
            credentials=credentials,
            connected_by=user_id,
            connected_at=now,
            version=before.version + 1 if before else 1,
        )
        connections.save(connection, house.vault, sign_in)
        _after_sign_in(house, connection, sign_in, before)
    return account


def _after_sign_in(house: House, connection: Any, sign_in: Connection, before: Connection | None) -> None:
    crm, team_id = house.crms[sign_in.crm], sign_in.team_id
    settings = settings_store.load(connection, team_id)
    active = settings.crm and connections.find(connection, house.vault, team_id, settings.crm)
    if not active or settings.crm == sign_in.crm:
        settings_store.save(connection, replace(settings, crm=sign_in.crm, version=settings.version + 1))
        sessions.release(house, connection, team_id)
    change = SettingsChange(
        sign_in.connected_by, house.clock(), (f"connected {crm.name} as {sign_in.account}",)
    )
    settings_store.add_history(connection, team_id, change)
    if before is not None and before.broken:
        for user_id in dict.fromkeys((before.connected_by, *settings.editors)):
            queue.direct(house, connection, team_id, user_id, notices.sign_in_back(crm.name))
