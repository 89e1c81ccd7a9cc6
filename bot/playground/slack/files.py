"""Files: announced, uploaded, shared into a channel, and as Slack describes them."""

from __future__ import annotations

import base64
import mimetypes
import secrets
from urllib.parse import quote

from . import messages
from .model import ApiError, Channel, File, Json, Workspace
from .state import State


def announce(state: State, workspace: Workspace, name: str, size: int) -> File:
    """Reserve a file and the secret of the URL its bytes go to; the caller holds the lock."""
    mimetype = mimetypes.guess_type(name)[0] or "application/octet-stream"
    file = File(
        id=state.new_id("F"),
        team=workspace.id,
        name=name,
        size=size,
        title=name,
        upload_token=secrets.token_urlsafe(24),
        mimetype=mimetype,
        created=int(state.clock()),
    )
    state.files[file.id] = file
    return file


def upload_url(state: State, file: File) -> str:
    """Where the bytes of an announced file are posted to."""
    return f"{state.base_url}/upload/v1/{file.upload_token}"


def receive(state: State, token: str, content: bytes) -> File:
    """Take the bytes of an announced file, once and in the announced size."""
    with state.lock:
        for file in state.files.values():
            if secrets.compare_digest(file.upload_token, token) and file.content is None:
                if len(content) != file.size:
                    raise ApiError("file_upload_size_restricted", status=400)
                file.content = content
                return file
    raise ApiError("file_not_found", status=404)


def from_person(state: State, workspace: Workspace, items: list[object]) -> list[Json]:
    """Files a person put into a file_input: known ids, or `{name, content}` in base64 as the page sends."""
    with state.lock:
        return [file_object(state, workspace, _person_file(state, workspace, item)) for item in items]


def _person_file(state: State, workspace: Workspace, item: object) -> File:
    if not isinstance(item, dict):
        return state.files[str(item)]
    if "content" not in item:
        return state.files[str(item["id"])]
    content = base64.b64decode(str(item["content"]))
    for known in state.files.values():
        # The page reports the same file again with everything else that is typed.
        if known.team == workspace.id and known.name == item["name"] and known.content == content:
            return known
    file = announce(state, workspace, str(item["name"]), len(content))
    file.content, file.shared = content, True
    return file


def file_object(state: State, workspace: Workspace, file: File) -> Json:
    """A file as files.info gives it."""
    path = f"{workspace.id}-{file.id}"
    address = quote(file.name.lower().replace(" ", "_"))
    private = f"{state.base_url}/files-pri/{path}/{address}"
    kind = file.name.rsplit(".", 1)[-1].lower() if "." in file.name else "binary"
    return {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title,
        "mimetype": file.mimetype,
        "filetype": kind,
        "pretty_type": kind.upper(),
        "user": workspace.bot_user,
        "user_team": workspace.id,
        "editable": False,
        "size": file.size,
        "mode": "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": bool(file.channels),
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": private,
        "url_private_download": f"{state.base_url}/files-pri/{path}/download/{address}",
        "permalink": f"{state.base_url}/files/{workspace.bot_user}/{file.id}/{address}",
        "shares": {"public": file.shares} if file.shares else {},
        "channels": list(file.channels),
        "groups": [],
        "ims": [],
        "file_access": "visible",
    }


def share(state: State, workspace: Workspace, shared: list[File], channel: Channel, body: Json) -> None:
    """Post the files as one message of the bot's; the caller holds the lock."""
    for file in shared:
        if channel.id not in file.channels:
            file.channels.append(channel.id)
    described = [file_object(state, workspace, file) for file in shared]
    message = messages.put(
        state, channel, messages.from_bot(workspace, body | {"files": described, "upload": True})
    )
    for file in shared:
        entry = {"ts": message.ts, "channel_name": channel.name, "team_id": workspace.id}
        if message.in_thread:
            entry["thread_ts"] = str(message.thread_ts)
        file.shares.setdefault(channel.id, []).append(entry)
