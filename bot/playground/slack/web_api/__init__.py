"""The Web API: who is calling, may they, does something go wrong, and then the method itself."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ..faults import Fault, Faults
from ..model import ApiError, Call, Json, Workspace
from ..oauth import OAuth
from ..state import State
from . import auth, chat, conversations, files, reactions, users, views
from .context import Context, Method

METHODS: Mapping[str, Method] = {
    **auth.METHODS,
    **chat.METHODS,
    **conversations.METHODS,
    **files.METHODS,
    **reactions.METHODS,
    **users.METHODS,
    **views.METHODS,
}
_PACED = frozenset({"chat.postMessage", "chat.postEphemeral"})


@dataclass(frozen=True)
class Reply:
    """What goes back over HTTP, and the fault (hang or reset) that befalls it on the way."""

    body: Json
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    fault: Fault | None = None


class WebApi:
    """All methods over one state. `pace` is the seconds between two messages in a channel, None for any."""

    def __init__(self, state: State, oauth: OAuth, faults: Faults) -> None:
        self._state = state
        self._oauth = oauth
        self._faults = faults
        self.pace: float | None = None

    def answer(self, method: str, args: Json, token: str | None, *, was_json: bool) -> Reply:
        """Answer one call. Arguments sent as JSON are not seen by methods that only read forms."""
        workspace = self._workspace_of(token)
        team = workspace.id if workspace else None
        with self._state.lock:
            self._state.calls.append(Call(method, args, self._state.clock(), team))
        fault = self._faults.take(method)
        if fault is not None and fault.kind not in ("hang", "reset_after"):
            return broken(fault)
        reply = self._guarded(method, args, token, was_json=was_json)
        return replace(reply, fault=fault) if fault else reply

    def _workspace_of(self, token: str | None) -> Workspace | None:
        with self._state.lock:
            for workspace in self._state.workspaces.values():
                if token and workspace.token == token:
                    return workspace
        return None

    def _guarded(self, method: str, args: Json, token: str | None, *, was_json: bool) -> Reply:
        try:
            return self._run(method, args, token, was_json=was_json)
        except ApiError as refusal:
            return Reply(
                {"ok": False, "error": refusal.code, **refusal.extra}, refusal.status, refusal.headers
            )

    def _run(self, method: str, args: Json, token: str | None, *, was_json: bool) -> Reply:
        if method in auth.OPEN_METHODS:
            with self._state.lock:
                return Reply({"ok": True, **auth.OPEN_METHODS[method].run(self._state, self._oauth, args)})
        found = METHODS.get(method)
        if found is None:
            raise ApiError("unknown_method", req_method=method)
        with self._state.lock:
            workspace = self._authenticated(token)
            headers = {
                "x-oauth-scopes": ",".join(sorted(workspace.scopes)),
                "x-accepted-oauth-scopes": ",".join(found.scopes),
            }
            _refuse_missing_scope(workspace, found)
            seen = args if found.takes_json or not was_json else {}
            self._keep_pace(method, workspace, seen)
            body = copy.deepcopy(found.run(Context(self._state, workspace, seen)))
        if found.writes:
            self._state.changed()
        return Reply({"ok": True, **body}, headers=headers)

    def _authenticated(self, token: str | None) -> Workspace:
        if not token:
            raise ApiError("not_authed")
        workspace = self._workspace_of(token)
        if workspace is None:
            raise ApiError("invalid_auth")
        if workspace.dead is not None:
            raise ApiError(workspace.dead)
        return workspace

    def _keep_pace(self, method: str, workspace: Workspace, args: Json) -> None:
        if self.pace is None or method not in _PACED:
            return
        key, now = (workspace.id, str(args.get("channel"))), self._state.clock()
        last = self._state.last_post.get(key)
        if last is not None and now - last < self.pace:
            raise ApiError("ratelimited", status=429, headers={"Retry-After": "1"})
        self._state.last_post[key] = now


def _refuse_missing_scope(workspace: Workspace, method: Method) -> None:
    if method.scopes and not workspace.scopes.intersection(method.scopes):
        needed, provided = ",".join(method.scopes), ",".join(sorted(workspace.scopes))
        raise ApiError("missing_scope", needed=needed, provided=provided)


def broken(fault: Fault) -> Reply:
    """The answer of a call that a fault kept from being done."""
    if fault.kind == "ratelimited":
        limited = {"ok": False, "error": "ratelimited"}
        return Reply(limited, 429, {"Retry-After": str(fault.retry_after)})
    if fault.kind == "error":
        return Reply({"ok": False, "error": fault.code})
    return Reply({}, fault.status, fault=fault)
