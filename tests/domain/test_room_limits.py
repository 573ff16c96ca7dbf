"""The room's commands at their edges: one seat's affairs are no other's, a promise is kept."""

from __future__ import annotations

from datetime import timedelta

from server.domain import beside, chairs, door, exhibit, pausing, showing
from server.domain.document import FileType
from server.domain.exhibit import Exhibit
from server.domain.ids import ExhibitId, SeatId, SpaceId
from server.domain.release import scope
from server.domain.seat import Role
from server.domain.session import Destination, Session
from server.domain.view import view
from tests.domain.people import (
    ALICE,
    BOB,
    CHARLIE,
    CO,
    DISCREET,
    DORA,
    HOST,
    INTERPRETER,
    SECOND,
    START,
    arrive,
    device,
    together,
)
from tests.domain.test_room import refused, side_room, space_of

PAPER = ExhibitId("paper")


def test_that_nobody_is_there_is_an_answer_too() -> None:
    session = together(ALICE)
    assert not session.seats[ALICE].beside_told
    beside.tell(session, ALICE, [], START)
    assert session.seats[ALICE].beside_told


def test_who_goes_at_one_device_goes_at_no_other() -> None:
    session = together(ALICE, DORA)
    for seat in (ALICE, DORA):
        beside.tell(session, seat, ["Ming"], START)
        session.consent(seat, DISCREET, START, "Ming")
    beside.tell(session, ALICE, [], START)
    assert session.beside_missing(session.seats[DORA]) == ()


def test_five_may_sit_at_one_device() -> None:
    session = together(ALICE)
    beside.tell(session, ALICE, [f"Name {n}" for n in range(beside.MOST)], START)
    assert len(session.seats[ALICE].beside) == beside.MOST


def test_only_a_host_says_that_everybody_agrees_locks_and_stops_a_screen() -> None:
    session = together(ALICE, DORA)
    beside.tell(session, ALICE, ["Ming"], START)
    showing.screen(session, ALICE, True, START)
    assert refused(lambda: beside.agree(session, ALICE, ALICE, START)) == "not_host"
    assert refused(lambda: door.lock(session, DORA, True, START)) == "not_host"
    assert refused(lambda: showing.stop_screen(session, DORA, START)) == "not_host"
    showing.screen(session, DORA, False, START)
    assert view(session, HOST).shown.screen == ALICE, "one stops one's own"


def test_a_claim_made_before_the_lock_comes_back() -> None:
    session = together(ALICE)
    claim = session.connect(ALICE, CHARLIE, START)
    door.lock(session, HOST, True, START)
    session.lost(claim.id, START)
    assert session.connect(ALICE, CHARLIE, START).id == claim.id


def test_one_lost_in_the_room_does_not_keep_the_door_shut() -> None:
    session = side_room()
    session.lost(BOB, START)
    door.knock(session, HOST, space_of(session, ALICE).id, START)
    door.answer(session, ALICE, True, START)
    assert space_of(session, HOST).id == session.seats[ALICE].space != session.seats[BOB].space


def test_a_break_has_an_end_in_sight_and_the_host_waits_in_joint() -> None:
    session = together(ALICE)
    too_long = pausing.LONGEST + 1
    assert refused(lambda: pausing.pause(session, HOST, too_long, START)) == "minutes_unusable"
    pausing.pause(session, HOST, pausing.LONGEST, START)
    assert session.seats[HOST].space == (session.joint and session.joint.id)


def test_bringing_one_back_does_not_end_the_break() -> None:
    session = together(ALICE, DORA)
    pausing.pause(session, HOST, 10, START)
    session.move(HOST, [ALICE], Destination.JOINT, START)
    assert view(session, DORA).break_until == START + timedelta(minutes=10)


def test_what_one_was_promised_stands_when_others_come_to_wait_too() -> None:
    session = together(ALICE, BOB, DORA)
    session.move(HOST, [BOB], Destination.SIDE, START)
    pausing.promise(session, HOST, [BOB], 30, START)
    session.move(HOST, [DORA], Destination.CAUCUS, START)
    assert view(session, ALICE).expected_at == START + timedelta(minutes=30)


def test_a_promise_is_over_when_nobody_waits_for_it_any_more() -> None:
    session = together(ALICE, DORA)
    session.move(HOST, [ALICE], Destination.CAUCUS, START)
    session.move(HOST, [], Destination.JOINT, START)
    later = START + timedelta(hours=1)
    session.move(HOST, [ALICE], Destination.CAUCUS, later)
    assert view(session, DORA).expected_at == later + session.patience.caucus


def test_a_promise_is_over_when_a_lost_host_is_back() -> None:
    session = together(ALICE, DORA)
    arrive(session, SECOND)
    session.move(SECOND, [DORA], Destination.CAUCUS, START)
    session.lost(HOST, START)
    pausing.promise(session, SECOND, [ALICE], 5, START)
    session.connect(HOST, device(HOST), START)
    assert view(session, ALICE).expected_at is None


def test_a_lost_host_promises_nothing() -> None:
    session = together(ALICE)
    session.lost(HOST, START)
    session.tick(START + session.patience.host_grace)
    assert view(session, ALICE).expected_at is None


def test_the_chair_goes_to_somebody_who_sits_there() -> None:
    session = together(CO)
    claim = session.connect(CO, CHARLIE, START)
    assert refused(lambda: chairs.give(session, HOST, claim.id, START)) == "not_a_mediator"
    session.lost(CO, START)
    assert refused(lambda: chairs.give(session, HOST, CO, START)) == "not_here"


def test_a_host_who_is_lost_is_no_other_host() -> None:
    session = together(ALICE)
    arrive(session, SECOND)
    session.lost(SECOND, START)
    assert refused(lambda: chairs.step_down(session, HOST, START)) == "no_other_host"


def test_a_clerk_shows_papers_for_the_host_and_nobody_shows_what_is_put_away() -> None:
    session = together(INTERPRETER)
    assert refused(lambda: showing.show(session, INTERPRETER, PAPER, 1, START)) == "not_leading"
    session.seats[INTERPRETER].role = Role.CLERK
    showing.show(session, INTERPRETER, PAPER, 1, START)
    assert view(session, HOST).shown.by == INTERPRETER
    showing.show(session, INTERPRETER, None, 1, START)
    assert view(session, HOST).shown.by is None


def a_paper(session: Session, space: SpaceId, by: SeatId, whose: str) -> Exhibit:
    return Exhibit(PAPER, session.id, space, whose, by, "", FileType.PDF, 1, "", "", None, 1, START)


def test_a_paper_of_people_of_no_side_stays_in_its_room() -> None:
    session = together(CO, INTERPRETER)
    session.move(HOST, [INTERPRETER], Destination.CAUCUS, START)
    first = space_of(session, INTERPRETER)
    paper = a_paper(session, first.id, INTERPRETER, scope(session, first))
    assert exhibit.fits(session, paper, first)
    session.move(HOST, [CO], Destination.CAUCUS, START)
    assert not exhibit.fits(session, paper, space_of(session, CO))
