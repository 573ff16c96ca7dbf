"""Who may come in: the lock of a session, and knocking at a side room or another host's caucus."""

from __future__ import annotations

from datetime import datetime, timedelta

from server.domain import hosting, moves
from server.domain.errors import Refused
from server.domain.ids import SeatId, SpaceId
from server.domain.seat import HOSTS, Seat
from server.domain.seating import SessionState
from server.domain.session import Session
from server.domain.space import Space, SpaceKind

EARLY = timedelta(minutes=30)
"""So long before a meeting its people come to wait; sooner, to try their devices."""


def opens_at(session: Session, seat: Seat) -> datetime | None:
    """When this person may come and wait; None: at once. Who hosts may always, and with a host
    there everybody may."""
    if seat.role in HOSTS or session.hosted or session.state is not SessionState.PLANNED:
        return None
    return session.starts_at - EARLY


def lock(session: Session, by: SeatId, on: bool, now: datetime) -> None:
    """From now on no device that is not known yet comes in. Who is lost comes back all the same."""
    host = session.host(by)
    if session.locked != on:
        session.locked = on
        for seat in session.seats.values():
            seat.let_through = False
        session.note("locked" if on else "unlocked", now, by=host)


def let_through(session: Session, by: SeatId, seat_id: SeatId, now: datetime) -> None:
    """The next device with this seat's link comes to a lobby; the door stays locked for others."""
    host, seat = session.host(by), session.seat(seat_id)
    if seat.claim_of is not None:
        raise Refused("unknown_seat")
    if session.locked and not seat.let_through:
        seat.let_through = True
        session.note("let_through", now, by=host, seat=seat)


def knock(session: Session, by: SeatId, space_id: SpaceId, now: datetime) -> None:
    """A host asks to come into a room of a side, or into the caucus of another host."""
    host, space = session.host(by), session.spaces.get(space_id)
    if space is None or space.kind in (SpaceKind.LOBBY, SpaceKind.JOINT):
        raise Refused("no_such_room")
    if host.space == space.id:
        raise Refused("already_inside")
    if not any(s.present for s in session.members(space.id)):
        raise Refused("nobody_inside")
    if space.knock not in (None, host.id):
        raise Refused("somebody_knocks")
    if space.knock is None:
        space.knock = host.id
        session.note("knocked", now, by=host, space=space.id)


def answer(session: Session, by: SeatId, come_in: bool, now: datetime) -> None:
    """Somebody inside lets the host in, or asks for a moment.

    A host who comes into a side room makes it a fresh caucus of all who are there.
    """
    seat, space = session.inside(by)
    if space.knock is None and not come_in:
        return
    if not may_answer(seat, space):
        raise Refused("nobody_knocks")
    host = session.seats[space.knock] if space.knock else None
    space.knock = None
    if host is None or not (host.hosting and host.present):
        raise Refused("nobody_knocks")
    session.note("let_in" if come_in else "asked_to_wait", now, by=seat, seat=host, space=space.id)
    if not come_in:
        return
    # They chose the moment, not the host.
    host.microphone = False
    if space.kind is SpaceKind.CAUCUS:
        session.put(host, space, now)
    else:
        inside = [s for s in session.members(space.id) if s.present]
        moves.to_caucus(session, host, inside, now)
    hosting.settle(session, now)


def may_answer(seat: Seat, space: Space) -> bool:
    """Anybody in a room of a side; in a caucus the host whose it is."""
    if space.knock is None:
        return False
    return seat.hosting if space.kind is SpaceKind.CAUCUS else True
