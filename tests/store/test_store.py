from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from server.domain.ids import SeatId
from server.security.ids import new_id
from server.store import tables
from server.store.store import Store, again
from server.store.types import UtcDateTime, metadata
from tests.store.world import NOON, World


def head(chain: str, n: int = 0) -> dict[str, object]:
    return {"chain": chain, "n": n, "hash": ""}


async def test_nothing_has_happened_when_an_exception_leaves_it(store: Store) -> None:
    async def fail() -> None:
        async with store.write() as conn:
            await conn.execute(insert(tables.audit_head).values(head("a")))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with store.read() as conn:
        assert (await conn.execute(select(tables.audit_head))).all() == []


async def test_what_sqlite_commits_survives_a_power_failure(store: Store) -> None:
    if not store.sqlite:
        pytest.skip("of SQLite")
    for transaction in (store.read, store.write, store.read):
        async with transaction() as conn:
            assert await conn.scalar(text("PRAGMA synchronous")) == 2, "FULL"
            assert await conn.scalar(text("PRAGMA journal_mode")) == "wal"


async def test_reading_writes_nothing(store: Store) -> None:
    with pytest.raises(DBAPIError):
        async with store.read() as conn:
            await conn.execute(insert(tables.audit_head).values(head("a")))


async def test_all_that_is_read_is_of_one_moment(store: Store) -> None:
    async with store.read() as conn:
        assert (await conn.execute(select(tables.audit_head))).all() == []
        async with store.write() as other:
            await other.execute(insert(tables.audit_head).values(head("a")))
        assert (await conn.execute(select(tables.audit_head))).all() == []


async def test_fifty_read_and_write_at_once_and_none_is_lost(store: Store) -> None:
    """Read, then write what was read plus one: the classic way to lose an update."""
    async with store.write() as conn:
        await conn.execute(insert(tables.audit_head).values(head("counter")))
    counter = select(tables.audit_head.c.n).with_for_update()

    async def add_one() -> int:
        async with store.write() as conn:
            n: int = (await conn.execute(counter)).scalar_one() + 1
            await conn.execute(tables.audit_head.update().values(n=n))
        return n

    got = await asyncio.gather(*(add_one() for _ in range(50)))
    assert sorted(got) == list(range(1, 51))


async def test_two_stores_on_one_database_wait_for_each_other(
    store: Store, database_url: str
) -> None:
    """As a server and its command line do."""
    async with store.write() as conn:
        await conn.execute(insert(tables.audit_head).values(head("counter")))
    other = Store(database_url)

    async def add_one(through: Store) -> None:
        async with through.write() as conn:
            count = select(tables.audit_head.c.n).with_for_update()
            n = (await conn.execute(count)).scalar_one()
            await conn.execute(tables.audit_head.update().values(n=n + 1))

    await asyncio.gather(*(add_one(s) for s in [store, other] * 10))
    await other.close()
    async with store.read() as conn:
        assert await conn.scalar(select(tables.audit_head.c.n)) == 20


async def test_references_are_enforced(store: Store, world: World) -> None:
    row = {"seat": SeatId(new_id()), "id": new_id(), "at": NOON, "answer": {}}
    with pytest.raises(IntegrityError):
        async with store.write() as conn:
            await conn.execute(insert(tables.command).values(row))


async def test_a_moment_is_the_same_moment_again(store: Store, world: World) -> None:
    beijing = datetime(2026, 11, 23, 12, 0, 0, 123456, timezone(timedelta(hours=8)))
    async with store.write() as conn:
        row = {"seat": world.alice, "id": new_id(), "at": beijing, "answer": {}}
        await conn.execute(insert(tables.command).values(row))
        at = await conn.scalar(select(tables.command.c.at))
    assert at == beijing
    assert at is not None
    assert at.tzinfo is UTC


async def test_a_moment_without_a_zone_is_refused(store: Store, world: World) -> None:
    row = {"seat": world.alice, "id": new_id(), "at": datetime(2026, 1, 1), "answer": {}}  # noqa: DTZ001
    with pytest.raises(StatementError):
        async with store.write() as conn:
            await conn.execute(insert(tables.command).values(row))


def test_every_record_says_when_it_was_made() -> None:
    """Or carries the moment of what it tells about; these two belong to records that do."""
    for name, table in metadata.tables.items():
        if name not in ("audit_head", "audit_seal"):
            assert {"created_at", "at"} & set(table.c.keys()), name


def test_every_time_is_utc() -> None:
    for table in metadata.tables.values():
        for column in table.columns:
            if column.name.endswith("_at") or column.name in ("at", "since", "until"):
                assert isinstance(column.type, UtcDateTime), column


async def test_two_that_wait_for_each_other_both_get_there(store: Store) -> None:
    """PostgreSQL ends one of them, which begins anew; on SQLite there is one writer at a time."""
    async with store.write() as conn:
        await conn.execute(insert(tables.audit_head), [head("a"), head("b")])
    both_hold, holding = asyncio.Event(), []

    async def take(*chains: str) -> str:
        async with store.write() as conn:
            for chain in chains:
                row = tables.audit_head.update().where(tables.audit_head.c.chain == chain)
                await conn.execute(row.values(n=tables.audit_head.c.n + 1))
                holding.append(chain)
                if len(holding) == 2 or store.sqlite:
                    both_hold.set()
                await both_hold.wait()
        return chains[0]

    crosswise = (again(lambda: take("a", "b")), again(lambda: take("b", "a")))
    done = await asyncio.wait_for(asyncio.gather(*crosswise), 30)
    assert set(done) == {"a", "b"}
    async with store.read() as conn:
        assert list(await conn.scalars(select(tables.audit_head.c.n))) == [2, 2]
    # On PostgreSQL one had to begin anew.
    assert len(holding) == (4 if store.sqlite else 5)


async def test_what_is_wrong_is_not_tried_again(store: Store) -> None:
    tries = []

    async def twice_the_same() -> None:
        tries.append(1)
        async with store.write() as conn:
            await conn.execute(insert(tables.audit_head), [head("a"), head("a")])

    with pytest.raises(IntegrityError):
        await again(twice_the_same)
    assert len(tries) == 1
