"""Requests sent by a process of their own, and what came of their times."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bench.figures import Times, times_of
from bench.processes import clean_environment


@dataclass(frozen=True)
class Done:
    """One answered request: what it was about, when it was sent (epoch seconds), and how long it took."""

    item: str
    at: float
    seconds: float


def send(
    kind: Literal["click", "application"],
    base_url: str,
    items: Sequence[str],
    connections: int,
    *,
    tries: int = 1,
    gap: float = 0,
) -> tuple[list[Done], Times]:
    """One request for each item, over so many connections at a time, begun at least `gap` seconds apart.

    With `tries`, again where a connection is refused.
    """
    asked = {
        "kind": kind,
        "base_url": base_url,
        "items": list(items),
        "connections": connections,
        "tries": tries,
        "gap": gap,
    }
    ran = subprocess.run(
        [sys.executable, "-m", "bench.client"],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        env=clean_environment(),
        check=False,
    )
    if ran.returncode:
        raise RuntimeError(f"The load could not be sent: {ran.stderr[-500:]}")
    told = json.loads(ran.stdout)
    if told["faults"] or len(told["done"]) != len(items):
        raise RuntimeError(f"Not every {kind} was taken: {told['faults'][:5]}")
    done = [Done(*one) for one in told["done"]]
    return done, times_of([one.seconds for one in done], told["elapsed"])


def clicks(base_url: str, items: Sequence[str], connections: int, *, tries: int = 1, gap: float = 0) -> Times:
    """Click Green once on each application."""
    return send("click", base_url, items, connections, tries=tries, gap=gap)[1]
