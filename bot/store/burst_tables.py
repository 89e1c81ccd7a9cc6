"""The tables of bursts and of the queue: cards counted, cards held back, and who looks at whom."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table

from bot.store.columns import Moment
from bot.store.tables import applications, metadata

arrivals = Table(
    "arrivals",
    metadata,
    # One row a workspace: since when its cards are counted, and how many there were.
    Column("team_id", String(32), primary_key=True),
    Column("since", Moment, nullable=False),
    Column("cards", Integer, nullable=False),
)

bursts = Table(
    "bursts",
    metadata,
    Column("id", String(26), primary_key=True),
    Column("team_id", String(32), nullable=False),
    Column("began_at", Moment, nullable=False),
    Column("last_at", Moment, nullable=False),
    Column("held", Integer, nullable=False),
    Column("channel", String(32)),
    Column("ts", String(32)),
    Column("drawn_at", Moment),
    # The workspace's latest.
    Index("ix_bursts_team_id_id", "team_id", "id"),
)

looks = Table(
    "looks",
    metadata,
    # Who has an applicant before them in the queue, so that others are shown somebody else meanwhile.
    Column("application_id", String(26), ForeignKey(applications.c.id, ondelete="CASCADE"), primary_key=True),
    Column("team_id", String(32), nullable=False),
    Column("user_id", String(32), nullable=False),
    Column("until", Moment, nullable=False, index=True),
    Index("ix_looks_team_id_user_id", "team_id", "user_id"),
)
