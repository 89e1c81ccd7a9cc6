"""Routes of the page: its files, the stream of snapshots, and what is pressed on it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.concurrency import run_in_threadpool

from ..model import LocalSlackError
from .parts import Parts

PAGE = Path(__file__).parent.parent / "page"
COALESCE_SECONDS = 0.05
KEEP_ALIVE_SECONDS = 15.0


def page_routes(parts: Parts) -> APIRouter:
    """Everything the browser asks for."""
    router = APIRouter()
    page = _Page(parts)
    router.add_api_route("/", page.index, methods=["GET"])
    router.add_api_route("/archives/{channel}/{message}", page.permalink, methods=["GET"])
    router.add_api_route("/page/events", page.events, methods=["GET"])
    router.add_api_route("/page/file/{file_id}", page.file, methods=["GET"])
    router.add_api_route("/files/{user}/{file_id}/{name}", page.file_permalink, methods=["GET"])
    router.add_api_route("/page/{name}", page.asked, methods=["POST"])
    return router


class _Page:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def index(self) -> Response:
        """The page itself."""
        return FileResponse(PAGE / "index.html", headers={"Cache-Control": "no-cache"})

    async def permalink(self, channel: str, message: str) -> Response:
        """A link to a message, opened outside the page."""
        return RedirectResponse("/", 302)

    async def asked(self, name: str, request: Request) -> Response:
        """What was pressed. Only JSON is taken, which keeps other sites' forms out."""
        if not request.headers.get("content-type", "").startswith("application/json"):
            return JSONResponse({"ok": False, "error": "Send JSON."}, 415)
        try:
            body = await request.json()
        except ValueError:
            body = None
        if not isinstance(body, dict):
            return JSONResponse({"ok": False, "error": "Send a JSON object."}, 400)
        answer = await run_in_threadpool(self._parts.page.handle, name, body)
        if answer is None:
            return JSONResponse({"ok": False, "error": f"There is nothing called {name} here."}, 404)
        return JSONResponse(answer)

    async def file(self, file_id: str) -> Response:
        """A file's bytes, for whoever looks at the page."""
        with self._parts.state.lock:
            file = self._parts.state.files.get(file_id)
        if file is None or file.content is None:
            return JSONResponse({"ok": False, "error": "There is no such file."}, 404)
        # Uploaded HTML must not run as a part of the page; a browser's PDF viewer refuses to run sandboxed.
        is_harmless = file.mimetype in ("application/pdf", "text/plain")
        headers = {"X-Content-Type-Options": "nosniff"}
        if not is_harmless:
            headers["Content-Security-Policy"] = "sandbox"
        return Response(file.content, media_type=file.mimetype, headers=headers)

    async def file_permalink(self, user: str, file_id: str, name: str) -> Response:
        """Where a file's permalink leads somebody who is signed in."""
        return await self.file(file_id)

    async def events(self, user: str) -> Response:
        """The stream of snapshots for one person."""
        try:
            self._parts.snapshot(user)
        except LocalSlackError as refusal:
            return JSONResponse({"ok": False, "error": str(refusal)}, 404)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self._stream(user), media_type="text/event-stream", headers=headers)

    async def _stream(self, user: str) -> AsyncIterator[str]:
        loop, news = asyncio.get_running_loop(), asyncio.Event()
        stopping = self._parts.server.stopping
        unwatch = self._parts.state.watch(lambda: loop.call_soon_threadsafe(news.set))
        try:
            while not stopping.is_set():
                news.clear()
                yield f"data: {json.dumps(self._parts.snapshot(user))}\n\n"
                await _first_of(stopping, COALESCE_SECONDS)
                while not await _first_of_two(news, stopping, KEEP_ALIVE_SECONDS):
                    yield ": still here\n\n"
        finally:
            unwatch()


async def _first_of(event: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), seconds)


async def _first_of_two(one: asyncio.Event, other: asyncio.Event, seconds: float) -> bool:
    """Wait until either is set; False if neither was in time."""
    waits = [asyncio.ensure_future(event.wait()) for event in (one, other)]
    try:
        done, _ = await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
    return bool(done)
