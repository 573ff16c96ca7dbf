from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import CaseStatus, DisputeType
from server.domain.ids import CaseId, UserId
from server.domain.listing import ME, NOBODY, Due, Sort, Wanted
from server.domain.rights import Clause, Scope
from server.domain.search import in_order
from server.security.ids import new_id
from server.store import cases, listing, tables
from server.store.listing import Reader
from server.store.store import Store
from tests.store.world import NOON, World

TODAY = date(2026, 11, 23)
ZONE = ZoneInfo("Asia/Shanghai")


async def fill(conn: AsyncConnection, world: World, number: int = 23) -> None:
    """Cases with many alike values, and with none."""
    for n in range(number):
        row: dict[str, Any] = {"id": new_id(), "organisation": world.station.id}
        row |= {"kind": "mediation", "dispute_type": "labour", "title": f"案{n}"}
        row["created_at"] = NOON - timedelta(days=n // 3)
        if n % 2:
            row |= {"accepted_on": TODAY - timedelta(days=n // 4), "number": f"第{n}号"}
            row["number_order"] = in_order(row["number"])
        if n % 3:
            row["due_on"] = TODAY + timedelta(days=n // 5 - 2)
        await conn.execute(insert(tables.case).values(**row))


def reader(world: World, user: UserId | None = None) -> Reader:
    return Reader(user or world.wang, TODAY, ZONE)


async def ids(
    conn: AsyncConnection, world: World, wanted: Wanted, scope: Scope | None = None
) -> list[CaseId]:
    where = await listing.where(
        conn, scope if scope is not None else (Clause(world.bureau.path),), wanted, reader(world)
    )
    page = await listing.page(conn, where, wanted.sort, limit=1_000)
    assert await listing.count(conn, where, 1_000) == len(page.lines) == page.seen
    return [line.id for line in page.lines]


@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("size", [1, 2, 7, 50])
async def test_page_by_page_it_is_the_whole_list(
    store: Store, world: World, sort: Sort, size: int
) -> None:
    async with store.write() as conn:
        await fill(conn, world)
    async with store.read() as conn:
        where = await listing.where(
            conn, (Clause(world.bureau.path),), replace(Wanted(), sort=sort), reader(world)
        )
        whole = await listing.page(conn, where, sort, limit=1_000)
        assert whole.after == ""
        found, after = [], ""
        while True:
            page = await listing.page(conn, where, sort, after, size)
            found += page.lines
            after = page.after
            assert len(page.lines) == size or not after
            if not after:
                break
    assert found == whole.lines
    assert len({line.id for line in found}) == len(found) == 25


@pytest.mark.parametrize(
    ("sort", "key"),
    [
        (Sort.CAME_IN, lambda line: -line.came_in.timestamp()),
        (Sort.OLDEST, lambda line: line.came_in),
        (Sort.ACCEPTED, lambda line: -(line.accepted_on or date.min).toordinal()),
        (Sort.DUE, lambda line: line.due_on or date.max),
        (Sort.NUMBER, lambda line: (not line.number, int(line.number.strip("第号") or 0))),
    ],
)
async def test_the_order_is_the_one_asked_for(
    store: Store, world: World, sort: Sort, key: Any
) -> None:
    async with store.write() as conn:
        await fill(conn, world)
    async with store.read() as conn:
        where = await listing.where(conn, (Clause(world.bureau.path),), Wanted(), reader(world))
        page = await listing.page(conn, where, sort, limit=1_000)
    assert [key(line) for line in page.lines] == sorted(key(line) for line in page.lines)


async def test_nothing_is_shown_twice_when_cases_come_in(store: Store, world: World) -> None:
    async with store.write() as conn:
        await fill(conn, world, 4)
        where = await listing.where(conn, (Clause(world.bureau.path),), Wanted(), reader(world))
        first = await listing.page(conn, where, Sort.CAME_IN, limit=3)
        row: dict[str, Any] = {"id": new_id(), "organisation": world.station.id}
        row |= {"kind": "mediation"}
        row |= {"dispute_type": "other", "title": "新", "created_at": NOON + timedelta(hours=1)}
        await conn.execute(insert(tables.case).values(**row))
        second = await listing.page(conn, where, Sort.CAME_IN, first.after, 3)
    assert not {line.id for line in first.lines} & {line.id for line in second.lines}
    assert len(second.lines) == 3


@pytest.mark.parametrize("after", ["x", "~", "~~", "2026-01-01~x", "2026-01-01T00:00~x", "a~b~c"])
@pytest.mark.parametrize("sort", Sort)
async def test_a_place_that_is_none_does_no_harm(
    store: Store, world: World, sort: Sort, after: str
) -> None:
    async with store.read() as conn:
        where = await listing.where(conn, (Clause(world.bureau.path),), Wanted(), reader(world))
        page = await listing.page(conn, where, sort, after)
    assert len(page.lines) <= 2


async def test_filters(store: Store, world: World) -> None:
    async with store.write() as conn:
        await fill(conn, world)
        await cases.set_fields(conn, world.case.id, due_on=TODAY - timedelta(days=9))
    at_home = world.case.id

    async def found(**wanted: Any) -> list[CaseId]:
        async with store.read() as conn:
            return await ids(conn, world, replace(Wanted(), **wanted))

    assert len(await found()) == 25
    assert len(await found(type=DisputeType.LABOUR)) == 23
    assert at_home in await found(status=CaseStatus.ASSIGNED)
    assert await found(handler=ME) == [at_home]
    assert await found(handler=world.wang) == [at_home]
    assert len(await found(handler=NOBODY)) == 23
    assert await found(handler="nobody at all") == []
    assert len(await found(organisation=world.station.id)) == 24
    assert len(await found(organisation=world.elsewhere.id)) == 1
    assert len(await found(organisation=world.bureau.id)) == 25
    assert await found(organisation="none") == []
    assert await found(due=Due.OVERDUE, sort=Sort.DUE, type=DisputeType.NEIGHBOURS) == [at_home]
    assert len(await found(since=TODAY)) == 5
    assert len(await found(until=TODAY - timedelta(days=1))) == 20
    assert len(await found(since=TODAY - timedelta(days=1), until=TODAY - timedelta(days=1))) == 3


async def test_the_list_is_never_wider_than_the_scope(store: Store, world: World) -> None:
    async with store.write() as conn:
        await fill(conn, world)
    async with store.read() as conn:
        mine: Scope = (Clause(world.station.path, handler=world.wang),)
        everything = replace(Wanted(), organisation=world.bureau.id)
        assert await ids(conn, world, everything, mine) == [world.case.id]
        assert await ids(conn, world, everything, ()) == []
        there: Scope = (Clause(world.elsewhere.path),)
        assert world.case.id not in await ids(conn, world, replace(Wanted(), text="漏水"), there)
        assert world.case.id not in await ids(conn, world, replace(Wanted(), handler=ME), there)


async def test_a_line_says_what_the_case_says(store: Store, world: World) -> None:
    async with store.read() as conn:
        where = await listing.where(conn, (Clause(world.station.path),), Wanted(), reader(world))
        [line] = (await listing.page(conn, where, Sort.CAME_IN)).lines
    assert line.id == world.case.id
    assert line.parties == ("Alice", "Opponent")
    assert line.handlers == ("王敏",)
    assert (line.place, line.zone) == ("河东所", ZONE)
    assert line.next_meeting == NOON
    assert isinstance(line.came_in, datetime)
