"""What is said and shown is not for another meeting, nor for who took the seat meanwhile."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import update

from server.domain.ids import SeatId
from server.domain.release import Release, ReleaseKind
from server.domain.result import ResultKind
from server.domain.seat import Role
from server.domain.session import Destination
from server.domain.session_text import TextKind
from server.services import exhibits, releases, room, session_texts, sessions
from server.services.context import Context
from server.store import tables
from tests.services.papers import PDF, add, lines, made_up_papers, may_read, show
from tests.services.refusing import refused
from tests.services.seated import Seated, seated
from tests.services.test_talk import asked, heard, note, say
from tests.store import world as worlds
from tests.store.world import World

NOTE, EXHIBIT = ReleaseKind.NOTE, ReleaseKind.EXHIBIT


@pytest.fixture
async def meeting(ctx: Context, world: World, monkeypatch: pytest.MonkeyPatch) -> Seated:
    made_up_papers(monkeypatch)
    return await seated(ctx, world, world.alice, world.opponent)


async def becomes(ctx: Context, seat: SeatId, role: Role) -> None:
    async with ctx.store.write() as conn:
        await conn.execute(update(tables.seat).where(tables.seat.c.id == seat).values(role=role))


async def test_a_paper_for_everybody_is_nobodys_in_another_meeting(meeting: Seated) -> None:
    """Not even in one of the same case: its key would open the file."""
    world = meeting.world
    async with meeting.ctx.store.write() as conn:
        other = await worlds.meeting(conn, world.case, world.wang, ["Opponent"])
    stranger = next(iter(other.seats))
    await meeting.comes(stranger)
    exhibit = await add(meeting, meeting.alice)
    assert stranger not in await may_read(meeting, exhibit)
    with refused("exhibit_missing"):
        await show(meeting, stranger, exhibit)
    with refused("exhibit_missing"):
        await exhibits.remove(meeting.ctx, meeting.by(stranger), exhibit)


async def test_when_it_is_over_nobody_opens_what_was_shown(meeting: Seated) -> None:
    exhibit = await add(meeting, meeting.alice)
    assert meeting.opponent in await may_read(meeting, exhibit)
    by = meeting.by(meeting.host)
    await sessions.end(meeting.ctx, by, ResultKind.NOT_AGREED, "No agreement.", None)
    assert await may_read(meeting, exhibit) == set()


async def test_what_one_device_began_to_send_is_not_kept_for_another(meeting: Seated) -> None:
    alice, cookie = meeting.alice, meeting.cookies[meeting.alice]
    into = await exhibits.ready(meeting.ctx, alice, cookie)

    async def slowly() -> AsyncIterator[bytes]:
        yield PDF
        await sessions.leave(meeting.ctx, meeting.by(alice))
        await meeting.arrives(alice)
        await meeting.admit(alice)

    with refused("no_seat"):
        await exhibits.add(meeting.ctx, alice, cookie, "a.pdf", slowly(), into)
    assert await lines(meeting, meeting.host) == []


async def test_who_was_not_there_does_not_read_it_by_showing_it(meeting: Seated) -> None:
    bob = meeting.world.bob
    await meeting.arrives(bob)
    await meeting.admit(bob)
    await meeting.move(Destination.CAUCUS, meeting.alice)
    exhibit = await add(meeting, meeting.alice)
    await meeting.move(Destination.JOINT)
    await meeting.move(Destination.SIDE, meeting.alice, bob)
    with refused("exhibit_missing"):
        await show(meeting, bob, exhibit)
    assert bob not in await may_read(meeting, exhibit)


async def test_both_sides_together_are_not_asked_for_what_is_theirs(meeting: Seated) -> None:
    await meeting.move(Destination.CAUCUS, meeting.alice, meeting.opponent)
    await add(meeting, meeting.alice)
    assert [line.may_ask for line in await lines(meeting, meeting.host)] == [False]
    await meeting.move(Destination.CAUCUS, meeting.alice)
    await add(meeting, meeting.alice)
    assert [line.may_ask for line in await lines(meeting, meeting.host)][-1]


async def test_what_was_taken_away_is_asked_for_no_more(meeting: Seated) -> None:
    ctx, alice, host = meeting.ctx, meeting.alice, meeting.host
    await meeting.move(Destination.CAUCUS, alice)
    exhibit = await add(meeting, alice)
    await releases.ask(ctx, meeting.by(host), EXHIBIT, exhibit)
    assert len(await releases.listed(ctx, host, meeting.cookies[host])) == 1
    await exhibits.remove(ctx, meeting.by(alice), exhibit)
    assert await releases.listed(ctx, host, meeting.cookies[host]) == []


async def test_a_companion_does_not_see_what_their_side_is_asked(
    ctx: Context, world: World
) -> None:
    await becomes(ctx, world.bob, Role.COMPANION)
    meeting = await seated(ctx, world, world.alice, world.bob)
    await meeting.caucus(world.alice, world.bob)
    words = await note(meeting, "2,000 by Friday")
    await releases.ask(ctx, meeting.by(world.host), NOTE, words)
    assert await asked(meeting, world.alice) == {"2,000 by Friday": Release.ASKED}
    assert await asked(meeting, world.bob) == {}


async def test_another_host_is_told_of_a_note_once_it_is_released(
    ctx: Context, world: World
) -> None:
    """Not before: not even that something was asked is heard outside the private talk."""
    await becomes(ctx, world.bob, Role.CO_MEDIATOR)
    meeting = await seated(ctx, world, world.alice, world.bob, world.opponent)
    await room.give_chair(ctx, meeting.by(world.host), world.bob)
    await meeting.caucus(world.alice)
    words = await note(meeting, "2,000 by Friday")
    meeting.news()
    await releases.ask(ctx, meeting.by(world.host), NOTE, words)
    assert world.bob not in {seat for seat, _ in meeting.news()}
    await releases.answer(ctx, meeting.by(world.alice), NOTE, words, True)
    assert (world.bob, "notes") in meeting.news()
    await releases.answer(ctx, meeting.by(world.alice), NOTE, words, False)
    assert (world.bob, "notes") in meeting.news()


async def test_who_waits_is_written_to_by_a_host_whoever_that_is(
    ctx: Context, world: World
) -> None:
    await becomes(ctx, world.bob, Role.CO_MEDIATOR)
    meeting = await seated(ctx, world, world.bob)
    await room.give_chair(ctx, meeting.by(world.host), world.bob)
    await meeting.comes(world.opponent)
    await say(meeting, world.bob, "a moment, please", world.opponent)
    (line,) = await heard(meeting, world.opponent)
    assert (line.name, line.role) == ("", Role.HOST)


async def test_a_clerk_writes_the_minutes_and_not_the_agenda(ctx: Context, world: World) -> None:
    await becomes(ctx, world.bob, Role.CLERK)
    meeting = await seated(ctx, world, world.bob)
    for kind, may_write in ((TextKind.AGENDA, False), (TextKind.MINUTES, True)):
        page = await session_texts.read(ctx, world.bob, meeting.cookies[world.bob], kind)
        assert page.may_write is may_write
