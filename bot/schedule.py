"""The ticks. What is due, and when, is in the database; a tick only wakes what looks there."""

from __future__ import annotations

from collections.abc import Callable

from apscheduler.schedulers.background import BackgroundScheduler

from bot.usecases import housekeeping, reconcile, sweep
from bot.usecases.house import House


def scheduler(house: House, wake_outbox: Callable[[], None]) -> BackgroundScheduler:
    """A scheduler that is not started yet."""
    ticks = BackgroundScheduler(
        timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 60}
    )
    ticks.add_job(wake_outbox, "interval", seconds=5, id="wake")
    ticks.add_job(housekeeping.tidy, "interval", [house], hours=1, id="tidy")
    ticks.add_job(sweep.sweep, "interval", [house], minutes=5, id="sweep")
    ticks.add_job(reconcile.nightly, "interval", [house], minutes=30, id="reconcile")
    return ticks
