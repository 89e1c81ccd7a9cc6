"""reactions.*: emoji on messages."""

from __future__ import annotations

from .. import messages
from ..model import ApiError, Json, Message
from .context import Context, Method


def _message(call: Context) -> Message:
    channel = call.joined_channel()
    message = messages.find(channel, str(call.need("timestamp")))
    if message is None:
        raise ApiError("message_not_found")
    return message


def _name(call: Context) -> str:
    name = str(call.need("name")).strip(":")
    if not name or not all(c.isalnum() or c in "_-+'" for c in name):
        raise ApiError("invalid_name")
    return name


def _add(call: Context) -> Json:
    name, message, me = _name(call), _message(call), call.workspace.bot_user
    reactions = message.body.setdefault("reactions", [])
    for reaction in reactions:
        if reaction["name"] == name:
            if me in reaction["users"]:
                raise ApiError("already_reacted")
            reaction["users"].append(me)
            reaction["count"] += 1
            return {}
    reactions.append({"name": name, "users": [me], "count": 1})
    return {}


def _remove(call: Context) -> Json:
    name, message, me = _name(call), _message(call), call.workspace.bot_user
    for reaction in message.body.get("reactions", []):
        if reaction["name"] == name and me in reaction["users"]:
            reaction["users"].remove(me)
            reaction["count"] -= 1
            message.body["reactions"] = [each for each in message.body["reactions"] if each["count"]]
            return {}
    raise ApiError("no_reaction")


def _get(call: Context) -> Json:
    message = _message(call)
    return {"type": "message", "channel": message.channel, "message": dict(message.body)}


METHODS = {
    "reactions.add": Method(_add, ("reactions:write",), writes=True),
    "reactions.remove": Method(_remove, ("reactions:write",), writes=True),
    "reactions.get": Method(_get, ("reactions:read",), takes_json=False),
}
