from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import delete, update

from server.services import audit
from server.services.context import Context
from server.store import audit as stored
from server.store import tables
from server.store.audit import Break
from tests.store.world import NOON

ENTRY = tables.audit_entry


async def write(ctx: Context, verb: str) -> None:
    async with ctx.store.write() as conn:
        await stored.append(conn, "org:x", verb, NOON, actor="a", thing="t", body={})


async def test_one_break_is_told_once(ctx: Context) -> None:
    await write(ctx, "first")
    assert await audit.seal(ctx) == 1
    assert await audit.seal(ctx) == 0
    assert await audit.verify(ctx) == []
    async with ctx.store.write() as conn:
        await conn.execute(update(ENTRY).values(hash="sha256:00"))
    breaks = await audit.verify(ctx)
    assert breaks.count(Break("org:x", 1, "changed")) == 1


async def test_a_chain_that_is_gone_with_its_head_is_named(ctx: Context) -> None:
    await write(ctx, "first")
    await audit.seal(ctx)
    async with ctx.store.write() as conn:
        await conn.execute(delete(ENTRY))
        await conn.execute(delete(tables.audit_head))
    assert await audit.verify(ctx) == [Break("org:x", 1, "missing")]


async def test_a_server_seals_and_goes_on_when_it_fails(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    await write(ctx, "first")
    sealed, tries = asyncio.Event(), []
    seal = audit.seal

    async def failing_first(ctx: Context) -> int:
        tries.append(1)
        if len(tries) == 1:
            raise OSError("the disk is full")
        moved = await seal(ctx)
        sealed.set()
        return moved

    monkeypatch.setattr(audit, "seal", failing_first)
    monkeypatch.setattr(audit, "SEAL_EVERY", audit.SEAL_EVERY * 0)
    keeping = asyncio.create_task(audit.keep_sealing(ctx))
    await sealed.wait()
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)
    async with ctx.store.read() as conn:
        assert len((await conn.execute(tables.audit_checkpoint.select())).all()) == 1
