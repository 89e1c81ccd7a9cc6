"""A double of OrangeHRM 5.7: its OAuth 2 server and the recruitment API, with state.

What it takes and forgets follows the published sources and an instance that was tried out. Without exactly
the right `Accept` header a bad token is sent to a login page, as there.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.doubles._server import Double
from tests.doubles._signin import SignIn

from .api import build
from .records import Records


class OrangeHrmDouble(Double):
    """An instance on a port. `sign_in.approve` is the person at its login and consent pages."""

    def __init__(self, clock: Callable[[], float], redirect_uri: str) -> None:
        self.records = Records()
        asked = {"response_type", "client_id", "redirect_uri", "state"}
        asked |= {"code_challenge", "code_challenge_method"}
        sent = {"client_id", "client_secret", "grant_type", "code", "redirect_uri", "refresh_token"}
        self.sign_in = SignIn(
            clock,
            "orangehrm-client",
            "orangehrm-secret",
            redirect_uri,
            frozenset({""}),
            frozenset(asked),
            frozenset(sent | {"code_verifier"}),
            access_seconds=1800,
            refresh_scope=None,
        )
        super().__init__(build(self), clock)

    @property
    def authorize_url(self) -> str:
        return f"{self.base_url}/web/index.php/oauth2/authorize"

    @property
    def token_url(self) -> str:
        return f"{self.base_url}/web/index.php/oauth2/token"

    def reset(self) -> None:
        """Back to the first day."""
        self.sign_in.revoke_all()
        self.records = Records()
        self.faults.clear()
        self.forget_calls()
