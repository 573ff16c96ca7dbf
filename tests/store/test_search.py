from __future__ import annotations

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.ids import CaseId, PartyId, RepresentativeId
from server.domain.listing import Wanted
from server.domain.party import Party, Power, Representative, RepresentativeKind
from server.domain.rights import Clause
from server.security.ids import new_id
from server.store import cases, listing, parties, search, tables
from server.store.listing import Reader
from server.store.store import Store
from tests.store.world import NOON, World, matter


async def found(conn: AsyncConnection, world: World, words: str) -> set[CaseId]:
    reader = Reader(world.wang, date(2026, 11, 23), ZoneInfo("Asia/Shanghai"))
    wanted = replace(Wanted(), text=words)
    where = await listing.where(conn, (Clause(world.bureau.path),), wanted, reader)
    return {line.id for line in (await listing.page(conn, where, wanted.sort)).lines}


async def named(conn: AsyncConnection, world: World, title: str, name: str = "甲") -> CaseId:
    case = await matter(conn, world.station, world.wang)
    await conn.execute(
        update(tables.case).where(tables.case.c.id == case.id).values(title=title, reference="")
    )
    await parties.insert(conn, case.id, Party(PartyId(new_id()), "A", name))
    await search.refresh(conn, case.id)
    return case.id


@pytest.mark.parametrize(
    ("title", "name", "words"),
    [
        ("房屋租赁合同纠纷", "张伟", "租赁"),
        ("房屋租赁合同纠纷", "张伟", "租赁 张伟"),
        ("房屋租赁合同纠纷", "张伟", "屋"),
        ("相邻", "𠮷野", "𠮷"),
        ("相邻", "㼆某", "㼆"),
        ("相邻", "𬌗𰻝某", "𰻝"),
        ("Roof of Müller", "Ｓmith", "MULLER smith"),
        ("第12号楼", "甲", "12"),
    ],
)
@pytest.mark.parametrize("bounds", [(0, 0), (0, 99), (99, 99)], ids=["most", "many", "few"])
async def test_words_are_found_on_both_engines_in_every_way(
    store: Store,
    world: World,
    title: str,
    name: str,
    words: str,
    bounds: tuple[int, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(search, "FEW", bounds[0])
    monkeypatch.setattr(search, "MANY", bounds[1])
    async with store.write() as conn:
        case = await named(conn, world, title, name)
        await named(conn, world, "赁租", "乙")
    async with store.read() as conn:
        assert await found(conn, world, words) == {case}


@pytest.mark.parametrize(
    "words", ["%", "_", "租%金", "*", '"', 'a" OR words:"b', "NEAR(租 赁)", "'"]
)
@pytest.mark.parametrize("bounds", [(0, 0), (0, 99), (99, 99)], ids=["most", "many", "few"])
async def test_what_is_typed_is_never_a_pattern(
    store: Store, world: World, words: str, bounds: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "FEW", bounds[0])
    monkeypatch.setattr(search, "MANY", bounds[1])
    async with store.write() as conn:
        await named(conn, world, "租赁合同")
    async with store.read() as conn:
        assert await found(conn, world, words) == set()


async def test_a_new_title_is_found_and_the_old_one_is_not(store: Store, world: World) -> None:
    async with store.write() as conn:
        case = await named(conn, world, "噪音")
        await cases.set_fields(conn, case, title="采光")
        await search.refresh(conn, case)
    async with store.read() as conn:
        assert await found(conn, world, "噪音") == set()
        assert await found(conn, world, "采光") == {case}


async def test_who_speaks_for_a_party_is_found_too(store: Store, world: World) -> None:
    party = world.case.parties[0]
    speaker = Representative(
        RepresentativeId(new_id()),
        party.id,
        "诸葛律师",
        RepresentativeKind.LAWYER,
        Power.GENERAL,
        NOON,
    )
    async with store.write() as conn:
        await parties.insert_representative(conn, speaker, "")
        await search.refresh(conn, world.case.id)
    async with store.read() as conn:
        assert await found(conn, world, "诸葛") == {world.case.id}


async def test_nothing_is_left_of_a_case_that_is_deleted(store: Store, world: World) -> None:
    """On SQLite the words stand in a table of their own, which must not keep them."""
    if not store.sqlite:
        pytest.skip("PostgreSQL's index has no rows of its own.")
    async with store.write() as conn:
        new = CaseId(new_id())
        row = {"organisation": world.station.id, "kind": "mediation", "dispute_type": "other"}
        await conn.execute(tables.case.insert().values(id=new, title="x", search="绝无仅有", **row))
        matching = text("SELECT count(*) FROM case_fts WHERE case_fts MATCH '\"绝无仅有\"'")
        assert await conn.scalar(matching) == 1
        await conn.execute(delete(tables.case).where(tables.case.c.id == new))
        assert await conn.scalar(matching) == 0
        words = await conn.scalar(text("SELECT count(*) FROM case_word"))
        assert words == await conn.scalar(text('SELECT count(*) FROM "case"'))
