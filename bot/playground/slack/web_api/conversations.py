"""conversations.*: channels, their members and what was said in them."""

from __future__ import annotations

from .. import messages
from ..model import ApiError, Channel, Json, Message
from .context import Context, Method

_READ = ("channels:read", "groups:read", "im:read")
_HISTORY = ("channels:history", "groups:history", "im:history")
_TYPES = {"public_channel", "private_channel", "im", "mpim"}


def channel_object(call: Context, channel: Channel) -> Json:
    """A channel as conversations.info gives it."""
    common: Json = {
        "id": channel.id,
        "is_im": channel.is_im,
        "is_archived": channel.is_archived,
        "created": 0,
    }
    if channel.is_im:
        return common | {"user": channel.partner, "is_user_deleted": False}
    return common | {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not channel.is_private,
        "is_group": False,
        "is_mpim": False,
        "is_private": channel.is_private,
        "is_general": False,
        "is_shared": False,
        "is_ext_shared": False,
        "is_org_shared": False,
        "is_member": call.workspace.bot_user in channel.members,
        "creator": next(iter(call.workspace.users)),
        "context_team_id": call.workspace.id,
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }


def _family(channel: Channel) -> str:
    return "im" if channel.is_im else "groups" if channel.is_private else "channels"


def _need_scope(call: Context, channel: Channel, what: str) -> None:
    """A kind of channel may be read only with the scope for that very kind."""
    needed = f"{_family(channel)}:{what}"
    if needed not in call.workspace.scopes:
        raise ApiError("missing_scope", needed=needed, provided=",".join(sorted(call.workspace.scopes)))


def _info(call: Context) -> Json:
    channel = call.known_channel()
    _need_scope(call, channel, "read")
    found = channel_object(call, channel)
    if call.truth("include_num_members"):
        found["num_members"] = len(channel.members)
    return {"channel": found}


def _list(call: Context) -> Json:
    wanted = {kind.strip() for kind in str(call.args.get("types") or "public_channel").split(",")}
    if not wanted <= _TYPES:
        raise ApiError("invalid_types")
    shown = []
    for channel in call.workspace.channels.values():
        hidden = channel.is_private and call.workspace.bot_user not in channel.members
        archived = channel.is_archived and call.truth("exclude_archived")
        if _type(channel) in wanted and not hidden and not archived:
            _need_scope(call, channel, "read")
            shown.append(channel_object(call, channel) | {"num_members": len(channel.members)})
    page, metadata = call.page(shown)
    return {"channels": page, "response_metadata": metadata}


def _type(channel: Channel) -> str:
    return {"im": "im", "groups": "private_channel", "channels": "public_channel"}[_family(channel)]


def _open(call: Context) -> Json:
    if call.args.get("channel"):
        return {"channel": {"id": call.known_channel().id}}
    ids = [user.strip() for user in str(call.need("users")).split(",")]
    if len(ids) > 1:
        raise ApiError("method_not_supported_for_channel_type")
    user = call.workspace.users.get(ids[0])
    if user is None:
        raise ApiError("user_not_found")
    known = {channel.id for channel in call.workspace.channels.values()}
    channel = call.direct(user)
    body = channel_object(call, channel) if call.truth("return_im") else {"id": channel.id}
    seen = channel.id in known
    return {"no_op": seen, "already_open": seen, "channel": body}


def _join(call: Context) -> Json:
    channel = call.known_channel()
    if channel.is_archived:
        raise ApiError("is_archived")
    if channel.is_private or channel.is_im:
        raise ApiError("method_not_supported_for_channel_type")
    extra: Json = {}
    if call.workspace.bot_user in channel.members:
        extra = {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
    channel.members.add(call.workspace.bot_user)
    return {"channel": channel_object(call, channel)} | extra


def _members(call: Context) -> Json:
    channel = call.known_channel()
    _need_scope(call, channel, "read")
    page, metadata = call.page(sorted(channel.members))
    return {"members": page, "response_metadata": metadata}


def _as_read(call: Context, message: Message) -> Json:
    body = dict(message.body)
    if not call.truth("include_all_metadata"):
        body.pop("metadata", None)
    return body


def _in_range(call: Context, message: Message) -> bool:
    oldest, latest = float(call.args.get("oldest") or 0), float(call.args.get("latest") or "inf")
    ts = float(message.ts)
    return oldest <= ts <= latest if call.truth("inclusive") else oldest < ts < latest


def _history(call: Context) -> Json:
    channel = call.joined_channel()
    _need_scope(call, channel, "history")
    said = [m for m in channel.messages if m.ephemeral_to is None and not m.in_thread and _in_range(call, m)]
    page, metadata = call.page([_as_read(call, message) for message in reversed(said)])
    more = bool(metadata["next_cursor"])
    return {"messages": page, "has_more": more, "pin_count": 0, "response_metadata": metadata}


def _replies(call: Context) -> Json:
    channel = call.joined_channel()
    _need_scope(call, channel, "history")
    root = messages.root_of(channel, str(call.need("ts")))
    said = [
        m for m in channel.messages if m.ephemeral_to is None and m.thread_ts == root.ts and m is not root
    ]
    in_range = [message for message in said if _in_range(call, message)]
    page, metadata = call.page([_as_read(call, message) for message in [root, *in_range]])
    return {"messages": page, "has_more": bool(metadata["next_cursor"]), "response_metadata": metadata}


METHODS = {
    "conversations.info": Method(_info, _READ, takes_json=False),
    "conversations.list": Method(_list, _READ, takes_json=False),
    "conversations.open": Method(_open, ("im:write",), writes=True),
    "conversations.join": Method(_join, ("channels:join",), writes=True),
    "conversations.members": Method(_members, _READ, takes_json=False),
    "conversations.history": Method(_history, _HISTORY, takes_json=False),
    "conversations.replies": Method(_replies, _HISTORY, takes_json=False),
}
