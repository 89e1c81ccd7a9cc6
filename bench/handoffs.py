"""Handoffs, beside a bare loop that makes the same calls to the same CRM with as many threads."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from bench.figures import Figure, Times, in_turns
from bench.names import TEAM
from bench.options import Options
from bench.processes import clean_environment
from bench.quiet import until, until_delivered
from bench.world import World, world
from bot.models import Handoff, HandoffState, Light, Target
from bot.playground.democrm import Call
from bot.store import connections
from bot.usecases import queue

_THREADS = 4
"""As many handoffs of one workspace are under way at a time."""
_LATENCIES = (0.0, 0.1)
_NUMBER = re.compile(r"/\d+")


def measure(options: Options) -> Iterator[Figure]:
    """With a CRM that answers at once, and with one that takes as long as those on the internet do."""
    with world(undo_seconds=0) as here, here.serving():
        here.connect()
        for seconds in _LATENCIES:
            here.crm.faults.clear()
            if seconds:
                here.crm.faults.add(kind="hang", times=None, seconds=seconds)
            _product(here, 4)
            yield _compared(here, options, seconds)


def _compared(here: World, options: Options, seconds: float) -> Figure:
    shapes: dict[str, set[tuple[tuple[str, int], ...]]] = {"product": set(), "loop": set()}

    def product() -> Times:
        times, calls = _product(here, options.handoffs)
        shapes["product"].add(_shape(calls, options.handoffs))
        return times

    def loop() -> Times:
        times, calls = _loop(here, options.handoffs)
        shapes["loop"].add(_shape(calls, options.handoffs))
        return times

    times = in_turns(options.rounds, {"product": product, "loop": loop})
    if shapes["product"] != shapes["loop"]:
        raise RuntimeError(f"The loop does not make the product's calls: {shapes}")
    (calls,) = shapes["product"]
    answers = f"answers after {seconds * 1000:.0f} ms" if seconds else "answers at once"
    return Figure(
        f"{sum(number for _, number in calls)} calls each, {_THREADS} at a time, CRM {answers}",
        f"{times['product'].per_second:.1f}/s",
        f"bare loop, same calls: {times['loop'].per_second:.1f}/s",
        times["product"].per_second / times["loop"].per_second,
        "≥ 0.8",
    )


def _product(here: World, count: int) -> tuple[Times, Sequence[Call]]:
    before = len(here.crm.calls)
    wanted = Handoff(target=Target.CRM_AND_VACANCY, state=HandoffState.WAITING)
    now = datetime.now(UTC)
    ids = here.fill(
        count,
        card=here.a_card(),
        handoff=wanted,
        cv=True,
        light=Light.GREEN,
        decided_by="UBEN",
        decided_at=now,
    )
    with here.house.database.transaction() as connection:
        due = now + timedelta(seconds=1)  # all at the same moment
        for application_id in ids:
            queue.handoff(here.house, connection, TEAM, application_id, due)
    until(lambda: datetime.now(UTC) >= due)
    until_delivered(here.house.database, queue.HANDOFF, queue.CARD)
    calls = here.crm.calls[before:]
    return _times(calls, count), calls


def _loop(here: World, count: int) -> tuple[Times, Sequence[Call]]:
    before = len(here.crm.calls)
    with here.house.database.reading() as connection:
        found = connections.find(connection, here.house.vault, TEAM, "DEMO")
    if found is None:
        raise RuntimeError("Nobody is signed in.")
    asked = {
        "api_url": here.crm.api_url,
        "token": found.credentials.access_token,
        "count": count,
        "threads": _THREADS,
        "mark": f"loop{time.time_ns()}",
    }
    subprocess.run(
        [sys.executable, "-m", "bench.bare_handoffs"],
        input=json.dumps(asked),
        text=True,
        env=clean_environment(),
        check=True,
    )
    calls = here.crm.calls[before:]
    return _times(calls, count), calls


def _times(calls: Sequence[Call], count: int) -> Times:
    # From the first call to the last, as the CRM saw them: neither side's start is counted.
    began, ended = calls[0].at, calls[-1].at
    each = (ended - began) / count
    return Times(each * 1000, each * 1000, 1 / each)


def _shape(calls: Sequence[Call], count: int) -> tuple[tuple[str, int], ...]:
    made = Counter(f"{call.method} {_NUMBER.sub('/*', call.path)}" for call in calls)
    return tuple(sorted((name, round(number / count)) for name, number in made.items()))
