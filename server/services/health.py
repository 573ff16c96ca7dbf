"""Whether this server can do its work now."""

from __future__ import annotations

from server.services.context import Context


async def ready(ctx: Context) -> bool:
    """There is a database to read."""
    try:
        async with ctx.store.read():
            return True
    except Exception:
        return False
