"""Bullhorn's two doors before its API: whose data centre is whose, and the login that buys a REST session."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urljoin

import requests

from bot.crm._base import ClientApp, Crm
from bot.crm._errors import Nonsense
from bot.crm._http import Answer, pick, send
from bot.crm._oauth import trusted_api_base
from bot.errors import FieldFault, Invalid

REST_HOME = "https://rest.bullhornstaffing.com/rest-services"
"""Asked which data centre a user belongs to; the overriding API address takes its place."""
_MOVES = 2
_UNKNOWN_USER = (400, 404)
"""A guess: the documents do not say how an unknown user name is answered."""
_STALE_TOKEN = "invalidOAuthToken"  # noqa: S105  a part of an error's name, no secret


def data_centre(crm: Crm, app: ClientApp, username: str) -> dict[str, str]:
    """Where that user signs in (`oauth_url`) and logs in (`rest_url`).

    Raises `Invalid` for a user whom Bullhorn does not know, `CrmError` when it does not answer.
    """
    base = (app.api_url or REST_HOME).rstrip("/")
    answer = _asked(crm, app, "GET", f"{base}/loginInfo", {"username": username})
    told = answer.json_or_none()
    if answer.status in _UNKNOWN_USER or (answer.status == 200 and told == {}):
        advice = f"{crm.name} knows no such user. Check the spelling of the user name that you sign in with."
        raise Invalid([FieldFault("username", advice)])
    if answer.status >= 300:
        raise crm.explain(answer)
    urls = {
        "oauth_url": pick(told, "oauthUrl", crm=crm.name),
        "rest_url": pick(told, "restUrl", crm=crm.name),
    }
    return {name: trusted_api_base(crm, None, app, str(url)) for name, url in urls.items()}


def log_in(crm: Crm, app: ClientApp, base: str, access_token: str) -> tuple[str, str]:
    """The session's key and the API's base, for an access token fresh from the sign-in."""
    answer = _asked(crm, app, "POST", f"{base}/login", {"version": "*", "access_token": access_token})
    if answer.status in crm.expired_statuses or _is_stale(answer):
        raise Nonsense(f"{crm.name} does not take the token it has just given. Please try again.")
    if answer.status >= 300:
        raise crm.explain(answer)
    told = answer.json_or_none()
    token = pick(told, "BhRestToken", crm=crm.name)
    if not isinstance(token, str) or not token:
        raise Nonsense(f"{crm.name} gave a session without a key.")
    return token, trusted_api_base(crm, None, app, str(pick(told, "restUrl", crm=crm.name)))


def _is_stale(answer: Answer) -> bool:
    told = answer.json_or_none()
    return isinstance(told, dict) and _STALE_TOKEN in str(told.get("errorMessageKey"))


def _asked(crm: Crm, app: ClientApp, method: str, url: str, query: Mapping[str, str]) -> Answer:
    """The answer to a call without a session; 307s of a wrong data centre lead to trusted hosts alone."""
    with requests.Session() as http:
        answer = send(http, crm.name, method, url, params=query)
        for _ in range(_MOVES):
            if answer.status not in (307, 308):
                break
            target, _mark, moved_query = urljoin(url, answer.headers.get("location", "")).partition("?")
            url = trusted_api_base(crm, None, app, target)
            answer = send(http, crm.name, method, url, params=moved_query or query)
    return answer
