"""A shuttle-only meeting, by example: the sides never share a space, whatever the host taps."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server.domain.errors import Refused
from server.domain.ids import SeatId
from server.domain.seating import SessionState
from server.domain.session import Destination, Session
from server.domain.space import SpaceKind
from server.domain.view import view
from tests.domain.people import (
    ALICE,
    BOB,
    DORA,
    EMIL,
    HOST,
    INTERPRETER,
    START,
    a_session,
    arrive,
    routes,
    together,
)

LATER = START + timedelta(minutes=1)


def apart(*seats: SeatId) -> Session:
    """A shuttle-only session with the host and these people let in."""
    session = a_session()
    session.shuttle(True, START)
    arrive(session, HOST, *seats)
    for seat in seats:
        session.admit(HOST, seat, START)
    return session


def place(session: Session, seat: SeatId) -> SpaceKind | None:
    return session.kind_of(session.seats[seat])


def test_who_is_let_in_goes_to_the_own_sides_room() -> None:
    session = apart(ALICE, BOB, DORA, INTERPRETER)
    assert place(session, ALICE) is place(session, DORA) is SpaceKind.SIDE
    assert session.seats[ALICE].space == session.seats[BOB].space != session.seats[DORA].space
    assert place(session, INTERPRETER) is SpaceKind.JOINT


def test_back_to_joint_brings_nobody_of_a_side() -> None:
    session = apart(ALICE, DORA, INTERPRETER)
    session.move(HOST, [ALICE, INTERPRETER], Destination.CAUCUS, LATER)
    session.move(HOST, [], Destination.JOINT, LATER)
    assert place(session, HOST) is place(session, INTERPRETER) is SpaceKind.JOINT
    assert place(session, ALICE) is place(session, DORA) is SpaceKind.SIDE


@pytest.mark.parametrize(
    ("seats", "to"),
    [
        ([ALICE], Destination.JOINT),
        ([ALICE, DORA], Destination.JOINT),
        ([ALICE, DORA], Destination.CAUCUS),
        ([DORA, EMIL], Destination.CAUCUS),
    ],
)
def test_what_would_bring_sides_together_is_refused(seats: list[SeatId], to: Destination) -> None:
    session = apart(ALICE, DORA, EMIL)
    with pytest.raises(Refused, match="sides_kept_apart"):
        session.move(HOST, seats, to, LATER)


def test_the_host_sees_one_side_at_a_time() -> None:
    session = apart(ALICE, BOB, DORA)
    session.move(HOST, [ALICE, BOB], Destination.CAUCUS, LATER)
    assert (ALICE, HOST) in routes(session)
    session.move(HOST, [DORA], Destination.CAUCUS, LATER)
    assert place(session, ALICE) is SpaceKind.SIDE
    assert (DORA, HOST) in routes(session)


def test_becoming_shuttle_only_parts_the_sides_at_once() -> None:
    session = together(ALICE, BOB, DORA, INTERPRETER)
    session.shuttle(True, LATER)
    assert place(session, HOST) is place(session, INTERPRETER) is SpaceKind.JOINT
    assert place(session, ALICE) is place(session, DORA) is SpaceKind.SIDE
    assert session.seats[ALICE].space != session.seats[DORA].space


def test_a_caucus_of_two_sides_is_parted_too_and_one_of_one_side_goes_on() -> None:
    session = together(ALICE, DORA, INTERPRETER)
    session.move(HOST, [ALICE, DORA], Destination.CAUCUS, LATER)
    session.shuttle(True, LATER)
    assert place(session, HOST) is SpaceKind.JOINT
    assert place(session, ALICE) is place(session, DORA) is SpaceKind.SIDE
    alone = together(ALICE, DORA)
    alone.move(HOST, [ALICE], Destination.CAUCUS, LATER)
    before = alone.seats[ALICE].space
    alone.shuttle(True, LATER)
    assert alone.seats[ALICE].space == alone.seats[HOST].space == before


def test_who_was_lost_does_not_come_back_to_the_other_side() -> None:
    session = together(ALICE, DORA)
    session.lost(DORA, LATER)
    session.shuttle(True, LATER)
    session.connect(DORA, session.seats[DORA].device, LATER)  # type: ignore[arg-type]
    assert session.seats[DORA].space != session.seats[ALICE].space


def test_when_it_is_over_they_may_meet_again() -> None:
    session = apart(ALICE, DORA)
    session.shuttle(False, LATER)
    session.move(HOST, [], Destination.JOINT, LATER)
    assert session.seats[ALICE].space == session.seats[DORA].space


def test_only_those_who_host_are_told() -> None:
    session = apart(ALICE, DORA, INTERPRETER)
    told = {seat: view(session, seat).shuttle_only for seat in session.seats}
    assert [seat for seat, knows in told.items() if knows] == [HOST]


def test_another_mediator_takes_over_a_meeting_that_has_not_begun() -> None:
    session = a_session()
    session.new_host("Li", START)
    assert session.main_host.name == "Li"
    assert session.main_host.link_version == 2
    arrive(session, HOST)
    assert session.state is SessionState.OPEN
    with pytest.raises(Refused, match="session_not_planned"):
        session.new_host("Wang", LATER)
