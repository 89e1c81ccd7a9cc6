"""What has to be tidied up now and then; running it twice, or on two machines, changes nothing."""

from __future__ import annotations

from datetime import timedelta

from bot.store import bursts, deliveries, job_counts, paces, tickets, undecided
from bot.usecases.house import House

GIVEN_UP_IS_KEPT_FOR = timedelta(days=30)
_SLACK_REPEATS_FOR = timedelta(days=2)
_BURST_IS_KEPT_FOR = timedelta(days=30)


def tidy(house: House) -> None:
    """Forget what is no longer needed.

    Expired tickets, deliveries that Slack no longer repeats, jobs given up long ago, paces long free, and
    bursts that are over.
    """
    now = house.clock()
    with house.database.transaction() as connection:
        tickets.purge(connection, now - timedelta(days=1))
        deliveries.purge(connection, now - _SLACK_REPEATS_FOR)
        job_counts.purge_dead(connection, now - GIVEN_UP_IS_KEPT_FOR)
        paces.purge(connection, now - timedelta(days=1))
        bursts.purge(connection, now - _BURST_IS_KEPT_FOR)
        undecided.purge(connection, now)
