"""A double of Bullhorn: data centres, sign-in pages, REST login and services, as strict as its documents.

What the documents do not say is left out. Where the bot needs an answer to that all the same, the double does
what would hurt most, such as taking a second submission, or finding more than was asked for.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.doubles._server import Double

from . import pages
from .api import build
from .doors import OTHER, MovedError, doors, on_moved
from .records import Records
from .site import BullhornSignIn, Site


class BullhornDouble(Double):
    """Bullhorn on a port. At `authorize_url` sign in as `priya`, `ben` or `maya`, password `bullhorn`."""

    def __init__(self, clock: Callable[[], float], redirect_uri: str) -> None:
        sign_in = BullhornSignIn(
            clock,
            "bullhorn-client",
            "bullhorn-secret",
            redirect_uri,
            frozenset({""}),
            frozenset({"response_type", "client_id", "redirect_uri", "state"}),
            frozenset({"client_id", "client_secret", "grant_type", "code", "redirect_uri", "refresh_token"}),
            access_seconds=600,
        )
        self.site = Site(sign_in)
        app = build(self.site, doors, pages.sign_in, pages.windows)
        for door in (doors, pages.sign_in):
            app.include_router(door, prefix=OTHER)
        app.add_exception_handler(MovedError, on_moved)
        super().__init__(app, clock)

    @property
    def authorize_url(self) -> str:
        return f"{self.base_url}/oauth/authorize"

    @property
    def token_url(self) -> str:
        return f"{self.base_url}/oauth/token"

    @property
    def api_url(self) -> str:
        return f"{self.base_url}/rest-services"

    def move(self, home: str | None = None) -> None:
        """The account lives in another data centre: the one on this port, unless told otherwise."""
        self.site.home = f"{self.base_url}{OTHER}" if home is None else home

    def reset(self) -> None:
        """Back to the first day: nobody signed in, no candidates, nothing ordered."""
        self.site.sign_in.revoke_all()
        self.site.end_sessions()
        self.site.records = Records()
        self.site.home, self.site.rest_url = "", None
        self.site.user_id = 5
        self.site.logins = self.site.forced_back = 0
        self.faults.clear()
        self.forget_calls()
