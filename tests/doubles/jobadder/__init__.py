"""A double of JobAdder: its OAuth 2 server and API v2, with state, as strict as its published description.

What the description does not say is left out. Where the bot needs an answer to that all the same, the double
does what would hurt most, such as a search that finds more than was asked for.
"""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from tests.doubles._server import Double
from tests.doubles._signin import RefusedError, SignIn

from .api import build
from .pages import pages
from .records import Records
from .site import Site
from .statuses import router as statuses

SCOPES = frozenset(
    {
        "read_candidate",
        "write_candidate",
        "read_candidate_note",
        "write_candidate_note",
        "read_job",
        "read_jobapplication",
        "write_jobapplication",
        "read_user",
        "offline_access",
    }
)
router = APIRouter()


@router.post("/connect/token")
async def token(request: Request) -> Response:
    """Tokens for a code or a refresh token, as a form."""
    site: Site = request.app.state.site
    async with request.form() as sent:
        pairs = [(name, str(value)) for name, value in sent.multi_items()]
    is_form = request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
    is_plain = is_form and not request.query_params and len(dict(pairs)) == len(pairs)
    try:
        answer = site.sign_in.token(dict(pairs) if is_plain else {"": ""})
    except RefusedError as refusal:
        return JSONResponse({"error": refusal.code}, refusal.status)
    return JSONResponse(answer | ({"api": site.api} if site.api else {}))


class JobAdderDouble(Double):
    """JobAdder on a port. At `authorize_url` sign in by a user's e-mail; the password is `jobadder`."""

    def __init__(self, clock: Callable[[], float], redirect_uri: str) -> None:
        sign_in = SignIn(
            clock,
            "jobadder-client",
            "jobadder-secret",
            redirect_uri,
            SCOPES,
            frozenset({"response_type", "client_id", "scope", "redirect_uri", "state"}),
            frozenset({"client_id", "client_secret", "grant_type", "code", "redirect_uri", "refresh_token"}),
        )
        self.site = Site(sign_in)
        super().__init__(build(self.site, router, pages, statuses), clock)

    @property
    def authorize_url(self) -> str:
        return f"{self.base_url}/connect/authorize"

    @property
    def token_url(self) -> str:
        return f"{self.base_url}/connect/token"

    @property
    def api_url(self) -> str:
        return f"{self.base_url}/v2"

    def reset(self) -> None:
        """Back to the first day: nobody signed in, no candidates, nothing ordered."""
        self.site.sign_in.revoke_all()
        self.site.records = Records()
        self.site.api, self.site.user_id = self.api_url, 5
        self.site.forced = 0
        self.faults.clear()
        self.forget_calls()
