"""A double of Vincere: its identity server and one tenant's API v2, with state.

As strict as its published description. Where that is silent it does what hurts most: searches find more than
was asked for, and a second candidate with one e-mail or a second application is taken.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from tests.doubles._double import OAuthDouble
from tests.doubles._signin import ASKED, SENT, RefusedError, SignIn, form_of

from .api import API_KEY, Site, build
from .records import Records

__all__ = ["API_KEY", "VincereDouble"]
router = APIRouter(prefix="/oauth2")
LIFE = 1800


class Identity(SignIn):
    """Clients have no secret; a renewal brings no refresh token."""

    def token(self, form: Mapping[str, str]) -> dict[str, str | int]:
        if form.get("client_secret") == "":
            raise RefusedError("invalid_request")
        answer = super().token({"client_secret": ""} | dict(form))
        if form["grant_type"] == "refresh_token":
            del answer["refresh_token"], answer["expires_in"], answer["token_type"]
        return answer


@router.post("/token")
async def token(request: Request) -> Response:
    """Tokens for a code or a refresh token, as a form."""
    site: Site = request.app.state.site
    form = await form_of(request)
    try:
        answer = site.sign_in.token(form)
    except RefusedError as refusal:
        return JSONResponse({"error": refusal.code}, refusal.status)
    ends = int(site.sign_in.clock()) + LIFE
    return JSONResponse(answer | {"id_token": signed({"exp": ends, "at": answer["access_token"]})})


def signed(claims: dict[str, Any]) -> str:
    """An id-token; nobody checks its signature here."""
    parts = [json.dumps(part).encode() for part in ({"alg": "none"}, claims)]
    return ".".join([*(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts), "signature"])


class VincereDouble(OAuthDouble):
    """Vincere on a port."""

    authorize_path = "/oauth2/authorize"
    token_path = "/oauth2/token"
    api_path = "/api/v2"

    def __init__(self, clock: Callable[[], float], redirect_uri: str) -> None:
        sign_in = Identity(
            clock,
            "vincere-client",
            "",
            redirect_uri,
            frozenset({""}),
            ASKED,
            SENT,
            refresh_scope=None,
            rotates=False,
        )
        self.site = Site(sign_in)
        super().__init__(build(self.site, router), clock, sign_in)

    def reset(self) -> None:
        """Back to the first day."""
        self.site.records = Records()
        super().reset()
