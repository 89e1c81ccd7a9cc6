"""What has to be tidied up now and then; running it twice, or on two machines, changes nothing."""

from __future__ import annotations

from datetime import timedelta

from bot.store import deliveries, tickets
from bot.usecases.house import House

_SLACK_REPEATS_FOR = timedelta(days=2)


def tidy(house: House) -> None:
    """Forget what is no longer needed: expired tickets, and deliveries that Slack no longer repeats."""
    now = house.clock()
    with house.database.transaction() as connection:
        tickets.purge(connection, now - timedelta(days=1))
        deliveries.purge(connection, now - _SLACK_REPEATS_FOR)
