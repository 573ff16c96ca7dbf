"""Each command of a session, and each of its refusals, by example."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from server.domain import beside
from server.domain.consent import Purpose
from server.domain.errors import Refused
from server.domain.ids import DeviceId, SeatId
from server.domain.party import NAME_LENGTH
from server.domain.result import Result, ResultKind
from server.domain.seat import Ask
from server.domain.seating import SessionState
from server.domain.session import Destination, Session
from server.domain.space import SpaceKind
from server.domain.view import view
from tests.domain.people import (
    ALICE,
    BOB,
    CHARLIE,
    CO,
    DORA,
    EMIL,
    HOST,
    INTERPRETER,
    SECOND,
    START,
    TEXT,
    a_session,
    arrive,
    device,
    together,
)

AGREED = Result(ResultKind.AGREED, "Paid.")


def later(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def place(session: Session, seat: SeatId) -> SpaceKind | None:
    return session.kind_of(session.seats[seat])


# ---- arriving ---------------------------------------------------------------------------------


def test_a_party_arrives_in_a_lobby_of_its_own() -> None:
    session = a_session()
    arrive(session, ALICE, DORA)
    assert place(session, ALICE) is place(session, DORA) is SpaceKind.LOBBY
    assert session.seats[ALICE].space != session.seats[DORA].space
    assert session.state is SessionState.PLANNED
    assert session.forwarded() == {}


def test_the_host_arrives_in_the_joint_space_and_opens_the_session() -> None:
    session = a_session()
    session.connect(HOST, device(HOST), START)
    assert place(session, HOST) is SpaceKind.JOINT
    assert session.state is SessionState.OPEN


def test_who_was_lost_comes_back_to_the_same_space_silently() -> None:
    session = together(ALICE)
    before = session.seats[ALICE].space
    session.lost(ALICE, START)
    assert session.held(session.seats[ALICE], START + later(29))
    session.connect(ALICE, device(ALICE), START + later(3600))
    assert session.seats[ALICE].space == before
    assert session.seats[ALICE].admitted


def test_another_device_claims_a_held_seat_and_takes_a_free_one() -> None:
    session = together(ALICE)
    claim = session.connect(ALICE, CHARLIE, START)
    assert claim.claim_of == ALICE
    assert session.connect(ALICE, CHARLIE, START) is claim, "the same claim when it comes again"
    session.leave(claim.id, START)
    session.leave(ALICE, START)
    taken = session.connect(ALICE, CHARLIE, START)
    assert (taken.id, taken.admitted, taken.said_name) == (ALICE, False, None)
    assert session.consents_missing(taken), "consents were the other person's"


def test_a_seat_is_held_for_a_while_after_its_connection_was_lost() -> None:
    session = together(ALICE)
    session.lost(ALICE, START)
    assert session.connect(ALICE, CHARLIE, START + later(29)).claim_of == ALICE
    session = together(ALICE)
    session.lost(ALICE, START)
    assert session.connect(ALICE, CHARLIE, START + later(30)).id == ALICE


# ---- admitting --------------------------------------------------------------------------------


def test_a_party_is_admitted_to_where_the_host_is_or_to_its_side_room() -> None:
    session = together(ALICE)
    assert place(session, ALICE) is SpaceKind.JOINT
    session.move(HOST, [ALICE], Destination.CAUCUS, START)
    arrive(session, DORA)
    session.admit(HOST, DORA, START)
    assert place(session, DORA) is SpaceKind.SIDE


def test_a_name_may_be_as_long_as_a_party_s() -> None:
    session = together(ALICE)
    session.say_name(ALICE, " " + "龘" * NAME_LENGTH, START)
    assert session.seats[ALICE].said_name == "龘" * NAME_LENGTH


def test_an_admitted_claim_is_the_seat_from_now_on() -> None:
    session = together(ALICE)
    claim = session.connect(ALICE, CHARLIE, START).id
    session.say_name(claim, "Charlie", START)
    assert session.ready(session.seats[claim]), "the decision comes before the reading"
    with pytest.raises(Refused, match="claim_undecided"):
        session.consent(claim, TEXT, START)
    with pytest.raises(Refused, match="claim_undecided"):
        beside.tell(session, claim, [], START)
    session.admit(HOST, claim, START)
    assert session.seats[ALICE].device == CHARLIE
    assert session.seats[ALICE].said_name == "Charlie"
    assert session.cut == {ALICE: "seat_taken", claim: "come_back"}
    assert claim not in session.seats
    session.connect(ALICE, CHARLIE, START)
    assert place(session, ALICE) is SpaceKind.LOBBY
    with pytest.raises(Refused, match="consent_missing"):
        session.admit(HOST, ALICE, START)
    session.consent(ALICE, TEXT, START)
    session.admit(HOST, ALICE, START)
    assert place(session, ALICE) is SpaceKind.JOINT


def test_the_second_device_of_a_host_has_nothing_to_read_and_is_in_at_once() -> None:
    session = together(SECOND)
    claim = session.connect(SECOND, CHARLIE, START).id
    session.admit(HOST, claim, START)
    assert session.seats[SECOND].device == CHARLIE
    session.connect(SECOND, CHARLIE, START)
    assert place(session, SECOND) is SpaceKind.JOINT


def test_who_left_and_comes_back_with_the_same_device_has_only_to_agree_again() -> None:
    session = together(ALICE)
    beside.tell(session, ALICE, ["Ming"], START)
    session.leave(ALICE, START)
    alice = session.seats[ALICE]
    assert (alice.left, alice.admitted, alice.present) == (True, False, False)
    assert session.connect(ALICE, device(ALICE), START) is alice
    assert (alice.said_name, alice.admitted, alice.beside_told) == (f"Said-{ALICE}", False, False)
    assert session.consents_missing(alice)
    assert place(session, ALICE) is SpaceKind.LOBBY


# ---- moving -----------------------------------------------------------------------------------


def test_when_the_host_goes_to_a_caucus_the_others_go_to_their_side_rooms() -> None:
    session = together(ALICE, BOB, DORA, EMIL, INTERPRETER)
    session.move(HOST, [ALICE], Destination.CAUCUS, START)
    assert session.seats[ALICE].space == session.seats[HOST].space
    rooms = [session.seats[seat].space for seat in (BOB, DORA, EMIL, INTERPRETER)]
    assert len(set(rooms)) == 4
    assert {place(session, s) for s in (BOB, DORA, EMIL, INTERPRETER)} == {SpaceKind.SIDE}


def test_where_another_host_stays_nobody_else_moves() -> None:
    session = together(SECOND, ALICE, DORA, EMIL)
    joint = session.seats[DORA].space
    session.move(HOST, [ALICE], Destination.CAUCUS, START)
    assert session.seats[DORA].space == session.seats[EMIL].space == joint


def test_a_caucus_is_new_each_time() -> None:
    session = together(ALICE, DORA)
    session.move(HOST, [ALICE], Destination.CAUCUS, START)
    first = session.seats[ALICE].space
    session.move(HOST, [], Destination.JOINT, START)
    session.move(HOST, [ALICE], Destination.CAUCUS, START)
    assert session.seats[ALICE].space != first
    assert first not in session.spaces


def test_back_to_joint_brings_everyone_admitted_with_the_microphone_muted() -> None:
    session = together(ALICE, DORA)
    session.move(HOST, [ALICE], Destination.CAUCUS, START)
    session.microphone(ALICE, True)
    arrive(session, EMIL)
    session.move(HOST, [], Destination.JOINT, START)
    assert place(session, ALICE) is place(session, DORA) is SpaceKind.JOINT
    assert not session.seats[ALICE].microphone
    assert place(session, EMIL) is SpaceKind.LOBBY


def test_a_caucus_answers_the_wish_for_a_private_word() -> None:
    session = together(ALICE)
    session.ask(ALICE, Ask.PRIVATE_WORD, True, START)
    session.ask(ALICE, Ask.HELP, True, START)
    session.move(HOST, [ALICE], Destination.CAUCUS, START)
    assert session.seats[ALICE].asks == {Ask.HELP}
    session.answer(HOST, ALICE, Ask.HELP, START)
    assert session.seats[ALICE].asks == frozenset()


# ---- going ------------------------------------------------------------------------------------


def test_who_leaves_waits_in_the_lobby_when_coming_back() -> None:
    session = together(ALICE)
    session.leave(ALICE, START)
    assert session.cut == {ALICE: "left"}
    session.connect(ALICE, device(ALICE), START)
    assert place(session, ALICE) is SpaceKind.LOBBY


def test_who_is_removed_goes_to_the_lobby_and_from_there_out() -> None:
    session = together(ALICE)
    session.remove(HOST, ALICE, START)
    assert (place(session, ALICE), session.cut) == (SpaceKind.LOBBY, {})
    session.remove(HOST, ALICE, START)
    assert session.cut == {ALICE: "removed"}
    assert session.seats[ALICE].device is None


def test_withdrawing_the_consent_to_mediate_leads_to_the_lobby() -> None:
    session = together(ALICE)
    session.withdraw(ALICE, Purpose.ONLINE_MEDIATION, START)
    assert place(session, ALICE) is SpaceKind.LOBBY
    with pytest.raises(Refused, match="consent_missing"):
        session.admit(HOST, ALICE, START)


def test_consenting_twice_is_consenting_once() -> None:
    session = together(ALICE)
    session.consent(ALICE, TEXT, START)
    assert len([c for c in session.consents if c.seat == ALICE]) == 1


def test_a_new_link_voids_the_old_one_and_cuts_all_who_came_with_it() -> None:
    session = together(ALICE)
    claim = session.connect(ALICE, CHARLIE, START).id
    session.reissue(ALICE, START)
    assert session.cut == {ALICE: "revoked", claim: "revoked"}
    assert session.seats[ALICE].link_version == 2
    assert not session.seats[ALICE].admitted


# ---- hosts ------------------------------------------------------------------------------------


def test_a_lost_host_is_waited_for_by_the_clocks() -> None:
    session = together(ALICE, DORA)
    session.lost(HOST, START)
    assert session.due() == START + later(5)
    assert set(session.forwarded()) == {ALICE, DORA}
    session.tick(START + later(5))
    assert session.forwarded() == {}
    assert session.due() == START + later(30)
    session.tick(START + later(30))
    assert place(session, ALICE) is place(session, DORA) is SpaceKind.SIDE
    assert session.due() is None


def test_a_co_mediator_takes_the_chair_only_when_no_host_is_there() -> None:
    session = together(CO, ALICE)
    with pytest.raises(Refused, match="chair_taken"):
        session.take_chair(CO, START)
    session.lost(HOST, START)
    session.take_chair(CO, START)
    assert session.seats[CO].hosting
    assert session.due() is None
    with pytest.raises(Refused, match="chair_taken"):
        session.take_chair(ALICE, START)


def test_the_result_is_told_to_all_and_its_reason_to_hosts_only() -> None:
    session = together(ALICE)
    session.end(HOST, AGREED, START)
    assert session.state is SessionState.ENDED
    assert session.forwarded() == {}
    endings = [view(session, seat).ending for seat in (HOST, ALICE)]
    assert [e and e.reason for e in endings] == ["Paid.", ""]
    assert [e and e.kind for e in endings] == [ResultKind.AGREED] * 2


def test_a_planned_session_may_be_cancelled() -> None:
    session = a_session()
    arrive(session, ALICE)
    session.cancel(START)
    assert session.state is SessionState.CANCELLED
    assert view(session, ALICE).place is None


# ---- refusals ---------------------------------------------------------------------------------

Command = Callable[[Session], object]
NOBODY = SeatId("nobody")
TWO = DeviceId("second device")
CAUCUS, JOINT, SIDE = Destination.CAUCUS, Destination.JOINT, Destination.SIDE


def then(*commands: Command) -> Command:
    """One after the other."""

    def all_(session: Session) -> None:
        for command in commands:
            command(session)

    return all_


END: Command = lambda s: s.end(HOST, AGREED, START)  # noqa: E731
LOST: Command = lambda s: s.lost(ALICE, START)  # noqa: E731
REFUSALS: list[tuple[str, Command]] = [
    ("unknown_seat", lambda s: s.connect(NOBODY, TWO, START)),
    ("unknown_seat", lambda s: s.connect(s.connect(ALICE, TWO, START).id, TWO, START)),
    ("unknown_seat", lambda s: s.admit(HOST, NOBODY, START)),
    ("unknown_seat", lambda s: s.reissue(s.connect(ALICE, TWO, START).id, START)),
    ("name_missing", lambda s: s.say_name(ALICE, " \n", START)),
    ("name_unusable", lambda s: s.say_name(ALICE, "x" * 201, START)),
    ("name_unusable", lambda s: s.say_name(ALICE, "a\x00b", START)),
    ("not_here", lambda s: s.say_name(EMIL, "Emil", START)),
    ("not_here", lambda s: s.admit(HOST, EMIL, START)),
    ("not_here", then(LOST, lambda s: s.move(HOST, [ALICE], CAUCUS, START))),
    ("not_here", then(lambda s: s.lost(HOST, START), lambda s: s.move(HOST, [], JOINT, START))),
    ("not_admitted", lambda s: s.microphone(DORA, True)),
    ("not_admitted", lambda s: s.ask(DORA, Ask.PRIVATE_WORD, True, START)),
    ("not_admitted", lambda s: s.move(HOST, [DORA], CAUCUS, START)),
    ("not_host", lambda s: s.admit(ALICE, DORA, START)),
    ("not_host", lambda s: s.move(CO, [ALICE], CAUCUS, START)),
    ("not_host", lambda s: s.mute(ALICE, HOST, START)),
    ("not_host", lambda s: s.remove(ALICE, HOST, START)),
    ("not_host", lambda s: s.answer(ALICE, ALICE, Ask.HELP, START)),
    ("not_host", lambda s: s.end(ALICE, AGREED, START)),
    ("not_oneself", lambda s: s.remove(HOST, HOST, START)),
    ("already_admitted", lambda s: s.admit(HOST, ALICE, START)),
    ("name_missing", lambda s: s.admit(HOST, s.connect(ALICE, TWO, START).id, START)),
    ("nobody_named", lambda s: s.move(HOST, [], CAUCUS, START)),
    ("nobody_named", lambda s: s.move(HOST, [HOST], CAUCUS, START)),
    ("nobody_named", lambda s: s.move(HOST, [], SIDE, START)),
    ("host_has_no_side", lambda s: s.move(HOST, [HOST], SIDE, START)),
    ("chair_taken", lambda s: s.take_chair(CO, START)),
    ("session_not_planned", lambda s: s.cancel(START)),
    ("reason_missing", lambda s: Result(ResultKind.BROKEN_OFF, "  ")),
    ("reason_too_long", lambda s: Result(ResultKind.AGREED, "x" * 2001)),
    ("adjourned_date", lambda s: Result(ResultKind.ADJOURNED, "x")),
    ("adjourned_date", lambda s: Result(ResultKind.AGREED, "x", date(2026, 12, 1))),
    (
        "session_over",
        then(END, lambda s: s.connect(ALICE, TWO, START)),
    ),
    ("session_over", then(END, lambda s: s.camera(ALICE, True))),
    ("session_over", then(END, lambda s: s.reissue(ALICE, START))),
]


@pytest.mark.parametrize(("code", "command"), REFUSALS)
def test_what_the_rules_do_not_allow_is_refused_by_its_code(code: str, command: Command) -> None:
    session = together(CO, ALICE)
    arrive(session, DORA)
    with pytest.raises(Refused) as refused:
        command(session)
    assert refused.value.code == code


def test_a_private_word_is_had_in_the_caucus() -> None:
    session = together(ALICE, DORA)
    session.ask(ALICE, Ask.PRIVATE_WORD, True, START)
    session.ask(DORA, Ask.PRIVATE_WORD, True, START)
    session.move(HOST, [ALICE], Destination.CAUCUS, START)
    assert session.seats[ALICE].asks == frozenset()
    assert session.seats[DORA].asks == {Ask.PRIVATE_WORD}


def test_a_host_who_was_sent_out_does_not_come_back_in_alone() -> None:
    session = together(SECOND)
    session.remove(SECOND, HOST, START)
    session.leave(HOST, START)
    session.connect(HOST, device(HOST), START)
    assert place(session, HOST) is SpaceKind.LOBBY
    session.admit(SECOND, HOST, START)
    assert session.seats[HOST].hosting


def test_who_was_sent_out_is_told_so_until_let_in_again() -> None:
    session = together(ALICE)
    session.remove(HOST, ALICE, START)
    assert view(session, ALICE).sent_out
    session.admit(HOST, ALICE, START)
    assert not view(session, ALICE).sent_out


def test_claims_to_one_seat_are_few() -> None:
    session = together(ALICE)
    for number in range(5):
        session.connect(ALICE, DeviceId(f"stranger {number}"), START)
    with pytest.raises(Refused, match="too_many"):
        session.connect(ALICE, DeviceId("one more"), START)


def test_a_claim_to_the_hosts_seat_can_be_let_in() -> None:
    session = together(ALICE)
    claim = session.connect(HOST, DeviceId("the host's tablet"), START)
    session.admit(HOST, claim.id, START)
    assert session.seats[HOST].device == "the host's tablet"
    assert session.cut == {HOST: "seat_taken", claim.id: "come_back"}


def test_another_device_of_the_host_begins_muted() -> None:
    session = together(ALICE)
    session.microphone(HOST, True)
    session.hand_over(HOST, DeviceId("tablet"), START)
    assert not session.seats[HOST].microphone
