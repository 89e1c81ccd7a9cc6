"""Installing the bot by OAuth: codes handed out on consent, exchanged once for the workspace's bot token."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from urllib.parse import urlencode

from .model import ApiError, Json, Workspace
from .people import APP_ID
from .state import State

CODE_SECONDS = 600.0


@dataclass
class Code:
    """An authorization code: for which workspace and person, and what was asked."""

    team: str
    user: str
    scopes: list[str]
    redirect_uri: str
    issued: float
    used: bool = False


class OAuth:
    """Slack's side of the OAuth 2 installation. `redirect_urls` empty allows any."""

    def __init__(self, state: State, client_id: str, client_secret: str) -> None:
        self._state = state
        self.client_id = client_id
        self.client_secret = client_secret
        self.redirect_urls: list[str] = []
        self._codes: dict[str, Code] = {}

    def refuse_bad_request(self, query: Json) -> None:
        """Slack shows an error page instead of the consent page for these."""
        if query.get("client_id") != self.client_id:
            raise ApiError("invalid_client_id", status=400)
        if not str(query.get("scope") or "").strip():
            raise ApiError("invalid_scope", status=400)
        redirect_uri = str(query.get("redirect_uri") or "")
        allowed = not self.redirect_urls or any(redirect_uri.startswith(url) for url in self.redirect_urls)
        if not redirect_uri or not allowed:
            raise ApiError("bad_redirect_uri", status=400)

    def approve(self, query: Json, user: str) -> str:
        """This person installs the bot to their workspace; the URL that Slack sends the browser to."""
        self.refuse_bad_request(query)
        code = secrets.token_urlsafe(18)
        with self._state.lock:
            team = self._state.workspace_of(user).id
            scopes = [scope for scope in str(query["scope"]).replace(" ", ",").split(",") if scope]
            redirect_uri = str(query["redirect_uri"])
            self._codes[code] = Code(team, user, scopes, redirect_uri, self._state.clock())
        return _redirect(query, code=code)

    def deny(self, query: Json) -> str:
        """The person pressed Cancel; the URL that Slack sends the browser to."""
        self.refuse_bad_request(query)
        return _redirect(query, error="access_denied")

    def access(self, args: Json) -> Json:
        """oauth.v2.access: a code for the bot token. The caller holds the lock."""
        if args.get("client_id") != self.client_id:
            raise ApiError("invalid_client_id")
        if args.get("client_secret") != self.client_secret:
            raise ApiError("bad_client_secret")
        code = self._codes.get(str(args.get("code") or ""))
        if code is None:
            raise ApiError("invalid_code")
        if code.used:
            raise ApiError("code_already_used")
        if self._state.clock() - code.issued > CODE_SECONDS:
            raise ApiError("code_expired")
        if args.get("redirect_uri") and args["redirect_uri"] != code.redirect_uri:
            raise ApiError("bad_redirect_uri")
        code.used = True
        return _grant(self._state.workspace(code.team), code)


def _grant(workspace: Workspace, code: Code) -> Json:
    """Revive or widen the workspace's installation: scopes only ever add."""
    if workspace.dead is not None:
        workspace.token = f"xoxb-{secrets.token_hex(12)}"
        workspace.scopes = set()
        workspace.dead = None
    workspace.scopes |= set(code.scopes)
    return {
        "app_id": APP_ID,
        "authed_user": {"id": code.user},
        "scope": ",".join(sorted(workspace.scopes)),
        "token_type": "bot",
        "access_token": workspace.token,
        "bot_user_id": workspace.bot_user,
        "team": {"id": workspace.id, "name": workspace.name},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _redirect(query: Json, **answer: str) -> str:
    uri = str(query["redirect_uri"])
    state = {"state": str(query["state"])} if query.get("state") else {}
    return f"{uri}{'&' if '?' in uri else '?'}{urlencode(answer | state)}"
