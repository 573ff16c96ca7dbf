"""What is drawn on a page that is shown, and who sees it."""

from __future__ import annotations

from hashlib import sha256

import pytest
from sqlalchemy import select

from server.domain import stroke
from server.domain.ids import ExhibitId, SeatId
from server.domain.session import Destination
from server.domain.stroke import Wipe
from server.services import strokes
from server.services.cases import SHOWN
from server.services.context import Context
from server.store import audit, tables
from tests.services.papers import (
    add,
    draw,
    made_up_papers,
    show,
)
from tests.services.refusing import refused
from tests.services.seated import Seated, seated
from tests.store.world import World


@pytest.fixture
async def meeting(ctx: Context, world: World, monkeypatch: pytest.MonkeyPatch) -> Seated:
    made_up_papers(monkeypatch)
    return await seated(ctx, world, world.alice, world.opponent)


async def drawn_by(meeting: Seated, seat: SeatId, exhibit: ExhibitId) -> list[bool]:
    found = await strokes.listed(meeting.ctx, seat, meeting.cookies[seat], exhibit, 1)
    return [line.mine for line in found]


async def test_everybody_draws_on_what_is_shown_and_wipes_their_own(meeting: Seated) -> None:
    exhibit = await add(meeting, meeting.alice)
    ctx, host, alice, opponent = meeting.ctx, meeting.host, meeting.alice, meeting.opponent
    with refused("not_shown_here"):
        await draw(meeting, alice, exhibit)
    await show(meeting, host, exhibit)
    for seat in (alice, opponent, alice):
        await draw(meeting, seat, exhibit)
    with refused("page_missing"):
        await draw(meeting, alice, exhibit, 4)
    assert await drawn_by(meeting, alice, exhibit) == [True, False, True]
    await strokes.wipe(ctx, meeting.by(alice), exhibit, 1, Wipe.LAST)
    assert await drawn_by(meeting, opponent, exhibit) == [False, True]
    with refused("not_leading"):
        await strokes.wipe(ctx, meeting.by(opponent), exhibit, 1, Wipe.ALL)
    await strokes.wipe(ctx, meeting.by(opponent), exhibit, 1, Wipe.OWN)
    assert await drawn_by(meeting, host, exhibit) == [False]
    await strokes.wipe(ctx, meeting.by(host), exhibit, 1, Wipe.ALL)
    assert await drawn_by(meeting, host, exhibit) == []
    assert (opponent, "strokes") in meeting.ears.heard


async def test_what_is_done_with_a_page_is_in_the_audit_and_not_in_the_time_line(
    meeting: Seated,
) -> None:
    exhibit = await add(meeting, meeting.alice)
    for page in (1, 2, 2):
        await show(meeting, meeting.host, exhibit, page)
    await draw(meeting, meeting.alice, exhibit, 2)
    async with meeting.ctx.store.read() as conn:
        shape = await conn.scalar(select(tables.stroke.c.shape))
    for _ in range(2):
        await strokes.wipe(meeting.ctx, meeting.by(meeting.alice), exhibit, 2, Wipe.OWN)
    async with meeting.ctx.store.read() as conn:
        chain = await audit.of_chain(conn, f"case:{meeting.world.case.id}")
    verbs = {"session.turned", "session.drawn", "session.wiped"}
    assert [(e.verb, e.body["detail"], e.actor) for e in chain if e.verb in verbs] == [
        ("session.turned", f"{exhibit}:2", meeting.host),
        ("session.drawn", sha256(str(shape).encode()).hexdigest(), meeting.alice),
        ("session.wiped", f"{exhibit}:2", meeting.alice),
    ]
    assert not verbs & SHOWN


async def test_what_is_drawn_in_private_is_not_seen_in_joint(meeting: Seated) -> None:
    exhibit = await add(meeting, meeting.alice)
    await show(meeting, meeting.host, exhibit)
    await draw(meeting, meeting.opponent, exhibit)
    await meeting.move(Destination.CAUCUS, meeting.alice)
    await show(meeting, meeting.host, exhibit)
    assert await drawn_by(meeting, meeting.host, exhibit) == []
    await draw(meeting, meeting.alice, exhibit)
    assert await drawn_by(meeting, meeting.host, exhibit) == [False]
    assert await drawn_by(meeting, meeting.opponent, exhibit) == []
    await meeting.move(Destination.JOINT)
    assert await drawn_by(meeting, meeting.alice, exhibit) == [False]
    assert await drawn_by(meeting, meeting.opponent, exhibit) == [True]


async def test_a_page_takes_only_so_many_strokes(
    meeting: Seated, monkeypatch: pytest.MonkeyPatch
) -> None:
    exhibit = await add(meeting, meeting.alice)
    await show(meeting, meeting.host, exhibit)
    monkeypatch.setattr(stroke, "MOST", 1)
    await draw(meeting, meeting.alice, exhibit)
    with refused("page_full"):
        await draw(meeting, meeting.alice, exhibit)
    await draw(meeting, meeting.alice, exhibit, 2)
