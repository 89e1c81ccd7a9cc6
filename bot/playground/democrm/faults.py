"""Faults on order: answers that hang, break off, or come out wrong, as any CRM's sometimes do."""

import json
import re
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal, get_args

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.playground.democrm.wire import Connections, drain, respond

Kind = Literal["hang", "reset_before", "reset_after", "status", "ratelimited", "error", "html", "nonsense"]


@dataclass
class Fault:
    """One order: what goes wrong, for which requests, how many more times (None: until cleared)."""

    kind: Kind
    method: str
    path: str
    left: int | None
    seconds: float
    status: int | None
    retry_after: int | None
    code: str
    body: Any
    hits: int = 0

    def matches(self, method: str, path: str) -> bool:
        if self.left == 0 or self.method not in ("*", method):
            return False
        # ** crosses slashes, * stays within one part of the path.
        pattern = "[^/]*".join(
            ".*".join(map(re.escape, part.split("\0"))) for part in self.path.replace("**", "\0").split("*")
        )
        return re.fullmatch(pattern, path) is not None


class Faults:
    """The orders, first come first served."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._orders: list[Fault] = []

    def add(
        self,
        *,
        kind: Kind,
        method: str = "*",
        path: str = "/api/**",
        times: int | None = 1,
        seconds: float = 5.0,
        status: int | None = None,
        retry_after: int | None = None,
        code: str = "server_error",
        body: Any = None,
    ) -> Fault:
        """Order a fault for the next `times` requests that match (None: all, until `clear`).

        - `hang`: do what was asked, answer after `seconds`
        - `reset_before`: drop the connection without doing it; `reset_after`: do it, then drop it
        - `status`: an empty-handed proxy's page with that status (503)
        - `ratelimited`: 429, with Retry-After if `retry_after` is given
        - `error`: a problem document with `status` (500) and `code`
        - `html`: a page with `status` (200) where JSON is due
        - `nonsense`: do what was asked, answer `body` ({}) in place of the record

        In `path`, `*` stands for one part and `**` for any number of them.
        """
        if kind not in get_args(Kind):
            raise ValueError(f"No fault of kind {kind!r}; choose one of {', '.join(get_args(Kind))}.")
        fault = Fault(kind, method.upper(), path, times, seconds, status, retry_after, code, body)
        with self._lock:
            self._orders.append(fault)
        return fault

    def clear(self) -> None:
        with self._lock:
            self._orders.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """The fault this request gets, used up by one."""
        with self._lock:
            for fault in self._orders:
                if fault.matches(method, path):
                    fault.hits += 1
                    if fault.left is not None:
                        fault.left -= 1
                    return fault
        return None


class FaultInjection:
    """ASGI middleware that carries the orders out."""

    def __init__(self, app: ASGIApp, faults: Faults, connections: Connections) -> None:
        self._app = app
        self._faults = faults
        self._connections = connections

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        fault = self._faults.take(scope["method"], scope["path"]) if scope["type"] == "http" else None
        if fault is None:
            await self._app(scope, receive, send)
            return
        kinds: dict[Kind, Callable[..., Awaitable[None]]] = {
            "hang": self._hang,
            "reset_before": self._reset_before,
            "reset_after": self._reset_after,
            "status": self._status,
            "ratelimited": self._ratelimited,
            "error": self._error,
            "html": self._html,
            "nonsense": self._nonsense,
        }
        await kinds[fault.kind](fault, scope, receive, send)

    async def _hang(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        answer = await self._done(scope, receive)
        await self._connections.pause(fault.seconds)
        for message in answer:
            await send(message)

    async def _reset_before(self, _fault: Fault, scope: Scope, receive: Receive, _send: Send) -> None:
        await drain(receive)
        await self._connections.reset(scope, receive)

    async def _reset_after(self, _fault: Fault, scope: Scope, receive: Receive, _send: Send) -> None:
        await self._done(scope, receive)
        await self._connections.reset(scope, receive)

    async def _status(self, fault: Fault, _scope: Scope, receive: Receive, send: Send) -> None:
        await drain(receive)
        status = fault.status or 503
        await respond(send, status, "text/html", f"<html><h1>{status}</h1><hr>gateway</html>".encode())

    async def _ratelimited(self, fault: Fault, _scope: Scope, receive: Receive, send: Send) -> None:
        await drain(receive)
        headers = {} if fault.retry_after is None else {"retry-after": str(fault.retry_after)}
        await self._problem(send, 429, "rate_limited", "Too many requests. Wait a while.", headers)

    async def _error(self, fault: Fault, _scope: Scope, receive: Receive, send: Send) -> None:
        await drain(receive)
        await self._problem(send, fault.status or 500, fault.code, "Something went wrong on our side.", {})

    async def _html(self, fault: Fault, _scope: Scope, receive: Receive, send: Send) -> None:
        await drain(receive)
        page = b"<!doctype html><title>Maintenance</title><h1>We'll be right back</h1>"
        await respond(send, fault.status or 200, "text/html; charset=utf-8", page)

    async def _nonsense(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        answer = await self._done(scope, receive)
        body = json.dumps({} if fault.body is None else fault.body).encode()
        # A 204 has no body, so nonsense in its place comes as a 200.
        status = 200 if answer[0]["status"] == 204 else answer[0]["status"]
        await respond(send, status, "application/json", body)

    async def _done(self, scope: Scope, receive: Receive) -> list[Message]:
        answer: list[Message] = []

        async def keep(message: Message) -> None:
            answer.append(message)

        await self._app(scope, receive, keep)
        return answer

    async def _problem(
        self, send: Send, status: int, code: str, detail: str, headers: dict[str, str]
    ) -> None:
        document = {"type": f"/problems/{code}", "status": status, "code": code, "detail": detail}
        await respond(send, status, "application/problem+json", json.dumps(document).encode(), headers)
