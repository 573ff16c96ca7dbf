"""Calm: everyone quiet, a break with a time to come back, and a word to those left waiting."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from server.domain import hosting, moves
from server.domain.errors import Refused
from server.domain.ids import SeatId
from server.domain.seat import hushed
from server.domain.session import Session

LONGEST = 120
"""Minutes of a break, or until a promised return."""


def quiet(session: Session, by: SeatId, on: bool, now: datetime) -> None:
    """In the host's own space: only hosts speak, and who interprets, until it is taken back."""
    host = session.host(by)
    _, space = session.inside(by)
    if space.quiet == on:
        return
    space.quiet = on
    if on:
        for seat in session.members(space.id):
            seat.microphone = seat.microphone and not hushed(seat)
    session.note("quiet" if on else "quiet_over", now, by=host, space=space.id)


def pause(session: Session, by: SeatId, minutes: int, now: datetime) -> None:
    """A break: everyone but the hosts goes to the rooms of their sides, and all know until when.

    *Back to joint* ends it; another break meanwhile changes the time.
    """
    host = session.host(by)
    until = now + _checked(minutes)
    session.break_until = until
    for seat in [s for s in session.seats.values() if s.admitted and not s.hosting]:
        moves.to_side(session, seat, now).expected_at = until
    session.note("break", now, by=host, detail=str(minutes))
    hosting.settle(session, now)


def promise(
    session: Session, by: SeatId, seat_ids: Iterable[SeatId], minutes: int, now: datetime
) -> None:
    """Those who wait (in a lobby, in a room of a side) are told when a host will come to them."""
    host = session.host(by)
    at = now + _checked(minutes)
    seats = [session.seat(s) for s in dict.fromkeys(seat_ids)]
    rooms = {
        seat.space: session.spaces[seat.space] for seat in seats if seat.space in session.spaces
    }
    rooms = {k: room for k, room in rooms.items() if not hosting.attended(session, room)}
    if not rooms:
        raise Refused("nobody_waits")
    for room in rooms.values():
        room.expected_at = at
        session.note("promised", now, by=host, space=room.id, detail=str(minutes))


def _checked(minutes: int) -> timedelta:
    if not 1 <= minutes <= LONGEST:
        raise Refused("minutes_unusable")
    return timedelta(minutes=minutes)
