"""The room's own commands, and each of their refusals, by example."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from server.domain import beside, chairs, claims, door, pausing, showing
from server.domain.errors import Refused
from server.domain.ids import DeviceId, ExhibitId, SeatId
from server.domain.result import Result, ResultKind
from server.domain.seat import Role, Seat
from server.domain.seating import SessionPurpose
from server.domain.session import Destination, Session
from server.domain.space import Space, SpaceKind
from server.domain.view import view
from tests.domain.people import (
    ALICE,
    BOB,
    CHARLIE,
    CO,
    DISCREET,
    DORA,
    HOST,
    SECOND,
    START,
    TEXT,
    a_session,
    arrive,
    device,
    together,
)

PAPER = ExhibitId("paper")


def refused(command: Callable[[], object]) -> str:
    with pytest.raises(Refused) as no:
        command()
    return no.value.code


def space_of(session: Session, seat: SeatId) -> Space:
    found = session.seats[seat].space
    assert found is not None
    return session.spaces[found]


# ---- who is beside ------------------------------------------------------------------------------


def test_who_is_beside_consents_like_everybody() -> None:
    session = a_session()
    arrive(session, HOST, ALICE)
    beside.tell(session, ALICE, [" Li  Ming ", "Li Ming"], START)
    alice = session.seats[ALICE]
    assert alice.beside == ("Li Ming",)
    assert not session.ready(alice)
    assert refused(lambda: session.admit(HOST, ALICE, START)) == "consent_missing"
    session.consent(ALICE, TEXT, START, "Li Ming")
    assert not session.ready(alice), "the party's text is not theirs"
    session.consent(ALICE, DISCREET, START, "Li Ming")
    session.admit(HOST, ALICE, START)
    assert [m.beside for m in view(session, HOST).members if m.seat == ALICE] == [("Li Ming",)]
    assert refused(lambda: session.consent(ALICE, DISCREET, START, "Wang")) == "unknown_person"


def test_who_went_has_consented_to_nothing_any_more_and_who_came_is_asked_for_again() -> None:
    session = together(ALICE)
    beside.tell(session, ALICE, ["Ming"], START)
    session.consent(ALICE, DISCREET, START, "Ming")
    beside.agree(session, HOST, ALICE, START)
    assert session.seats[ALICE].beside_agreed
    beside.tell(session, ALICE, ["Ming", "Hua"], START)
    assert not session.seats[ALICE].beside_agreed
    beside.tell(session, ALICE, [], START)
    assert not any(c.live for c in session.consents if c.person)
    assert refused(lambda: beside.agree(session, HOST, ALICE, START)) == "nobody_beside"


def test_too_many_belong_at_a_device_of_their_own() -> None:
    session = together(ALICE)
    names = [f"Name {n}" for n in range(6)]
    assert refused(lambda: beside.tell(session, ALICE, names, START)) == "too_many_beside"
    assert refused(lambda: beside.tell(session, ALICE, [" "], START)) == "name_missing"


def test_a_claim_learns_nothing_of_who_is_beside_the_holder() -> None:
    session = together(ALICE)
    beside.tell(session, ALICE, ["Ming"], START)
    claim = session.connect(ALICE, CHARLIE, START).id
    assert refused(lambda: session.consent(claim, DISCREET, START, "Ming")) == "claim_undecided"
    assert view(session, claim).beside == ()


def test_a_new_device_is_asked_anew_who_is_there() -> None:
    session = together(ALICE)
    beside.tell(session, ALICE, ["Ming"], START)
    session.leave(ALICE, START)
    session.connect(ALICE, CHARLIE, START)
    assert not session.seats[ALICE].beside_told
    assert view(session, ALICE).beside == ()


# ---- the door -----------------------------------------------------------------------------------


def test_a_locked_session_lets_nobody_new_in_but_those_who_were_lost() -> None:
    session = together(ALICE)
    door.lock(session, HOST, True, START)
    assert refused(lambda: session.connect(DORA, device(DORA), START)) == "session_locked"
    assert refused(lambda: session.connect(ALICE, CHARLIE, START)) == "session_locked"
    session.lost(ALICE, START)
    assert session.connect(ALICE, device(ALICE), START).admitted
    assert refused(lambda: session.connect(CO, device(CO), START)) == "session_locked"
    door.lock(session, HOST, False, START)
    assert session.connect(DORA, device(DORA), START).present


def test_one_is_let_through_a_locked_door_and_no_further() -> None:
    session = together(ALICE)
    assert refused(lambda: door.let_through(session, ALICE, DORA, START)) == "not_host"
    door.let_through(session, HOST, DORA, START)
    assert not session.seats[DORA].let_through, "the door is open: nothing is to be remembered"
    door.lock(session, HOST, True, START)
    door.let_through(session, HOST, DORA, START)
    assert next(c for c in view(session, HOST).board or () if c.seat == DORA).let_through
    assert refused(lambda: session.connect(CO, device(CO), START)) == "session_locked"
    got = session.connect(DORA, device(DORA), START)
    assert session.kind_of(got) is SpaceKind.LOBBY
    assert not got.admitted
    assert session.locked
    # One device was meant; the same one still comes back.
    assert refused(lambda: session.connect(DORA, CHARLIE, START)) == "session_locked"
    session.lost(DORA, START)
    assert session.connect(DORA, device(DORA), START).present


def test_a_second_device_that_is_let_through_has_a_claim_that_waits() -> None:
    session = together(ALICE)
    door.lock(session, HOST, True, START)
    door.let_through(session, HOST, ALICE, START)
    claim = session.connect(ALICE, CHARLIE, START)
    assert claim.claim_of == ALICE
    assert session.kind_of(claim) is SpaceKind.LOBBY
    assert refused(lambda: door.let_through(session, HOST, claim.id, START)) == "unknown_seat"
    assert refused(lambda: session.connect(ALICE, device(DORA), START)) == "session_locked"
    # Whoever locks it anew means everybody.
    door.let_through(session, HOST, DORA, START)
    door.lock(session, HOST, False, START)
    door.lock(session, HOST, True, START)
    assert refused(lambda: session.connect(DORA, device(DORA), START)) == "session_locked"


def test_whom_the_lock_keeps_out_is_known_without_a_try() -> None:
    session = together(ALICE)
    seats = session.seats
    assert not claims.shut_out(session, seats[DORA], device(DORA))
    door.lock(session, HOST, True, START)
    assert claims.shut_out(session, seats[DORA], device(DORA))
    assert claims.shut_out(session, seats[ALICE], CHARLIE)
    assert not claims.shut_out(session, seats[ALICE], device(ALICE))
    assert claims.shut_out(session, seats[CO], device(CO))
    session.lost(HOST, START)
    assert not claims.shut_out(session, seats[CO], device(CO))


def test_a_locked_session_without_a_host_lets_a_mediator_in() -> None:
    session = together(ALICE)
    door.lock(session, HOST, True, START)
    session.lost(HOST, START)
    assert session.connect(CO, device(CO), START).present


def side_room() -> Session:
    """Alice and Bob are in their side's room; the host is in the joint space with Dora."""
    session = together(ALICE, BOB, DORA)
    session.move(HOST, [ALICE, BOB], Destination.SIDE, START)
    return session


def test_the_host_knocks_and_whoever_is_inside_opens() -> None:
    session = side_room()
    room = space_of(session, ALICE)
    door.knock(session, HOST, room.id, START)
    assert view(session, BOB).knocking == "Name-host"
    assert view(session, DORA).knocking is None
    door.answer(session, BOB, True, START)
    caucus = space_of(session, HOST)
    assert caucus.kind is SpaceKind.CAUCUS
    assert {s.id for s in session.members(caucus.id)} == {HOST, ALICE, BOB}
    assert caucus.id != room.id
    assert session.kind_of(session.seats[DORA]) is SpaceKind.SIDE


def test_they_may_ask_for_a_moment() -> None:
    session = side_room()
    door.knock(session, HOST, space_of(session, ALICE).id, START)
    door.answer(session, ALICE, False, START)
    assert space_of(session, ALICE).knock is None
    assert session.kind_of(session.seats[HOST]) is SpaceKind.JOINT
    assert refused(lambda: door.answer(session, ALICE, True, START)) == "nobody_knocks"


def test_nobody_knocks_at_a_room_whose_people_have_left() -> None:
    session = side_room()
    room = space_of(session, ALICE)
    door.knock(session, HOST, room.id, START)
    session.leave(ALICE, START)
    assert room.knock == HOST
    session.leave(BOB, START)
    assert room.knock is None
    assert refused(lambda: door.knock(session, HOST, room.id, START)) == "nobody_inside"


def test_a_lost_host_stands_before_no_door() -> None:
    session = side_room()
    door.knock(session, HOST, space_of(session, ALICE).id, START)
    session.lost(HOST, START)
    assert space_of(session, ALICE).knock is None


def test_a_host_who_went_elsewhere_stands_before_the_door_no_more() -> None:
    session = side_room()
    room = space_of(session, ALICE)
    door.knock(session, HOST, room.id, START)
    session.move(HOST, [DORA], Destination.CAUCUS, START)
    assert room.knock is None
    assert refused(lambda: door.answer(session, ALICE, True, START)) == "nobody_knocks"


def test_a_host_who_is_let_in_is_not_heard_before_they_wish() -> None:
    session = side_room()
    session.microphone(HOST, True)
    door.knock(session, HOST, space_of(session, ALICE).id, START)
    door.answer(session, ALICE, True, START)
    assert not session.seats[HOST].microphone


def test_where_one_can_not_knock() -> None:
    session = side_room()
    arrive(session, SECOND)
    room, joint = space_of(session, ALICE).id, space_of(session, HOST).id
    assert refused(lambda: door.knock(session, HOST, joint, START)) == "no_such_room"
    door.knock(session, SECOND, room, START)
    assert refused(lambda: door.knock(session, HOST, room, START)) == "somebody_knocks"
    door.answer(session, ALICE, True, START)
    caucus = space_of(session, SECOND).id
    assert refused(lambda: door.knock(session, SECOND, caucus, START)) == "already_inside"
    door.knock(session, HOST, caucus, START)
    # In another host's caucus that host decides.
    assert refused(lambda: door.answer(session, ALICE, True, START)) == "nobody_knocks"
    door.answer(session, SECOND, True, START)
    assert session.seats[HOST].space == caucus


# ---- calm ---------------------------------------------------------------------------------------


def test_everyone_is_quiet_until_the_host_says_otherwise() -> None:
    session = together(ALICE, DORA)
    for seat in (HOST, ALICE, DORA):
        session.microphone(seat, True)
    pausing.quiet(session, HOST, True, START)
    assert [session.seats[s].microphone for s in (HOST, ALICE, DORA)] == [True, False, False]
    assert refused(lambda: session.microphone(ALICE, True)) == "quiet_now"
    assert view(session, ALICE).quiet
    pausing.quiet(session, HOST, False, START)
    session.microphone(ALICE, True)
    assert session.seats[ALICE].microphone


def test_a_break_takes_everybody_to_their_rooms_and_says_until_when() -> None:
    session = together(ALICE, DORA)
    pausing.pause(session, HOST, 10, START)
    until = START + timedelta(minutes=10)
    assert session.break_until == until
    for seat in (ALICE, DORA):
        assert session.kind_of(session.seats[seat]) is SpaceKind.SIDE
        assert (view(session, seat).break_until, view(session, seat).expected_at) == (until, until)
    session.move(HOST, [], Destination.JOINT, START)
    assert session.break_until is None
    assert refused(lambda: pausing.pause(session, HOST, 0, START)) == "minutes_unusable"
    assert refused(lambda: pausing.pause(session, ALICE, 5, START)) == "not_host"


def test_those_left_behind_are_told_for_how_long_and_may_be_told_again() -> None:
    session = together(ALICE, DORA)
    session.move(HOST, [ALICE], Destination.CAUCUS, START)
    assert view(session, DORA).expected_at == START + session.patience.caucus
    now = START + timedelta(minutes=8)
    pausing.promise(session, HOST, [DORA], 5, now)
    assert view(session, DORA).expected_at == now + timedelta(minutes=5)
    assert refused(lambda: pausing.promise(session, HOST, [ALICE], 5, now)) == "nobody_waits"


def test_one_who_waits_in_a_lobby_is_promised_a_time_too() -> None:
    session = together(ALICE)
    arrive(session, DORA)
    pausing.promise(session, HOST, [DORA], 5, START)
    assert view(session, DORA).expected_at == START + timedelta(minutes=5)
    assert view(session, ALICE).expected_at is None


# ---- the chair ----------------------------------------------------------------------------------


def test_the_chair_is_shared_handed_over_and_given_back() -> None:
    session = together(CO, ALICE)
    assert view(session, HOST).may_give_chair == (CO,)
    assert refused(lambda: chairs.step_down(session, HOST, START)) == "no_other_host"
    chairs.give(session, HOST, CO, START)
    assert session.seats[CO].hosting
    chairs.step_down(session, HOST, START)
    assert not session.seats[HOST].hosting
    assert view(session, HOST).board is None
    assert refused(lambda: session.mute(HOST, ALICE, START)) == "not_host"
    chairs.give(session, CO, HOST, START)
    assert session.seats[HOST].hosting
    assert refused(lambda: chairs.give(session, HOST, ALICE, START)) == "not_a_mediator"


def test_one_who_stepped_down_and_comes_back_has_no_chair_but_may_take_it() -> None:
    session = together(CO, ALICE)
    chairs.give(session, HOST, CO, START)
    chairs.step_down(session, HOST, START)
    session.lost(HOST, START)
    session.connect(HOST, device(HOST), START)
    assert not session.seats[HOST].hosting
    session.lost(CO, START)
    session.take_chair(HOST, START)
    assert session.seats[HOST].hosting


def test_who_stepped_down_leaves_and_returns_waits_while_another_hosts() -> None:
    session = together(CO, ALICE)
    chairs.give(session, HOST, CO, START)
    chairs.step_down(session, HOST, START)
    session.leave(HOST, START)
    back = session.connect(HOST, CHARLIE, START)
    assert (back.hosting, session.kind_of(back)) == (False, SpaceKind.LOBBY)
    session.leave(HOST, START)
    session.hand_over(HOST, device(HOST), START)
    assert session.connect(HOST, device(HOST), START).hosting, "signed in, they proved who they are"


def test_a_host_sent_out_who_signs_in_elsewhere_sits_in_no_lobby() -> None:
    session = together(ALICE)
    arrive(session, SECOND)
    session.remove(HOST, SECOND, START)
    session.hand_over(SECOND, DeviceId("another"), START)
    session.connect(SECOND, DeviceId("another"), START)
    assert session.kind_of(session.seats[SECOND]) is SpaceKind.JOINT
    assert all(session.members(space) for space in session.spaces)


# ---- what is shown ------------------------------------------------------------------------------


def test_who_conducts_shows_and_in_a_side_room_everybody_may() -> None:
    session = side_room()
    showing.show(session, HOST, PAPER, 3, START)
    shown = view(session, DORA).shown
    assert (shown.exhibit, shown.page, shown.may_lead) == (PAPER, 3, False)
    assert view(session, ALICE).shown.exhibit is None
    assert refused(lambda: showing.show(session, DORA, PAPER, 4, START)) == "not_leading"
    assert refused(lambda: showing.show(session, HOST, PAPER, 0, START)) == "page_missing"
    showing.show(session, ALICE, PAPER, 1, START)
    assert view(session, BOB).shown.exhibit == PAPER
    showing.show(session, HOST, None, 1, START)
    assert view(session, DORA).shown.exhibit is None


def test_one_screen_at_a_time_and_it_ends_with_who_shows_it() -> None:
    session = together(ALICE, DORA)
    showing.screen(session, ALICE, True, START)
    assert refused(lambda: showing.screen(session, DORA, True, START)) == "screen_taken"
    assert view(session, DORA).shown.screen == ALICE
    session.lost(ALICE, START)
    assert view(session, DORA).shown.screen is None
    showing.screen(session, DORA, True, START)
    showing.stop_screen(session, HOST, START)
    assert view(session, DORA).shown.screen is None


# ---- booked, moved, taken away ------------------------------------------------------------------


def test_another_time_leaves_the_links_good() -> None:
    session = a_session()
    later = START + timedelta(days=1)
    session.reschedule(later, timedelta(minutes=90), START)
    assert (session.starts_at, session.length) == (later, timedelta(minutes=90))
    assert all(seat.link_version == 1 for seat in session.seats.values())
    arrive(session, HOST)
    moved = lambda: session.reschedule(START, timedelta(minutes=60), START)  # noqa: E731
    assert refused(moved) == "session_not_planned"


def test_a_link_is_taken_away_until_a_new_one_is_made() -> None:
    session = together(ALICE)
    session.revoke(ALICE, START)
    alice = session.seats[ALICE]
    assert (alice.revoked, alice.present, alice.link_version) == (True, False, 2)
    session.reissue(ALICE, START)
    assert (alice.revoked, alice.link_version) == (False, 3)
    assert refused(lambda: session.revoke(HOST, START)) == "host_stays"


def test_somebody_more_may_be_invited_while_it_goes_on() -> None:
    session = together(ALICE)
    session.add_seat(Seat(SeatId("witness"), Role.WITNESS, "A", "Name-witness"), START)
    arrive(session, SeatId("witness"))
    session.admit(HOST, SeatId("witness"), START)
    assert space_of(session, ALICE).id == session.seats[SeatId("witness")].space


def test_a_preparation_ends_prepared_and_a_meeting_does_not() -> None:
    session = together(ALICE)
    prepared = Result(ResultKind.PREPARED, "All is said.")
    assert refused(lambda: session.end(HOST, prepared, START)) == "result_unusable"
    session.purpose = SessionPurpose.PREPARATION
    agreed = Result(ResultKind.AGREED, "Paid.")
    assert refused(lambda: session.end(HOST, agreed, START)) == "result_unusable"
    session.end(HOST, prepared, START)
    assert session.over


def test_a_page_in_the_background_is_marked_and_in_front_again_when_it_comes_back() -> None:
    session = together(ALICE)
    session.away(ALICE, True)
    assert [m.away for m in view(session, HOST).members if m.seat == ALICE] == [True]
    session.lost(ALICE, START)
    session.connect(ALICE, device(ALICE), START)
    assert not session.seats[ALICE].away
