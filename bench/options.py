"""How large a run is."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass

from bench.postgresql import Server, postgresql


@dataclass(frozen=True)
class Options:
    """What was asked for on the command line."""

    rounds: int
    clicks: int
    applications: int
    handoffs: int
    cards: int
    rows: int

    def postgresql(self) -> AbstractContextManager[Server]:
        """A server for a part that wants one."""
        return postgresql()
