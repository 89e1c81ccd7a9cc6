"""What the routes speak to, and how an answer meets an ordered fault on its way out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from ..faults import Fault, Faults
from ..model import Json
from ..oauth import OAuth
from ..page_api import PageApi
from ..server import ThreadedServer
from ..state import State
from ..web_api import Reply, WebApi

_BROKEN_PAGE = "<!doctype html><title>Server Error</title><h1>Server Error</h1>"


@dataclass(frozen=True)
class Parts:
    """The parts of a running local Slack."""

    state: State
    web_api: WebApi
    faults: Faults
    oauth: OAuth
    page: PageApi
    snapshot: Callable[[str], Json]
    server: ThreadedServer


async def answered(parts: Parts, request: Request, reply: Reply) -> Response:
    """The reply over HTTP, after whatever befalls it."""
    if reply.fault is not None:
        befallen = await _befall(parts, request, reply.fault)
        if befallen is not None:
            return befallen
    return JSONResponse(reply.body, reply.status, reply.headers)


async def _befall(parts: Parts, request: Request, fault: Fault) -> Response | None:
    if fault.kind == "status":
        return HTMLResponse(_BROKEN_PAGE, fault.status)
    if fault.kind == "hang":
        with suppress(TimeoutError):
            await asyncio.wait_for(parts.server.stopping.wait(), fault.seconds)
        return None
    parts.server.drop(request.scope)
    return Response()  # goes nowhere: the connection is closed
