"""Every query that must not grow with the database is carried by its index, on PostgreSQL with many rows."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy import text

from bench.plans import plan_of
from bench.queries import GROWING, QUERIES, Query, sample
from bench.rows import fill
from bot.store.database import Database

from ..databases import PostgresqlTemplate

ROWS = 20_000

pytestmark = pytest.mark.xdist_group("indexes")  # filled once


@pytest.fixture(scope="module")
def grown(postgresql: PostgresqlTemplate) -> Iterator[Database]:
    """The database of some teams after a while."""
    name = f"grown_{uuid4().hex}"
    database = Database(postgresql.clone(name), pool_size=2)
    fill(database, ROWS)
    yield database
    database.close()
    postgresql.drop(name)


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_a_query_is_carried_by_its_index(grown: Database, query: Query) -> None:
    """Its index is used, and no table that only grows is read from one end to the other."""
    with grown.engine.connect() as connection:
        plan = plan_of(connection, lambda connection: query.ask(connection, sample(ROWS, 3)))
        connection.rollback()
        # The outbox is small enough to be read whole; with more in it, it would not be.
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        with_more = plan_of(connection, lambda connection: query.ask(connection, sample(ROWS, 3)))
        connection.rollback()
    assert not plan.scanned & GROWING
    assert query.indexes <= with_more.indexes, with_more
