"""`handoff serve`: one process from its port and signals to its clean end."""

from __future__ import annotations

import errno
import logging
import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn

import structlog
import uvicorn
from fastapi import FastAPI

from bot.app import Handoff, Role, build_house
from bot.config import Config
from bot.errors import HandoffError

log = structlog.get_logger(__name__)


def serve(config: Config, host: str, port: int, role: Role) -> None:
    """Run until SIGTERM or SIGINT. Raises `HandoffError` when it can't start."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    handoff = Handoff(build_house(config), role)
    try:
        with _listening(host, port) as listener:
            handoff.start()
            log.info("serving", host=host, port=port, role=role)
            with suppress(SystemExit):
                uvicorn.Server(server_config(handoff.web, host, port)).run(sockets=[listener])
    finally:
        handoff.stop()
    _leave_what_hangs()


def server_config(web: FastAPI, host: str, port: int) -> uvicorn.Config:
    """How the web server runs: no access log, as addresses can hold secrets."""
    return uvicorn.Config(
        web,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=10,
        server_header=False,
    )


def _leave_what_hangs() -> None:
    # A call that outlasted the grace is another worker's by now, but Python would wait for its thread.
    if any(
        thread.is_alive()
        for thread in threading.enumerate()
        if not thread.daemon and thread is not threading.main_thread()
    ):
        logging.shutdown()
        os._exit(0)


def _leave(_number: int, _frame: object) -> NoReturn:
    # uvicorn raises the signal again once it has stopped; a clean stop is no failure.
    raise SystemExit(0)


@contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    try:
        listener = socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET
        )
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise HandoffError(f"Port {port} is in use. Choose another one with --port.") from None
        raise HandoffError(f"Handoff can't listen on {host}:{port} ({error.strerror}).") from None
    with listener:
        yield listener
