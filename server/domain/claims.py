"""Who holds a seat (rule 1): one device. Another one that comes with its link has a *claim*."""

from __future__ import annotations

from datetime import datetime

from server.domain.consent import Purpose
from server.domain.errors import Refused
from server.domain.ids import DeviceId, SeatId
from server.domain.seat import HOSTS, Role, Seat
from server.domain.seating import Seating

MOST = 5
"""Claims to one seat at a time: more would only hide the true one from the host."""


def by(session: Seating, seat_id: SeatId, device: DeviceId) -> Seat | None:
    """This device's claim to the seat, if it has one."""
    for seat in session.seats.values():
        if seat.claim_of == seat_id and seat.device == device:
            return seat
    return None


def shut_out(session: Seating, seat: Seat, device: DeviceId) -> bool:
    """Whether the lock keeps this device out: no device that is not known yet comes in, but for
    one that a host lets through. While nobody hosts, somebody who may does."""
    if not session.locked or seat.let_through:
        return False
    if seat.device == device or by(session, seat.id, device):
        return False
    return session.hosted or seat.role not in HOSTS


def new(session: Seating, seat: Seat, device: DeviceId) -> Seat:
    if sum(s.claim_of == seat.id for s in session.seats.values()) >= MOST:
        raise Refused("too_many")
    claim = Seat(
        session.new_seat_id(),
        seat.role,
        seat.side,
        seat.name,
        claim_of=seat.id,
        device=device,
        signs=seat.signs,
    )
    session.seats[claim.id] = claim
    return claim


def take(session: Seating, seat: Seat, device: DeviceId | None, now: datetime) -> None:
    """A new device starts anew: the name, the consents and the lobby are this person's own."""
    session.close_lobby(seat, now)
    session.void_consents(seat, now, set(Purpose))
    seat.device, seat.said_name, seat.admitted, seat.space = device, None, False, None
    seat.since, seat.lost_at = None, None
    # A host whom another host sent out does not come back in by leaving and returning.
    seat.sent_out = seat.sent_out and seat.role is Role.HOST
    seat.microphone, seat.camera, seat.asks, seat.away = False, False, frozenset(), False
    seat.beside_told = seat.beside_agreed = False
    seat.beside_answers = {}
    for other in session.seats.values():
        # What the person before has answered is not this one's answer.
        other.beside_answers = {k: yes for k, yes in other.beside_answers.items() if k != seat.id}
    # Who stepped down from the chair does not get it back by leaving and returning, either.
    seat.chair = seat.chair and seat.role is Role.HOST


def decided(seat: Seat) -> Seat:
    """This seat, unless it is a claim that waits for its host: of that nothing more is asked."""
    if seat.claim_of is not None:
        raise Refused("claim_undecided")
    return seat


def leave(session: Seating, seat: Seat, now: datetime) -> None:
    """On purpose. The same device needn't say the name again; everything else begins anew."""
    device, name = seat.device, seat.said_name
    vacate(session, seat, now, "left")
    seat.device, seat.said_name = device, name


def vacate(session: Seating, seat: Seat, now: datetime, code: str) -> None:
    """Off the air and out of its place; the device that held the seat holds it no more."""
    if seat.present:
        session.cut[seat.id] = code
    seat.present = False
    take(session, seat, None, now)


def admit(session: Seating, claim: Seat, now: datetime) -> Seat:
    """The claim becomes the seat. Both are cut; the claim's device comes back as its holder."""
    assert claim.claim_of is not None
    seat = session.seat(claim.claim_of)
    session.note("claim_admitted", now, seat=seat)
    device, name = claim.device, claim.said_name
    drop(session, claim, now, "come_back")
    if seat.present:
        session.cut[seat.id] = "seat_taken"
    take(session, seat, device, now)
    seat.said_name, seat.present, seat.lost_at, seat.since = name, False, now, now
    return seat


def drop(session: Seating, claim: Seat, now: datetime, code: str | None = None) -> None:
    session.close(claim.space, now)
    session.void_consents(claim, now, set(Purpose))
    claim.present, claim.space, claim.device = False, None, None
    del session.seats[claim.id]
    if code:
        session.cut[claim.id] = code
