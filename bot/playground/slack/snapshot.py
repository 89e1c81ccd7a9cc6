"""What one person's page shows: a whole snapshot of their Slack, as the page's protocol has it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from .model import Channel, Json, User, View, Workspace
from .payloads import view_object
from .person import message_as_seen
from .state import State, can_see

MOST_MESSAGES = 500


@dataclass
class Shop:
    """What the demo puts around Slack: the CRM beside the channel, the applicants buttons, what to try."""

    new_applicant: Callable[[], object] | None = None
    burst: Callable[[], object] | None = None
    crm_url: str | None = None
    hints: Sequence[Json] = field(default_factory=list)


def snapshot(state: State, shop: Shop, commands: Sequence[Json], user: str) -> Json:
    """The snapshot for this person."""
    with state.lock:
        workspace = state.workspace_of(user)
        me = workspace.users[user]
        channels = [channel for channel in workspace.channels.values() if can_see(me, channel)]
        home = workspace.homes.get(user)
        notice = state.notices.get(user)
        return {
            "rev": state.rev,
            "team": {"id": workspace.id, "name": workspace.name},
            "me": _person(me),
            "users": [_person(person) for person in workspace.users.values() if not person.deleted],
            "channels": [_channel(state, workspace, channel, user) for channel in channels],
            "messages": {channel.id: _messages(channel, user) for channel in channels},
            "views": [_view(view) for view in workspace.stacks.get(user, [])],
            "home": _view(home) if home else None,
            "notice": {"kind": "error", "text": notice} if notice else None,
            "crm_url": shop.crm_url,
            "can_add_applicant": shop.new_applicant is not None,
            "can_add_burst": shop.burst is not None,
            "hint": [dict(hint) for hint in shop.hints],
            "commands": [dict(command) for command in commands],
        }


def _person(user: User) -> Json:
    return {
        "id": user.id,
        "name": user.real_name,
        "title": user.title,
        "is_admin": user.is_admin,
        "is_owner": user.is_owner,
        "is_guest": user.is_guest,
        "is_bot": user.is_bot,
        "color": f"#{user.color}",
    }


def _channel(state: State, workspace: Workspace, channel: Channel, user: str) -> Json:
    name = workspace.users[workspace.bot_user].real_name if channel.is_im else channel.name
    read = state.last_read.get((user, channel.id), "")
    unread = [
        m for m in channel.messages if m.ts > read and m.ephemeral_to in (None, user) and not m.in_thread
    ]
    others = [message for message in unread if message.body.get("user") != user]
    return {"id": channel.id, "name": name, "is_im": channel.is_im, "unread": len(others)}


def _messages(channel: Channel, user: str) -> list[Json]:
    seen = [message for message in channel.messages if message.ephemeral_to in (None, user)]
    return [_message(message_as_seen(message, user)) for message in seen[-MOST_MESSAGES:]]


def _message(body: Json) -> Json:
    if "files" in body:
        body["files"] = [_file(file) for file in body["files"]]
    return body


def _file(file: Json) -> Json:
    kept = {name: file[name] for name in ("id", "name", "title", "mimetype", "size")}
    return kept | {"url": f"/page/file/{file['id']}"}


def _view(view: View) -> Json:
    body = copy.deepcopy(view_object(view))
    return body | {"errors": dict(view.errors), "error": view.error, "pending": list(view.pending)}
