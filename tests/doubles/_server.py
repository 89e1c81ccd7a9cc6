"""A double as a running server: in a thread, with faults on order and a log of the calls that arrived."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from typing import Self

import uvicorn
from starlette.types import ASGIApp

from bot.playground.democrm.faults import FaultInjection, Faults
from bot.playground.democrm.wire import Call, CallLog, Connections

HOST = "127.0.0.1"


class EveryCall(CallLog):
    """The log of a double keeps all that arrives."""

    PREFIXES = ("/",)  # type: ignore[assignment]  # any number of prefixes does


class Double:
    """Serves one app on a free port of this machine."""

    def __init__(self, app: ASGIApp, clock: Callable[[], float]) -> None:
        self.faults = Faults()
        self.base_url = ""
        self._connections = Connections()
        self._log = EveryCall(FaultInjection(app, self.faults, self._connections), clock)
        self._forgotten = 0
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def calls(self) -> list[Call]:
        """What arrived since the start or the last `forget_calls`, in order."""
        return self._log.calls[self._forgotten :]

    def forget_calls(self) -> None:
        """Begin a new log."""
        self._forgotten = len(self._log.calls)

    def reset(self) -> None:
        """Back to the first day. Called last where there is more to set back."""
        self.faults.clear()
        self.forget_calls()

    def start(self) -> None:
        """Serve, and return once it does."""
        listener = socket.create_server((HOST, 0))
        self.base_url = f"http://{HOST}:{listener.getsockname()[1]}"
        config = uvicorn.Config(
            self._log,
            http=self._connections.protocol(),
            loop="asyncio",
            lifespan="off",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=2,
        )
        self._server = _Server(config, self._connections)
        self._thread = threading.Thread(target=self._server.run, args=([listener],), daemon=True)
        self._thread.start()
        if not self._server.ready.wait(30):
            raise RuntimeError("The double did not start.")

    def stop(self) -> None:
        """Let go of whoever hangs, and stop serving."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._server.interrupt()
            self._thread.join(30)
            self._server = self._thread = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class _Server(uvicorn.Server):
    """uvicorn's server, which says when it serves and can end answers that hang."""

    def __init__(self, config: uvicorn.Config, connections: Connections) -> None:
        super().__init__(config)
        self.ready = threading.Event()
        self._connections = connections
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        self._connections.open()
        await super().startup(sockets)
        self.ready.set()

    def interrupt(self) -> None:
        """Called from another thread."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._connections.close)
