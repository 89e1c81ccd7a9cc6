"""A double of Zoho Recruit: its accounts server and API v2, with state, as strict as its documents.

Where those are silent it does what hurts most: a search finds more than was asked for, users come in pages,
a closed job opening takes candidates, and a second résumé is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from tests.doubles._double import OAuthDouble
from tests.doubles._signin import ASKED, SENT, RefusedError, SignIn, form_of

from .api import build
from .records import Records
from .site import Site

SCOPES = frozenset(
    {
        "ZohoRecruit.modules.ALL",
        "ZohoRecruit.users.READ",
        "ZohoRecruit.settings.ALL",
        "ZohoSearch.securesearch.READ",
    }
)
router = APIRouter(prefix="/oauth/v2/token")


class Accounts(SignIn):
    """Scopes by commas; a refresh token for offline access with consent, only once; says where it is."""

    def approve(self, authorize_url: str, allow: bool = True) -> str:
        parts = urlsplit(authorize_url)
        asked = dict(parse_qsl(parts.query))
        if (asked.get("access_type"), asked.get("prompt")) != ("offline", "consent") or " " in asked["scope"]:
            raise RefusedError("invalid_request")
        asked["scope"] = asked["scope"].replace(",", " ")
        back = super().approve(parts._replace(query=urlencode(asked)).geturl(), allow)
        here = f"{parts.scheme}://{parts.netloc}"
        return f"{back}&{urlencode({'location': 'eu', 'accounts-server': here})}"

    def token(self, form: Mapping[str, str]) -> dict[str, str | int]:
        answer = super().token(form)
        if form["grant_type"] == "refresh_token":
            del answer["refresh_token"]
        return answer


@router.post("")
async def token(request: Request) -> Response:
    """Tokens for a code or a refresh token. A refusal comes with 200 all the same."""
    site: Site = request.app.state.site
    form = await form_of(request)
    try:
        answer = site.sign_in.token(form)
    except RefusedError as refusal:
        known = form.get("client_id") == site.sign_in.client_id
        said = {"invalid_grant": "invalid_code"}
        said |= {"invalid_client": "invalid_client_secret"} if known else {}
        return JSONResponse({"error": said.get(refusal.code, refusal.code)})
    return JSONResponse(answer | {"api_domain": "https://www.zohoapis.com"})


@router.post("/revoke")
async def revoke(request: Request) -> Response:
    """Ends a refresh token and all that was bought with it. The token goes into the query."""
    site: Site = request.app.state.site
    if list(request.query_params) != ["token"] or not site.sign_in.revoke(request.query_params["token"]):
        return JSONResponse({"error": "invalid_token"}, 400)
    return JSONResponse({"status": "success"})


class ZohoRecruitDouble(OAuthDouble):
    """Zoho Recruit on a port."""

    authorize_path = "/oauth/v2/auth"
    token_path = "/oauth/v2/token"
    api_path = "/recruit/v2"

    def __init__(self, clock: Callable[[], float], redirect_uri: str) -> None:
        sign_in = Accounts(
            clock,
            "zoho-client",
            "zoho-secret",
            redirect_uri,
            SCOPES,
            ASKED | {"scope", "access_type", "prompt"},
            SENT,
            code_seconds=120,
            refresh_scope=None,
            rotates=False,
        )
        self.site = Site(sign_in)
        super().__init__(build(self.site, router), clock, sign_in)

    def reset(self) -> None:
        """Back to the first day."""
        self.site.records = Records()
        super().reset()
