from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncConnection

from server.security.keys import KeyStore
from server.store import audit, checkpoints, tables
from server.store.audit import Break
from server.store.checkpoints import CHECKPOINTS
from server.store.store import Store
from tests.store.world import MINUTE, NOON

ENTRY, HEAD = tables.audit_entry, tables.audit_head
CHECKPOINT, SEAL = tables.audit_checkpoint, tables.audit_seal


@pytest.fixture
def keys(tmp_path: Path) -> KeyStore:
    return KeyStore(tmp_path / "keys")


async def write(conn: AsyncConnection, chain: str, verb: str) -> None:
    await audit.append(conn, chain, verb, NOON, actor="wang", thing="案", body={})


@pytest.fixture
async def sealed(store: Store, keys: KeyStore) -> Store:
    """Two entries of a, sealed; one of b, sealed; nothing; one more of a, sealed."""
    async with store.write() as conn:
        await write(conn, "case:a", "first")
        await write(conn, "case:a", "second")
        assert await checkpoints.add(conn, NOON, keys.sign) == 1
        await write(conn, "case:b", "first")
        assert await checkpoints.add(conn, NOON + MINUTE, keys.sign) == 1
        assert await checkpoints.add(conn, NOON + 2 * MINUTE, keys.sign) == 0
        await write(conn, "case:a", "third")
        assert await checkpoints.add(conn, NOON + 3 * MINUTE, keys.sign) == 1
    return store


async def breaks_of(store: Store, keys: KeyStore) -> list[Break]:
    async with store.read() as conn:
        return await checkpoints.verify(conn, keys.signed)


async def test_what_nobody_touched_holds(sealed: Store, keys: KeyStore) -> None:
    assert await breaks_of(sealed, keys) == []
    async with sealed.write() as conn:
        await write(conn, "case:a", "not yet sealed")
    assert await breaks_of(sealed, keys) == []


async def test_a_chain_written_anew_is_named(sealed: Store, keys: KeyStore) -> None:
    """Every hash and the head are right, so the chain itself shows nothing."""
    async with sealed.write() as conn:
        await conn.execute(delete(ENTRY).where(ENTRY.c.chain == "case:a"))
        await conn.execute(delete(HEAD).where(HEAD.c.chain == "case:a"))
        for verb in ("first", "other", "third"):
            await write(conn, "case:a", verb)
        assert await audit.verify(conn) == []
    assert await breaks_of(sealed, keys) == [
        Break("case:a", 2, "changed"),
        Break("case:a", 3, "changed"),
    ]


async def test_a_chain_removed_with_its_head_is_named(sealed: Store, keys: KeyStore) -> None:
    async with sealed.write() as conn:
        await conn.execute(delete(ENTRY).where(ENTRY.c.chain == "case:b"))
        await conn.execute(delete(HEAD).where(HEAD.c.chain == "case:b"))
        assert await audit.verify(conn) == []
    assert await breaks_of(sealed, keys) == [Break("case:b", 1, "missing")]


@pytest.mark.parametrize(
    "tampering",
    [
        lambda: update(CHECKPOINT).where(CHECKPOINT.c.n == 2).values(at=NOON - MINUTE),
        lambda: update(CHECKPOINT).where(CHECKPOINT.c.n == 2).values(alg="none"),
        lambda: update(CHECKPOINT).where(CHECKPOINT.c.n == 2).values(previous=""),
        lambda: update(CHECKPOINT).where(CHECKPOINT.c.n == 2).values(signature="AAAA"),
        lambda: update(CHECKPOINT).where(CHECKPOINT.c.n == 2).values(signature="no base64 和"),
        lambda: update(SEAL).where(SEAL.c.checkpoint == 2).values(hash="sha256:00"),
        lambda: delete(SEAL).where(SEAL.c.checkpoint == 2),
    ],
)
async def test_a_changed_checkpoint_is_named(
    sealed: Store, keys: KeyStore, tampering: Callable[[], Any]
) -> None:
    async with sealed.write() as conn:
        await conn.execute(tampering())
    assert Break(CHECKPOINTS, 2, "changed") in await breaks_of(sealed, keys)


async def test_a_removed_checkpoint_is_named(sealed: Store, keys: KeyStore) -> None:
    async with sealed.write() as conn:
        await conn.execute(delete(SEAL).where(SEAL.c.checkpoint == 2))
        await conn.execute(delete(CHECKPOINT).where(CHECKPOINT.c.n == 2))
    assert await breaks_of(sealed, keys) == [Break(CHECKPOINTS, 2, "missing")]


async def test_a_checkpoint_taken_out_without_a_gap_is_named(sealed: Store, keys: KeyStore) -> None:
    async with sealed.write() as conn:
        await conn.execute(delete(SEAL).where(SEAL.c.checkpoint.in_([2, 3])))
        await conn.execute(delete(CHECKPOINT).where(CHECKPOINT.c.n == 2))
        await conn.execute(update(CHECKPOINT).where(CHECKPOINT.c.n == 3).values(n=2))
    assert await breaks_of(sealed, keys) == [Break(CHECKPOINTS, 2, "changed")]


async def test_another_key_made_none_of_it(sealed: Store, tmp_path: Path) -> None:
    breaks = await breaks_of(sealed, KeyStore(tmp_path / "other keys"))
    assert breaks == [Break(CHECKPOINTS, n, "changed") for n in (1, 2, 3)]
