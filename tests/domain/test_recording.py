"""What is asked, who is waited for, and what ends a recording."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server.domain import beside, recording
from server.domain.consent import Purpose
from server.domain.ids import RecordingId, SeatId
from server.domain.recorded import Ended, Recording, Trouble
from server.domain.result import Result, ResultKind
from server.domain.seating import SessionPurpose
from server.domain.session import Destination, Session
from server.domain.view import view
from tests.domain.people import (
    ALICE,
    BOB,
    DORA,
    HOST,
    READING,
    READING_ZH,
    START,
    all_agree,
    arrive,
    asked_for,
    together,
)
from tests.domain.test_room import refused

LATER = START + timedelta(minutes=1)


def ask(session: Session, number: int = 1) -> Recording:
    recording.start(session, HOST, asked_for(number), READING.hash, START)
    recording.settle(session, START)
    found = recording.live(session)
    assert found is not None
    return found


def say(session: Session, seat: SeatId, yes: bool, person: str = "") -> None:
    found = recording.live(session)
    assert found is not None
    recording.answer(session, seat, found.id, READING_ZH.hash, person, yes, START)
    recording.settle(session, START)


def under_way(*seats: SeatId) -> Session:
    session = together(*seats)
    ask(session)
    all_agree(session)
    recording.settle(session, START)
    assert recording.taping(session) is not None
    return session


def ended(session: Session) -> Ended | None:
    assert recording.taping(session) is None
    assert recording.live(session) is None
    return view(session, HOST).recorded


def test_it_begins_when_the_last_one_has_agreed_and_all_see_who_is_waited_for() -> None:
    session = together(ALICE, DORA)
    ask(session)
    assert recording.taping(session) is None
    for seat in (HOST, ALICE, DORA):
        seen = view(session, seat).recording
        assert seen is not None
        assert [w.seat for w in seen.waits_for] == [ALICE, DORA]
        assert (seen.writing, seen.began, seen.agreed) == (False, False, seat == HOST)
    say(session, ALICE, True)
    assert recording.taping(session) is None
    say(session, DORA, True)
    taping = recording.taping(session)
    assert taping is not None
    assert taping.seats == {HOST, ALICE, DORA}
    verbs = [e.verb for e in session.happened if e.verb.startswith("recording")]
    assert verbs == ["recording_asked", "recording_began"]


def test_a_no_ends_it_and_the_next_one_is_asked_for_anew() -> None:
    session = together(ALICE, DORA)
    ask(session)
    say(session, ALICE, True)
    say(session, DORA, False)
    assert ended(session) is Ended.DECLINED
    later = LATER
    recording.start(session, HOST, asked_for(2), READING.hash, later)
    found = recording.live(session)
    assert found is not None
    assert [s for s, _ in recording.waits_for(session, found)] == [ALICE, DORA]
    assert view(session, HOST).recorded is None


def test_a_newcomer_pauses_it_until_they_answer() -> None:
    session = under_way(ALICE)
    arrive(session, DORA)
    session.admit(HOST, DORA, START)
    recording.settle(session, START)
    assert recording.taping(session) is None
    seen = view(session, ALICE).recording
    assert seen is not None
    assert (seen.began, seen.writing, [w.seat for w in seen.waits_for]) == (True, False, [DORA])
    say(session, DORA, True)
    assert recording.taping(session) is not None
    assert session.happened[-1].verb == "recording_resumed"


def test_a_newcomer_who_says_no_ends_it() -> None:
    session = under_way(ALICE)
    arrive(session, DORA)
    session.admit(HOST, DORA, START)
    say(session, DORA, False)
    assert ended(session) is Ended.DECLINED


def test_anybody_withdraws_and_nobody_is_named() -> None:
    session = under_way(ALICE, DORA)
    session.withdraw(DORA, Purpose.RECORD_RIGHTS, LATER)
    assert recording.taping(session) is not None, "another moment's"
    session.withdraw(DORA, Purpose.RECORD_READING, LATER)
    assert ended(session) is Ended.WITHDRAWN
    assert session.seats[DORA].admitted, "the mediation goes on"
    seen = view(session, ALICE)
    assert seen.recording is None
    assert seen.recorded is Ended.WITHDRAWN
    consents = [c for c in session.consents if c.purpose is Purpose.RECORD_READING]
    assert [c.seat for c in consents if not c.live] == [DORA]


def test_what_was_agreed_to_stays_as_it_was_when_it_is_over() -> None:
    session = under_way(ALICE)
    recording.stop(session, HOST, LATER)
    assert ended(session) is Ended.STOPPED
    session.leave(ALICE, LATER)
    of_alice = [c for c in session.consents if c.seat == ALICE]
    assert {c.purpose: c.live for c in of_alice} == {
        Purpose.ONLINE_MEDIATION: False,
        Purpose.RECORD_READING: True,
    }


def test_a_connection_that_is_lost_is_not_recorded_and_not_asked_again() -> None:
    session = under_way(ALICE, DORA)
    session.lost(ALICE, LATER)
    taping = recording.taping(session)
    assert taping is not None
    assert taping.seats == {HOST, DORA}
    device = session.seats[ALICE].device
    assert device is not None
    session.connect(ALICE, device, LATER)
    again = recording.taping(session)
    assert again is not None
    assert again.seats == {HOST, ALICE, DORA}


def test_who_leaves_and_comes_back_is_asked_again() -> None:
    session = under_way(ALICE, DORA)
    session.leave(ALICE, LATER)
    assert recording.taping(session) is not None
    arrive(session, ALICE, now=LATER)
    session.admit(HOST, ALICE, LATER)
    assert recording.taping(session) is None


def test_everybody_at_a_device_agrees_for_themselves() -> None:
    session = under_way(ALICE)
    beside.tell(session, ALICE, ["Ming"], START)
    assert recording.taping(session) is None
    assert refused(lambda: say(session, ALICE, True, "Wang")) == "unknown_person"
    say(session, ALICE, True, "Ming")
    assert recording.taping(session) is not None


@pytest.mark.parametrize("to", [Destination.CAUCUS, Destination.SIDE])
def test_whoever_goes_elsewhere_is_not_recorded_there(to: Destination) -> None:
    session = under_way(ALICE, BOB, DORA)
    session.move(HOST, [ALICE, BOB], to, LATER)
    recording.settle(session, LATER)
    taping = recording.taping(session)
    if to is Destination.CAUCUS:  # The host went along.
        assert ended(session) is None
        assert taping is None
        joint = session.joint
        assert joint is not None
        assert joint.recorded is Ended.LEFT
        assert not view(session, HOST).may_record
        assert refused(lambda: ask(session, 2)) == "never_recorded"
    else:
        assert taping is not None
        assert taping.seats == {HOST, DORA}
        assert view(session, ALICE).recording is None


def test_it_ends_with_the_meeting_and_with_its_recorder() -> None:
    session = under_way(ALICE)
    recording.tell(session, RecordingId("recording-1"), Trouble.FULL, LATER)
    seen = view(session, ALICE).recording
    assert seen is not None
    assert seen.trouble is Trouble.FULL
    recording.fail(session, RecordingId("recording-2"), LATER)
    assert recording.live(session) is not None, "another one"
    recording.fail(session, RecordingId("recording-1"), LATER)
    assert ended(session) is Ended.FAILED

    session = under_way(ALICE)
    session.end(HOST, Result(ResultKind.AGREED, ""), LATER)
    recording.settle(session, LATER)
    assert recording.live(session) is None
    assert session.recordings[RecordingId("recording-1")].ended is Ended.OVER


def test_a_lost_host_is_waited_for_and_what_is_silent_is_not_recorded() -> None:
    session = under_way(ALICE)
    session.lost(HOST, LATER)
    recording.settle(session, LATER)
    assert recording.live(session) is not None
    session.tick(LATER + session.patience.host_silence)
    assert recording.taping(session) is None
    assert recording.live(session) is not None
    at = LATER + session.patience.host_grace
    session.tick(at)
    recording.settle(session, at)
    assert recording.live(session) is None


def test_refusals() -> None:
    session = together(ALICE)
    start = recording.start
    assert refused(lambda: start(session, ALICE, asked_for(), READING.hash, START)) == "not_host"
    assert refused(lambda: start(session, HOST, asked_for(), "sha256:", START)) == "unknown_text"
    nothing = asked_for(minutes=0)
    asked = refused(lambda: start(session, HOST, nothing, READING.hash, START))
    assert asked == "minutes_unusable"
    ask(session)
    assert refused(lambda: ask(session, 2)) == "recording_already"
    other = RecordingId("recording-9")
    late = refused(lambda: recording.answer(session, ALICE, other, READING.hash, "", True, START))
    assert late == "recording_over"
    assert refused(lambda: recording.stop(session, ALICE, START)) == "not_host"
    preparation = together(ALICE)
    preparation.purpose = SessionPurpose.PREPARATION
    assert refused(lambda: ask(preparation)) == "never_recorded"
