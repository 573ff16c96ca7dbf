"""Applications: saved as they go on, sent once, and gone for good when nobody sends them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from server.domain.application import Step
from server.domain.case import CaseStatus, Source
from server.domain.errors import Refused
from server.domain.ids import DocumentId, OrganisationId, UserId
from server.domain.organisation import OrganisationKind
from server.services import applications, later, sealed, units
from server.services.context import Context
from server.store import cases, parties, profiles, tables, wishes
from tests.services.applying import PATTERN, answered, apply, fill_in, say
from tests.services.conftest import Clock, Staff
from tests.services.refusing import refused
from tests.store import world as worlds
from tests.store.world import World


async def text() -> AsyncIterator[bytes]:
    yield b"a receipt"


async def test_it_becomes_a_case_with_all_that_was_said(
    ctx: Context, world: World, staff: Staff
) -> None:
    async with ctx.store.write() as conn:
        await profiles.set_fields(conn, world.wang, {"listed": True})
    secret = await applications.begin(ctx, "127.0.0.1")
    await fill_in(ctx, secret, answered(world.station.id, world.wang))
    before = await applications.of(ctx, secret)
    assert before is not None
    await applications.add_file(ctx, before, "receipt.txt", "text/plain", text())
    await applications.send(ctx, secret, PATTERN, "物业管理")
    after = await applications.of(ctx, secret)
    assert after is not None
    assert after.sent
    async with ctx.store.read() as conn:
        case = await cases.load(conn, before.id)
        assert case is not None
        statement = sealed.unseal(ctx, case.id, "statement", await cases.statement(conn, case.id))
        hidden = await parties.sealed(conn, case.id)
        wish = await wishes.of_case(conn, case.id)
        said = list(await conn.scalars(select(tables.notice.c.case)))
        helper = (await conn.execute(select(tables.representative))).mappings().one()
    assert case.title == "冯志明与安居物业：物业管理"
    assert (case.status, case.source) == (CaseStatus.APPLIED, Source.APPLICATION)
    assert [(p.side, p.name) for p in case.parties] == [("A", "冯志明"), ("B", "安居物业")]
    assert (statement["facts"], statement["request"]) == ("电梯停了", "退钱")
    details = sealed.details(ctx, case.id, case.parties[0].id, hidden[case.parties[0].id])
    assert (details.phone, details.id_number) == ("13800000001", "11010519491231002X")
    assert world.wang in str(wish)
    assert helper["name"] == "冯小明"
    assert case.id in said
    assert [file.name for file in await applications.files(ctx, after)] == ["receipt.txt"]


async def test_sent_twice_at_once_it_is_one_case(ctx: Context, world: World) -> None:
    secret = await applications.begin(ctx, "127.0.0.1")
    await fill_in(ctx, secret, answered(world.station.id))
    again = [applications.send(ctx, secret, PATTERN, "x") for _ in range(5)]
    await asyncio.gather(*again)
    await applications.send(ctx, secret, PATTERN, "x")
    async with ctx.store.read() as conn:
        sources = list(await conn.scalars(select(tables.case.c.source)))
    assert sources.count(Source.APPLICATION) == 1
    with refused("apply_gone"):
        await say(ctx, secret, Step.FACTS, {"facts": "something else"})


async def test_nothing_is_sent_while_a_question_is_open(ctx: Context, world: World) -> None:
    secret = await applications.begin(ctx, "127.0.0.1")
    steps = answered(world.station.id)
    del steps[Step.HELPER]
    await fill_in(ctx, secret, steps)
    with refused("apply_unanswered"):
        await applications.send(ctx, secret, PATTERN, "x")


async def test_the_database_alone_says_nothing(ctx: Context, world: World) -> None:
    secret = await applications.begin(ctx, "127.0.0.1")
    await fill_in(ctx, secret, answered(world.station.id))
    async with ctx.store.read() as conn:
        row = (await conn.execute(select(tables.application))).mappings().one()
    assert secret not in str(dict(row))
    assert "冯" not in str(dict(row))
    assert await applications.of(ctx, secret[:-1]) is None


async def test_deleted_it_can_be_read_by_nobody(ctx: Context, world: World) -> None:
    secret = await applications.begin(ctx, "127.0.0.1")
    await fill_in(ctx, secret, answered(world.station.id))
    draft = await applications.of(ctx, secret)
    assert draft is not None
    await applications.add_file(ctx, draft, "receipt.txt", "text/plain", text())
    await applications.forget(ctx, secret)
    await applications.forget(ctx, secret)
    assert await applications.of(ctx, secret) is None
    assert ctx.keys.data.get(draft.id) is None
    assert await ctx.blobs.older(-60) == []
    async with ctx.store.read() as conn:
        assert list(await conn.execute(select(tables.document))) == []
    with refused("apply_gone"):
        await say(ctx, secret, Step.FACTS, {"facts": "again"})


async def test_forgetting_what_was_sent_leaves_the_case(ctx: Context, world: World) -> None:
    secret = await applications.begin(ctx, "127.0.0.1")
    await fill_in(ctx, secret, answered(world.station.id))
    await applications.send(ctx, secret, PATTERN, "x")
    draft = await applications.of(ctx, secret)
    assert draft is not None
    await applications.forget(ctx, secret)
    async with ctx.store.read() as conn:
        assert await cases.load(conn, draft.id) is not None
    assert ctx.keys.data.get(draft.id) is not None


async def test_open_for_three_days_it_still_saves_and_after_thirty_it_is_gone(
    ctx: Context, world: World, clock: Clock
) -> None:
    jobs = {applications.EXPIRY: applications.expire}
    secret = await applications.begin(ctx, "127.0.0.1")
    clock.forward(days=3)
    await fill_in(ctx, secret, answered(world.station.id))
    draft = await applications.of(ctx, secret)
    assert draft is not None
    clock.forward(days=27, minutes=1)
    await later.do_all(ctx, jobs)
    assert await applications.of(ctx, secret) is not None
    clock.forward(days=3)
    await later.do_all(ctx, jobs)
    assert await applications.of(ctx, secret) is None
    assert ctx.keys.data.get(draft.id) is None


async def test_only_units_that_take_matters_and_mediators_who_wish_it(
    ctx: Context, world: World
) -> None:
    secret = await applications.begin(ctx, "127.0.0.1")
    for unit in (world.bureau.id, OrganisationId("nowhere")):
        with refused("apply_where_missing"):
            await say(ctx, secret, Step.WHERE, {"organisation": unit})
    with refused("apply_wish_gone"):
        await say(ctx, secret, Step.WISH, {"mediator": world.wang})
    draft = await applications.of(ctx, secret)
    assert draft is not None
    assert await applications.mediators(ctx, draft) == []


async def test_to_another_tenant_it_goes_under_that_ones_key(ctx: Context, world: World) -> None:
    async with ctx.store.write() as conn:
        other = await worlds.organisation(conn, None, OrganisationKind.BUREAU, "另一个局")
        there = await worlds.organisation(conn, other, OrganisationKind.STATION, "远方所")
    secret = await applications.begin(ctx, "127.0.0.1")
    await fill_in(ctx, secret, answered(world.station.id))
    before = await applications.of(ctx, secret)
    assert before is not None
    await applications.add_file(ctx, before, "receipt.txt", "text/plain", text())
    await say(ctx, secret, Step.WHERE, {"organisation": there.id})
    after = await applications.of(ctx, secret)
    assert after is not None
    assert (after.tenant, after.id != before.id) == (other.id, True)
    assert after.answers.facts == "电梯停了"
    # What was brought and wished for belonged to the first: both are asked again.
    assert after.answers.first_open is Step.FILES
    assert await applications.files(ctx, after) == []
    assert ctx.keys.data.get(before.id) is None


async def test_a_file_is_taken_back_only_from_ones_own(ctx: Context, world: World) -> None:
    mine, theirs = [await applications.begin(ctx, "127.0.0.1") for _ in range(2)]
    my_draft, their_draft = await applications.of(ctx, mine), await applications.of(ctx, theirs)
    assert my_draft is not None
    assert their_draft is not None
    await applications.add_file(ctx, their_draft, "receipt.txt", "text/plain", text())
    (file,) = await applications.files(ctx, their_draft)
    await applications.remove_file(ctx, my_draft, file.id)
    assert len(await applications.files(ctx, their_draft)) == 1
    await applications.remove_file(ctx, their_draft, DocumentId("none"))
    await applications.remove_file(ctx, their_draft, file.id)
    assert await applications.files(ctx, their_draft) == []


async def test_so_many_from_one_address(ctx: Context, world: World) -> None:
    with pytest.raises(Refused) as last:
        for _ in range(40):
            await applications.begin(ctx, "10.0.0.1")
    assert last.value.code == "too_many"
    await applications.begin(ctx, "10.0.0.2")


async def test_many_units_are_found_by_area_or_by_name(ctx: Context, world: World) -> None:
    async with ctx.store.write() as conn:
        county = await worlds.organisation(conn, world.bureau, OrganisationKind.COUNTY, "云溪县")
        for n in range(40):
            kind = OrganisationKind.COMMITTEE
            await worlds.organisation(conn, county, kind, f"第{n}村委员会")
    whole = await units.choice(ctx, "", "")
    assert [part.name for part in whole.parts] == ["云溪县"]
    assert {unit.name for unit in whole.units} == {"河东所", "河西所"}
    below = await units.choice(ctx, county.id, "")
    assert below.inside is not None
    assert len(below.units) == 41
    found = await units.choice(ctx, "", "第39 委员会")
    assert [unit.name for unit in found.units] == ["第39村委员会"]
    assert (await units.choice(ctx, "", "委员会")).more
    assert (await units.choice(ctx, "", "没有")).units == ()


async def test_a_code_opens_its_own_case_only(ctx: Context, world: World) -> None:
    one, code = await apply(ctx, world.station.id)
    other, other_code = await apply(ctx, world.elsewhere.id)
    assert one != other
    assert code != other_code


async def test_a_mediator_who_left_meanwhile_is_not_in_the_way(
    ctx: Context, world: World, clock: Clock
) -> None:
    async with ctx.store.write() as conn:
        await profiles.set_fields(conn, world.li, {"listed": True})
    secret = await applications.begin(ctx, "127.0.0.1")
    await fill_in(ctx, secret, answered(world.station.id, UserId(world.li)))
    async with ctx.store.write() as conn:
        left = {"left_at": clock() - timedelta(days=1)}
        await profiles.set_fields(conn, world.li, left)
    await applications.send(ctx, secret, PATTERN, "x")
    draft = await applications.of(ctx, secret)
    assert draft is not None
    async with ctx.store.read() as conn:
        assert world.li not in str(await wishes.of_case(conn, draft.id))
