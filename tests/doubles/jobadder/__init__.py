"""A double of JobAdder: its OAuth 2 server and API v2, with state, as strict as its published description.

What the description does not say is left out. Where the bot needs an answer to that all the same, the double
does what would hurt most, such as a search that finds more than was asked for.
"""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from tests.doubles._double import OAuthDouble
from tests.doubles._signin import ASKED, SENT, RefusedError, SignIn

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


class JobAdderDouble(OAuthDouble):
    """JobAdder on a port. At `authorize_url` sign in by a user's e-mail; the password is `jobadder`."""

    authorize_path = "/connect/authorize"
    token_path = "/connect/token"
    api_path = "/v2"

    def __init__(self, clock: Callable[[], float], redirect_uri: str) -> None:
        sign_in = SignIn(
            clock,
            "jobadder-client",
            "jobadder-secret",
            redirect_uri,
            SCOPES,
            ASKED | {"scope"},
            SENT,
        )
        self.site = Site(sign_in)
        super().__init__(build(self.site, router, pages, statuses), clock, sign_in)

    def reset(self) -> None:
        """Back to the first day: nobody signed in, no candidates, nothing ordered."""
        self.site.records = Records()
        self.site.api, self.site.user_id = self.api_url, 5
        self.site.forced = 0
        super().reset()
