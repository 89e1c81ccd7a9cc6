"""Our own modules in processes of their own: what is measured, and what it is compared with."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

HOST = "127.0.0.1"
_START_SECONDS = 60.0


@dataclass(frozen=True)
class Running:
    """A process that serves."""

    pid: int
    base_url: str

    @property
    def megabytes(self) -> float:
        """Its resident memory."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        kilobytes = next(line.split()[1] for line in lines if line.startswith("VmRSS:"))
        return int(kilobytes) / 1024

    @property
    def cpu_seconds(self) -> float:
        """The processor time it has used so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    """A port nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def process(
    words: Sequence[str], port: int, environment: Mapping[str, str] | None = None, ready: str = ""
) -> Iterator[Running]:
    """`python -m` with these words, serving on that port; yielded once `ready` answers with 200.

    Without `ready` it is enough that connections are taken.
    """
    started = subprocess.Popen(  # noqa: S603  our own modules
        [sys.executable, "-m", *words],
        env=clean_environment() | dict(environment or {}),
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        base_url = f"http://{HOST}:{port}"
        deadline = time.monotonic() + _START_SECONDS
        # Asked lightly, as whoever asks takes processor time from the one that starts.
        while not (_takes_connections(port) and (not ready or _is_ready(base_url + ready))):
            if started.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{' '.join(words)} did not start.")
            time.sleep(0.02)
        yield Running(started.pid, base_url)
    finally:
        started.terminate()
        started.wait(30)


def clean_environment() -> dict[str, str]:
    """What a process needs to run, without any settings."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LANG") if name in os.environ}


def _takes_connections(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def _is_ready(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).status_code == 200
    except requests.RequestException:
        return False
