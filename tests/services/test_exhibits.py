"""Papers before people in a meeting: brought, read, shown, taken away."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from sqlalchemy import select

from server.domain.document import LARGEST, FileType
from server.domain.errors import Refused
from server.domain.exhibit import MOST, SHARE
from server.domain.ids import ExhibitId, SeatId
from server.domain.session import Destination
from server.domain.space import SpaceKind
from server.services import exhibit_case, exhibit_pages, exhibits
from server.services.context import Context
from server.store import tables
from tests.security.test_files import PLACE, jpeg, segment
from tests.services.papers import (
    PDF,
    add,
    audited,
    lines,
    made_up_papers,
    may_read,
    pieces,
    show,
)
from tests.services.refusing import refused
from tests.services.seated import Seated, seated
from tests.store.world import World


@pytest.fixture
async def meeting(ctx: Context, world: World, monkeypatch: pytest.MonkeyPatch) -> Seated:
    made_up_papers(monkeypatch)
    return await seated(ctx, world, world.alice, world.opponent)


async def test_a_paper_in_joint_is_everybodys(meeting: Seated) -> None:
    exhibit = await add(meeting, meeting.alice)
    everybody = {meeting.host, meeting.alice, meeting.opponent}
    assert await may_read(meeting, exhibit) == everybody
    assert {seat for seat, what in meeting.ears.heard if what == "exhibits"} == everybody
    (line,) = await lines(meeting, meeting.opponent)
    assert (line.name, line.by, line.pages, line.side) == ("欠条.pdf", "Alice", 3, "")
    assert not any((line.may_show, line.may_remove, line.may_keep, line.mine))
    (line,) = await lines(meeting, meeting.host)
    assert [line.may_show, line.may_remove, line.may_keep, line.may_ask] == [True] * 3 + [False]
    assert (await lines(meeting, meeting.alice))[0].may_remove
    assert await audited(meeting) == ["session.exhibit_added"]


async def test_a_paper_of_a_caucus_stays_with_its_side(meeting: Seated) -> None:
    await meeting.move(Destination.CAUCUS, meeting.alice)
    exhibit = await add(meeting, meeting.alice)
    with_alice = {meeting.host, meeting.alice}
    assert await may_read(meeting, exhibit) == with_alice
    (line,) = await lines(meeting, meeting.host)
    assert (line.side, line.may_show, line.may_keep, line.may_ask) == ("A", True, False, True)
    await meeting.move(Destination.JOINT)
    assert await may_read(meeting, exhibit) == with_alice
    with refused("exhibit_missing"):
        await show(meeting, meeting.host, exhibit)
    with refused("kept_by_its_side"):
        await exhibit_case.keep(meeting.ctx, meeting.by(meeting.host), exhibit)
    await meeting.move(Destination.CAUCUS, meeting.opponent)
    assert await lines(meeting, meeting.host) == []
    await meeting.move(Destination.CAUCUS, meeting.alice)
    await show(meeting, meeting.host, exhibit)
    assert [e.id for e in await lines(meeting, meeting.opponent)] == []


async def test_who_comes_while_it_is_shown_sees_it_and_keeps_it_from_the_next_page_on(
    meeting: Seated,
) -> None:
    await meeting.move(Destination.SIDE, meeting.alice)
    exhibit = await add(meeting, meeting.alice)
    await show(meeting, meeting.alice, exhibit)
    bob = meeting.world.bob
    await meeting.arrives(bob)
    await meeting.admit(bob)
    assert bob not in await may_read(meeting, exhibit)
    await meeting.move(Destination.SIDE, bob)
    assert await may_read(meeting, exhibit) == {meeting.alice, bob}
    await show(meeting, meeting.alice, exhibit, 2)
    await meeting.move(Destination.JOINT, bob)
    assert await may_read(meeting, exhibit) == {meeting.alice, bob}


async def test_who_is_in_a_lobby_brings_and_reads_nothing(meeting: Seated) -> None:
    exhibit = await add(meeting, meeting.host)
    bob = meeting.world.bob
    await meeting.arrives(bob)
    with refused("not_admitted"):
        await add(meeting, bob)
    assert await lines(meeting, bob) == []
    assert bob not in await may_read(meeting, exhibit)
    with refused("no_seat"):
        cookie = meeting.cookies[meeting.alice]
        await exhibit_pages.picture(meeting.ctx, bob, cookie, exhibit, 1, 800)


async def test_who_was_moved_meanwhile_keeps_nothing_there(meeting: Seated) -> None:
    alice, cookie = meeting.alice, meeting.cookies[meeting.alice]
    into = await exhibits.ready(meeting.ctx, alice, cookie)
    await meeting.move(Destination.CAUCUS, alice)
    with refused("moved_meanwhile"):
        await exhibits.add(meeting.ctx, alice, cookie, "a.pdf", pieces(PDF), into)
    assert await lines(meeting, alice) == []
    folder = meeting.ctx.settings.data_dir / "files"
    assert [file for file in folder.rglob("*") if file.is_file()] == []


async def test_what_is_no_paper_is_refused_and_a_photo_loses_its_place(meeting: Seated) -> None:
    for content, code in ((b"MZ\x90\0", "file_type"), (b"", "file_empty")):
        with refused(code):
            await add(meeting, meeting.alice, content, "合同.pdf")
    exhibit = await add(
        meeting, meeting.alice, jpeg(segment(0xE1, b"Exif\0\0" + PLACE)), "photo.jpg"
    )
    cookie = meeting.cookies[meeting.alice]
    saved = await exhibits.saved(meeting.ctx, meeting.alice, cookie, exhibit)
    content = b"".join([chunk async for chunk in saved.chunks])
    assert (saved.type, saved.size) == (FileType.JPEG, len(content))
    assert PLACE not in content


async def test_no_more_is_read_than_may_be_kept(meeting: Seated) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 1
            yield bytes(1024 * 1024)

    alice, cookie = meeting.alice, meeting.cookies[meeting.alice]
    into = await exhibits.ready(meeting.ctx, alice, cookie)
    with refused("file_too_large"):
        await exhibits.add(meeting.ctx, alice, cookie, "a.pdf", endless(), into)
    assert read == LARGEST // (1024 * 1024) + 1


async def test_only_so_many_can_be_brought(meeting: Seated) -> None:
    exhibit = await add(meeting, meeting.alice)
    await more(meeting, exhibit, meeting.alice, SHARE - 1)
    with refused("too_many_of_yours"):
        await add(meeting, meeting.alice)
    await exhibits.remove(meeting.ctx, meeting.by(meeting.alice), exhibit)
    exhibit = await add(meeting, meeting.alice)
    await more(meeting, exhibit, meeting.world.bob, MOST - SHARE)
    with refused("too_many_exhibits"):
        await add(meeting, meeting.opponent)
    of_host = await add(meeting, meeting.host)
    await more(meeting, of_host, meeting.host, MOST - 1)
    with refused("too_many_exhibits"):
        await add(meeting, meeting.host)


async def more(meeting: Seated, exhibit: ExhibitId, by: SeatId, number: int) -> None:
    """As many more like this one, from that seat."""
    found = tables.exhibit
    async with meeting.ctx.store.write() as conn:
        asked = select(found).where(found.c.id == exhibit)
        row = (await conn.execute(asked)).mappings().one()
        like = [{**row, "id": f"{exhibit[:-4]}{n:04}", "by": by} for n in range(number)]
        await conn.execute(found.insert(), like)


async def test_nobody_brings_papers_without_end(meeting: Seated) -> None:
    ctx = meeting.ctx
    ctx.settings = ctx.settings.model_copy(update={"upload_limit": "2/hour"})
    for _ in range(2):
        exhibit = await add(meeting, meeting.alice)
        await exhibits.remove(ctx, meeting.by(meeting.alice), exhibit)
    with refused("too_many_uploads"):
        await add(meeting, meeting.alice)
    await add(meeting, meeting.opponent)


async def test_a_caller_who_goes_away_takes_no_file_from_what_was_committed(
    meeting: Seated, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring = exhibits.bring

    async def gone(*args: object) -> None:
        await bring(*args)  # type: ignore[arg-type]
        raise asyncio.CancelledError

    monkeypatch.setattr(exhibits, "bring", gone)
    with pytest.raises(asyncio.CancelledError):
        await add(meeting, meeting.alice)
    (line,) = await lines(meeting, meeting.opponent)
    assert await may_read(meeting, line.id) == set(meeting.cookies)


async def test_what_is_removed_is_gone_for_all(meeting: Seated) -> None:
    exhibit = await add(meeting, meeting.alice)
    await show(meeting, meeting.host, exhibit)
    with refused("not_yours"):
        await exhibits.remove(meeting.ctx, meeting.by(meeting.opponent), exhibit)
    await exhibits.remove(meeting.ctx, meeting.by(meeting.alice), exhibit)
    assert await may_read(meeting, exhibit) == set()
    assert await lines(meeting, meeting.host) == []
    session = await meeting.state()
    assert session.joint is not None
    assert session.joint.exhibit is None
    with refused("exhibit_missing"):
        await show(meeting, meeting.host, exhibit)
    await exhibits.remove(meeting.ctx, meeting.by(meeting.alice), exhibit)
    assert (await audited(meeting)).count("session.exhibit_removed") == 1


async def test_who_waits_outside_hears_nothing_of_papers(meeting: Seated) -> None:
    bob = meeting.world.bob
    await meeting.comes(bob)
    meeting.news()
    exhibit = await add(meeting, meeting.alice)
    await show(meeting, meeting.host, exhibit)
    await exhibits.remove(meeting.ctx, meeting.by(meeting.alice), exhibit)
    told = {seat for seat, _ in meeting.news()}
    assert told == {meeting.host, meeting.alice, meeting.opponent}


async def test_who_is_in_another_room_is_told_of_what_is_everybodys(meeting: Seated) -> None:
    await meeting.caucus(meeting.alice)
    meeting.news()
    await add(meeting, meeting.opponent)
    assert meeting.news() == {(meeting.opponent, "exhibits")}, "it is of the room of B"
    await meeting.joint()
    await meeting.move(Destination.SIDE, meeting.alice)
    meeting.news()
    await add(meeting, meeting.host)
    everybody = {meeting.host, meeting.alice, meeting.opponent}
    assert meeting.news() == {(seat, "exhibits") for seat in everybody}


@pytest.mark.parametrize("seed", range(2))
async def test_whoever_was_there_may_read_it_and_nobody_else(meeting: Seated, seed: int) -> None:
    """A paper belongs to those who were in its space, wherever they are led afterwards."""
    chance = random.Random(seed)
    people = (meeting.alice, meeting.opponent)
    allowed: dict[ExhibitId, set[SeatId]] = {}
    for _ in range(8):
        where = chance.choice(list(Destination))
        led = [] if where is Destination.JOINT else [chance.choice(people)]
        await meeting.move(where, *led)
        session = await meeting.state()
        bringer = chance.choice((meeting.host, *people))
        space = session.seats[bringer].space
        assert space is not None
        kind = session.spaces[space].kind
        here = {seat for seat in meeting.cookies if session.seats[seat].space == space}
        everybody = set(meeting.cookies)
        allowed[await add(meeting, bringer)] = everybody if kind is SpaceKind.JOINT else here
        shown = chance.choice(list(allowed))
        shower = chance.choice((meeting.host, *people))
        with suppress(Refused):
            await show(meeting, shower, shown)
            place = session.seats[shower].space
            assert shower in allowed[shown]
            allowed[shown] |= {s for s in meeting.cookies if session.seats[s].space == place}
        for exhibit, who in allowed.items():
            assert await may_read(meeting, exhibit) == who
            for seat in everybody - who:
                assert exhibit not in {line.id for line in await lines(meeting, seat)}
