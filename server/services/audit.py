"""The audit, as the operator checks it and as a running server seals it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import structlog

from server.services.context import Context
from server.store import audit, checkpoints
from server.store.audit import Break

SEAL_EVERY = timedelta(minutes=15)

log = structlog.get_logger()


async def verify(ctx: Context) -> list[Break]:
    """Every place where a chain or a checkpoint does not hold; empty when all do."""
    async with ctx.store.read() as conn:
        found = await audit.verify(conn)
        found += await checkpoints.verify(conn, ctx.keys.signed)
    return list(dict.fromkeys(found))


async def seal(ctx: Context) -> int:
    """Sign where every chain ends now. Returns how many have moved since the last time."""
    async with ctx.store.write() as conn:
        return await checkpoints.add(conn, ctx.clock(), ctx.keys.sign)


async def given(ctx: Context) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """All entries and all checkpoints, the newest made just now, for whoever checks them
    elsewhere."""
    await seal(ctx)
    async with ctx.store.read() as conn:
        return await audit.everything(conn), await checkpoints.everything(conn)


async def keep_sealing(ctx: Context) -> None:
    """Seal at once and then from time to time, until cancelled. Never fails."""
    while True:
        try:
            await seal(ctx)
        except Exception:
            log.exception("seal_failed")
        await asyncio.sleep(SEAL_EVERY.total_seconds())
