"""The audit, as the operator checks it."""

from __future__ import annotations

from server.services.context import Context
from server.store import audit
from server.store.audit import Break


async def verify(ctx: Context) -> list[Break]:
    """Every place where a chain does not hold; empty when all do."""
    async with ctx.store.read() as conn:
        return await audit.verify(conn)
