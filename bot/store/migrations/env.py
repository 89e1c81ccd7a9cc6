"""Alembic's entry: runs migrations on the connection that `bot.store.migrate` hands over."""

from typing import Any, Literal

from alembic import context

from bot.store.columns import Moment
from bot.store.every_table import metadata


def _render(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Write our own column types as what they are in the database: migrations must not change with them."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Moment) else False


connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, render_item=_render)
with context.begin_transaction():
    context.run_migrations()
