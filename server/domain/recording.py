"""Rule 5: one moment of the joint space is recorded, and only while everybody in it agrees.

`taping` is the rule: a pure function of the session, asked after every command. What it does not
name is not recorded; the recorder has stopped before a command that takes something away is
answered.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from server.domain import claims, hosting
from server.domain.consent import Consent, Purpose, Text
from server.domain.errors import Refused
from server.domain.ids import RecordingId, SeatId
from server.domain.recorded import LONGEST, Ended, Recording, Taping, Trouble
from server.domain.seat import Role, Seat
from server.domain.seating import Seating, SessionPurpose, SessionState
from server.domain.space import Space, SpaceKind

Person = tuple[SeatId, str]
"""A seat, and the name of somebody beside it, or nothing for the one whose seat it is."""


def live(session: Seating) -> Recording | None:
    """The one that is asked for or under way."""
    return next((r for r in session.recordings.values() if r.ended is None), None)


def taping(session: Seating) -> Taping | None:
    """What may be recorded now. None: not one packet."""
    recording = live(session)
    if recording is None or waits_for(session, recording):
        return None
    space = _space(session, recording)
    people = _people(session, space) if space else []
    if space is None or space.silenced or not people:
        return None
    return Taping(recording.id, space.id, frozenset(seat.id for seat in people))


def waits_for(session: Seating, recording: Recording) -> tuple[Person, ...]:
    """Who in its space has not agreed to it."""
    space = _space(session, recording)
    return tuple(
        (seat.id, person)
        for seat in (_people(session, space) if space else ())
        for person in ("", *seat.beside)
        if not _agrees(session, recording, seat.id, person)
    )


def start(session: Seating, by: SeatId, asked: Recording, text_hash: str, now: datetime) -> None:
    """A host asks everybody in the joint space, agreeing with the text that was on their screen."""
    host = session.host(by)
    _, space = session.inside(by)
    if not recordable(session, space):
        raise Refused("never_recorded")
    if live(session) is not None:
        raise Refused("recording_already")
    if not 1 <= asked.minutes <= LONGEST:
        raise Refused("minutes_unusable")
    asked = replace(asked, space=space.id, by=by, asked_at=now)
    text = _text(asked, text_hash)
    session.recordings[asked.id] = asked
    space.recorded = None
    session.note("recording_asked", now, by=host, space=space.id, detail=asked.purpose)
    _consents(session, asked, host, "", text, now)


def answer(
    session: Seating,
    seat_id: SeatId,
    recording_id: RecordingId,
    text_hash: str,
    person: str,
    yes: bool,
    now: datetime,
) -> None:
    """Somebody who is asked says whether they may be recorded. A no ends it for everybody."""
    seat, space = session.inside(seat_id)
    claims.decided(seat)
    recording = live(session)
    if recording is None or recording.id != recording_id or recording.space != space.id:
        raise Refused("recording_over")
    if person and person not in seat.beside:
        raise Refused("unknown_person")
    if yes:
        _consents(session, recording, seat, person, _text(recording, text_hash), now)
    elif _agrees(session, recording, seat.id, person):
        _withdrawn(session, recording, seat, now)
    else:
        session.note("recording_declined", now, by=seat, seat=seat, detail=recording.purpose)
        end(session, recording, Ended.DECLINED, now)


def withdraw(session: Seating, seat_id: SeatId, purpose: Purpose, now: datetime) -> None:
    """Anybody who is recorded ends it, without a reason. Again is once.

    Who is in another space by now takes back what they agreed to: they are asked again.
    """
    seat = session.connected(seat_id)
    recording = live(session)
    if recording is None or recording.purpose is not purpose:
        return
    if agreed_at(session, recording, seat):
        _withdrawn(session, recording, seat, now)


def stop(session: Seating, by: SeatId, now: datetime) -> None:
    host = session.host(by)
    recording = live(session)
    if recording is not None:
        session.note("recording_stopped", now, by=host, space=recording.space)
        end(session, recording, Ended.STOPPED, now)


def tell(
    session: Seating, recording_id: RecordingId, trouble: Trouble | None, now: datetime
) -> None:
    """What the recorder says of itself."""
    recording = live(session)
    if recording is None or recording.id != recording_id or recording.trouble is trouble:
        return
    recording.trouble = trouble
    said = trouble or "well"
    session.note("recording_trouble", now, space=recording.space, detail=said)


def fail(session: Seating, recording_id: RecordingId, now: datetime) -> None:
    """There is no recorder any more, or it can't begin."""
    recording = live(session)
    if recording is not None and recording.id == recording_id:
        end(session, recording, Ended.FAILED, now)


def settle(session: Seating, now: datetime) -> None:
    """After every command: what has nobody left to record is over; note what began and paused."""
    recording = live(session)
    if recording is None:
        return
    space = _space(session, recording)
    if session.over:
        end(session, recording, Ended.OVER, now)
    elif space is None or not _hosted(session, space):
        end(session, recording, Ended.LEFT, now)
    writes = taping(session) is not None
    if writes != recording.writing:
        recording.writing = writes
        if recording.ended is None:
            _note(session, recording, writes, now)
        if writes and recording.began_at is None:
            recording.began_at = now


def end(session: Seating, recording: Recording, why: Ended, now: datetime) -> None:
    recording.ended, recording.ended_at, recording.trouble = why, now, None
    space = session.spaces.get(recording.space)
    if space is not None:
        space.recorded = why
    session.note("recording_ended", now, space=recording.space, detail=why)


def recordable(session: Seating, space: Space) -> bool:
    """Side rooms and caucuses never are, nor what is private by its purpose."""
    meeting = session.purpose is SessionPurpose.MEETING and session.state is SessionState.OPEN
    return meeting and space.kind is SpaceKind.JOINT


def _space(session: Seating, recording: Recording) -> Space | None:
    """Its space, if that may still be recorded."""
    space = session.spaces.get(recording.space)
    return space if space is not None and recordable(session, space) else None


def _people(session: Seating, space: Space) -> list[Seat]:
    here = session.members(space.id)
    return [s for s in here if s.present and s.role is not Role.RECORDER]


def _hosted(session: Seating, space: Space) -> bool:
    """A host is there, or is waited for by somebody who is."""
    members = session.members(space.id)
    waited = any(s.present for s in members) and any(s.hosting for s in members)
    return hosting.attended(session, space) or waited


def _agrees(session: Seating, recording: Recording, seat: SeatId, person: str) -> bool:
    return any(
        c.live
        and (c.seat, c.person, c.purpose) == (seat, person, recording.purpose)
        and c.given_at >= recording.asked_at
        and recording.is_text(c.text_hash)
        for c in session.consents
    )


def agreed_at(session: Seating, recording: Recording, seat: Seat) -> bool:
    """Whether anybody at this seat has agreed."""
    return any(_agrees(session, recording, seat.id, p) for p in ("", *seat.beside))


def _text(recording: Recording, text_hash: str) -> Text:
    found = next((text for text in recording.texts if text.hash == text_hash), None)
    if found is None:
        raise Refused("unknown_text")
    return found


def _consents(
    session: Seating, recording: Recording, seat: Seat, person: str, text: Text, now: datetime
) -> None:
    if _agrees(session, recording, seat.id, person):
        return
    given = Consent(seat.id, text.purpose, text.version, text.hash, now, person=person)
    session.consents.append(given)
    session.note("consented", now, by=seat, seat=seat, detail=f"{text.purpose} {text.hash}")


def _withdrawn(session: Seating, recording: Recording, seat: Seat, now: datetime) -> None:
    session.void_consents(seat, now, {recording.purpose})
    session.note("withdrew", now, by=seat, seat=seat, detail=recording.purpose)
    if seat.space == recording.space:
        end(session, recording, Ended.WITHDRAWN, now)


def _note(session: Seating, recording: Recording, writes: bool, now: datetime) -> None:
    again = "recording_resumed" if recording.began_at else "recording_began"
    verb = again if writes else "recording_paused"
    session.note(verb, now, space=recording.space, detail=recording.purpose)
