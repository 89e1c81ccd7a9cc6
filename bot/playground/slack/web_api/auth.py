"""auth.*, api.test and oauth.v2.access: who the token is, taking it back, and getting one."""

from __future__ import annotations

from ..model import Json
from ..oauth import OAuth
from ..state import State
from .context import Context, Method, OpenMethod


def _test(call: Context) -> Json:
    workspace = call.workspace
    return {
        "url": f"{call.state.base_url}/",
        "team": workspace.name,
        "user": workspace.users[workspace.bot_user].name,
        "team_id": workspace.id,
        "user_id": workspace.bot_user,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": False,
    }


def _revoke(call: Context) -> Json:
    if call.truth("test"):
        return {"revoked": False}
    call.workspace.dead = "token_revoked"
    return {"revoked": True}


def _access(state: State, oauth: OAuth, args: Json) -> Json:
    return oauth.access(args)


def _api_test(state: State, oauth: OAuth, args: Json) -> Json:
    return {"args": args}


METHODS = {
    "auth.test": Method(_test),
    "auth.revoke": Method(_revoke, takes_json=False, writes=True),
}
OPEN_METHODS = {
    "oauth.v2.access": OpenMethod(_access),
    "api.test": OpenMethod(_api_test),
}
