"""Faults on order: the next calls of a method hang, break, or are refused, as Slack's own sometimes are."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Literal

FaultKind = Literal["hang", "reset_before", "reset_after", "status", "ratelimited", "error"]
KINDS: frozenset[str] = frozenset({"hang", "reset_before", "reset_after", "status", "ratelimited", "error"})


@dataclass
class Fault:
    """One ordered fault for `times` calls (None: all, until cleared); "*" as method means any."""

    method: str
    kind: FaultKind
    times: int | None = 1
    seconds: float = 5.0
    status: int = 500
    retry_after: int = 1
    code: str = "internal_error"
    met: int = 0


class Faults:
    """The faults waiting to happen. Methods are Web API names, or "response_url", "upload", "file"."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Fault] = []

    def add(
        self,
        method: str,
        kind: FaultKind,
        times: int | None = 1,
        *,
        seconds: float = 5.0,
        status: int = 500,
        retry_after: int = 1,
        code: str = "internal_error",
    ) -> Fault:
        """Order a fault: hang answers after `seconds`; reset_before closes the connection undone;
        reset_after does it and closes; status answers HTML; ratelimited a 429; error refuses with `code`."""
        if kind not in KINDS:
            raise ValueError(f"No fault kind is called {kind!r}; there are {', '.join(sorted(KINDS))}.")
        fault = Fault(method, kind, times, seconds, status, retry_after, code)
        with self._lock:
            self._waiting.append(fault)
        return fault

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        with self._lock:
            self._waiting.clear()

    def take(self, method: str) -> Fault | None:
        """The fault this call meets, if any; it is used up by that."""
        with self._lock:
            for fault in self._waiting:
                if fault.method in (method, "*"):
                    fault.met += 1
                    if fault.times is not None and fault.met >= fault.times:
                        self._waiting.remove(fault)
                    return fault
        return None
