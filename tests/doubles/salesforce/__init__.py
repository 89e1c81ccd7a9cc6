"""A double of Salesforce: its OAuth 2 server and REST API, over an organisation with or without a package.

It reads SOQL and refuses what is none, names that an object does not have, and values past a field's size.
"""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from tests.doubles._double import OAuthDouble
from tests.doubles._signin import ASKED, PKCE, SENT, RefusedError, SignIn, form_of

from .api import build
from .records import Records
from .site import Site

router = APIRouter(prefix="/services/oauth2")


@router.post("/token")
async def token(request: Request) -> Response:
    """Tokens for a code or a refresh token; how long they last is the organisation's secret."""
    site: Site = request.app.state.site
    try:
        answer = site.sign_in.token(await form_of(request))
    except RefusedError as refusal:
        return JSONResponse({"error": refusal.code, "error_description": "no"}, refusal.status)
    del answer["expires_in"]
    more = {
        "signature": "a-signature",
        "scope": "refresh_token api id",
        "instance_url": site.instance,
        "id": f"{site.identity}/id/{site.organisation}/{site.records.me}",
        "issued_at": "1763700000000",
    }
    return JSONResponse(answer | more)


@router.post("/revoke")
async def revoke(request: Request) -> Response:
    """Ends a sign-in, access token included."""
    site: Site = request.app.state.site
    form = await form_of(request)
    if set(form) != {"token"} or not site.sign_in.revoke(form["token"]):
        return JSONResponse({"error": "unsupported_token_type", "error_description": "no"}, 400)
    return Response()


class SalesforceDouble(OAuthDouble):
    """Salesforce on a port."""

    authorize_path = "/services/oauth2/authorize"
    token_path = "/services/oauth2/token"

    def __init__(self, clock: Callable[[], float], redirect_uri: str) -> None:
        sign_in = SignIn(
            clock,
            "salesforce-client",
            "salesforce-secret",
            redirect_uri,
            frozenset({"api", "refresh_token", "id"}),
            ASKED | PKCE | {"scope", "prompt"},
            SENT | {"code_verifier"},
            refresh_scope="refresh_token",
        )
        self.site = Site(sign_in)
        super().__init__(build(self.site, router), clock, sign_in)

    def reset(self, package: str = "") -> None:
        """Back to the first day of an organisation with that package."""
        self.site.records = Records(package)
        self.site.instance = self.base_url
        self.site.identity = "https://login.salesforce.com"
        super().reset()
