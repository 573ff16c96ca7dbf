"""Alembic's entry: runs on the connection that `server.store.migrate` gives it."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

import server.store.tables  # noqa: F401 - fills the metadata
from server.store.types import Id, UtcDateTime, metadata


def render_item(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """In a migration stand only types that do not change with the code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Id):
        return "sa.String(length=36)"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
