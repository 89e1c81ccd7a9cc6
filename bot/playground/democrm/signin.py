"""OAuth 2 routes: the sign-in and consent pages, and the token and revocation endpoints."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from bot.playground.democrm.authserver import SCOPES, OAuthError, UntrustedRequestError
from bot.playground.democrm.context import Here, Site
from bot.playground.democrm.model import User
from bot.playground.democrm.rendering import page

APP_NAME = "Handoff"
NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}

router = APIRouter(prefix="/oauth", tags=["sign-in"])


@router.get("/authorize", response_class=HTMLResponse)
def authorize(request: Request, site: Here) -> Response:
    """Where an app sends the browser: choose who signs in. PKCE with S256 is required."""
    pairs = request.query_params.multi_items()
    params = dict(pairs)
    pending = site.auth.begin(params, repeated=len(params) != len(pairs))
    return _page("sign_in", request=pending, users=site.records.users(), app=APP_NAME)


@router.get("/consent", response_class=HTMLResponse, include_in_schema=False)
def consent(site: Here, request: str = "", user: int = 0) -> Response:
    """The question whether the app may; the answer goes to `decide`."""
    pending = site.auth.waiting(request)
    wishes = [SCOPES[scope] for scope in pending.scopes]
    back = urlsplit(pending.redirect_uri)
    return _page(
        "consent",
        # Browsers hold form-action against the redirect that follows, too.
        f"'self' {back.scheme}://{back.netloc}",
        request=pending,
        user=_user(site, user),
        wishes=wishes,
        app=APP_NAME,
        host=back.netloc,
    )


@router.post("/consent", include_in_schema=False)
def decide(
    site: Here,
    request: Annotated[str, Form()] = "",
    user: Annotated[int, Form()] = 0,
    decision: Annotated[str, Form()] = "deny",
) -> Response:
    """Allow or Deny, and back to the app."""
    address = site.auth.decide(request, _user(site, user), decision == "allow")
    return RedirectResponse(address, 303, {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})


@router.post("/token")
async def token(request: Request, site: Here) -> Response:
    """Tokens for a code or a refresh token (form; the client's id and secret in it).

    The answer also names the API's base URL in `api`. Each refresh gives a new refresh token; using an old
    one again ends the sign-in, and so does using a code again.
    """
    answer = site.auth.token(_fields(await request.form()))
    return JSONResponse(answer | {"api": f"{site.base_url}/api/v1"}, headers=NO_STORE)


@router.post("/revoke")
async def revoke(request: Request, site: Here) -> Response:
    """End a sign-in (RFC 7009): form with `token` and the client's id and secret."""
    site.auth.revoke(_fields(await request.form()))
    return Response(headers=NO_STORE)


def on_oauth_error(_request: Request, exc: Exception) -> Response:
    """An OAuth fault: back to the app where it is trusted, JSON for its server, a page for people."""
    if isinstance(exc, OAuthError) and exc.redirect_to:
        return RedirectResponse(exc.redirect_to, 303)
    if isinstance(exc, OAuthError):
        body = {"error": exc.code, "error_description": str(exc)}
        return JSONResponse(body, exc.status, NO_STORE)
    if isinstance(exc, UntrustedRequestError):
        return _page("message", status=400, heading="This sign-in can't go on", text=str(exc))
    raise exc


def _user(site: Site, user_id: int) -> User:
    for user in site.records.users():
        if user.id == user_id:
            return user
    raise UntrustedRequestError("Nobody here has that account. Start again from the app that sent you here.")


def _fields(form: FormData) -> dict[str, str]:
    pairs = form.multi_items()
    if len(dict(pairs)) != len(pairs):
        raise OAuthError("invalid_request", "A parameter was given twice.")
    return {name: value for name, value in pairs if isinstance(value, str)}


def _page(template: str, form_action: str = "'self'", status: int = 200, **values: object) -> HTMLResponse:
    return page(f"{template}.html", status, frames="'none'", form_action=form_action, **values)
