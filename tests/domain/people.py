"""The people of every test: Alice, Bob of her side, Dora and Emil of two others, Charlie who has
no access, two hosts, a co-mediator, an interpreter."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

from server.domain import recording
from server.domain.consent import ASKED_BESIDE, Purpose, Text, asked
from server.domain.ids import (
    CaseId,
    DeviceId,
    OrganisationId,
    RecordingId,
    SeatId,
    SessionId,
    SpaceId,
)
from server.domain.recorded import Recording
from server.domain.seat import Role, Seat
from server.domain.session import Session

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

HOST, SECOND, CO = SeatId("host"), SeatId("second"), SeatId("co")
ALICE, BOB, DORA, EMIL = SeatId("alice"), SeatId("bob"), SeatId("dora"), SeatId("emil")
INTERPRETER = SeatId("interpreter")
PARTIES = (ALICE, BOB, DORA, EMIL, INTERPRETER)
EVERYONE = (HOST, SECOND, CO, *PARTIES)

TEXT = Text(Purpose.ONLINE_MEDIATION, 1, "en", "I agree to mediate online.")
DISCREET = Text(Purpose.ATTENDING, 1, "en", "I keep it to myself.")
READING = Text(Purpose.RECORD_READING, 1, "en", "You may record the reading of the agreement.")
READING_ZH = Text(Purpose.RECORD_READING, 1, "zh", "可以录下宣读协议。")


def asked_for(number: int = 1, minutes: int = 5) -> Recording:
    """What a host asks for, as a service hands it on."""
    return Recording(
        id=RecordingId(f"recording-{number}"),
        space=SpaceId(""),
        purpose=Purpose.RECORD_READING,
        texts=(READING, READING_ZH),
        minutes=minutes,
        by=HOST,
        asked_at=START,
    )


def all_agree(session: Session, now: datetime = START) -> None:
    """Everybody whom the recording waits for does."""
    found = recording.live(session)
    assert found is not None
    for seat, person in recording.waits_for(session, found):
        recording.answer(session, seat, found.id, READING_ZH.hash, person, True, now)


def device(seat: SeatId) -> DeviceId:
    return DeviceId(f"device of {seat}")


CHARLIE = DeviceId("device of charlie")
"""A stranger's device, with somebody else's link."""


def a_session() -> Session:
    numbers = itertools.count(1)

    def seat(seat_id: SeatId, role: Role, side: str | None) -> Seat:
        return Seat(seat_id, role, side, f"Name-{seat_id}", chair=role is Role.HOST)

    seats = [
        seat(HOST, Role.HOST, None),
        seat(SECOND, Role.HOST, None),
        seat(CO, Role.CO_MEDIATOR, None),
        seat(ALICE, Role.PARTY, "A"),
        seat(BOB, Role.LAWYER, "A"),
        seat(DORA, Role.PARTY, "B"),
        seat(EMIL, Role.PARTY, "C"),
        seat(INTERPRETER, Role.INTERPRETER, None),
    ]
    return Session(
        id=SessionId("session"),
        case=CaseId("case"),
        organisation=OrganisationId("organisation"),
        starts_at=START,
        seats={s.id: s for s in seats},
        new_space_id=lambda: SpaceId(f"space-{next(numbers)}"),
        new_seat_id=lambda: SeatId(f"claim-{next(numbers)}"),
    )


def arrive(session: Session, *seats: SeatId, now: datetime = START) -> None:
    """Each connects from its own device, says its name and consents."""
    for seat in seats:
        session.connect(seat, device(seat), now)
        session.say_name(seat, f"Said-{seat}", now)
        agree(session, seat, now)


def agree(session: Session, seat: SeatId, now: datetime, person: str = "") -> None:
    """To all that is asked of this seat's person, or of somebody beside it."""
    for purpose in ASKED_BESIDE if person else asked(session.seats[seat].role):
        session.consent(seat, Text(purpose, 1, "en", f"I agree to {purpose}."), now, person)


def together(*seats: SeatId) -> Session:
    """A session with the host and these people admitted into the joint space."""
    session = a_session()
    arrive(session, HOST, *seats)
    for seat in seats:
        if not session.seats[seat].admitted:
            session.admit(HOST, seat, START)
    return session


def routes(session: Session) -> set[tuple[SeatId, SeatId]]:
    """(from, to) of all that may be forwarded now."""
    places = session.forwarded()
    return {(a, b) for a in places for b in places if a != b and places[a] == places[b]}


def hosts_in(session: Session, seat: SeatId) -> bool:
    """Whether a host is connected in the space of this seat."""
    here = session.seats[seat].space
    return any(s.hosting and s.present and s.space == here for s in session.seats.values())
