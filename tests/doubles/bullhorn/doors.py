"""What lies before the API: whose data centre is whose, pages for sign-in and terms, tokens, REST login."""

from __future__ import annotations

from html import escape
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from tests.doubles._signin import RefusedError

from .api import CORPORATION
from .records import PASSWORD
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
    if request.query_params["username"] not in [user["username"] for user in users if user["enabled"]]:
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
    if site.sign_in.scopes_of(query["access_token"]) is None:
        key = "errors.authentication.invalidOAuthToken"
        raise RefusalError(400, "Invalid or expired OAuth access token.", key)
    base = site.home or str(request.base_url).rstrip("/")
    rest_url = site.rest_url or f"{base.removesuffix(OTHER)}/rest-services/{CORPORATION}/"
    return {"BhRestToken": site.new_session(), "restUrl": rest_url}


# --- pages for people ---------------------------------------------------------------------------------


@doors.get("/oauth/authorize")
async def sign_in_page(site: Here, request: Request) -> Response:
    """The page where a user types name and password."""
    try:
        site.sign_in.approve(str(request.url), allow=False)
    except RefusedError as refusal:
        return _page("Sign-in refused", f"<p>This link is not in order ({escape(refusal.code)}).</p>", 400)
    return _page("Sign in to Bullhorn", _SIGN_IN)


@doors.post("/oauth/authorize")
async def answer_page(site: Here, request: Request) -> Response:
    """The terms after the sign-in; and where the browser goes once they are answered."""
    async with request.form() as sent:
        form = {name: str(value) for name, value in sent.items()}
    users = {user["username"]: user for user in site.records.tables["CorporateUser"].values()}
    user = users.get(form.get("username", ""))
    if user is None or not user["enabled"] or form.get("password") != PASSWORD:
        wrong = '<p role="alert">User name or password is wrong.</p>'
        return _page("Sign in to Bullhorn", wrong + _SIGN_IN)
    if "answer" not in form:
        known = {name: escape(form[name], quote=True) for name in ("username", "password")}
        return _page("Terms of Service", _TERMS.format(name=escape(user["name"]), **known))
    allow = form["answer"] == "agree"
    if allow:
        site.user_id = user["id"]
    return RedirectResponse(site.sign_in.approve(str(request.url), allow=allow), 303)


_SIGN_IN = f"""<form method="post">
<label>User name <input name="username" value="priya" required></label>
<label>Password <input name="password" type="password" value="{PASSWORD}" required></label>
<button type="submit">Login</button></form>"""
_TERMS = """<p>Handoff wants to use Bullhorn in the name of {name}.</p><form method="post">
<input type="hidden" name="username" value="{username}">
<input type="hidden" name="password" value="{password}">
<button type="submit" name="answer" value="agree">Agree</button>
<button type="submit" name="answer" value="cancel">Cancel</button></form>"""


def _page(title: str, body: str, status: int = 200) -> HTMLResponse:
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
    return HTMLResponse(f"{head}<main><h1>{title}</h1>{body}</main></html>", status)


def on_moved(_request: Request, moved: Exception) -> Response:
    """307 to the right data centre."""
    return RedirectResponse(str(moved), 307)
