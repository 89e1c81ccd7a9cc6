"""A double of Pipedrive: its OAuth 2 server and both versions of its API, as strict as the documents.

Where they are silent it does what hurts most: a search compares texts as they are written.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from tests.doubles._double import OAuthDouble
from tests.doubles._signin import ASKED, SENT, RefusedError, SignIn, form_of

from .api import Site, build
from .records import Records

SCOPES = "base,contacts:full,deals:full,users:read,search:read"
router = APIRouter()


async def signed_form(request: Request) -> dict[str, str]:
    """The form of a request with the client in the Authorization header; elsewhere it is not looked for."""
    kind, _, encoded = request.headers.get("authorization", "").partition(" ")
    try:
        client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        raise RefusedError("invalid_client", 401) from None
    form = await form_of(request)
    if kind != "Basic" or {"client_id", "client_secret"} & set(form):
        raise RefusedError("invalid_client", 401)
    return form | {"client_id": client_id, "client_secret": secret}


@router.post("/oauth/token")
async def token(request: Request) -> Response:
    """Tokens for a code or a refresh token, as a form."""
    site: Site = request.app.state.site
    try:
        answer = site.sign_in.token(await signed_form(request))
    except RefusedError as refusal:
        return JSONResponse({"success": False, "error": refusal.code}, refusal.status)
    named = {"api_domain": site.api_domain} if site.api_domain else {}
    return JSONResponse(answer | {"scope": SCOPES} | named)


@router.post("/oauth/revoke")
async def revoke(request: Request) -> Response:
    """The end of the sign-in that a refresh token belongs to."""
    site: Site = request.app.state.site
    try:
        form = await signed_form(request)
    except RefusedError as refusal:
        return JSONResponse({"success": False, "error": refusal.code}, refusal.status)
    if (form["client_id"], form["client_secret"]) != (site.sign_in.client_id, site.sign_in.client_secret):
        return JSONResponse({"success": False, "error": "invalid_client"}, 401)
    site.revoked.append(form["token"])
    site.sign_in.revoke_all()
    return Response()


class PipedriveDouble(OAuthDouble):
    """Pipedrive on a port."""

    authorize_path = "/oauth/authorize"
    token_path = "/oauth/token"

    def __init__(self, clock: Callable[[], float], redirect_uri: str) -> None:
        sign_in = SignIn(
            clock,
            "pipedrive-client",
            "pipedrive-secret",
            redirect_uri,
            # The app's own scopes are given; none is asked for.
            frozenset({""}),
            ASKED,
            SENT,
            access_seconds=3599,
            refresh_scope=None,
            rotates=False,
        )
        self.site = Site(sign_in)
        super().__init__(build(self.site, router), clock, sign_in)

    def reset(self) -> None:
        """Back to the first day: nobody signed in, no persons, nothing ordered."""
        self.site.records = Records()
        self.site.api_domain = self.base_url
        self.site.is_admin = True
        self.site.revoked.clear()
        super().reset()
