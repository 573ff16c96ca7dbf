"""Somebody comes to sit beside a device in the middle of a meeting: everyone with them is asked."""

from __future__ import annotations

from server.domain import beside
from server.domain.ids import SeatId
from server.domain.session import Destination, Session
from server.domain.view import Card, view
from tests.domain.people import (
    ALICE,
    BOB,
    CHARLIE,
    CO,
    DORA,
    HOST,
    INTERPRETER,
    SECOND,
    START,
    arrive,
    device,
    together,
)
from tests.domain.test_room import refused


def with_ming(*others: SeatId) -> Session:
    """Alice is in, with the others; then Ming comes to sit beside her."""
    session = together(ALICE, *others)
    beside.tell(session, ALICE, ["Ming"], START)
    return session


def answer(session: Session, by: SeatId, agrees: bool) -> None:
    beside.answer(session, by, ALICE, ["Ming"], agrees, START)


def card(session: Session) -> Card:
    return next(c for c in view(session, HOST).board or () if c.seat == ALICE)


def test_everyone_in_that_space_is_asked_but_the_host_and_who_sits_there() -> None:
    session = with_ming(CO, DORA)
    arrive(session, BOB)
    asked = {seat: view(session, seat).asked_beside for seat in (HOST, ALICE, BOB, CO, DORA)}
    assert asked == {HOST: (), ALICE: (), BOB: (), CO: (ALICE,), DORA: (ALICE,)}
    assert set(card(session).beside_open) == {CO, DORA}
    assert not card(session).beside_agreed


def test_they_may_stay_when_all_have_said_so_and_nobody_is_asked_twice() -> None:
    session = with_ming(CO, DORA)
    answer(session, DORA, True)
    assert view(session, DORA).asked_beside == ()
    assert not card(session).beside_agreed
    answer(session, CO, True)
    assert card(session).beside_agreed
    assert set(card(session).beside_yes) == {CO, DORA}


def test_one_no_is_enough_and_removes_nobody_and_one_may_think_again() -> None:
    session = with_ming(CO, DORA)
    answer(session, CO, True)
    answer(session, DORA, False)
    assert (card(session).beside_no, card(session).beside_agreed) == ((DORA,), False)
    assert session.seats[ALICE].space == session.seats[HOST].space
    answer(session, DORA, True)
    assert card(session).beside_agreed


def test_what_was_answered_is_told_to_hosts_alone() -> None:
    session = with_ming(CO, DORA)
    answer(session, DORA, False)
    for seat in (ALICE, CO, DORA):
        assert view(session, seat).board is None
    told = [one for one in session.happened if one.verb == "beside_answered"]
    assert [(one.by, one.seat, one.detail) for one in told] == [(DORA, ALICE, "no")]


def test_who_comes_into_their_space_later_is_asked_too() -> None:
    session = with_ming(BOB)
    answer(session, BOB, True)
    arrive(session, DORA)
    assert card(session).beside_agreed
    session.admit(HOST, DORA, START)
    assert view(session, DORA).asked_beside == (ALICE,)
    assert not card(session).beside_agreed
    session.move(HOST, [DORA], Destination.SIDE, START)
    assert view(session, DORA).asked_beside == ()


def test_somebody_else_there_is_another_question() -> None:
    session = with_ming(DORA)
    answer(session, DORA, True)
    beside.tell(session, ALICE, ["Ming", "Hua"], START)
    assert view(session, DORA).asked_beside == (ALICE,)
    assert refused(lambda: answer(session, DORA, True)) == "not_asked"
    beside.tell(session, ALICE, ["Hua"], START)
    assert card(session).beside_open == (DORA,)
    beside.answer(session, DORA, ALICE, ["Hua"], True, START)
    beside.tell(session, ALICE, [], START)
    assert (card(session).beside_yes, view(session, DORA).asked_beside) == ((), ())


def test_one_who_goes_is_agreed_to_no_less_by_the_others() -> None:
    session = together(ALICE, DORA)
    beside.tell(session, ALICE, ["Ming", "Hua"], START)
    beside.answer(session, DORA, ALICE, ["Ming", "Hua"], True, START)
    beside.tell(session, ALICE, ["Ming"], START)
    assert card(session).beside_agreed


def test_a_host_who_has_asked_aloud_notes_it_and_nobody_is_asked_any_more() -> None:
    session = with_ming(DORA)
    answer(session, DORA, False)
    beside.agree(session, HOST, ALICE, START)
    assert card(session).beside_agreed
    assert view(session, DORA).asked_beside == ()


def test_only_who_shares_the_space_answers() -> None:
    session = with_ming(DORA)
    arrive(session, INTERPRETER)
    assert refused(lambda: answer(session, INTERPRETER, True)) == "not_admitted"
    assert refused(lambda: answer(session, ALICE, True)) == "not_asked"
    session.move(HOST, [DORA], Destination.SIDE, START)
    assert refused(lambda: answer(session, DORA, True)) == "not_asked"


def test_with_the_host_alone_only_the_host_agrees() -> None:
    session = with_ming()
    assert not card(session).beside_agreed
    arrive(session, SECOND)
    assert not card(session).beside_agreed
    assert view(session, SECOND).asked_beside == ()


def test_answers_go_with_who_gave_them_and_with_who_was_there() -> None:
    session = with_ming(DORA)
    answer(session, DORA, True)
    session.leave(DORA, START)
    session.connect(DORA, CHARLIE, START)
    assert session.seats[ALICE].beside_answers == {}
    session = with_ming(DORA)
    answer(session, DORA, True)
    session.remove(HOST, ALICE, START)
    assert session.seats[ALICE].beside_answers == {}


def test_who_is_lost_is_neither_asked_nor_asked_about() -> None:
    session = with_ming(DORA)
    session.lost(DORA, START)
    assert card(session).beside_open == ()
    session.connect(DORA, device(DORA), START)
    session.lost(ALICE, START)
    assert view(session, DORA).asked_beside == ()
