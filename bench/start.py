"""From the start of a process to its being ready, and the memory it takes."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack

from bench import load
from bench.figures import Figure
from bench.options import Options
from bench.processes import clean_environment, free_port, process
from bench.world import World, world

_AIM_SECONDS = 2.0
_LIBRARIES = (
    "fastapi, uvicorn, sqlalchemy, slack_bolt, psycopg, alembic, apscheduler, requests_oauthlib, "
    "pydantic_settings, structlog, prometheus_client, cryptography.fernet, phonenumbers"
)


def measure(options: Options) -> Iterator[Figure]:
    """On a migrated database, several times; then one process at rest and after load."""
    with ExitStack() as stack:
        server = stack.enter_context(options.postgresql())
        for name, address in (("SQLite", None), ("PostgreSQL", server.new_database())):
            with world(address) as here:
                yield from _start(name, here, options.rounds)
    yield from _memory(options)


def _start(name: str, here: World, rounds: int) -> Iterator[Figure]:
    starts, worked, imports = [], [], []
    for _ in range(max(rounds, 3)):
        began = time.perf_counter()
        with here.serving() as running:
            starts.append(time.perf_counter() - began)
            worked.append(running.cpu_seconds)
        imports.append(_importing(_LIBRARIES))
    whole, work, libraries = (statistics.median(taken) for taken in (starts, worked, imports))
    yield Figure(
        f"start to ready, {name}", f"{whole:.2f} s", f"{_AIM_SECONDS:.0f} s", whole / _AIM_SECONDS, "≤ 1"
    )
    beside = f"importing its libraries: {libraries:.2f} s"
    yield Figure(f"processor time until ready, {name}", f"{work:.2f} s", beside, work / libraries)


def _importing(modules: str) -> float:
    ran = subprocess.run(  # noqa: S603  nothing but imports
        [sys.executable, "-c", f"import time, {modules}; print(time.process_time())"],
        env=clean_environment(),
        check=True,
        capture_output=True,
        text=True,
    )
    return float(ran.stdout)


def _memory(options: Options) -> Iterator[Figure]:
    port = free_port()
    with (
        world() as here,
        here.serving() as product,
        process(["bench.listeners", "empty", str(port)], port) as empty,
    ):
        load.clicks(empty.base_url, ["x"] * 20, 1)
        rest, bare = product.megabytes, empty.megabytes
        load.send("application", product.base_url, [f"m{n}" for n in range(options.applications)], 8)
        load.clicks(product.base_url, here.fill(options.clicks, card=here.a_card()), 16)
        loaded = product.megabytes
        beside = f"empty listener: {bare:.0f} MB"
        yield Figure("memory of one process, at rest", f"{rest:.0f} MB", beside, rest / bare)
        yield Figure("memory of one process, after load", f"{loaded:.0f} MB", beside, loaded / bare)
