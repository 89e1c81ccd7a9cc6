"""What comes of a CRM that is slow, failing or asks for a pause: tried again, and told once it lasts."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.blocks import notices
from bot.crm._errors import Nonsense, RateLimited, Unavailable
from bot.outbox import TryLater, pause
from bot.store import connections
from bot.store import settings as settings_store
from bot.store.job_rows import Job
from bot.usecases import queue
from bot.usecases.house import House

NONSENSE_TRIES = 3
UNEXPECTED_TRIES = 5
_TELL_AFTER = timedelta(minutes=15)


def again(house: House, job: Job, crm_key: str, error: Unavailable, since: datetime | None) -> TryLater:
    """When the job is to be tried again; the admins are told of what has lasted `since` long ago."""
    tell_at, now = since + _TELL_AFTER if since is not None else None, house.clock()
    if tell_at is not None and tell_at <= now:
        _tell_it_lasts(house, job, crm_key)
    if isinstance(error, RateLimited):
        asked = pause(job.attempts) if error.seconds is None else timedelta(seconds=error.seconds)
        return TryLater(str(error), now + asked, holds=True)
    at = now + pause(job.attempts)
    at = tell_at if tell_at is not None and now < tell_at < at else at
    return TryLater(str(error), at, is_outage=not isinstance(error, Nonsense))


def _tell_it_lasts(house: House, job: Job, crm_key: str) -> None:
    with house.database.transaction() as connection:
        sign_in = connections.find(connection, house.vault, job.team_id, crm_key)
        if sign_in is None:
            return
        settings = settings_store.load(connection, job.team_id)
        text = notices.crm_in_trouble(house.crms[crm_key].name)
        day = f"{house.clock():%Y%m%d}"
        for user_id in dict.fromkeys((sign_in.connected_by, *settings.editors)):
            queue.direct(house, connection, job.team_id, user_id, text, once=f"trouble:{crm_key}:{day}")
