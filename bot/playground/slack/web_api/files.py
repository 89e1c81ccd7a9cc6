"""files.*: the three-step upload, and what is known of a file."""

from __future__ import annotations

from typing import Any

from .. import files, messages
from ..model import ApiError, File, Json
from .context import Context, Method


def _get_upload_url(call: Context) -> Json:
    name = str(call.need("filename"))
    length = str(call.need("length"))
    if not length.isdigit() or int(length) == 0:
        messages_ = ["[ERROR] must be greater than 0 [json-pointer:/length]"]
        raise ApiError("invalid_arguments", response_metadata={"messages": messages_})
    file = files.announce(call.state, call.workspace, name, int(length))
    return {"upload_url": files.upload_url(call.state, file), "file_id": file.id}


def _uploaded(call: Context, entry: Any) -> File:
    file = call.state.files.get(str(entry.get("id"))) if isinstance(entry, dict) else None
    if file is None or file.team != call.workspace.id or file.content is None:
        raise ApiError("file_not_found")
    if file.shared:
        raise ApiError("file_already_completed")
    return file


def _complete(call: Context) -> Json:
    entries = call.need("files")
    if not isinstance(entries, list) or not entries:
        raise ApiError("invalid_arguments", response_metadata={"messages": ["[ERROR] files must be a list"]})
    uploaded = [_uploaded(call, entry) for entry in entries]
    target = call.args.get("channel_id") or call.args.get("channels")
    channel = None
    if target:
        posting = Context(call.state, call.workspace, call.args | {"channel": str(target).split(",")[0]})
        channel = posting.channel_to_post()
    for file, entry in zip(uploaded, entries, strict=True):
        file.title = str(entry.get("title") or file.name)
    if channel is not None:
        body = {"text": str(call.args.get("initial_comment") or "")}
        if call.args.get("thread_ts"):
            body["thread_ts"] = messages.root_of(channel, str(call.args["thread_ts"])).ts
        files.share(call.state, call.workspace, uploaded, channel, body)
    for file in uploaded:
        file.shared = True
    return {"files": [files.file_object(call.state, call.workspace, file) for file in uploaded]}


def _wanted(call: Context) -> File:
    file = call.state.files.get(str(call.need("file")))
    if file is None or file.team != call.workspace.id:
        raise ApiError("file_not_found")
    return file


def _info(call: Context) -> Json:
    return {"file": files.file_object(call.state, call.workspace, _wanted(call))}


def _delete(call: Context) -> Json:
    file = _wanted(call)
    del call.state.files[file.id]
    for channel in call.workspace.channels.values():
        for message in channel.messages:
            kept = [each for each in message.body.get("files", []) if each["id"] != file.id]
            if "files" in message.body:
                message.body["files"] = kept
    return {}


METHODS = {
    "files.getUploadURLExternal": Method(_get_upload_url, ("files:write",), takes_json=False, writes=True),
    "files.completeUploadExternal": Method(_complete, ("files:write",), writes=True),
    "files.info": Method(_info, ("files:read",), takes_json=False),
    "files.delete": Method(_delete, ("files:write",), writes=True),
}
