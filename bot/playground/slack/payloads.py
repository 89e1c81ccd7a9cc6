"""What Slack tells the bot about something a person did, field by field as Slack sends it."""

from __future__ import annotations

from .elements import Found, state_values
from .model import Channel, Inputs, Json, Message, User, View, Workspace
from .people import APP_ID

VERIFICATION_TOKEN = "verification-token-no-longer-used"  # noqa: S105 - Slack still sends the field; it guards nothing


def _common(workspace: Workspace, user: User) -> Json:
    who = {"id": user.id, "username": user.name, "name": user.name, "team_id": workspace.id}
    return {
        "team": {"id": workspace.id, "domain": workspace.domain},
        "user": who,
        "api_app_id": APP_ID,
        "token": VERIFICATION_TOKEN,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def channel_name(channel: Channel) -> str:
    """The channel's name as payloads spell it."""
    return "directmessage" if channel.is_im else "privategroup" if channel.is_private else channel.name


def action(found: Found, chosen: Json | None, ts: str) -> Json:
    """One entry of `actions`."""
    block_id, action_id = found.key
    entry: Json = {"type": found.kind, "action_id": action_id, "block_id": block_id, "action_ts": ts}
    for name in ("text", "value", "style", "placeholder", "initial_option", "initial_options"):
        if name in found.element:
            entry[name] = found.element[name]
    return entry | (chosen or {})


def message_container(message: Message) -> Json:
    """Where on a message the person acted."""
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": message.ephemeral_to is not None,
    }
    if message.thread_ts is not None:
        container["thread_ts"] = message.thread_ts
    return container


def message_actions(workspace: Workspace, user: User, channel: Channel, message: Message, act: Json) -> Json:
    """block_actions on a message; Slack leaves the message itself out when it is ephemeral."""
    blocks = message.body.get("blocks", [])
    payload: Json = {
        "type": "block_actions",
        **_common(workspace, user),
        "container": message_container(message),
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "state": {"values": state_values(blocks, message.inputs.get(user.id, {}))},
        "actions": [act],
    }
    if message.ephemeral_to is None:
        payload["message"] = dict(message.body)
    return payload


def view_object(view: View, inputs: Inputs | None = None) -> Json:
    """The view with everything in it that a person has typed or chosen."""
    given = view.inputs if inputs is None else inputs
    values = state_values(view.body["blocks"], given, view.origin_channel)
    return view.body | {"state": {"values": values}}


def view_actions(workspace: Workspace, user: User, view: View, act: Json) -> Json:
    """block_actions in a modal or Home tab."""
    return {
        "type": "block_actions",
        **_common(workspace, user),
        "container": {"type": "view", "view_id": view.id},
        "view": view_object(view),
        "actions": [act],
    }


def submission(workspace: Workspace, user: User, view: View) -> Json:
    """view_submission."""
    return {
        "type": "view_submission",
        **_common(workspace, user),
        "view": view_object(view),
        "response_urls": [],
    }


def closed(workspace: Workspace, user: User, view: View, *, is_cleared: bool) -> Json:
    """view_closed."""
    return {
        "type": "view_closed",
        **_common(workspace, user),
        "view": view_object(view),
        "is_cleared": is_cleared,
    }


def suggestion(workspace: Workspace, user: User, found: Found, query: str, where: Json) -> Json:
    """block_suggestion; `where` is the container with its view, or its message and channel."""
    block_id, action_id = found.key
    typed = {"type": "block_suggestion", "action_id": action_id, "block_id": block_id, "value": query}
    return {**_common(workspace, user), **typed, **where}


def command(workspace: Workspace, user: User, channel: Channel, name: str, text: str) -> dict[str, str]:
    """The form of a slash command, but for its trigger_id and response_url."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": workspace.id,
        "team_domain": workspace.domain,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": user.id,
        "user_name": user.name,
        "command": name,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
    }


def event(workspace: Workspace, inner: Json, event_id: str, at: float) -> Json:
    """An Events API envelope."""
    installed = {
        "enterprise_id": None,
        "team_id": workspace.id,
        "user_id": workspace.bot_user,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": workspace.id,
        "api_app_id": APP_ID,
        "event": inner,
        "type": "event_callback",
        "event_id": event_id,
        "event_time": int(at),
        "authorizations": [installed],
        "is_ext_shared_channel": False,
        "event_context": f"4-{event_id}",
    }
