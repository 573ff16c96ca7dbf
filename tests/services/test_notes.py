from __future__ import annotations

import pytest
from sqlalchemy import select

from server.domain.case import Case
from server.domain.errors import Refused
from server.domain.ids import NoteId
from server.domain.note import BODY_LENGTH, NoteKind, Readers
from server.domain.user import User
from server.security.ids import new_id
from server.services import notes
from server.services.context import Context
from server.store import cases, tables
from tests.services.conftest import Staff
from tests.services.matters import matter
from tests.services.refusing import refused
from tests.store.world import World

SAID = "愿意坐下来谈 𠮷 <script>"


async def note(ctx: Context, user: User, case: Case, readers: Readers) -> NoteId:
    return await notes.write(ctx, user, case.id, NoteKind.CALL, readers, SAID, new_id())


async def read(ctx: Context, user: User, case: Case) -> list[tuple[str, str]]:
    async with ctx.store.read() as conn:
        found = await notes.of_case(ctx, conn, user, case.id)
    return [(line.note.body, line.by_name) for line in found]


async def test_who_reads_a_note_is_for_its_writer_to_say(
    ctx: Context, world: World, staff: Staff
) -> None:
    case = await matter(ctx, world.station, staff.wang.id)
    own = (SAID, "clerk")
    await note(ctx, staff.clerk, case, Readers.OWN)
    assert await read(ctx, staff.clerk, case) == [own]
    assert await read(ctx, staff.wang, case) == []
    await note(ctx, staff.clerk, case, Readers.HANDLERS)
    assert await read(ctx, staff.wang, case) == [own]
    assert await read(ctx, staff.clerk, case) == [own, own]
    assert await read(ctx, staff.supervisor, case) == []
    await note(ctx, staff.wang, case, Readers.CASE)
    assert await read(ctx, staff.supervisor, case) == [(SAID, "王敏")]


async def test_who_hands_a_case_over_reads_what_is_for_its_handlers_no_more(
    ctx: Context, world: World, staff: Staff
) -> None:
    case = await matter(ctx, world.station, staff.wang.id)
    await note(ctx, staff.clerk, case, Readers.HANDLERS)
    async with ctx.store.write() as conn:
        await cases.end_handler(conn, case.id, staff.wang.id, ctx.clock())
    assert await read(ctx, staff.wang, case) == []


async def test_struck_out_it_stays(ctx: Context, world: World, staff: Staff) -> None:
    case = await matter(ctx, world.station, staff.wang.id)
    hers = await note(ctx, staff.clerk, case, Readers.HANDLERS)
    with refused("not_allowed"):
        await notes.strike(ctx, staff.wang, case.id, hers)
    await notes.strike(ctx, staff.clerk, case.id, hers)
    mine = await note(ctx, staff.wang, case, Readers.CASE)
    for _ in range(2):
        await notes.strike(ctx, staff.wang, case.id, mine)
    assert await read(ctx, staff.wang, case) == [(SAID, "王敏"), (SAID, "clerk")]
    async with ctx.store.read() as conn:
        line, _ = await notes.of_case(ctx, conn, staff.wang, case.id)
    assert line.note.struck_at == ctx.clock()
    assert not line.may_strike


async def test_what_is_for_all_may_be_struck_out_by_all_who_work_on_it(
    ctx: Context, world: World, staff: Staff
) -> None:
    case = await matter(ctx, world.station, staff.wang.id)
    for_all = await note(ctx, staff.wang, case, Readers.CASE)
    with refused("not_allowed"):
        await notes.strike(ctx, staff.supervisor, case.id, for_all)
    await notes.strike(ctx, staff.clerk, case.id, for_all)
    assert await read(ctx, staff.supervisor, case) == [(SAID, "王敏")]


async def test_what_one_may_not_read_is_not_there_to_be_struck(
    ctx: Context, world: World, staff: Staff
) -> None:
    case = await matter(ctx, world.station, staff.wang.id)
    hidden = await note(ctx, staff.clerk, case, Readers.OWN)
    for note_id in (hidden, NoteId("?"), NoteId("")):
        with refused("not_found"):
            await notes.strike(ctx, staff.wang, case.id, note_id)


async def test_it_lies_sealed_and_a_form_sent_twice_is_one_note(
    ctx: Context, world: World, staff: Staff
) -> None:
    case = await matter(ctx, world.station, staff.wang.id)
    key = new_id()
    for _ in range(2):
        await notes.write(ctx, staff.wang, case.id, NoteKind.CALL, Readers.CASE, SAID, key)
    async with ctx.store.read() as conn:
        (body,) = await conn.scalars(select(tables.note.c.body))
        audited = " ".join(await conn.scalars(select(tables.audit_entry.c.body)))
    assert "谈" not in body
    assert "谈" not in audited


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", "note_missing"),
        (" \n ", "note_missing"),
        ("x" * (BODY_LENGTH + 1), "note_unusable"),
        ("a\x00b", "note_unusable"),
    ],
)
async def test_what_is_no_note(
    ctx: Context, world: World, staff: Staff, body: str, code: str
) -> None:
    case = await matter(ctx, world.station, staff.wang.id)
    with pytest.raises(Refused) as caught:
        await notes.write(ctx, staff.wang, case.id, NoteKind.NOTE, Readers.CASE, body, new_id())
    assert caught.value.code == code


async def test_only_who_works_on_the_case_writes(ctx: Context, world: World, staff: Staff) -> None:
    case = await matter(ctx, world.station, staff.wang.id)
    for user, code in (
        (staff.supervisor, "not_allowed"),
        (staff.li, "not_found"),
        (staff.far_clerk, "not_found"),
        (staff.administrator, "not_found"),
    ):
        with refused(code):
            await note(ctx, user, case, Readers.CASE)
