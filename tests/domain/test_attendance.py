"""Who was where: stays begin and end with the connection and with every move."""

from __future__ import annotations

from server.domain.attendance import entered, left, places
from server.domain.session import Destination
from server.domain.space import SpaceKind
from tests.domain.people import ALICE, DORA, HOST, START, device, together


def test_a_move_ends_one_stay_and_begins_another() -> None:
    session = together(ALICE, DORA)
    before = places(session)
    session.move(HOST, [ALICE], Destination.CAUCUS, START)
    assert left(before, session) == before
    kinds = {stay.seat: stay.kind for stay in entered(before, session, START)}
    assert kinds == {HOST: SpaceKind.CAUCUS, ALICE: SpaceKind.CAUCUS, DORA: SpaceKind.SIDE}


def test_a_lost_connection_ends_the_stay_though_the_place_is_kept() -> None:
    session = together(ALICE)
    before = places(session)
    session.lost(ALICE, START)
    assert set(left(before, session)) == {ALICE}
    gone = places(session)
    session.connect(ALICE, device(ALICE), START)
    (again,) = entered(gone, session, START)
    assert (again.seat, again.space, again.left_at) == (ALICE, before[ALICE], None)
    assert again.device == device(ALICE)


def test_nothing_happens_to_who_stays() -> None:
    session = together(ALICE)
    before = places(session)
    session.microphone(ALICE, True)
    assert left(before, session) == {}
    assert entered(before, session, START) == []
