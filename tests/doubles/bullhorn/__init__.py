"""A double of Bullhorn: data centres, sign-in pages, REST login and services, as strict as its documents.

What the documents do not say is left out. Where the bot needs an answer to that all the same, the double does
what would hurt most, such as taking a second submission, or finding more than was asked for.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.doubles._double import OAuthDouble
from tests.doubles._signin import ASKED, SENT

from . import pages
from .api import build
from .doors import OTHER, MovedError, doors, on_moved
from .records import Records
from .site import BullhornSignIn, Site


class BullhornDouble(OAuthDouble):
    """Bullhorn on a port. At `authorize_url` sign in as `priya`, `ben` or `maya`, password `bullhorn`."""

    authorize_path = "/oauth/authorize"
    token_path = "/oauth/token"
    api_path = "/rest-services"

    def __init__(self, clock: Callable[[], float], redirect_uri: str) -> None:
        sign_in = BullhornSignIn(
            clock,
            "bullhorn-client",
            "bullhorn-secret",
            redirect_uri,
            frozenset({""}),
            ASKED,
            SENT,
            access_seconds=600,
        )
        self.site = Site(sign_in)
        app = build(self.site, doors, pages.sign_in, pages.windows)
        for door in (doors, pages.sign_in):
            app.include_router(door, prefix=OTHER)
        app.add_exception_handler(MovedError, on_moved)
        super().__init__(app, clock, sign_in)

    def move(self, home: str | None = None) -> None:
        """The account lives in another data centre: the one on this port, unless told otherwise."""
        self.site.home = f"{self.base_url}{OTHER}" if home is None else home

    def reset(self) -> None:
        """Back to the first day: nobody signed in, no candidates, nothing ordered."""
        self.site.end_sessions()
        self.site.records = Records()
        self.site.home, self.site.rest_url = "", None
        self.site.user_id = 5
        self.site.logins = self.site.forced_back = 0
        super().reset()
