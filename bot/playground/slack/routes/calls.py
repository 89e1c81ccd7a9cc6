"""Reads Web API calls off HTTP: form, multipart and JSON bodies, and the token wherever it may stand."""

from __future__ import annotations

import base64
import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from ..model import ApiError, Json

# Arguments whose value is JSON even in a form.
_STRUCTURED = ("blocks", "view", "metadata", "attachments", "files")


@dataclass(frozen=True)
class Arrived:
    """A call as it arrived."""

    args: Json
    token: str | None
    was_json: bool


async def read_call(request: Request) -> Arrived:
    """The arguments and token of a Web API request."""
    args: Json = dict(request.query_params)
    was_json = request.headers.get("content-type", "").startswith("application/json")
    if was_json:
        args |= _json_body(await request.body())
    elif request.method == "POST":
        async with request.form() as form:
            args |= {name: value for name, value in form.items() if isinstance(value, str)}
    in_args = args.pop("token", None)
    header = request.headers.get("authorization", "")
    token = header.removeprefix("Bearer ").strip() if header.startswith("Bearer ") else None
    if token is None and not was_json:
        token = in_args
    if header.startswith("Basic "):
        args |= _client(header)
    for name in _STRUCTURED:
        args |= _structured(name, args.get(name))
    return Arrived(args, token, was_json)


def _json_body(raw: bytes) -> Json:
    try:
        body = json.loads(raw or b"{}")
    except ValueError:
        raise ApiError("invalid_json") from None
    if not isinstance(body, dict):
        raise ApiError("json_not_object")
    return body


def _structured(name: str, value: Any) -> Json:
    """A value that came as JSON text, decoded; what isn't JSON stays for the method to refuse."""
    if isinstance(value, str):
        with suppress(ValueError):
            return {name: json.loads(value)}
    return {}


def _client(header: str) -> Json:
    """The client id and secret of oauth.v2.access as HTTP Basic."""
    try:
        client_id, _, secret = base64.b64decode(header.removeprefix("Basic ")).decode().partition(":")
    except ValueError:
        return {}
    return {"client_id": client_id, "client_secret": secret}
