"""Rule 7, by example: who counts as a host that stays, and what a newcomer brings about."""

from __future__ import annotations

from datetime import timedelta

from server.domain.session import Destination
from server.domain.space import SpaceKind
from tests.domain.people import ALICE, DORA, HOST, SECOND, START, device, together


def later(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def test_a_host_lost_long_ago_does_not_stay() -> None:
    session = together(SECOND, ALICE, DORA)
    session.lost(SECOND, START + later(10))
    session.move(HOST, [ALICE], Destination.CAUCUS, START + later(3600))
    assert session.kind_of(session.seats[DORA]) is SpaceKind.SIDE


def test_a_host_lost_long_ago_does_not_stay_when_the_other_leaves() -> None:
    session = together(SECOND, ALICE, DORA)
    session.lost(SECOND, START + later(10))
    session.leave(HOST, START + later(3600))
    assert (
        session.kind_of(session.seats[ALICE])
        is session.kind_of(session.seats[DORA])
        is SpaceKind.SIDE
    )


def test_a_newcomer_to_an_unattended_space_silences_it_at_once() -> None:
    session = together(ALICE, DORA)
    session.lost(DORA, START)
    session.lost(HOST, START + later(1))
    session.connect(DORA, device(DORA), START + later(2))
    assert session.kind_of(session.seats[DORA]) is SpaceKind.JOINT
    assert session.forwarded() == {}
