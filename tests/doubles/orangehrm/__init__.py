"""A double of OrangeHRM 5.7: its OAuth 2 server and the recruitment API, with state.

What it takes and forgets follows the published sources and an instance that was tried out. Without exactly
the right `Accept` header a bad token is sent to a login page, as there.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.doubles._double import OAuthDouble
from tests.doubles._signin import ASKED, PKCE, SENT, SignIn

from .api import build
from .records import Records


class OrangeHrmDouble(OAuthDouble):
    """An instance on a port. `sign_in.approve` is the person at its login and consent pages."""

    authorize_path = "/web/index.php/oauth2/authorize"
    token_path = "/web/index.php/oauth2/token"

    def __init__(self, clock: Callable[[], float], redirect_uri: str) -> None:
        self.records = Records()
        sign_in = SignIn(
            clock,
            "orangehrm-client",
            "orangehrm-secret",
            redirect_uri,
            frozenset({""}),
            ASKED | PKCE,
            SENT | {"code_verifier"},
            access_seconds=1800,
            refresh_scope=None,
        )
        super().__init__(build(self), clock, sign_in)

    def reset(self) -> None:
        """Back to the first day."""
        self.records = Records()
        super().reset()
