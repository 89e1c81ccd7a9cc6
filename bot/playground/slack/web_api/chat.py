"""chat.*: the bot's messages."""

from __future__ import annotations

from .. import messages
from ..model import ApiError, Channel, Json, Message
from ..state import can_see
from .context import Context, Method

_WRITE = ("chat:write",)


def _post(call: Context) -> Json:
    channel = call.channel_to_post()
    body = messages.from_bot(call.workspace, messages.content(call.args))
    if call.args.get("thread_ts"):
        body["thread_ts"] = str(call.args["thread_ts"])
        if call.truth("reply_broadcast"):
            body["subtype"] = "thread_broadcast"
    message = messages.put(call.state, channel, body)
    return {"channel": channel.id, "ts": message.ts, "message": dict(message.body)}


def _post_ephemeral(call: Context) -> Json:
    user = call.workspace.users.get(str(call.need("user")))
    channel = call.channel_to_post()
    if user is None or not (can_see(user, channel) and user.id in channel.members):
        raise ApiError("user_not_in_channel")
    body = messages.from_bot(call.workspace, messages.content(call.args))
    if call.args.get("thread_ts"):
        body["thread_ts"] = messages.root_of(channel, str(call.args["thread_ts"])).ts
    message = messages.put(call.state, channel, body, ephemeral_to=user.id)
    return {"message_ts": message.ts}


def _own_message(call: Context, refusal: str) -> tuple[Channel, Message]:
    channel = call.known_channel()
    message = messages.find(channel, str(call.need("ts")))
    if message is None or message.body.get("subtype") == "tombstone":
        raise ApiError("message_not_found")
    if message.body.get("bot_id") != call.workspace.bot_id:
        raise ApiError(refusal)
    return channel, message


def _update(call: Context) -> Json:
    channel, message = _own_message(call, "cant_update_message")
    given = [
        name for name in ("text", "blocks", "attachments", "metadata") if call.args.get(name) is not None
    ]
    if not given and call.args.get("markdown_text") is None:
        raise ApiError("no_text")
    body = messages.content(call.args, required=False)
    remaining = {**message.body, **body}
    if not (remaining.get("text") or remaining.get("blocks") or remaining.get("files")):
        raise ApiError("no_text")
    messages.change(call.state, message, body, editor=call.workspace.bot_user)
    text = message.body.get("text", "")
    return {"channel": channel.id, "ts": message.ts, "text": text, "message": dict(message.body)}


def _delete(call: Context) -> Json:
    channel, message = _own_message(call, "cant_delete_message")
    messages.remove(channel, message)
    return {"channel": channel.id, "ts": message.ts}


def _permalink(call: Context) -> Json:
    channel = call.known_channel()
    ts = str(call.need("message_ts"))
    if messages.find(channel, ts) is None:
        raise ApiError("message_not_found")
    link = f"{call.state.base_url}/archives/{channel.id}/p{ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": link}


METHODS = {
    "chat.postMessage": Method(_post, _WRITE, writes=True),
    "chat.postEphemeral": Method(_post_ephemeral, _WRITE, writes=True),
    "chat.update": Method(_update, _WRITE, writes=True),
    "chat.delete": Method(_delete, _WRITE, writes=True),
    "chat.getPermalink": Method(_permalink, takes_json=False),
}
