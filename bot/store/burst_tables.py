"""The tables of bursts: how many cards a workspace got lately, and the summaries of those held back."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table

from bot.store.columns import Moment
from bot.store.tables import metadata

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
