"""What is sealed is nowhere readable in the database, and gone for good with its key."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from server.domain.case import Case, CaseStatus, DisputeType, HandlerRole, Outcome, Source
from server.domain.errors import Refused
from server.domain.link import Goes
from server.domain.party import Details, Sex
from server.domain.refusal import Elsewhere, RefusalGround
from server.domain.statement import Statement
from server.security.ids import new_id
from server.services import (
    closing,
    deciding,
    joining,
    offers,
    opening,
    sealed,
    status,
    time_line,
)
from server.services.context import Context
from server.services.opening import NewCase, NewParty
from server.store import cases, matter_codes, organisations, parties, tables
from server.store.types import metadata
from tests.services.come_in import load
from tests.services.conftest import Staff
from tests.services.matters import matter
from tests.store.world import World

ALICE = Details(
    phone="13811112222",
    id_number="11010519491231002X",
    address="柳河镇东街三号",
    sex=Sex.FEMALE,
    born=date(1949, 12, 31),
    ethnicity="汉族",
    occupation="裁缝",
    email="alice@example.org",
)
STATEMENT = Statement("楼上水管爆裂泡坏衣柜", "赔偿三千元", "柳河镇西街")
SECRETS = (
    "13811112222",
    "11010519491231002X",
    "东街三号",
    "裁缝",
    "alice@",
    "爆裂",
    "三千",
    "西街",
)


async def opened(ctx: Context, world: World, by: Staff) -> Case:
    new = NewCase(
        organisation=world.station,
        dispute_type=DisputeType.NEIGHBOURS,
        title="漏水",
        parties=[NewParty("Alice", "A", details=ALICE), NewParty("Opponent", "B")],
        source=Source.VISIT,
        by=by.clerk.id,
        statement=STATEMENT,
    )
    await opening.prepare(ctx, new)
    async with ctx.store.write() as conn:
        return await opening.insert(ctx, conn, new)


async def everything(ctx: Context) -> str:
    """All that stands in the database, as text."""
    found = []
    async with ctx.store.read() as conn:
        for table in metadata.sorted_tables:
            found += [str(row) for row in await conn.execute(select(table))]
    return "\n".join(found)


async def test_the_database_tells_none_of_it(ctx: Context, world: World, staff: Staff) -> None:
    case = await opened(ctx, world, staff)
    text = await everything(ctx)
    assert "Alice" in text
    assert [secret for secret in SECRETS if secret in text] == []
    async with ctx.store.read() as conn:
        code = sealed.unseal(ctx, case.id, "matter_code", await matter_codes.sealed(conn, case.id))
    assert len(code) == 10
    assert code not in text


async def test_nor_does_it_tell_what_was_said_with_a_decision(
    ctx: Context, world: World, staff: Staff
) -> None:
    """Why a case was refused, ended or joined names people and says what notes say."""
    clerk, wang, key = staff.clerk, staff.wang, new_id
    case, other, part = [
        (await matter(ctx, world.station, h, accepted=h is not None)).id
        for h in (None, wang.id, wang.id)
    ]
    court, over = [Elsewhere.COURT], Outcome.AGREED
    await deciding.refuse(ctx, clerk, case, key(), RefusalGround.OTHER, "张三拒绝", court)
    assert "张三拒绝" in (await status.standing(ctx, case)).refusal
    await deciding.think_again(ctx, clerk, case, key(), "李四再来")
    await deciding.accept(ctx, clerk, case, key())
    asked = await offers.offer(ctx, clerk, case, wang.id, HandlerRole.MEDIATOR, key())
    await offers.decline(ctx, wang, asked, "王五是我表弟")
    await closing.close(ctx, clerk, other, over, "赵六已付钱", (), key())
    await closing.reopen(ctx, clerk, other, "赵六反悔", key())
    goes = {(await load(ctx, part)).parties[0].id: Goes.BOTH}
    made = await joining.split(ctx, clerk, part, "另案", goes, "钱七另说", key())
    await joining.join(ctx, clerk, case, other, "孙八同一家", key())
    said = ("张三", "李四", "王五", "赵六", "钱七", "孙八")
    text = await everything(ctx)
    assert [words for words in said if words in text] == []
    # Whoever may read these cases reads it there.
    shown = ""
    for case_id in (case, other, part, made):
        shown += str(await time_line.of_case(ctx, clerk, await load(ctx, case_id)))
        async with ctx.store.read() as conn:
            shown += str(await joining.of_case(ctx, conn, clerk, case_id))
    shown += str(await offers.of_case(ctx, clerk, await load(ctx, case)))
    assert [words for words in said if words not in shown] == []


async def test_whoever_may_reads_it_again(ctx: Context, world: World, staff: Staff) -> None:
    case = await opened(ctx, world, staff)
    assert case.status is CaseStatus.APPLIED
    alice, opponent = case.parties
    async with ctx.store.read() as conn:
        hidden = await parties.sealed(conn, case.id)
        about = await cases.statement(conn, case.id)
    assert sealed.details(ctx, case.id, alice.id, hidden[alice.id]) == ALICE
    assert sealed.details(ctx, case.id, opponent.id, hidden[opponent.id]) == Details()
    assert Statement(**sealed.unseal(ctx, case.id, "statement", about)) == STATEMENT


async def test_it_is_gone_for_good_with_its_key(ctx: Context, world: World, staff: Staff) -> None:
    case = await opened(ctx, world, staff)
    ctx.keys.data.destroy(case.id)
    async with ctx.store.read() as conn:
        hidden = await parties.sealed(conn, case.id)
        about = await cases.statement(conn, case.id)
    alice = case.parties[0]
    assert sealed.details(ctx, case.id, alice.id, hidden[alice.id]) == Details()
    assert sealed.unseal(ctx, case.id, "statement", about) is None
    with pytest.raises(LookupError):
        sealed.seal(ctx, case.id, "note:1", "more")


async def test_an_organisation_that_is_closed_takes_nothing_in(
    ctx: Context, world: World, staff: Staff
) -> None:
    async with ctx.store.write() as conn:
        await organisations.set_closed(conn, world.station.id, ctx.clock())
    with pytest.raises(Refused) as refused:
        await opened(ctx, world, staff)
    assert refused.value.code == "organisation_closed"


async def test_nothing_is_left_of_a_case_that_is_refused(
    ctx: Context, world: World, staff: Staff
) -> None:
    async with ctx.store.read() as conn:
        before = len((await conn.execute(select(tables.case.c.id))).all())
    new = NewCase(
        organisation=world.station,
        dispute_type=DisputeType.OTHER,
        title="x",
        parties=[NewParty("Alice", "A"), NewParty("", "B")],
        source=Source.CALL,
        by=staff.clerk.id,
    )
    await opening.prepare(ctx, new)
    with pytest.raises(Refused):
        async with ctx.store.write() as conn:
            await opening.insert(ctx, conn, new)
    async with ctx.store.read() as conn:
        assert len((await conn.execute(select(tables.case.c.id))).all()) == before
