"""The tables of what leaves the house: the outbox, and how fast things may go to one remote."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Float, Integer, String, Table, Text

from bot.store.columns import Moment, RowNumber, partial_index
from bot.store.tables import metadata

outbox = Table(
    "outbox",
    metadata,
    Column("id", RowNumber, primary_key=True),
    Column("team_id", String(32), nullable=False),
    Column("kind", String(32), nullable=False),
    # Rows of one lane never run at the same time, and at most one of them waits.
    Column("lane", String(200), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("state", String(8), nullable=False),  # ready, leased, dead; done rows are deleted
    Column("due_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("leased_by", String(64)),
    Column("leased_until", Moment),
    Column("reason", Text),
    Column("created_at", Moment, nullable=False),
    # Jobs of one pace (a Slack channel, a CRM connection) keep `gap` seconds apart, and are held together.
    Column("pace", String(200)),
    Column("gap", Float, nullable=False),
    # The id of the request that was its cause, for the log.
    Column("request", String(64)),
    partial_index("uq_outbox_waiting", "lane", where="state = 'ready'", unique=True),
    partial_index("ix_outbox_due", "due_at", "id", where="state = 'ready'"),
    partial_index("ix_outbox_leased", "leased_until", where="state = 'leased'"),
)

paces = Table(
    "paces",
    metadata,
    # Until when nothing may go to a remote (a Slack channel, a CRM connection); how often in a row it failed.
    Column("key", String(200), primary_key=True),
    Column("until", Moment, nullable=False, index=True),
    Column("failures", Integer, nullable=False),
)
