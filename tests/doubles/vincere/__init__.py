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

from tests.doubles._server import Double
from tests.doubles._signin import RefusedError, SignIn

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
    async with request.form() as sent:
        form = {name: str(value) for name, value in sent.items()}
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


class VincereDouble(Double):
    """Vincere on a port."""

    def __init__(self, clock: Callable[[], float], redirect_uri: str) -> None:
        sign_in = Identity(
            clock,
            "vincere-client",
            "",
            redirect_uri,
            frozenset({""}),
            frozenset({"response_type", "client_id", "redirect_uri", "state"}),
            frozenset({"client_id", "client_secret", "grant_type", "code", "redirect_uri", "refresh_token"}),
            refresh_scope=None,
            rotates=False,
        )
        self.site = Site(sign_in)
        super().__init__(build(self.site, router), clock)

    @property
    def authorize_url(self) -> str:
        return f"{self.base_url}/oauth2/authorize"

    @property
    def token_url(self) -> str:
        return f"{self.base_url}/oauth2/token"

    @property
    def api_url(self) -> str:
        return f"{self.base_url}/api/v2"

    def reset(self) -> None:
        """Back to the first day."""
        self.site.sign_in.revoke_all()
        self.site.records = Records()
        self.faults.clear()
        self.forget_calls()
