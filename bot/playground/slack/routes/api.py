"""Routes of the Web API, of response URLs, and of files on their way up and down."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from .. import files, replies
from ..model import ApiError, File, Json
from ..web_api import Reply, broken
from .calls import read_call
from .parts import Parts, answered


def api_routes(parts: Parts) -> APIRouter:
    """Everything the bot itself calls."""
    router = APIRouter()
    api = _Api(parts)
    router.add_api_route("/api/{method}", api.call, methods=["GET", "POST"])
    for kind in ("actions", "commands", "app"):
        router.add_api_route(f"/{kind}/{{team}}/{{secret}}", api.response_url, methods=["POST"])
    router.add_api_route("/upload/v1/{token}", api.upload, methods=["POST"])
    router.add_api_route("/files-pri/{ids}/download/{name}", api.private_file, methods=["GET"])
    router.add_api_route("/files-pri/{ids}/{name}", api.private_file, methods=["GET"])
    router.add_api_route("/signin", _sign_in, methods=["GET"])
    return router


class _Api:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def call(self, method: str, request: Request) -> Response:
        """One Web API call."""
        try:
            arrived = await read_call(request)
        except ApiError as refusal:
            return await answered(self._parts, request, _refused(refusal))
        reply = await run_in_threadpool(
            self._parts.web_api.answer, method, arrived.args, arrived.token, was_json=arrived.was_json
        )
        return await answered(self._parts, request, reply)

    async def response_url(self, team: str, secret: str, request: Request) -> Response:
        """A use of a response_url."""
        fault = self._parts.faults.take("response_url")
        if fault is not None and fault.kind not in ("hang", "reset_after"):
            return await answered(self._parts, request, broken(fault))
        try:
            said: Json = await request.json()
            await run_in_threadpool(replies.use, self._parts.state, secret, said)
            reply = Reply({"ok": True}, fault=fault)
        except ValueError:
            reply = Reply({"ok": False, "error": "invalid_payload"}, 400)
        except ApiError as refusal:
            reply = _refused(refusal)
        return await answered(self._parts, request, reply)

    async def upload(self, token: str, request: Request) -> Response:
        """The bytes of an announced file."""
        fault = self._parts.faults.take("upload")
        if fault is not None and fault.kind not in ("hang", "reset_after"):
            return await answered(self._parts, request, broken(fault))
        try:
            file = files.receive(self._parts.state, token, await _uploaded_bytes(request))
        except ApiError as refusal:
            return await answered(self._parts, request, _refused(refusal))
        if fault is not None:
            return await answered(self._parts, request, Reply({}, fault=fault))
        return PlainTextResponse(f"OK - {file.size}")

    async def private_file(self, ids: str, name: str, request: Request) -> Response:
        """A file's bytes for who holds the token; everybody else is sent to sign in, as on Slack."""
        fault = self._parts.faults.take("file")
        if fault is not None and fault.kind not in ("hang", "reset_after"):
            return await answered(self._parts, request, broken(fault))
        file = self._readable(ids.partition("-")[2], request.headers.get("authorization", ""))
        if fault is not None:
            return await answered(self._parts, request, Reply({}, fault=fault))
        if file is None or file.content is None:
            return RedirectResponse("/signin", 302)
        return Response(file.content, media_type=file.mimetype)

    def _readable(self, file_id: str, authorization: str) -> File | None:
        token = authorization.removeprefix("Bearer ").strip()
        with self._parts.state.lock:
            file = self._parts.state.files.get(file_id)
            if file is None:
                return None
            workspace = self._parts.state.workspace(file.team)
            alive = workspace.dead is None and "files:read" in workspace.scopes
            return file if alive and workspace.token == token else None


def _refused(refusal: ApiError) -> Reply:
    return Reply({"ok": False, "error": refusal.code, **refusal.extra}, refusal.status, refusal.headers)


async def _uploaded_bytes(request: Request) -> bytes:
    """The bytes, sent as they are or as a form's file."""
    if not request.headers.get("content-type", "").startswith("multipart/"):
        return await request.body()
    async with request.form() as form:
        parts: list[Any] = [part for part in form.values() if not isinstance(part, str)]
        return await parts[0].read() if parts else b""


def _sign_in() -> Response:
    return HTMLResponse("<!doctype html><title>Sign in</title><h1>Sign in to your workspace</h1>")
