"""Below HTTP: the open connections, so that one can be dropped, and the log of calls that arrived."""

import asyncio
import contextlib
import json
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class Connections:
    """The open TCP connections by the client's address, as uvicorn's protocol reports them."""

    def __init__(self) -> None:
        self._transports: dict[tuple[str, int], asyncio.Transport] = {}
        self._stopping: asyncio.Event | None = None

    def open(self) -> None:
        """Called on the server's event loop before it serves."""
        self._stopping = asyncio.Event()

    def close(self) -> None:
        """Called on the same loop: whoever hangs stops hanging."""
        if self._stopping is not None:
            self._stopping.set()

    async def pause(self, seconds: float) -> None:
        """Wait that long, or until the server stops."""
        if self._stopping is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), seconds)

    async def reset(self, scope: Scope, receive: Receive) -> None:
        """Drop the request's connection at once, so that the client sees a reset and no answer."""
        transport = self._transports[tuple(scope["client"])]
        linger_not = struct.pack("ii", 1, 0)
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_not)
        transport.abort()
        while (await receive())["type"] != "http.disconnect":
            pass

    def protocol(self) -> type[HttpToolsProtocol]:
        """uvicorn's HTTP protocol, which also signs connections in and out here."""
        transports = self._transports

        class Tracked(HttpToolsProtocol):
            def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn
                super().connection_made(transport)
                if self.client:
                    transports[self.client] = transport

            def connection_lost(self, exc: Exception | None) -> None:
                if self.client:
                    transports.pop(self.client, None)
                super().connection_lost(exc)

        return Tracked


@dataclass(frozen=True)
class Call:
    """A request that arrived; `status` is None when it was never answered."""

    method: str
    path: str
    query: dict[str, str]
    body: Any
    at: float
    status: int | None = None


class CallLog:
    """ASGI middleware that remembers calls to the API and the token endpoints; JSON bodies too, forms not."""

    PREFIXES = ("/api/", "/oauth/token", "/oauth/revoke")

    def __init__(self, app: ASGIApp, clock: Callable[[], float]) -> None:
        self._app = app
        self._clock = clock
        self._entries: list[_Entry] = []

    @property
    def calls(self) -> list[Call]:
        return [entry.call() for entry in list(self._entries)]

    def clear(self) -> None:
        self._entries.clear()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(self.PREFIXES):
            entry = _Entry(scope, receive, send, self._clock())
            self._entries.append(entry)
            await self._app(scope, entry.receive, entry.send)
        else:
            await self._app(scope, receive, send)


@dataclass
class _Entry:
    scope: Scope
    to_receive: Receive
    to_send: Send
    at: float
    status: int | None = None
    chunks: list[bytes] = field(default_factory=list)

    def call(self) -> Call:
        query = dict(parse_qsl(self.scope["query_string"].decode("latin-1"), keep_blank_values=True))
        return Call(self.scope["method"], self.scope["path"], query, self.json(), self.at, self.status)

    async def receive(self) -> Message:
        message = await self.to_receive()
        if self._is_json():
            self.chunks.append(message.get("body", b""))
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        await self.to_send(message)

    def json(self) -> Any:
        try:
            return json.loads(b"".join(self.chunks))
        except ValueError:
            return None

    def _is_json(self) -> bool:
        return b"json" in dict(self.scope["headers"]).get(b"content-type", b"")


async def drain(receive: Receive) -> None:
    """Read the request to its end, so that the client has sent all before it is answered or dropped."""
    while (await receive()).get("more_body"):
        pass


async def respond(
    send: Send, status: int, content_type: str, body: bytes, headers: dict[str, str] | None = None
) -> None:
    """Answer without the application's help."""
    fields = {"content-type": content_type, "content-length": str(len(body))} | (headers or {})
    raw = [(name.encode(), value.encode()) for name, value in fields.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})
