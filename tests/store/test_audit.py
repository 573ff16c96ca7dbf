from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from server.store import audit, tables
from server.store.audit import Break
from server.store.store import Store
from tests.store.world import MINUTE, NOON

ENTRY, HEAD = tables.audit_entry, tables.audit_head
LENGTH = 6
Tampering = Callable[[AsyncConnection], Any]


async def write(conn: AsyncConnection, chain: str, n: int) -> None:
    await audit.append(
        conn, chain, f"verb{n}", NOON + n * MINUTE, actor="wang", thing="案", body={"n": n}
    )


@pytest.fixture
async def chains(store: Store) -> Store:
    async with store.write() as conn:
        for n in range(1, LENGTH + 1):
            await write(conn, "case:a", n)
            await write(conn, "case:b", n)
    return store


async def breaks_after(store: Store, tampering: Tampering) -> list[Break]:
    async with store.write() as conn:
        await tampering(conn)
    async with store.read() as conn:
        return await audit.verify(conn)


def at(n: int, chain: str = "case:a") -> Any:
    return (ENTRY.c.chain == chain) & (ENTRY.c.n == n)


async def test_chains_that_nobody_touched_hold(chains: Store) -> None:
    async with chains.read() as conn:
        assert await audit.verify(conn) == []
        entries = await audit.of_chain(conn, "case:a")
    assert [e.n for e in entries] == list(range(1, LENGTH + 1))
    assert entries[2] == audit.Entry(3, NOON + 3 * MINUTE, "verb3", "wang", "案", {"n": 3})


@pytest.mark.parametrize("n", [1, 3, LENGTH])
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", NOON - MINUTE),
        ("verb", "other"),
        ("actor", "li"),
        ("thing", ""),
        ("body", '{"n": 3}'),
        ("alg", "md5"),
        ("hash", "sha256:00"),
    ],
)
async def test_a_changed_entry_is_named(chains: Store, n: int, column: str, value: Any) -> None:
    breaks = await breaks_after(
        chains, lambda conn: conn.execute(update(ENTRY).where(at(n)).values({column: value}))
    )
    assert Break("case:a", n, "changed") in breaks
    assert {b.chain for b in breaks} == {"case:a"}


@pytest.mark.parametrize("n", [1, 3, LENGTH])
async def test_an_entry_replaced_with_its_hash_is_named(chains: Store, n: int) -> None:
    async def replace(conn: AsyncConnection) -> None:
        row = dict((await conn.execute(select(ENTRY).where(at(n)))).mappings().one())
        row["verb"] = "other"
        row["hash"] = audit.entry_hash("case:a", row["previous"], row)
        await conn.execute(update(ENTRY).where(at(n)).values(row))

    what = "head" if n == LENGTH else "changed"
    assert await breaks_after(chains, replace) == [Break("case:a", n, what)]


@pytest.mark.parametrize("gone", [[1], [3], [LENGTH], [2, 3], list(range(1, LENGTH + 1))])
async def test_a_removed_entry_is_named(chains: Store, gone: list[int]) -> None:
    here = (ENTRY.c.chain == "case:a") & ENTRY.c.n.in_(gone)
    breaks = await breaks_after(chains, lambda conn: conn.execute(delete(ENTRY).where(here)))
    assert breaks == [Break("case:a", n, "missing") for n in gone]


async def test_a_removed_entry_whose_place_was_filled_is_named(chains: Store) -> None:
    async def close_the_gap(conn: AsyncConnection) -> None:
        await conn.execute(delete(ENTRY).where(at(3)))
        for n in range(4, LENGTH + 1):
            await conn.execute(update(ENTRY).where(at(n)).values(n=n - 1))

    breaks = await breaks_after(chains, close_the_gap)
    assert breaks == [Break("case:a", 3, "missing"), Break("case:a", LENGTH, "missing")]


@pytest.mark.parametrize(("a", "b"), [(1, 2), (3, 4), (2, LENGTH)])
async def test_reordered_entries_are_named(chains: Store, a: int, b: int) -> None:
    async def swap(conn: AsyncConnection) -> None:
        for was, becomes in [(a, -1), (b, a), (-1, b)]:
            await conn.execute(update(ENTRY).where(at(was)).values(n=becomes))

    breaks = await breaks_after(chains, swap)
    assert {Break("case:a", a, "reordered"), Break("case:a", b, "reordered")} <= set(breaks)


async def test_an_entry_added_behind_the_head_is_named(chains: Store) -> None:
    async def add(conn: AsyncConnection) -> None:
        row = dict((await conn.execute(select(ENTRY).where(at(LENGTH)))).mappings().one())
        row |= {"n": LENGTH + 1, "previous": row["hash"]}
        row["hash"] = audit.entry_hash("case:a", row["previous"], row)
        await conn.execute(insert(ENTRY).values(row))

    assert await breaks_after(chains, add) == [Break("case:a", LENGTH + 1, "head")]


async def test_an_entry_of_another_chain_is_named(chains: Store) -> None:
    async def move(conn: AsyncConnection) -> None:
        await conn.execute(delete(ENTRY).where(at(3)))
        await conn.execute(update(ENTRY).where(at(3, "case:b")).values(chain="case:a"))

    breaks = set(await breaks_after(chains, move))
    assert {Break("case:a", 3, "changed"), Break("case:b", 3, "missing")} <= breaks


async def test_a_removed_head_is_named(chains: Store) -> None:
    gone = delete(HEAD).where(HEAD.c.chain == "case:a")
    breaks = await breaks_after(chains, lambda conn: conn.execute(gone))
    assert breaks == [Break("case:a", LENGTH, "head")]


async def test_a_removed_chain_is_named_by_its_head(chains: Store) -> None:
    gone = delete(ENTRY).where(ENTRY.c.chain == "case:a")
    breaks = await breaks_after(chains, lambda conn: conn.execute(gone))
    assert breaks == [Break("case:a", n, "missing") for n in range(1, LENGTH + 1)]


async def test_fifty_at_once_make_one_chain(store: Store) -> None:
    async def one(n: int) -> None:
        async with store.write() as conn:
            await write(conn, "org:x", n)

    await asyncio.gather(*(one(n) for n in range(50)))
    async with store.read() as conn:
        assert await audit.verify(conn) == []
        entries = await audit.of_chain(conn, "org:x")
    assert [e.n for e in entries] == list(range(1, 51))
    assert sorted(e.body["n"] for e in entries) == list(range(50))


async def test_what_was_rolled_back_is_not_in_the_chain(chains: Store) -> None:
    async def fail() -> None:
        async with chains.write() as conn:
            await write(conn, "case:a", 99)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with chains.read() as conn:
        assert await audit.verify(conn) == []
        assert len(await audit.of_chain(conn, "case:a")) == LENGTH
