"""What is said, noted, released and written in a meeting, and who reads it."""

from __future__ import annotations

import random
from hashlib import sha256

import pytest
from sqlalchemy import select

from server.domain.document import FileType
from server.domain.errors import Refused
from server.domain.exhibit import Exhibit
from server.domain.ids import ExhibitId, RoomNoteId, SeatId
from server.domain.release import Release, ReleaseKind
from server.domain.session import Destination
from server.domain.session_text import Item, TextKind
from server.domain.space import SpaceKind
from server.security.ids import new_id
from server.services import audit, messages, releases, room_notes, sealed, session_texts, sessions
from server.services.cases import SHOWN
from server.services.context import Context
from server.services.messages import MessageLine
from server.store import audit as stored_audit
from server.store import exhibits, tables
from tests.services.conftest import Clock, Staff
from tests.services.refusing import refused
from tests.services.seated import Seated, seated
from tests.store.world import World

NOTE = ReleaseKind.NOTE


@pytest.fixture
async def meeting(ctx: Context, world: World) -> Seated:
    return await seated(ctx, world, world.alice, world.bob, world.opponent)


async def say(meeting: Seated, seat: SeatId, text: str, to: SeatId | None = None) -> None:
    here = await meeting.space(to or seat)
    await messages.say(meeting.ctx, meeting.by(seat), text, to, here)


async def heard(meeting: Seated, seat: SeatId) -> list[MessageLine]:
    asked = (await meeting.state()).seats[seat].claim_of or seat
    return await messages.listed(meeting.ctx, asked, meeting.cookies[seat])


async def words(meeting: Seated, seat: SeatId) -> list[str]:
    return [line.text for line in await heard(meeting, seat)]


async def note(meeting: Seated, text: str) -> RoomNoteId:
    """By the host, in the space they are in."""
    host = meeting.world.host
    await room_notes.write(meeting.ctx, meeting.by(host), text, await meeting.space(host))
    return next(line.id for line in (await notes(meeting)).notes if line.text == text)


async def notes(meeting: Seated) -> room_notes.RoomNotes:
    host = meeting.world.host
    return await room_notes.listed(meeting.ctx, host, meeting.cookies[host])


async def asked(meeting: Seated, seat: SeatId) -> dict[str, Release]:
    found = await releases.listed(meeting.ctx, seat, meeting.cookies[seat])
    return {line.words: line.release for line in found}


# ---- messages ---------------------------------------------------------------------------------


async def test_words_are_read_by_those_who_were_there(meeting: Seated) -> None:
    world = meeting.world
    await say(meeting, world.alice, "to all")
    await meeting.caucus(world.alice)
    meeting.news()
    await say(meeting, world.alice, "in private")
    assert meeting.news() == {(world.alice, "messages"), (world.host, "messages")}
    await say(meeting, world.opponent, "among us")
    assert meeting.news() == {(world.opponent, "messages")}
    await meeting.joint()
    assert await words(meeting, world.host) == ["to all", "in private"]
    assert await words(meeting, world.alice) == ["to all", "in private"]
    assert await words(meeting, world.bob) == ["to all"]
    assert await words(meeting, world.opponent) == ["to all", "among us"]
    first, second = await heard(meeting, world.alice)
    assert (first.kind, second.kind) == (SpaceKind.JOINT, SpaceKind.CAUCUS)
    assert (first.mine, first.name, first.side) == (True, "Alice", "A")
    assert not (await heard(meeting, world.bob))[0].mine


async def test_they_are_sealed_and_in_the_audit(meeting: Seated) -> None:
    await say(meeting, meeting.world.alice, "漏水是楼上的事")
    async with meeting.ctx.store.read() as conn:
        body = await conn.scalar(select(tables.message.c.body))
        audited = str((await conn.execute(select(tables.audit_entry))).all())
    assert body
    assert "漏水" not in body
    assert "漏水" not in audited
    assert "session.said" in audited
    assert await audit.verify(meeting.ctx) == []


async def test_a_lobby_learns_the_hosts_name_and_no_other(ctx: Context, world: World) -> None:
    meeting = await seated(ctx, world, world.alice)
    await say(meeting, world.alice, "to all")
    await meeting.comes(world.opponent)
    await say(meeting, world.opponent, "am I right here?")
    meeting.news()
    await say(meeting, world.host, "yes", world.opponent)
    assert meeting.news() == {(world.opponent, "messages"), (world.host, "messages")}
    assert await words(meeting, world.alice) == ["to all"]
    own, answer = await heard(meeting, world.opponent)
    assert (own.name, own.side, own.to, own.mine) == ("", None, None, True)
    assert (answer.name, answer.side, answer.mine) == ("王敏", None, False)
    assert [line.to for line in await heard(meeting, world.host)] == [None, *[world.opponent] * 2]


async def test_a_claim_and_the_seat_it_wants_read_nothing_of_each_other(
    ctx: Context, world: World
) -> None:
    meeting = await seated(ctx, world, world.alice)
    await say(meeting, world.alice, "mine")
    claim = await meeting.comes(world.alice)
    await say(meeting, claim, "it is me")
    await say(meeting, world.host, "who are you?", claim)
    assert await words(meeting, claim) == ["it is me", "who are you?"]
    assert await words(meeting, world.alice) == ["mine"]
    assert [line.claim for line in await heard(meeting, world.host)] == [False, True, False]


async def test_who_finds_a_free_seat_reads_nothing_that_was_said_to_another(
    ctx: Context, world: World
) -> None:
    meeting = await seated(ctx, world, world.alice)
    await meeting.caucus(world.alice)
    await say(meeting, world.alice, "my secret")
    await sessions.leave(ctx, meeting.by(world.alice))
    await meeting.comes(world.alice)  # a stranger with her link
    assert await words(meeting, world.alice) == []
    await say(meeting, world.host, "please wait", world.alice)
    assert await words(meeting, world.alice) == ["please wait"]


async def test_what_was_typed_before_a_move_is_not_sent_after_it(meeting: Seated) -> None:
    world = meeting.world
    await meeting.caucus(world.alice)
    typed_in = await meeting.space(world.alice)
    await meeting.joint()
    with refused("moved_meanwhile"):
        await messages.say(meeting.ctx, meeting.by(world.alice), "secret", None, typed_in)
    with refused("moved_meanwhile"):
        await room_notes.write(meeting.ctx, meeting.by(world.host), "secret", typed_in)
    assert await words(meeting, world.opponent) == []


async def test_a_flood_is_stopped_and_a_repeat_is_not_counted(
    meeting: Seated, ctx: Context
) -> None:
    world = meeting.world
    ctx.settings = ctx.settings.model_copy(update={"chat_limit": "3/minute"})
    once, here = meeting.by(world.alice), await meeting.space(world.alice)
    for _ in range(5):
        await messages.say(ctx, once, "once", None, here)
    await say(meeting, world.alice, "twice")
    await say(meeting, world.alice, "thrice")
    with refused("too_fast"):
        await say(meeting, world.alice, "again")
    await say(meeting, world.bob, "not me")
    await messages.say(ctx, once, "once", None, here)
    assert await words(meeting, world.bob) == ["once", "twice", "thrice", "not me"]


async def test_whatever_happens_words_stay_with_those_who_were_there(meeting: Seated) -> None:
    """Random moves and words; each is read by exactly those who were there to hear it."""
    chance, world = random.Random(7), meeting.world
    people = [world.host, world.alice, world.bob, world.opponent]
    expected: dict[SeatId, list[str]] = {seat: [] for seat in people}
    for n in range(25):
        where = chance.choice(list(Destination))
        some = chance.sample(people[1:], chance.randint(1, 2))
        await meeting.move(where, *([] if where is Destination.JOINT else some))
        speaker = chance.choice(people)
        state, text = await meeting.state(), f"words {n}"
        meeting.ctx.limiter.forgive(meeting.ctx.settings.chat_limit, "chat", speaker)
        await say(meeting, speaker, text)
        for seat in people:
            if state.seats[seat].space == state.seats[speaker].space:
                expected[seat].append(text)
    assert {seat: await words(meeting, seat) for seat in people} == expected
    assert len({str(read) for read in expected.values()}) == len(people)


# ---- notes and their release ------------------------------------------------------------------


async def test_a_note_is_read_in_spaces_of_its_scope_only(meeting: Seated) -> None:
    world = meeting.world
    await note(meeting, "for all")
    await meeting.caucus(world.alice)
    meeting.news()
    await note(meeting, "Alice would take 2,000")
    assert meeting.news() == {(world.host, "notes")}
    assert [line.text for line in (await notes(meeting)).notes] == ["Alice would take 2,000"]
    await meeting.caucus(world.opponent)
    assert (await notes(meeting)) == room_notes.RoomNotes("B", [])
    await meeting.joint()
    assert [line.text for line in (await notes(meeting)).notes] == ["for all"]
    await meeting.caucus(world.alice)
    assert [line.text for line in (await notes(meeting)).notes] == ["Alice would take 2,000"]
    for seat in (world.alice, world.bob, world.opponent):
        with refused("not_host"):
            await room_notes.listed(meeting.ctx, seat, meeting.cookies[seat])


async def test_words_go_from_a_side_by_its_yes_and_back_by_its_no(meeting: Seated) -> None:
    world, ctx = meeting.world, meeting.ctx
    host, alice = world.host, world.alice
    await meeting.caucus(alice)
    words = await note(meeting, "2,000 by Friday")
    await note(meeting, "kept")
    meeting.news()
    await releases.ask(ctx, meeting.by(host), NOTE, words)
    assert meeting.news() == {(s, what) for s in (host, alice) for what in ("notes", "releases")}
    assert await asked(meeting, alice) == {"2,000 by Friday": Release.ASKED}
    assert await asked(meeting, world.bob) == {} == await asked(meeting, world.opponent)
    with refused("words_fixed"):
        await room_notes.strike(ctx, meeting.by(host), words)
    with refused("not_yours_to_answer"):
        await releases.answer(ctx, meeting.by(host), NOTE, words, True)
    with refused("not_yours_to_answer"):
        await releases.answer(ctx, meeting.by(world.opponent), NOTE, words, True)
    await releases.answer(ctx, meeting.by(alice), NOTE, words, True)
    assert await asked(meeting, host) == {"2,000 by Friday": Release.RELEASED}
    await meeting.joint()
    assert [line.text for line in (await notes(meeting)).notes] == ["2,000 by Friday"]
    assert await asked(meeting, alice) == {}
    with refused("not_in_private"):
        await releases.answer(ctx, meeting.by(alice), NOTE, words, False)
    await meeting.caucus(alice)
    await releases.answer(ctx, meeting.by(alice), NOTE, words, False)
    await meeting.joint()
    assert (await notes(meeting)).notes == []
    assert await audit.verify(ctx) == []


async def test_the_audit_tells_to_the_letter_what_was_noted_and_answered(meeting: Seated) -> None:
    world, ctx = meeting.world, meeting.ctx
    await meeting.caucus(world.alice)
    words = await note(meeting, "2,000 by Friday")
    await releases.ask(ctx, meeting.by(world.host), NOTE, words)
    for yes in (True, False):
        await releases.answer(ctx, meeting.by(world.alice), NOTE, words, yes)
    async with ctx.store.read() as conn:
        body = await conn.scalar(select(tables.room_note.c.body))
        chain = await stored_audit.of_chain(conn, f"case:{world.case.id}")
    verbs = ["session.noted", "session.release_asked", "session.released", "session.kept"]
    to_the_letter = f"{words}:{sha256(str(body).encode()).hexdigest()}"
    found = [(e.verb, e.body["detail"]) for e in chain if e.verb in verbs]
    assert found == [(verb, to_the_letter) for verb in verbs]
    assert not SHOWN.intersection(verbs)


async def test_a_no_stands_until_it_is_asked_anew(meeting: Seated) -> None:
    world, ctx = meeting.world, meeting.ctx
    await meeting.caucus(world.alice)
    words = await note(meeting, "words")
    for _ in range(2):
        await releases.ask(ctx, meeting.by(world.host), NOTE, words)
        await releases.answer(ctx, meeting.by(world.alice), NOTE, words, False)
        with refused("not_asked"):
            await releases.answer(ctx, meeting.by(world.alice), NOTE, words, True)
    await room_notes.strike(ctx, meeting.by(world.host), words)
    await room_notes.strike(ctx, meeting.by(world.host), words)
    assert (await notes(meeting)).notes[0].struck
    with refused("nothing_to_release"):
        await releases.ask(ctx, meeting.by(world.host), NOTE, words)
    with refused("nothing_to_release"):
        await releases.ask(ctx, meeting.by(world.host), ReleaseKind.EXHIBIT, words)


async def test_a_host_asks_only_whom_they_are_with(meeting: Seated) -> None:
    world, ctx = meeting.world, meeting.ctx
    await meeting.caucus(world.alice)
    words = await note(meeting, "Alice's")
    await meeting.caucus(world.opponent)
    with refused("not_with_them"):
        await releases.ask(ctx, meeting.by(world.host), NOTE, words)
    with refused("no_such_note"):
        await room_notes.strike(ctx, meeting.by(world.host), words)
    with refused("not_host"):
        await releases.ask(ctx, meeting.by(world.opponent), NOTE, words)


async def test_a_paper_is_released_in_the_same_way(meeting: Seated) -> None:
    world, ctx = meeting.world, meeting.ctx
    await meeting.caucus(world.alice)
    paper = ExhibitId(new_id())
    async with ctx.store.write() as conn:
        brought = Exhibit(
            id=paper,
            session=world.session.id,
            space=await meeting.space(world.alice),
            scope="A",
            by=world.alice,
            name=sealed.seal(ctx, world.case.id, f"exhibit:{paper}", "receipt.pdf"),
            type=FileType.PDF,
            size=1,
            sha256="0" * 64,
            blob=new_id(),
            pdf=None,
            pages=1,
            at=ctx.clock(),
        )
        await exhibits.insert(conn, brought)
    meeting.news()
    await releases.ask(ctx, meeting.by(world.host), ReleaseKind.EXHIBIT, paper)
    told = meeting.news()
    assert {seat for seat, _ in told} == {world.host, world.alice}
    assert {what for _, what in told} == {"exhibits", "releases"}
    assert await asked(meeting, world.alice) == {"receipt.pdf": Release.ASKED}
    await releases.answer(ctx, meeting.by(world.alice), ReleaseKind.EXHIBIT, paper, True)
    async with ctx.store.read() as conn:
        found = await exhibits.find(conn, paper)
    assert found is not None
    assert found.open


# ---- agenda and minutes -----------------------------------------------------------------------


async def test_an_agenda_is_written_by_hosts_and_read_in_joint(meeting: Seated) -> None:
    world, ctx = meeting.world, meeting.ctx
    host, alice = meeting.by(world.host), world.alice
    meeting.news()
    await session_texts.write_agenda(ctx, host, 0, [Item("屋顶", False)])
    everybody = (world.host, alice, world.bob, world.opponent)
    assert meeting.news() == {(seat, "agenda") for seat in everybody}
    page = await session_texts.read(ctx, alice, meeting.cookies[alice], TextKind.AGENDA)
    assert (page.version, page.content, page.may_write) == (
        1,
        [{"text": "屋顶", "done": False}],
        False,
    )
    with refused("edited_meanwhile"):
        await session_texts.write_agenda(ctx, meeting.by(world.host), 0, [])
    with refused("not_host"):
        await session_texts.write_agenda(ctx, meeting.by(alice), 1, [])
    await meeting.caucus(alice)
    meeting.news()
    await session_texts.write_agenda(ctx, meeting.by(world.host), 1, [])
    assert meeting.news() == {(world.host, "agenda")}
    with refused("not_in_joint"):
        await session_texts.read(ctx, alice, meeting.cookies[alice], TextKind.AGENDA)


async def test_minutes_are_kept_version_by_version(
    meeting: Seated, clock: Clock, staff: Staff
) -> None:
    world, ctx = meeting.world, meeting.ctx
    host, session = world.host, world.session.id
    meeting.news()
    for n, typed in enumerate(("a", "ab", "abc")):
        clock.forward(seconds=25)
        await session_texts.write_minutes(ctx, meeting.by(host), n, typed)
    assert meeting.news() == {(host, "minutes")}
    clock.forward(minutes=2)
    await session_texts.write_minutes(ctx, meeting.by(host), 3, "abcd")
    async with ctx.store.read() as conn:
        kept = await conn.scalars(select(tables.session_text.c.version))
        assert sorted(kept) == [3, 4]
    with refused("edited_meanwhile"):
        await session_texts.write_minutes(ctx, meeting.by(host), 3, "lost?")
    page = await session_texts.read(ctx, host, meeting.cookies[host], TextKind.MINUTES)
    assert (page.version, page.content, page.by, page.may_write) == (4, "abcd", "王敏", True)
    for seat in (world.alice, world.opponent):
        with refused("not_writer"):
            await session_texts.read(ctx, seat, meeting.cookies[seat], TextKind.MINUTES)
        with refused("not_writer"):
            await session_texts.write_minutes(ctx, meeting.by(seat), 4, "mine")
    for user, reads in ((staff.wang, True), (staff.clerk, True), (staff.supervisor, False)):
        found = await session_texts.minutes_for_staff(ctx, user, session)
        assert (found is not None and found.content == "abcd") is reads
    assert await session_texts.minutes_for_staff(ctx, staff.zhao, session) is None


async def test_a_refused_command_writes_nothing(meeting: Seated) -> None:
    world, ctx = meeting.world, meeting.ctx
    await session_texts.write_minutes(ctx, meeting.by(world.host), 0, "first")
    before = (await meeting.state()).version
    for version in (0, 2):
        with pytest.raises(Refused):
            await session_texts.write_minutes(ctx, meeting.by(world.host), version, "x")
    assert (await meeting.state()).version == before
