"""Signed checkpoints over the heads of all audit chains.

A chain shows a change to itself as long as its head is right. Who may write to the whole database
could write a chain anew from its first entry; a checkpoint, signed with a key that isn't in the
database, says where the chain ended before that. Each carries only the heads that moved since the
one before, and its signature covers the signature of that one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, and_, exists, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.store import tables
from server.store.audit import START, Break, canonical

ALG = "ed25519"
CHECKPOINTS = "checkpoints"
"""What a break in the checkpoints themselves names as its chain."""

Seals = Sequence[tuple[str, int, str]]
"""(chain, number, hash) of entries that were the last of their chains."""

_checkpoint, _seal = tables.audit_checkpoint, tables.audit_seal
_head, _entry = tables.audit_head, tables.audit_entry


async def add(conn: AsyncConnection, at: datetime, sign: Callable[[bytes], str]) -> int:
    """Seal every head that moved. Returns how many; with none there is no new checkpoint."""
    sealed = exists().where(and_(_seal.c.chain == _head.c.chain, _seal.c.n == _head.c.n))
    moved = select(_head.c.chain, _head.c.n, _head.c.hash).where(~sealed)
    seals = [(r.chain, r.n, r.hash) for r in await conn.execute(moved.order_by(_head.c.chain))]
    if not seals:
        return 0
    newest = select(_checkpoint).order_by(_checkpoint.c.n.desc()).limit(1)
    last = (await conn.execute(newest)).first()
    n, previous = (last.n + 1, last.signature) if last else (1, START)
    signature = sign(_message(n, at, previous, seals))
    row = {"n": n, "at": at, "alg": ALG, "previous": previous, "signature": signature}
    await conn.execute(insert(_checkpoint).values(row))
    rows = [{"checkpoint": n, "chain": c, "n": i, "hash": h} for c, i, h in seals]
    await conn.execute(insert(_seal), rows)
    return len(seals)


async def over(conn: AsyncConnection, chain: str, first: int, last: int) -> list[dict[str, Any]]:
    """Those that seal an entry of this part of a chain, as they were signed: to be given out."""
    among = and_(_seal.c.chain == chain, _seal.c.n.between(first, last))
    wanted = select(_seal.c.checkpoint).where(among)
    return await _given(conn, select(_checkpoint).where(_checkpoint.c.n.in_(wanted)))


async def everything(conn: AsyncConnection) -> list[dict[str, Any]]:
    """All of them, likewise."""
    return await _given(conn, select(_checkpoint))


async def _given(conn: AsyncConnection, found: Select[Any]) -> list[dict[str, Any]]:
    return [
        {
            "n": row.n,
            "at": row.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "alg": row.alg,
            "previous": row.previous,
            "signature": row.signature,
            "seals": [list(seal) for seal in await _seals(conn, row.n)],
        }
        for row in (await conn.execute(found.order_by(_checkpoint.c.n))).all()
    ]


async def verify(conn: AsyncConnection, signed: Callable[[bytes, str], bool]) -> list[Break]:
    """Checkpoints that don't hold, and sealed entries that aren't what they were."""
    breaks = []
    expected, previous = 1, START
    for row in (await conn.execute(select(_checkpoint).order_by(_checkpoint.c.n))).all():
        breaks += [Break(CHECKPOINTS, n, "missing") for n in range(expected, row.n)]
        seals = await _seals(conn, row.n)
        good = signed(_message(row.n, row.at, row.previous, seals), row.signature)
        if row.alg != ALG or not good or (row.n == expected and row.previous != previous):
            breaks.append(Break(CHECKPOINTS, row.n, "changed"))
        expected, previous = row.n + 1, row.signature
    return breaks + await _broken_seals(conn)


async def _seals(conn: AsyncConnection, checkpoint: int) -> Seals:
    found = select(_seal.c.chain, _seal.c.n, _seal.c.hash).where(_seal.c.checkpoint == checkpoint)
    rows = await conn.execute(found)
    return sorted((row.chain, row.n, row.hash) for row in rows)


async def _broken_seals(conn: AsyncConnection) -> list[Break]:
    same = and_(_entry.c.chain == _seal.c.chain, _entry.c.n == _seal.c.n)
    found = (
        select(_seal.c.chain, _seal.c.n, _seal.c.hash, _entry.c.hash.label("now"))
        .outerjoin(_entry, same)
        .order_by(_seal.c.chain, _seal.c.n)
    )
    return [
        Break(row.chain, row.n, "missing" if row.now is None else "changed")
        for row in await conn.execute(found)
        if row.now != row.hash
    ]


def _message(n: int, at: datetime, previous: str, seals: Seals) -> bytes:
    content = {
        "alg": ALG,
        "n": n,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "previous": previous,
        "seals": [list(seal) for seal in sorted(seals)],
    }
    return canonical(content).encode()
