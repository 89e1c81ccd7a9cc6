"""What the database says of the work as a whole, for those who watch over the bot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.store import connections, handoffs, job_counts, paces
from bot.usecases import queue
from bot.usecases.house import House


@dataclass(frozen=True)
class Readings:
    """Numbers of the whole database, whichever process is asked.

    `jobs` are the outbox's rows by kind and state, `oldest` the age in seconds of the oldest that should have
    left by kind, `unknown` how many are of no kind that this version delivers. `handoffs` are those that are
    under way or failed, by state; `breaks` the remotes that are left alone after failures in a row, by kind.
    """

    jobs: Mapping[tuple[str, str], int] = field(default_factory=dict)
    oldest: Mapping[str, float] = field(default_factory=dict)
    unknown: int = 0
    handoffs: Mapping[str, int] = field(default_factory=dict)
    breaks: Mapping[str, int] = field(default_factory=dict)
    broken_sign_ins: int = 0


def read(house: House) -> Readings:
    """The numbers of this moment. Raises SQLAlchemy's errors when the database is away."""
    now = house.clock()
    with house.database.reading() as connection:
        depth = job_counts.depth(connection)
        return Readings(
            jobs=depth,
            oldest={
                kind: max((now - since).total_seconds(), 0.0)
                for kind, since in job_counts.oldest(connection, now).items()
            },
            unknown=sum(count for (kind, _), count in depth.items() if kind not in queue.KINDS),
            handoffs=handoffs.count_open(connection),
            breaks=paces.breaks(connection),
            broken_sign_ins=connections.count_broken(connection),
        )
