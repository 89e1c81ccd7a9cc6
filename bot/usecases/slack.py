"""Calls to Slack on behalf of a workspace, with Slack's refusals sorted for the outbox."""

from __future__ import annotations

import http.client
import urllib.error
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.errors import NotFound
from bot.outbox import GiveUp, TryLater
from bot.store import installations
from bot.usecases.house import House
from bot.workspace import Installation

DELIVERY_SECONDS = 15
OPENING_SECONDS = 4  # a trigger is good for three
_GONE = frozenset(
    {
        "invalid_auth",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "not_authed",
        "team_access_not_granted",
    }
)
_PASSING = frozenset(
    {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}
)
SOCKET_REFUSALS = frozenset({"invalid_auth", "not_authed", "token_revoked", "not_allowed_token_type"})
SOCKET_ADVICE = (
    "SLACK_APP_TOKEN is refused by Slack: copy one with the scope connections:write from Basic Information > "
    "App-Level Tokens, or leave it out to be reached over HTTP."
)
NETWORK_TROUBLE = (SlackClientError, urllib.error.URLError, http.client.HTTPException, OSError)


def web_client(house: House, token: str, timeout: float = DELIVERY_SECONDS) -> WebClient:
    """A client for one token that neither retries nor sleeps by itself: the outbox does that."""
    return WebClient(
        token=token, base_url=house.config.slack_api_url, timeout=int(timeout), retry_handlers=[]
    )


def installation(house: House, team_id: str) -> Installation:
    """The workspace's installation. Raises `NotFound` when it has none (any more)."""
    with house.database.glance() as connection:
        found = installations.find(connection, house.vault, team_id)
    if found is None:
        raise NotFound("This workspace has not installed Handoff, or has removed it.")
    return found


def client_of(house: House, team_id: str, timeout: float = DELIVERY_SECONDS) -> WebClient:
    """A client for the workspace. Raises `NotFound` when it has not installed the bot."""
    return web_client(house, installation(house, team_id).token, timeout)


@contextmanager
def delivering(house: House, team_id: str) -> Iterator[WebClient]:
    """A client whose failures come out as the outbox's `TryLater` and `GiveUp`."""
    try:
        yield client_of(house, team_id)
    except NotFound as error:
        raise GiveUp(str(error)) from None
    except SlackApiError as error:
        raise _sorted(house, error) from None
    except NETWORK_TROUBLE as error:
        raise TryLater(f"Slack could not be reached ({type(error).__name__}).") from None


def error_code(error: SlackApiError) -> str:
    """Slack's own name of an error, such as `channel_not_found`."""
    return str(error.response.get("error", "")) if error.response is not None else ""


def _sorted(house: House, error: SlackApiError) -> TryLater | GiveUp:
    code = error_code(error)
    if error.response.status_code == 429 or code == "ratelimited":
        seconds = float(error.response.headers.get("Retry-After", 1))
        at = house.clock() + timedelta(seconds=seconds)
        return TryLater("Slack asked for a pause.", at, counts=False, holds=True)
    if error.response.status_code >= 500 or code in _PASSING:
        return TryLater(f"Slack has trouble ({code or error.response.status_code}).")
    if code in _GONE:
        return GiveUp(f"Slack no longer accepts this workspace's token ({code}); install the app again.")
    return GiveUp(f"Slack refused this: {code}.")


def ignoring(codes: set[str], call: Callable[[], object]) -> bool:
    """Make a call; False instead of an exception when Slack refuses it with one of `codes`."""
    try:
        call()
    except SlackApiError as error:
        if error_code(error) in codes:
            return False
        raise
    return True
