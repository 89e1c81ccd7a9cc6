"""One line in the log for each call to a CRM: what kind of call it was, never whom or what it was about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter

import structlog

log = structlog.get_logger(__name__)

_ELSEWHERE = "(elsewhere)"
_VERSION = re.compile(r"v\d{1,3}(\.\d{1,2})?")
_WORD = re.compile(r"[A-Za-z][A-Za-z_.:-]{0,39}")


@dataclass
class Call:
    """A call under way. `status` is set once it is answered."""

    status: int | None = None


@contextmanager
def traced(crm: str, method: str, path: str) -> Iterator[Call]:
    """Log the call that happens within, with its status or the kind of its failure, and how long it took."""
    call, begun, failure = Call(), perf_counter(), None
    try:
        yield call
    except Exception as error:
        failure = type(error).__name__
        raise
    finally:
        outcome = {"status": call.status} if failure is None else {"error": failure}
        milliseconds = round((perf_counter() - begun) * 1000)
        log.info(
            "crm_call", crm=crm, method=method, path=template(path), **outcome, milliseconds=milliseconds
        )


def template(path: str) -> str:
    """A path below the API's base without the ids in it, and without its query."""
    if not path.startswith("/"):
        return _ELSEWHERE
    return "/".join(_segment(part) for part in path.partition("?")[0].split("/"))


def _segment(part: str) -> str:
    return part if not part or _WORD.fullmatch(part) or _VERSION.fullmatch(part) else "{id}"
