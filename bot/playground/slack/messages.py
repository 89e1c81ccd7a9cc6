"""Messages: checked, put into their channel, changed and taken out, wherever they come from."""

from __future__ import annotations

from typing import Any

from .blockkit import check_blocks
from .elements import kept_inputs
from .model import ApiError, Channel, Json, Message, Workspace
from .normal import stored_blocks
from .people import APP_ID
from .state import State
from .text import mentions_and_links

MOST_CHARACTERS = 40_000
# What of a call goes into the message as it stands.
_CARRIED = ("attachments", "metadata", "username", "icon_emoji", "icon_url", "mrkdwn")


def content(args: Json, *, required: bool = True) -> Json:
    """The checked text, blocks and metadata of a message out of a call's arguments."""
    text, blocks = args.get("text"), args.get("blocks")
    if args.get("markdown_text") is not None:
        blocks, text = _from_markdown(args), ""
    if text is not None and len(str(text)) > MOST_CHARACTERS:
        raise ApiError("msg_too_long")
    if blocks is not None:
        _refuse_bad_blocks(blocks)
    if required and not text and not blocks and not args.get("attachments"):
        raise ApiError("no_text")
    _refuse_bad_metadata(args.get("metadata"))
    body: Json = {name: args[name] for name in _CARRIED if args.get(name) is not None}
    if text is not None:
        body["text"] = str(text)
    if blocks is not None:
        body["blocks"] = stored_blocks(blocks)
    return body


def _from_markdown(args: Json) -> list[Json]:
    if args.get("text") or args.get("blocks"):
        raise ApiError("markdown_text_conflict")
    return [{"type": "markdown", "text": args["markdown_text"]}]


def _refuse_bad_blocks(blocks: Any) -> None:
    if not isinstance(blocks, list):
        raise ApiError("invalid_blocks_format")
    problems = check_blocks(blocks, "message")
    if problems:
        messages = [str(problem) for problem in problems]
        raise ApiError("invalid_blocks", errors=messages, response_metadata={"messages": messages})


def _refuse_bad_metadata(metadata: Any) -> None:
    if metadata is None:
        return
    fine = isinstance(metadata, dict) and isinstance(metadata.get("event_payload"), dict)
    if not fine or not metadata.get("event_type"):
        raise ApiError("invalid_metadata_format")


def from_bot(workspace: Workspace, body: Json) -> Json:
    """The body with what Slack writes on every message of the bot's."""
    author = {"user": workspace.bot_user, "bot_id": workspace.bot_id, "app_id": APP_ID}
    profile = {"id": workspace.bot_id, "app_id": APP_ID, "name": "Handoff", "team_id": workspace.id}
    return {"type": "message", "team": workspace.id, "text": "", "bot_profile": profile} | author | body


def put(state: State, channel: Channel, body: Json, *, ephemeral_to: str | None = None) -> Message:
    """Put a message into its channel (and thread); the caller holds the lock."""
    body["ts"] = state.next_ts()
    message = Message(body, channel.id, ephemeral_to)
    if ephemeral_to is None:
        _into_thread(channel, body)
    channel.messages.append(message)
    remember_mentions(state, message)
    return message


def _into_thread(channel: Channel, body: Json) -> None:
    """Count a reply on the message it hangs under."""
    thread_ts = body.get("thread_ts")
    if thread_ts is None:
        return
    root = root_of(channel, str(thread_ts))
    body["thread_ts"] = root.ts
    body["parent_user_id"] = root.body.get("user")
    users = root.body.setdefault("reply_users", [])
    if body.get("user") not in users:
        users.append(body.get("user"))
    root.body["thread_ts"] = root.ts
    root.body["reply_count"] = int(root.body.get("reply_count", 0)) + 1
    root.body["reply_users_count"] = len(users)
    root.body["latest_reply"] = body["ts"]


def root_of(channel: Channel, ts: str) -> Message:
    """The message that a thread with this ts hangs under."""
    message = find(channel, ts)
    if message is None:
        raise ApiError("thread_not_found")
    if message.in_thread:
        return root_of(channel, str(message.thread_ts))
    return message


def find(channel: Channel, ts: str) -> Message | None:
    """The message with this ts, unless it is an ephemeral one."""
    for message in channel.messages:
        if message.ts == ts and message.ephemeral_to is None:
            return message
    return None


def change(state: State, message: Message, body: Json, *, editor: str | None = None) -> None:
    """Replace what is given; what isn't given stays. People keep their choices where elements stay."""
    message.body.update(body)
    if body.get("blocks") == []:
        message.body.pop("blocks")
    if editor is not None:
        message.body["edited"] = {"user": editor, "ts": state.next_ts()}
    blocks = message.body.get("blocks", [])
    message.inputs = {user: kept_inputs(blocks, inputs) for user, inputs in message.inputs.items()}
    message.errors.clear()
    remember_mentions(state, message)


def remove(channel: Channel, message: Message) -> None:
    """Take a message out; one with replies leaves a tombstone, as the thread needs something to hang on."""
    if message.body.get("reply_count"):
        kept = ("type", "ts", "thread_ts", "reply_count", "reply_users", "reply_users_count", "latest_reply")
        rest = {name: message.body[name] for name in kept if name in message.body}
        message.body = rest | {
            "subtype": "tombstone",
            "text": "This message was deleted.",
            "user": "USLACKBOT",
            "hidden": True,
        }
        return
    channel.messages.remove(message)
    if message.in_thread:
        root = find(channel, str(message.thread_ts))
        if root is not None:
            root.body["reply_count"] = max(0, int(root.body.get("reply_count", 1)) - 1)


def remember_mentions(state: State, message: Message) -> None:
    """Note every ping and link that this message makes as it now reads."""
    pings, links = mentions_and_links(message.channel, message.body)
    state.pings.extend(pings)
    state.links.extend(links)
