"""The bot's answers outside the Web API: to a slash command, and through a response_url."""

from __future__ import annotations

import json

from . import messages
from .model import ApiError, Call, Channel, Json, Message, Workspace
from .state import ResponseUrl, State
from .triggers import use_response_url


def answer_command(state: State, workspace: Workspace, user: str, channel: Channel, body: str) -> None:
    """Show what the bot answered to a slash command; text or JSON, private unless it says otherwise."""
    if not body.strip():
        return
    try:
        said = json.loads(body)
    except ValueError:
        said = {"text": body}
    if not isinstance(said, dict):
        said = {"text": body}
    if said.get("text") or said.get("blocks") or said.get("attachments"):
        with state.lock:
            _post(state, workspace, channel, user, said)


def use(state: State, secret: str, said: Json) -> None:
    """Do what was posted to a response_url."""
    with state.lock:
        known = state.response_urls.get(secret)
        team = known.team if known else None
        state.calls.append(Call("response_url", said, state.clock(), team))
        url = use_response_url(state, secret)
        try:
            _apply(state, url, said)
        except ApiError as refusal:
            raise ApiError(refusal.code, status=400, **refusal.extra) from refusal
    state.changed()


def _apply(state: State, url: ResponseUrl, said: Json) -> None:
    workspace = state.workspace(url.team)
    channel = workspace.channels[url.channel]
    concerns_original = bool(said.get("delete_original") or said.get("replace_original"))
    original = _original(channel, url) if concerns_original else None
    if said.get("delete_original") and original is not None:
        if original.ephemeral_to is not None:
            channel.messages.remove(original)
        else:
            messages.remove(channel, original)
    elif said.get("replace_original") and original is not None:
        # What isn't given goes: unlike chat.update, this puts a new message in the old one's place.
        fresh = {"text": "", "blocks": []} | messages.content(said)
        editor = None if original.ephemeral_to else workspace.bot_user
        messages.change(state, original, fresh, editor=editor)
    else:
        _post(state, workspace, channel, url.user, said)


def _original(channel: Channel, url: ResponseUrl) -> Message | None:
    if url.message_ts is None:
        return None
    for message in channel.messages:
        if message.ts == url.message_ts and message.ephemeral_to in (None, url.user):
            return message
    raise ApiError("message_not_found")


def _post(state: State, workspace: Workspace, channel: Channel, user: str, said: Json) -> None:
    body = messages.from_bot(workspace, messages.content(said))
    if said.get("thread_ts"):
        body["thread_ts"] = messages.root_of(channel, str(said["thread_ts"])).ts
    for_all = said.get("response_type") == "in_channel"
    messages.put(state, channel, body, ephemeral_to=None if for_all else user)
