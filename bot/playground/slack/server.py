"""A uvicorn server in a thread, which is up when `start` returns and leaves nothing open after `stop`."""

from __future__ import annotations

import asyncio
import socket
import threading
import time

import uvicorn
from starlette.types import ASGIApp, Scope

HOST = "127.0.0.1"
_START_SECONDS = 15.0
_STOP_SECONDS = 2.0


class _Quick(uvicorn.Server):
    """Says when it listens, and stops the moment it is told instead of at its next tick."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.told: asyncio.Event | None = None

    async def main_loop(self) -> None:
        self._loop, self.told = asyncio.get_running_loop(), asyncio.Event()
        self.listening.set()
        await self.told.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # uvicorn's own pauses a tenth of a second each time, which a suite with many servers feels.
        for server in self.servers:
            server.close()
        for listener in sockets or []:
            listener.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        patience = time.monotonic() + _STOP_SECONDS
        while self._busy() and time.monotonic() < patience:
            await asyncio.sleep(0.002)
        for task in self.server_state.tasks:
            task.cancel()

    def _busy(self) -> bool:
        return bool(self.server_state.connections or self.server_state.tasks)

    def tell_to_stop(self) -> None:
        if self._loop is not None and self.told is not None:
            self._loop.call_soon_threadsafe(self.told.set)


class ThreadedServer:
    """Serves on a port of this machine; 0 picks a free one, and a restart keeps it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._server: _Quick | None = None
        self._thread: threading.Thread | None = None

    def start(self, app: ASGIApp) -> None:
        """Serve `app`; returns once connections are accepted."""
        # Named as TCP, so that answers leave at once instead of waiting for more.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, self.port))
        except OSError:
            listener.close()
            raise
        self.port = int(listener.getsockname()[1])
        config = uvicorn.Config(
            app,
            lifespan="off",
            log_config=None,
            access_log=False,
            ws="none",
        )
        self._server = server = _Quick(config)
        self._thread = threading.Thread(
            target=server.run, kwargs={"sockets": [listener]}, name=f"local-slack-{self.port}", daemon=True
        )
        self._thread.start()
        if not server.listening.wait(_START_SECONDS):
            raise RuntimeError(f"The local Slack did not come up on port {self.port}; try another port.")

    def stop(self) -> None:
        """Stop serving; returns once every connection is closed."""
        if self._server is not None and self._thread is not None:
            self._server.tell_to_stop()
            self._thread.join(_START_SECONDS)
        self._server = self._thread = None

    @property
    def stopping(self) -> asyncio.Event:
        """Set once the server is told to stop; answers that take long wait for it too."""
        if self._server is None or self._server.told is None:
            raise RuntimeError("The local Slack is not running; call start() first.")
        return self._server.told

    def drop(self, scope: Scope) -> None:
        """Close the TCP connection of a request without a word; to be called on the server's own loop."""
        if self._server is None:
            return
        for connection in list(self._server.server_state.connections):
            if getattr(connection, "client", None) == scope["client"]:
                connection.transport.abort()
