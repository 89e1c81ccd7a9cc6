"""What lies before the API: whose data centre is whose, tokens, the login that buys a REST session."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from tests.doubles._signin import RefusedError

from .api import CORPORATION
from .site import RefusalError, Site

OTHER = "/emea"
"""The doors of another data centre, on the same port."""


async def at_home(request: Request) -> Site:
    """The double, if this is the data centre of its account."""
    site: Site = request.app.state.site
    url = str(request.url)
    if site.home and not url.startswith(site.home):
        path = request.url.path.removeprefix(OTHER)
        raise MovedError(f"{site.home}{path}?{request.url.query}")
    return site


class MovedError(Exception):
    """The wrong data centre."""


Here = Annotated[Site, Depends(at_home)]
doors = APIRouter()


@doors.get("/rest-services/loginInfo")
async def login_info(site: Here, request: Request) -> dict[str, str | int]:
    if set(request.query_params) != {"username"}:
        raise RefusalError(400, "username is needed.")
    users = site.records.tables["CorporateUser"].values()
    here = [user["username"] for user in users if user["enabled"] and not user["isDeleted"]]
    if request.query_params["username"] not in here:
        raise RefusalError(404, "No such user.")
    base = site.home or str(request.base_url).rstrip("/")
    return {
        "oauthUrl": f"{base}/oauth",
        "restUrl": f"{base}/rest-services/",
        "atsUrl": base,
        "coreUrl": base,
        "novoUrl": base,
        "superClusterId": 1,
    }


@doors.post("/oauth/token")
async def token(site: Here, request: Request) -> Response:
    """Tokens for a code or a refresh token; all is in the address, and nothing in the body."""
    pairs = request.query_params.multi_items()
    is_plain = not await request.body() and len(dict(pairs)) == len(pairs)
    try:
        return JSONResponse(site.sign_in.token(dict(pairs) if is_plain else {"": ""}))
    except RefusedError as refusal:
        return JSONResponse({"error": refusal.code, "error_description": refusal.code}, refusal.status)


@doors.post("/rest-services/login")
async def login(site: Here, request: Request) -> dict[str, str]:
    """A REST session for an access token that still lives."""
    query = request.query_params
    if not {"version", "access_token"} <= set(query) <= {"version", "access_token", "ttl"}:
        raise RefusalError(400, "version and access_token are needed.")
    if query["version"] not in ("*", "2.0"):
        raise RefusalError(400, "Unknown version.")
    if not query.get("ttl", "10").isdecimal() or len(query.multi_items()) != len(query):
        raise RefusalError(400, "ttl is a number of minutes.")
    if site.sign_in.scopes_of(query["access_token"]) is None:
        key = "errors.authentication.invalidOAuthToken"
        raise RefusalError(400, "Invalid or expired OAuth access token.", key)
    base = site.home or str(request.base_url).rstrip("/")
    rest_url = site.rest_url or f"{base.removesuffix(OTHER)}/rest-services/{CORPORATION}/"
    return {"BhRestToken": site.new_session(int(query.get("ttl", 10))), "restUrl": rest_url}


def on_moved(_request: Request, moved: Exception) -> Response:
    """307 to the right data centre."""
    return RedirectResponse(str(moved), 307)
