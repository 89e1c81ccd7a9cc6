"""Views: checked, opened, pushed, changed and published, by Web API call or by the answer to a submission."""

from __future__ import annotations

import json
import secrets
from typing import Any

from .blockkit import check_view
from .elements import kept_inputs
from .model import ApiError, Json, View, Workspace
from .normal import stored_blocks, stored_text
from .people import APP_ID
from .state import State

MOST_BYTES = 250_000
DEEPEST_STACK = 3


def refuse_bad_view(view: Any, *, kind: str) -> None:
    """Raise what the Web API answers to a view that it can't take; `kind` is "modal", "home" or "any"."""
    if len(json.dumps(view, ensure_ascii=False).encode()) > MOST_BYTES:
        raise ApiError("view_too_large")
    messages = [str(problem) for problem in check_view(view)]
    if not messages and kind not in ("any", view["type"]):
        messages = [f"[ERROR] unsupported type: {view['type']} [json-pointer:/view/type]"]
    if messages:
        raise ApiError("invalid_arguments", response_metadata={"messages": messages})


def _hash(state: State) -> str:
    return f"{state.clock():.0f}.{secrets.token_urlsafe(6)}"


def _body(state: State, workspace: Workspace, view: Json) -> Json:
    """What Slack stores and gives back for a view an app sent."""
    body: Json = {
        "team_id": workspace.id,
        "type": view["type"],
        "blocks": stored_blocks(view["blocks"]),
        "private_metadata": view.get("private_metadata") or "",
        "callback_id": view.get("callback_id") or "",
        "external_id": view.get("external_id") or "",
        "state": {"values": {}},
        "hash": _hash(state),
        "clear_on_close": bool(view.get("clear_on_close")),
        "notify_on_close": bool(view.get("notify_on_close")),
        "app_id": APP_ID,
        "app_installed_team_id": workspace.id,
        "bot_id": workspace.bot_id,
    }
    for name in ("title", "submit", "close"):
        body[name] = stored_text(view[name]) if view.get(name) else None
    return body


def every_view(workspace: Workspace) -> list[View]:
    """All open modals and all Home tabs."""
    return [view for stack in workspace.stacks.values() for view in stack] + list(workspace.homes.values())


def _refuse_known_external_id(workspace: Workspace, view: Json, but: View | None = None) -> None:
    wanted = view.get("external_id")
    taken = any(other.body["external_id"] == wanted for other in every_view(workspace) if other is not but)
    if wanted and taken:
        raise ApiError("duplicate_external_id")


def open_view(
    state: State, workspace: Workspace, user: str, view: Json, origin_channel: str | None = None
) -> View:
    """Open a modal for this person, in place of whatever was open; the caller holds the lock."""
    _refuse_known_external_id(workspace, view)
    body = _body(state, workspace, view)
    body["id"] = body["root_view_id"] = state.new_id("V")
    body["previous_view_id"] = None
    opened = View(body, user, workspace.id, origin_channel)
    workspace.stacks[user] = [opened]
    return opened


def push_view(state: State, workspace: Workspace, user: str, view: Json) -> View:
    """Put a modal on top of this person's open one; the caller holds the lock."""
    stack = workspace.stacks.get(user) or []
    if not stack:
        raise ApiError("not_found")
    if len(stack) >= DEEPEST_STACK:
        raise ApiError("push_limit_reached")
    _refuse_known_external_id(workspace, view)
    body = _body(state, workspace, view)
    body["id"] = state.new_id("V")
    body["root_view_id"] = stack[0].id
    body["previous_view_id"] = stack[-1].id
    pushed = View(body, user, workspace.id, stack[-1].origin_channel)
    stack.append(pushed)
    return pushed


def update_view(state: State, workspace: Workspace, view: View, new: Json) -> None:
    """Replace a view's content, keeping what was typed where elements stay; the caller holds the lock."""
    _refuse_known_external_id(workspace, new, but=view)
    kept = {name: view.body[name] for name in ("id", "root_view_id", "previous_view_id")}
    view.body = _body(state, workspace, new) | kept
    view.inputs = kept_inputs(view.body["blocks"], view.inputs)
    view.errors, view.error = {}, None


def publish_home(state: State, workspace: Workspace, user: str, view: Json) -> View:
    """Show this as the person's Home tab; the caller holds the lock."""
    home = workspace.homes.get(user)
    if home is not None:
        update_view(state, workspace, home, view)
        return home
    _refuse_known_external_id(workspace, view)
    body = _body(state, workspace, view)
    body["id"] = body["root_view_id"] = state.new_id("V")
    body["previous_view_id"] = None
    home = View(body, user, workspace.id)
    workspace.homes[user] = home
    return home


def refuse_stale_hash(view: View, given: str | None) -> None:
    """A hash that isn't the view's own means that somebody changed it meanwhile."""
    if given and given != view.body["hash"]:
        raise ApiError("hash_conflict")
