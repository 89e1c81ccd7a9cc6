"""The tables of all modules together, which only migrations and what is compared with them need."""

from __future__ import annotations

from bot.store import burst_tables, outbox_tables, tables

MODULES = (tables, burst_tables, outbox_tables)
"""Importing one of them makes its tables known to the metadata."""
metadata = tables.metadata
