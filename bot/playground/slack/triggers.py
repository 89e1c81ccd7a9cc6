"""Trigger ids (3 seconds, once) and response URLs (5 uses in 30 minutes): given out and honoured."""

from __future__ import annotations

import secrets

from .model import ApiError
from .state import ResponseUrl, State, Trigger

RESPONSE_URL_SECONDS = 30 * 60.0
RESPONSE_URL_USES = 5


def new_trigger(
    state: State, team: str, user: str, *, channel: str | None = None, view_id: str | None = None
) -> str:
    """A fresh trigger_id for something this person just did."""
    with state.lock:
        trigger_id = f"{len(state.triggers) + 1}.{state.new_id('')}.{secrets.token_hex(16)}"
        state.triggers[trigger_id] = Trigger(team, user, state.clock(), channel, view_id)
    return trigger_id


def usable_trigger(state: State, team: str, trigger_id: str) -> Trigger:
    """The trigger, still unspent; the caller spends it once the rest of the call is in order."""
    trigger = state.triggers.get(trigger_id)
    if trigger is None or trigger.team != team:
        raise ApiError("invalid_trigger_id")
    if trigger.spent:
        raise ApiError("exchanged_trigger_id")
    if state.clock() - trigger.issued > state.trigger_seconds:
        raise ApiError("expired_trigger_id")
    return trigger


def new_response_url(
    state: State, kind: str, team: str, user: str, channel: str, message_ts: str | None = None
) -> str:
    """A fresh response_url; `kind` is the word in its path, "actions" or "commands"."""
    secret = secrets.token_urlsafe(18)
    with state.lock:
        state.response_urls[secret] = ResponseUrl(team, user, channel, state.clock(), message_ts)
    return f"{state.base_url}/{kind}/{team}/{secret}"


def use_response_url(state: State, secret: str) -> ResponseUrl:
    """Count one use of a response_url, refusing what is unknown, too old or used up."""
    with state.lock:
        url = state.response_urls.get(secret)
        if url is None:
            raise ApiError("no_service", status=404)
        if state.clock() - url.issued > RESPONSE_URL_SECONDS:
            raise ApiError("expired_url", status=404)
        if url.uses >= RESPONSE_URL_USES:
            raise ApiError("used_url", status=404)
        url.uses += 1
        return url
