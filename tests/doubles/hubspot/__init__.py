"""A double of HubSpot: its OAuth 2 server, CRM objects, associations and files, with state.

It takes what HubSpot's reference documents and refuses the rest. Its search finds more than was asked for.
"""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from tests.doubles._double import OAuthDouble
from tests.doubles._signin import ASKED, PKCE, SENT, RefusedError, SignIn, form_of

from . import associations, objects, settings
from .records import HUB, Records
from .site import Site, build

SCOPES = frozenset(
    {
        "oauth",
        "crm.objects.contacts.read",
        "crm.objects.contacts.write",
        "crm.objects.deals.read",
        "crm.objects.deals.write",
        "crm.objects.owners.read",
        "crm.schemas.contacts.read",
        "crm.schemas.deals.read",
        "files",
    }
)
OPTIONAL = frozenset({"crm.schemas.custom.read", "crm.objects.custom.read", "crm.objects.custom.write"})
router = APIRouter(prefix="/oauth/2026-03/token")


@router.post("")
async def token(request: Request) -> Response:
    """Tokens for a code or a refresh token. Parameters belong into the form, never into the query."""
    site: Site = request.app.state.site
    form = {"in the query": ""} if request.query_params else await form_of(request)
    try:
        answer = site.sign_in.token(form)
    except RefusedError as refusal:
        words = {"error": refusal.code, "error_description": "no", "status": "BAD_REQUEST", "message": "no"}
        return JSONResponse(words, refusal.status)
    more = {"hub_id": HUB, "user_id": site.user_id, "scopes": sorted(SCOPES), "token_use": "access_token"}
    return JSONResponse(answer | {"token_type": "bearer"} | more)


@router.post("/revoke")
async def revoke(request: Request) -> Response:
    """Ends a refresh token; access tokens live on."""
    site: Site = request.app.state.site
    form = await form_of(request)
    known = set(form) == {"client_id", "client_secret", "token", "token_type_hint"}
    client = (form.get("client_id"), form.get("client_secret"))
    if not known or client != (site.sign_in.client_id, site.sign_in.client_secret):
        return JSONResponse({"error": "invalid_request", "error_description": "no"}, 400)
    if not site.sign_in.revoke(form["token"], access_too=False):
        return JSONResponse({"error": "invalid_grant", "error_description": "no"}, 400)
    return JSONResponse({})


class HubSpotDouble(OAuthDouble):
    """HubSpot on a port."""

    authorize_path = "/oauth/authorize"
    token_path = "/oauth/2026-03/token"

    def __init__(self, clock: Callable[[], float], redirect_uri: str) -> None:
        sign_in = SignIn(
            clock,
            "hubspot-client",
            "hubspot-secret",
            redirect_uri,
            SCOPES,
            ASKED | PKCE | {"scope", "optional_scope"},
            SENT | {"code_verifier"},
            access_seconds=1800,
            refresh_scope=None,
            rotates=False,
        )
        self.site = Site(sign_in)
        routers = (router, settings.router, associations.router, objects.router)
        super().__init__(build(self.site, *routers), clock, sign_in)

    def reset(self) -> None:
        """Back to the first day."""
        self.site.records = Records()
        self.site.user_id = 7001
        super().reset()
