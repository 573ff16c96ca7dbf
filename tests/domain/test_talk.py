"""Who reads what was said, noted and released, by example."""

from __future__ import annotations

import pytest

from server.domain import message, release, room_note, session_text
from server.domain.ids import MessageId, RoomNoteId, SeatId, SpaceId
from server.domain.message import Message, address
from server.domain.release import Release
from server.domain.room_note import RoomNote
from server.domain.seat import Role
from server.domain.session import Destination, Session
from server.domain.session_text import Item, SessionText, TextKind
from server.domain.space import SpaceKind
from tests.domain.people import (
    ALICE,
    BOB,
    CO,
    DORA,
    HOST,
    INTERPRETER,
    SECOND,
    START,
    a_session,
    arrive,
    device,
    together,
)
from tests.services.refusing import refused


def here(session: Session, seat: SeatId) -> SpaceId | None:
    return session.seats[seat].space


def caucus(*seats: SeatId) -> Session:
    session = together(ALICE, BOB, DORA, CO, INTERPRETER)
    session.move(HOST, seats, Destination.CAUCUS, START)
    return session


# ---- messages ---------------------------------------------------------------------------------


def test_words_reach_those_who_are_there_and_connected() -> None:
    session = caucus(ALICE)
    said = address(session, ALICE, None, here(session, ALICE))
    assert said.kind is SpaceKind.CAUCUS
    assert said.readers == {ALICE, HOST}
    assert address(session, BOB, None, here(session, BOB)).readers == {BOB}
    session.lost(HOST, START)
    assert address(session, ALICE, None, here(session, ALICE)).readers == {ALICE}


def test_what_was_typed_for_another_space_is_not_sent_into_this_one() -> None:
    session = caucus(ALICE)
    typed_in = here(session, ALICE)
    session.move(HOST, [], Destination.JOINT, START)
    with refused("moved_meanwhile"):
        address(session, ALICE, None, typed_in)
    with refused("moved_meanwhile"):
        address(session, ALICE, None, None)


def test_a_lobby_and_the_hosts_write_to_each_other() -> None:
    session = together(ALICE, CO)
    arrive(session, DORA)
    said = address(session, DORA, None, here(session, DORA))
    assert said.to_lobby == DORA
    assert said.readers == {DORA, HOST, SECOND}
    lobby = here(session, DORA)
    assert address(session, HOST, DORA, lobby) == said
    with refused("not_waiting"):
        address(session, HOST, DORA, here(session, ALICE))
    with refused("not_host"):
        address(session, ALICE, DORA, lobby)
    with refused("not_host"):
        address(session, CO, DORA, lobby)
    session.admit(HOST, DORA, START)
    with refused("not_waiting"):
        address(session, HOST, DORA, lobby)


def test_a_claim_has_a_lobby_of_its_own() -> None:
    session = together(ALICE)
    claim = session.connect(ALICE, device(DORA), START)
    said = address(session, claim.id, None, claim.space)
    assert said.to_lobby == claim.id
    assert said.readers == {claim.id, HOST, SECOND}


def test_words_before_the_host_has_come_are_there_when_they_have() -> None:
    session = a_session()
    arrive(session, DORA)
    said = address(session, DORA, None, here(session, DORA))
    assert said.readers == {DORA, HOST, SECOND}
    sealed = Message(MessageId("m"), said.space, said.kind, DORA, "", START, DORA)
    assert not message.may_read(session.seats[HOST], sealed)
    arrive(session, HOST)
    assert message.may_read(session.seats[HOST], sealed)


def test_whoever_waits_reads_the_words_of_this_wait_only() -> None:
    session = together(ALICE)
    told = Message(MessageId("m"), SpaceId("some caucus"), SpaceKind.CAUCUS, HOST, "sealed", START)
    assert message.may_read(session.seats[ALICE], told)
    session.leave(ALICE, START)
    arrive(session, ALICE)  # or whoever has the link now
    assert not message.may_read(session.seats[ALICE], told)
    waiting = Message(
        MessageId("n"), here(session, ALICE) or told.space, SpaceKind.LOBBY, HOST, "", START, ALICE
    )
    assert message.may_read(session.seats[ALICE], waiting)


@pytest.mark.parametrize(
    ("typed", "code"),
    [("", "message_missing"), (" \n ", "message_missing"), ("x" * 2001, "message_unusable")],
)
def test_a_message_says_something_and_not_too_much(typed: str, code: str) -> None:
    with refused(code):
        message.checked_body(typed)
    assert message.checked_body("好" * 2000) == "好" * 2000


# ---- notes ------------------------------------------------------------------------------------


def note(scope: str, state: Release = Release.KEEP) -> RoomNote:
    session = together()
    return RoomNote(RoomNoteId("n"), session.id, scope, HOST, "sealed", START, release=state)


def test_notes_belong_to_those_they_were_written_with() -> None:
    assert room_note.scope_of(together(ALICE), HOST) == ""
    assert room_note.scope_of(caucus(ALICE), HOST) == "A"
    assert room_note.scope_of(caucus(DORA, ALICE), HOST) == "A,B"
    assert room_note.scope_of(caucus(INTERPRETER), HOST) == "-"
    with refused("not_host"):
        room_note.scope_of(caucus(CO), CO)


def test_only_notes_of_this_scope_and_in_joint_what_was_released() -> None:
    for state in Release:
        assert room_note.may_read(note("A", state), "A")
        assert not room_note.may_read(note("A", state), "B")
        assert not room_note.may_read(note("", state), "A")
        assert room_note.may_read(note("A", state), "") == (state is Release.RELEASED)


def test_what_a_side_was_asked_about_is_not_struck() -> None:
    room_note.strike(note("A"), "A")
    room_note.strike(note("A", Release.REFUSED), "A")
    with refused("no_such_note"):
        room_note.strike(note("A"), "")
    for state in (Release.ASKED, Release.RELEASED):
        with refused("words_fixed"):
            room_note.strike(note("A", state), "A")


# ---- release ----------------------------------------------------------------------------------


def test_a_side_is_asked_by_the_host_who_is_with_it_alone() -> None:
    session = caucus(ALICE)
    release.ask(session, HOST, "A", Release.KEEP)
    release.ask(session, HOST, "A", Release.REFUSED)  # thinking again is allowed
    with refused("released_already"):
        release.ask(session, HOST, "A", Release.RELEASED)
    for scope in ("B", "", "-", "A,B"):
        with refused("not_with_them"):
            release.ask(session, HOST, scope, Release.KEEP)
    with refused("not_host"):
        release.ask(session, ALICE, "A", Release.KEEP)
    with refused("not_with_them"):
        release.ask(together(ALICE), HOST, "", Release.KEEP)
    with refused("nobody_to_ask"):
        release.ask(caucus(INTERPRETER), HOST, "-", Release.KEEP)
    with refused("nobody_to_ask"):
        release.ask(caucus(ALICE, DORA), HOST, "A,B", Release.KEEP)


def test_yes_releases_no_keeps_and_a_yes_may_be_taken_back() -> None:
    session = caucus(ALICE, BOB)
    answer = release.answer
    assert answer(session, ALICE, "A", Release.ASKED, True) is Release.RELEASED
    assert answer(session, BOB, "A", Release.ASKED, False) is Release.REFUSED
    assert answer(session, BOB, "A", Release.RELEASED, False) is Release.REFUSED
    assert answer(session, ALICE, "A", Release.RELEASED, True) is Release.RELEASED
    for state in (Release.KEEP, Release.REFUSED):
        with refused("not_asked"):
            answer(session, ALICE, "A", state, True)
    with refused("not_asked"):
        answer(session, ALICE, "A", Release.KEEP, False)


def test_nobody_else_answers_and_nobody_elsewhere() -> None:
    session = caucus(ALICE, INTERPRETER)
    for seat in (HOST, INTERPRETER, DORA):
        with refused("not_yours_to_answer"):
            release.answer(session, seat, "A", Release.ASKED, True)
    # Of her side, but not there when it was said.
    with refused("not_in_private"):
        release.answer(session, BOB, "A", Release.ASKED, True)
    session.move(HOST, [], Destination.JOINT, START)
    with refused("not_in_private"):
        release.answer(session, ALICE, "A", Release.ASKED, True)


def test_who_speaks_for_a_side() -> None:
    session = caucus(ALICE)
    release.speaker(session, ALICE)
    release.speaker(session, BOB)
    session.seats[BOB].role = Role.COMPANION
    for seat in (HOST, CO, INTERPRETER, BOB):
        with refused("not_yours_to_answer"):
            release.speaker(session, seat)


# ---- agenda and minutes -----------------------------------------------------------------------


def text(version: int, by: SeatId = HOST) -> SessionText:
    session = together()
    return SessionText(
        "t", session.id, TextKind.MINUTES, version, "sealed", by, START, begun_at=START
    )


def test_a_version_follows_the_one_that_was_seen() -> None:
    assert session_text.next_version(None, 0) == 1
    assert session_text.next_version(text(4), 4) == 5
    for seen in (0, 3, 5):
        with refused("edited_meanwhile"):
            session_text.next_version(text(4), seen)


def test_one_hand_within_a_minute_writes_one_version() -> None:
    soon, later = START + session_text.ONE_SITTING / 2, START + session_text.ONE_SITTING
    assert session_text.replaces(text(1), HOST, soon)
    assert not session_text.replaces(text(1), HOST, later)
    assert not session_text.replaces(text(1), CO, soon)
    assert not session_text.replaces(None, HOST, soon)


def test_who_keeps_the_minutes_and_who_reads_the_agenda() -> None:
    session = together(ALICE, INTERPRETER)
    session.seats[INTERPRETER].role = Role.CLERK
    for seat in (HOST, INTERPRETER):
        assert session_text.writer(session, seat).id == seat
        assert session_text.may_read(session, session.seats[seat], TextKind.MINUTES)
    with refused("not_writer"):
        session_text.writer(session, ALICE)
    alice = session.seats[ALICE]
    assert not session_text.may_read(session, alice, TextKind.MINUTES)
    assert session_text.may_read(session, alice, TextKind.AGENDA)
    session.move(HOST, [ALICE], Destination.CAUCUS, START)
    assert not session_text.may_read(session, alice, TextKind.AGENDA)
    assert session_text.may_read(session, session.seats[HOST], TextKind.AGENDA)
    session.remove(HOST, INTERPRETER, START)
    with refused("not_writer"):
        session_text.writer(session, INTERPRETER)


def test_what_an_agenda_and_minutes_may_hold() -> None:
    assert session_text.checked_items([Item("  the  roof ", True)]) == [Item("the roof", True)]
    for items in ([Item("", False)], [Item("x" * 201, False)], [Item("x", False)] * 31):
        with refused("agenda_unusable"):
            session_text.checked_items(items)
    assert session_text.checked_minutes("  a\r\n\tb \u202e\x00 c\r") == "  a\n\tb  c\n"
    assert session_text.checked_minutes("") == ""
    assert session_text.checked_minutes("字" * 50_000)
    with refused("minutes_too_long"):
        session_text.checked_minutes("字" * 50_001)
