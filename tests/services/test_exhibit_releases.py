"""A side's paper: released by its yes, and its own again by its no."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import select

from server.domain.ids import ExhibitId
from server.domain.release import Release, ReleaseKind
from server.domain.session import Destination
from server.services import releases
from server.services.context import Context
from server.services.exhibits import ExhibitLine
from server.store import audit, tables
from tests.services.papers import (
    add,
    lines,
    made_up_papers,
    may_read,
    show,
)
from tests.services.refusing import refused
from tests.services.seated import Seated, seated
from tests.store.world import World


@pytest.fixture
async def meeting(ctx: Context, world: World, monkeypatch: pytest.MonkeyPatch) -> Seated:
    made_up_papers(monkeypatch)
    return await seated(ctx, world, world.alice, world.opponent)


async def ask_and_answer(meeting: Seated, exhibit: ExhibitId, yes: bool) -> None:
    """The host asks Alice in private, if she has not been yet, and she says so."""
    ctx, kind = meeting.ctx, ReleaseKind.EXHIBIT
    if yes:
        await releases.ask(ctx, meeting.by(meeting.host), kind, exhibit)
    await releases.answer(ctx, meeting.by(meeting.alice), kind, exhibit, yes)


async def test_what_its_side_released_is_everybodys(meeting: Seated) -> None:
    await meeting.move(Destination.CAUCUS, meeting.alice)
    exhibit = await add(meeting, meeting.alice)
    async with meeting.ctx.store.write() as conn:
        await conn.execute(tables.exhibit.update().values(release=Release.RELEASED))
    assert meeting.opponent in await may_read(meeting, exhibit)
    await meeting.move(Destination.JOINT)
    await show(meeting, meeting.host, exhibit, 2)
    session = await meeting.state()
    assert session.joint is not None
    assert (session.joint.exhibit, session.joint.page) == (exhibit, 2)


async def test_what_its_side_takes_back_is_before_nobody_any_more(meeting: Seated) -> None:
    await meeting.move(Destination.CAUCUS, meeting.alice)
    exhibit = await add(meeting, meeting.alice)
    await ask_and_answer(meeting, exhibit, True)
    await meeting.move(Destination.JOINT)
    await show(meeting, meeting.host, exhibit, 2)
    await meeting.move(Destination.CAUCUS, meeting.alice)
    await show(meeting, meeting.host, exhibit)
    before, caucus = await meeting.state(), (await meeting.state()).seats[meeting.alice].space
    assert before.joint is not None
    assert before.joint.exhibit == exhibit
    assert caucus is not None
    bob = meeting.world.bob
    await meeting.arrives(bob)
    await meeting.admit(bob)
    assert bob in await may_read(meeting, exhibit)
    meeting.ears.heard.clear()
    await ask_and_answer(meeting, exhibit, False)
    session = await meeting.state()
    assert session.joint is not None
    assert (session.joint.exhibit, session.joint.page, session.joint.shown_by) == (None, 1, None)
    assert session.spaces[caucus].exhibit == exhibit, "among themselves it goes on"
    assert bob not in await may_read(meeting, exhibit)
    assert (bob, "exhibits") in meeting.ears.heard
    assert (bob, "releases") not in meeting.ears.heard


async def test_only_its_side_puts_a_paper_away_by_its_no(meeting: Seated) -> None:
    await meeting.move(Destination.CAUCUS, meeting.alice)
    exhibit = await add(meeting, meeting.alice)
    await ask_and_answer(meeting, exhibit, True)
    await meeting.move(Destination.JOINT)
    await show(meeting, meeting.host, exhibit)
    await meeting.move(Destination.CAUCUS, meeting.opponent)
    kind, other = ReleaseKind.EXHIBIT, meeting.by(meeting.opponent)
    with refused("not_yours_to_answer"):
        await releases.answer(meeting.ctx, other, kind, exhibit, False)
    session = await meeting.state()
    assert session.joint is not None
    assert session.joint.exhibit == exhibit


async def test_what_a_side_says_in_private_is_not_told_to_others(meeting: Seated) -> None:
    def told(line: ExhibitLine) -> tuple[bool, str, Release]:
        return line.open, line.side, line.release

    await meeting.move(Destination.CAUCUS, meeting.alice)
    exhibit, everybodys = await add(meeting, meeting.alice), (True, "", Release.KEEP)
    await ask_and_answer(meeting, exhibit, True)
    for seat in (meeting.host, meeting.alice):
        assert [told(x) for x in await lines(meeting, seat)] == [(True, "", Release.RELEASED)]
    assert [told(x) for x in await lines(meeting, meeting.opponent)] == [everybodys]
    await meeting.move(Destination.CAUCUS, meeting.opponent)
    assert [told(x) for x in await lines(meeting, meeting.host)] == [everybodys]
    await meeting.move(Destination.JOINT)
    assert [told(x) for x in await lines(meeting, meeting.host)] == [(True, "", Release.RELEASED)]
    await show(meeting, meeting.host, exhibit)
    await meeting.move(Destination.CAUCUS, meeting.alice)
    await ask_and_answer(meeting, exhibit, False)
    for seat in (meeting.host, meeting.alice):
        assert [told(x) for x in await lines(meeting, seat)] == [(False, "A", Release.REFUSED)]
    assert await lines(meeting, meeting.opponent) == []
    await meeting.move(Destination.JOINT)
    assert [told(x) for x in await lines(meeting, meeting.host)] == [(False, "", Release.KEEP)]


async def test_what_is_taken_back_is_read_by_those_who_had_it_in_private(
    ctx: Context, world: World, meeting: Seated
) -> None:
    """Whoever saw it while it was everybody's, in joint or in a talk of their own, opens it no
    more, from that moment on."""
    await meeting.enters(world.bob)
    await meeting.caucus(meeting.alice)
    exhibit = await add(meeting, meeting.alice)
    await ask_and_answer(meeting, exhibit, True)
    await meeting.joint()
    await show(meeting, meeting.host, exhibit)
    await meeting.caucus(meeting.opponent)
    await show(meeting, meeting.host, exhibit)
    assert await may_read(meeting, exhibit) == {*meeting.cookies}
    await meeting.caucus(meeting.alice)
    await ask_and_answer(meeting, exhibit, False)
    assert await may_read(meeting, exhibit) == {meeting.host, meeting.alice}
    await ask_and_answer(meeting, exhibit, True)
    assert await may_read(meeting, exhibit) == {*meeting.cookies}


async def test_asked_and_answered_twice_is_once(meeting: Seated) -> None:
    ctx, host, alice, kind = meeting.ctx, meeting.host, meeting.alice, ReleaseKind.EXHIBIT
    await meeting.caucus(alice)
    exhibit = await add(meeting, alice)

    async def asks() -> None:
        await releases.ask(ctx, meeting.by(host), kind, exhibit)

    async def says(yes: bool) -> None:
        await releases.answer(ctx, meeting.by(alice), kind, exhibit, yes)

    for step in (asks, partial(says, True), partial(says, False)):
        await step()
        before = await rows(meeting)
        meeting.news()
        await step()
        assert (await rows(meeting), meeting.news()) == (before, set())


async def rows(meeting: Seated) -> list[str]:
    """What the audit says of it, and when it was answered."""
    async with meeting.ctx.store.read() as conn:
        chain = await audit.of_chain(conn, f"case:{meeting.world.case.id}")
        answered = await conn.scalar(select(tables.exhibit.c.answered_at))
    return [str(answered), *(f"{e.verb} {e.body}" for e in chain)]
