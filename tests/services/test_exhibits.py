from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256

import pytest
from sqlalchemy import select

from server.documents.paper import PagePicture, Paper
from server.domain import stroke
from server.domain.document import LARGEST, DocumentKind, FileType
from server.domain.errors import Refused
from server.domain.exhibit import MOST, SHARE
from server.domain.ids import ExhibitId, SeatId
from server.domain.release import Release, ReleaseKind
from server.domain.session import Destination
from server.domain.space import SpaceKind
from server.domain.stroke import Colour, Wipe
from server.services import documents, exhibit_case, exhibit_pages, exhibits, releases, strokes
from server.services.cases import SHOWN
from server.services.context import Context
from server.services.documents import GIVEN_UP_S
from server.services.exhibits import ExhibitLine
from server.store import audit, tables
from tests.security.test_files import PLACE, jpeg, segment
from tests.services.at_table import Meeting, a_meeting
from tests.services.conftest import Staff
from tests.services.refusing import refused
from tests.store.world import World

PDF = b"%PDF-1.7 a paper"
PICTURE = b"RIFF....WEBP"


Drawn = list[tuple[bytes, int, int]]


@pytest.fixture
def drawn() -> Drawn:
    """From what a page was drawn, which one, and how wide."""
    return []


@pytest.fixture
async def meeting(
    ctx: Context, world: World, drawn: Drawn, monkeypatch: pytest.MonkeyPatch
) -> Meeting:
    """Every paper has three pages; opening and drawing are what tests/documents is about."""

    async def open_paper(content: bytes, kind: FileType) -> Paper:
        return Paper(3, b"%PDF-1.7 made" if kind is FileType.TEXT else None)

    async def page_picture(content: bytes, number: int, width: int) -> PagePicture:
        drawn.append((content, number, width))
        return PagePicture(PICTURE, width, width)

    monkeypatch.setattr(exhibits, "open_paper", open_paper)
    monkeypatch.setattr(exhibit_pages, "page_picture", page_picture)
    return await a_meeting(ctx, world)


async def pieces(*content: bytes) -> AsyncIterator[bytes]:
    for piece in content:
        yield piece


async def add(
    meeting: Meeting, seat: SeatId, content: bytes = PDF, name: str = "欠条.pdf"
) -> ExhibitId:
    cookie = meeting.cookies[seat]
    into = await exhibits.ready(meeting.ctx, seat, cookie)
    return await exhibits.add(meeting.ctx, seat, cookie, name, pieces(content), into)


async def lines(meeting: Meeting, seat: SeatId) -> list[ExhibitLine]:
    return await exhibits.listed(meeting.ctx, seat, meeting.cookies[seat])


async def may_read(meeting: Meeting, exhibit: ExhibitId) -> set[SeatId]:
    """Who gets its first page."""
    found = set()
    for seat, cookie in meeting.cookies.items():
        with suppress(Refused):
            await exhibit_pages.picture(meeting.ctx, seat, cookie, exhibit, 1, 800)
            found.add(seat)
    return found


async def show(meeting: Meeting, seat: SeatId, exhibit: ExhibitId | None, page: int = 1) -> None:
    await exhibits.show(meeting.ctx, meeting.caller(seat), exhibit, page)


async def audited(meeting: Meeting) -> list[str]:
    async with meeting.ctx.store.read() as conn:
        entries = await audit.of_chain(conn, f"case:{meeting.world.case.id}")
    return [e.verb for e in entries if "exhibit" in e.verb or "document" in e.verb]


async def test_a_paper_in_joint_is_everybodys(meeting: Meeting) -> None:
    exhibit = await add(meeting, meeting.alice)
    everybody = {meeting.host, meeting.alice, meeting.opponent}
    assert await may_read(meeting, exhibit) == everybody
    assert {seat for seat, what in meeting.publish.heard if what == "exhibits"} == everybody
    (line,) = await lines(meeting, meeting.opponent)
    assert (line.name, line.by, line.pages, line.side) == ("欠条.pdf", "Alice", 3, "")
    assert not any((line.may_show, line.may_remove, line.may_keep, line.mine))
    (line,) = await lines(meeting, meeting.host)
    assert [line.may_show, line.may_remove, line.may_keep, line.may_ask] == [True] * 3 + [False]
    assert (await lines(meeting, meeting.alice))[0].may_remove
    assert await audited(meeting) == ["session.exhibit_added"]


async def test_a_paper_of_a_caucus_stays_with_its_side(meeting: Meeting) -> None:
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
        await exhibit_case.keep(meeting.ctx, meeting.caller(meeting.host), exhibit)
    await meeting.move(Destination.CAUCUS, meeting.opponent)
    assert await lines(meeting, meeting.host) == []
    await meeting.move(Destination.CAUCUS, meeting.alice)
    await show(meeting, meeting.host, exhibit)
    assert [e.id for e in await lines(meeting, meeting.opponent)] == []


async def test_what_its_side_released_is_everybodys(meeting: Meeting) -> None:
    await meeting.move(Destination.CAUCUS, meeting.alice)
    exhibit = await add(meeting, meeting.alice)
    async with meeting.ctx.store.write() as conn:
        await conn.execute(tables.exhibit.update().values(release=Release.RELEASED))
    assert meeting.opponent in await may_read(meeting, exhibit)
    await meeting.move(Destination.JOINT)
    await show(meeting, meeting.host, exhibit, 2)
    session = await meeting.session()
    assert session.joint is not None
    assert (session.joint.exhibit, session.joint.page) == (exhibit, 2)


async def ask_and_answer(meeting: Meeting, exhibit: ExhibitId, yes: bool) -> None:
    """The host asks Alice in private, if she has not been yet, and she says so."""
    ctx, kind = meeting.ctx, ReleaseKind.EXHIBIT
    if yes:
        await releases.ask(ctx, meeting.caller(meeting.host), kind, exhibit)
    await releases.answer(ctx, meeting.caller(meeting.alice), kind, exhibit, yes)


async def test_what_its_side_takes_back_is_before_nobody_any_more(meeting: Meeting) -> None:
    await meeting.move(Destination.CAUCUS, meeting.alice)
    exhibit = await add(meeting, meeting.alice)
    await ask_and_answer(meeting, exhibit, True)
    await meeting.move(Destination.JOINT)
    await show(meeting, meeting.host, exhibit, 2)
    await meeting.move(Destination.CAUCUS, meeting.alice)
    await show(meeting, meeting.host, exhibit)
    before, caucus = await meeting.session(), (await meeting.session()).seats[meeting.alice].space
    assert before.joint is not None
    assert before.joint.exhibit == exhibit
    assert caucus is not None
    bob = meeting.world.bob
    await meeting.arrive(bob)
    await meeting.admit(bob)
    assert bob in await may_read(meeting, exhibit)
    meeting.publish.heard.clear()
    await ask_and_answer(meeting, exhibit, False)
    session = await meeting.session()
    assert session.joint is not None
    assert (session.joint.exhibit, session.joint.page, session.joint.shown_by) == (None, 1, None)
    assert session.spaces[caucus].exhibit == exhibit, "among themselves it goes on"
    assert bob not in await may_read(meeting, exhibit)
    assert (bob, "exhibits") in meeting.publish.heard
    assert (bob, "releases") not in meeting.publish.heard


async def test_only_its_side_puts_a_paper_away_by_its_no(meeting: Meeting) -> None:
    await meeting.move(Destination.CAUCUS, meeting.alice)
    exhibit = await add(meeting, meeting.alice)
    await ask_and_answer(meeting, exhibit, True)
    await meeting.move(Destination.JOINT)
    await show(meeting, meeting.host, exhibit)
    await meeting.move(Destination.CAUCUS, meeting.opponent)
    kind, other = ReleaseKind.EXHIBIT, meeting.caller(meeting.opponent)
    with refused("not_yours_to_answer"):
        await releases.answer(meeting.ctx, other, kind, exhibit, False)
    session = await meeting.session()
    assert session.joint is not None
    assert session.joint.exhibit == exhibit


async def test_what_a_side_says_in_private_is_not_told_to_others(meeting: Meeting) -> None:
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
    nothing = (False, "", Release.KEEP)
    assert [told(x) for x in await lines(meeting, meeting.opponent)] == [nothing]
    await meeting.move(Destination.JOINT)
    assert [told(x) for x in await lines(meeting, meeting.host)] == [nothing]


async def test_who_comes_while_it_is_shown_sees_it_and_keeps_it_from_the_next_page_on(
    meeting: Meeting,
) -> None:
    await meeting.move(Destination.SIDE, meeting.alice)
    exhibit = await add(meeting, meeting.alice)
    await show(meeting, meeting.alice, exhibit)
    bob = meeting.world.bob
    await meeting.arrive(bob)
    await meeting.admit(bob)
    assert bob not in await may_read(meeting, exhibit)
    await meeting.move(Destination.SIDE, bob)
    assert await may_read(meeting, exhibit) == {meeting.alice, bob}
    await show(meeting, meeting.alice, exhibit, 2)
    await meeting.move(Destination.JOINT, bob)
    assert await may_read(meeting, exhibit) == {meeting.alice, bob}


async def test_who_is_in_a_lobby_brings_and_reads_nothing(meeting: Meeting) -> None:
    exhibit = await add(meeting, meeting.host)
    bob = meeting.world.bob
    await meeting.arrive(bob)
    with refused("not_admitted"):
        await add(meeting, bob)
    assert await lines(meeting, bob) == []
    assert bob not in await may_read(meeting, exhibit)
    with refused("no_seat"):
        cookie = meeting.cookies[meeting.alice]
        await exhibit_pages.picture(meeting.ctx, bob, cookie, exhibit, 1, 800)


async def test_who_was_moved_meanwhile_keeps_nothing_there(meeting: Meeting) -> None:
    alice, cookie = meeting.alice, meeting.cookies[meeting.alice]
    into = await exhibits.ready(meeting.ctx, alice, cookie)
    await meeting.move(Destination.CAUCUS, alice)
    with refused("moved_meanwhile"):
        await exhibits.add(meeting.ctx, alice, cookie, "a.pdf", pieces(PDF), into)
    assert await lines(meeting, alice) == []
    folder = meeting.ctx.settings.data_dir / "files"
    assert [file for file in folder.rglob("*") if file.is_file()] == []


async def test_what_is_no_paper_is_refused_and_a_photo_loses_its_place(meeting: Meeting) -> None:
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


async def test_no_more_is_read_than_may_be_kept(meeting: Meeting) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 1
            yield bytes(1024 * 1024)

    alice, cookie = meeting.alice, meeting.cookies[meeting.alice]
    into = await exhibits.ready(meeting.ctx, alice, cookie)
    with refused("too_large"):
        await exhibits.add(meeting.ctx, alice, cookie, "a.pdf", endless(), into)
    assert read == LARGEST // (1024 * 1024) + 1


async def test_only_so_many_can_be_brought(meeting: Meeting) -> None:
    exhibit = await add(meeting, meeting.alice)
    await more(meeting, exhibit, meeting.alice, SHARE - 1)
    with refused("too_many_of_yours"):
        await add(meeting, meeting.alice)
    await exhibits.remove(meeting.ctx, meeting.caller(meeting.alice), exhibit)
    exhibit = await add(meeting, meeting.alice)
    await more(meeting, exhibit, meeting.world.bob, MOST - SHARE)
    with refused("too_many_exhibits"):
        await add(meeting, meeting.opponent)
    of_host = await add(meeting, meeting.host)
    await more(meeting, of_host, meeting.host, MOST - 1)
    with refused("too_many_exhibits"):
        await add(meeting, meeting.host)


async def more(meeting: Meeting, exhibit: ExhibitId, by: SeatId, number: int) -> None:
    """As many more like this one, from that seat."""
    found = tables.exhibit
    async with meeting.ctx.store.write() as conn:
        asked = select(found).where(found.c.id == exhibit)
        row = (await conn.execute(asked)).mappings().one()
        like = [{**row, "id": f"{exhibit[:-4]}{n:04}", "by": by} for n in range(number)]
        await conn.execute(found.insert(), like)


async def test_nobody_brings_papers_without_end(meeting: Meeting) -> None:
    ctx = meeting.ctx
    ctx.settings = ctx.settings.model_copy(update={"upload_limit": "2/hour"})
    for _ in range(2):
        exhibit = await add(meeting, meeting.alice)
        await exhibits.remove(ctx, meeting.caller(meeting.alice), exhibit)
    with refused("too_many_uploads"):
        await add(meeting, meeting.alice)
    await add(meeting, meeting.opponent)


async def test_a_caller_who_goes_away_takes_no_file_from_what_was_committed(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch
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


async def test_neither_name_nor_content_nor_drawing_lies_open(meeting: Meeting) -> None:
    exhibit = await add(meeting, meeting.alice, "欠张三两千元".encode(), "张三.txt")
    await show(meeting, meeting.host, exhibit)
    await draw(meeting, meeting.alice, exhibit)
    async with meeting.ctx.store.read() as conn:
        row = (await conn.execute(select(tables.exhibit))).mappings().one()
        shape = await conn.scalar(select(tables.stroke.c.shape))
    assert "张三" not in str(dict(row))
    assert "4321" not in str(shape)
    folder = meeting.ctx.settings.data_dir / "files"
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert len(files) == 2
    assert not any("张三".encode() in file.read_bytes() for file in files)


async def test_what_is_removed_is_gone_for_all(meeting: Meeting) -> None:
    exhibit = await add(meeting, meeting.alice)
    await show(meeting, meeting.host, exhibit)
    with refused("not_yours"):
        await exhibits.remove(meeting.ctx, meeting.caller(meeting.opponent), exhibit)
    await exhibits.remove(meeting.ctx, meeting.caller(meeting.alice), exhibit)
    assert await may_read(meeting, exhibit) == set()
    assert await lines(meeting, meeting.host) == []
    session = await meeting.session()
    assert session.joint is not None
    assert session.joint.exhibit is None
    with refused("exhibit_missing"):
        await show(meeting, meeting.host, exhibit)
    await exhibits.remove(meeting.ctx, meeting.caller(meeting.alice), exhibit)
    assert (await audited(meeting)).count("session.exhibit_removed") == 1


async def test_pages_are_drawn_once_and_only_those_there_are(
    meeting: Meeting, drawn: Drawn
) -> None:
    exhibit = await add(meeting, meeting.alice, b"words", "a.txt")
    ctx, alice, cookie = meeting.ctx, meeting.alice, meeting.cookies[meeting.alice]
    for _ in range(2):
        for asked in (0, 700, 800):
            assert await exhibit_pages.picture(ctx, alice, cookie, exhibit, 3, asked) == PICTURE
    await exhibit_pages.picture(ctx, alice, cookie, exhibit, 3, 99_999)
    assert drawn == [(b"%PDF-1.7 made", 3, 800), (b"%PDF-1.7 made", 3, 3200)]
    for missing in (0, 4):
        with refused("page_missing"):
            await exhibit_pages.picture(ctx, alice, cookie, exhibit, missing, 800)
    with refused("page_missing"):
        await show(meeting, meeting.host, exhibit, 4)


async def test_the_sweeper_leaves_papers_and_pages_and_takes_what_was_removed(
    meeting: Meeting,
) -> None:
    kept = await add(meeting, meeting.alice, b"words", "a.txt")
    gone = await add(meeting, meeting.alice, b"other words", "b.txt")
    for exhibit in (kept, gone):
        assert await may_read(meeting, exhibit)
    await exhibits.remove(meeting.ctx, meeting.caller(meeting.alice), gone)
    folder = meeting.ctx.settings.data_dir / "files"
    before = time.time() - GIVEN_UP_S - 60
    for file in folder.glob("??/*"):
        os.utime(file, (before, before))
    assert await documents.sweep(meeting.ctx) == 3
    assert len(list(folder.glob("??/*"))) == 3
    assert await may_read(meeting, kept)


async def test_without_the_cases_key_nothing_can_be_read(meeting: Meeting) -> None:
    exhibit = await add(meeting, meeting.alice)
    await show(meeting, meeting.host, exhibit)
    await draw(meeting, meeting.alice, exhibit)
    ctx, alice, cookie = meeting.ctx, meeting.alice, meeting.cookies[meeting.alice]
    ctx.keys.data.destroy(meeting.world.case.id)
    assert [line.name for line in await lines(meeting, alice)] == [""]
    assert await may_read(meeting, exhibit) == set()
    with refused("exhibit_missing"):
        await exhibits.saved(ctx, alice, cookie, exhibit)
    assert await strokes.listed(ctx, alice, cookie, exhibit, 1) == []
    with refused("not_found"):
        await add(meeting, alice)


async def test_a_paper_of_the_case_is_shown_and_its_file_is_not_copied(
    meeting: Meeting, staff: Staff
) -> None:
    ctx, case, host = meeting.ctx, meeting.world.case.id, meeting.host
    kind, wang = DocumentKind.EVIDENCE, staff.wang.id
    paper = await documents.add(ctx, case, kind, "合同.pdf", "", pieces(PDF), wang)
    (listed,) = await exhibit_case.papers(ctx, host, meeting.cookies[host])
    assert (listed.id, listed.name) == (paper, "合同.pdf")
    with refused("not_host"):
        await exhibit_case.papers(ctx, meeting.alice, meeting.cookies[meeting.alice])
    with refused("not_host"):
        await exhibit_case.bring(ctx, meeting.caller(meeting.alice), paper)
    for _ in range(2):
        await exhibit_case.bring(ctx, meeting.caller(host), paper)
    (line,) = await lines(meeting, meeting.opponent)
    assert (line.name, line.kept) == ("合同.pdf", True)
    assert meeting.opponent in await may_read(meeting, line.id)
    blobs = [f for f in (ctx.settings.data_dir / "files").glob("??/*") if f.is_file()]
    assert len(blobs) == 2, "the paper, and one page of it"
    with refused("not_found"):
        await exhibit_case.bring(ctx, meeting.caller(host), line.id)  # type: ignore[arg-type]


async def test_a_paper_shown_is_kept_in_the_file_once(meeting: Meeting, staff: Staff) -> None:
    exhibit = await add(meeting, meeting.alice)
    ctx, host = meeting.ctx, meeting.host
    with refused("not_host"):
        await exhibit_case.keep(ctx, meeting.caller(meeting.alice), exhibit)
    await exhibit_case.keep(ctx, meeting.caller(host), exhibit)
    with refused("in_the_file"):
        await exhibit_case.keep(ctx, meeting.caller(host), exhibit)
    (line,) = await documents.listed(ctx, meeting.world.case.id)
    assert (line.name, line.by) == ("欠条.pdf", "王敏")
    await exhibits.remove(ctx, meeting.caller(host), exhibit)
    opened = await documents.opened(ctx, staff.wang, meeting.world.case.id, line.id)
    assert b"".join([chunk async for chunk in opened.chunks]) == PDF


async def test_a_paper_taken_back_meanwhile_is_not_kept_in_the_file(
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    await meeting.move(Destination.CAUCUS, meeting.alice)
    exhibit = await add(meeting, meeting.alice)
    before = replace(await exhibits.existing(meeting.ctx, exhibit), release=Release.RELEASED)

    async def existing(*_: object) -> object:
        return before

    monkeypatch.setattr(exhibits, "existing", existing)
    with refused("kept_by_its_side"):
        await exhibit_case.keep(meeting.ctx, meeting.caller(meeting.host), exhibit)
    assert await documents.listed(meeting.ctx, meeting.world.case.id) == []


async def draw(
    meeting: Meeting, seat: SeatId, exhibit: ExhibitId, page: int = 1, colour: Colour = Colour.RED
) -> None:
    points = [4321, 2, 3, 4]
    await strokes.draw(meeting.ctx, meeting.caller(seat), exhibit, page, points, colour, 2)


async def drawn_by(meeting: Meeting, seat: SeatId, exhibit: ExhibitId) -> list[bool]:
    found = await strokes.listed(meeting.ctx, seat, meeting.cookies[seat], exhibit, 1)
    return [line.mine for line in found]


async def test_everybody_draws_on_what_is_shown_and_wipes_their_own(meeting: Meeting) -> None:
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
    await strokes.wipe(ctx, meeting.caller(alice), exhibit, 1, Wipe.LAST)
    assert await drawn_by(meeting, opponent, exhibit) == [False, True]
    with refused("not_leading"):
        await strokes.wipe(ctx, meeting.caller(opponent), exhibit, 1, Wipe.ALL)
    await strokes.wipe(ctx, meeting.caller(opponent), exhibit, 1, Wipe.OWN)
    assert await drawn_by(meeting, host, exhibit) == [False]
    await strokes.wipe(ctx, meeting.caller(host), exhibit, 1, Wipe.ALL)
    assert await drawn_by(meeting, host, exhibit) == []
    assert (opponent, "strokes") in meeting.publish.heard


async def test_what_is_done_with_a_page_is_in_the_audit_and_not_in_the_time_line(
    meeting: Meeting,
) -> None:
    exhibit = await add(meeting, meeting.alice)
    for page in (1, 2, 2):
        await show(meeting, meeting.host, exhibit, page)
    await draw(meeting, meeting.alice, exhibit, 2)
    async with meeting.ctx.store.read() as conn:
        shape = await conn.scalar(select(tables.stroke.c.shape))
    for _ in range(2):
        await strokes.wipe(meeting.ctx, meeting.caller(meeting.alice), exhibit, 2, Wipe.OWN)
    async with meeting.ctx.store.read() as conn:
        chain = await audit.of_chain(conn, f"case:{meeting.world.case.id}")
    verbs = {"session.turned", "session.drawn", "session.wiped"}
    assert [(e.verb, e.body["detail"], e.actor) for e in chain if e.verb in verbs] == [
        ("session.turned", f"{exhibit}:2", meeting.host),
        ("session.drawn", sha256(str(shape).encode()).hexdigest(), meeting.alice),
        ("session.wiped", f"{exhibit}:2", meeting.alice),
    ]
    assert not verbs & SHOWN


async def test_what_is_drawn_in_private_is_not_seen_in_joint(meeting: Meeting) -> None:
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
    meeting: Meeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    exhibit = await add(meeting, meeting.alice)
    await show(meeting, meeting.host, exhibit)
    monkeypatch.setattr(stroke, "MOST", 1)
    await draw(meeting, meeting.alice, exhibit)
    with refused("page_full"):
        await draw(meeting, meeting.alice, exhibit)
    await draw(meeting, meeting.alice, exhibit, 2)


@pytest.mark.parametrize("seed", range(2))
async def test_whoever_was_there_may_read_it_and_nobody_else(meeting: Meeting, seed: int) -> None:
    """A paper belongs to those who were in its space, wherever they are led afterwards."""
    chance = random.Random(seed)
    people = (meeting.alice, meeting.opponent)
    allowed: dict[ExhibitId, set[SeatId]] = {}
    for _ in range(8):
        where = chance.choice(list(Destination))
        led = [] if where is Destination.JOINT else [chance.choice(people)]
        await meeting.move(where, *led)
        session = await meeting.session()
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
