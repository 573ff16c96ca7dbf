"""Where people are put, and who goes with them."""

from __future__ import annotations

from datetime import datetime

from server.domain.errors import Refused
from server.domain.seat import Ask, Seat
from server.domain.seating import Seating
from server.domain.space import Space, SpaceKind


def place(session: Seating, seat: Seat, now: datetime) -> None:
    """A place for who has none."""
    if not seat.admitted:
        seat.space = session.open(SpaceKind.LOBBY, now).id
    elif seat.hosting:
        session.put(seat, session.open_joint(now), now)
    else:
        to_side(session, seat, now)


def to_lobby(session: Seating, seat: Seat, now: datetime) -> None:
    """Out of the meeting, to wait until the host lets them in again."""
    seat.admitted, seat.chair, seat.since = False, False, now
    seat.microphone, seat.asks = False, frozenset()
    seat.beside_agreed, seat.beside_answers = False, {}
    seat.space = session.open(SpaceKind.LOBBY, now).id


def to_side(session: Seating, seat: Seat, now: datetime) -> Space:
    """To the room of the seat's own side; those without a side share a neutral one."""
    sides = (s for s in session.spaces.values() if s.kind is SpaceKind.SIDE)
    room = next((s for s in sides if s.side == seat.side), None)
    room = room or session.open(SpaceKind.SIDE, now, side=seat.side)
    session.put(seat, room, now)
    return room


def to_sides(session: Seating, seats: list[Seat], now: datetime) -> None:
    if not seats:
        raise Refused("nobody_named")
    if any(s.hosting for s in seats):
        raise Refused("host_has_no_side")
    for seat in seats:
        to_side(session, seat, now)


def to_joint(session: Seating, host: Seat, seats: list[Seat], now: datetime) -> None:
    """These, or everyone admitted, and the host with them.

    Where the sides are kept apart everyone means those of no side; the rest go to their own rooms.
    """
    joint = session.open_joint(now)
    everyone = [s for s in session.seats.values() if s.admitted]
    for seat in [host, *(seats or everyone)]:
        if not seats and session.kept_apart(seat, joint):
            to_side(session, seat, now)
        else:
            session.put(seat, joint, now)


def to_caucus(session: Seating, host: Seat, seats: list[Seat], now: datetime) -> Space:
    """A fresh caucus of the host and these."""
    guests = [s for s in seats if s.id != host.id]
    if not guests:
        raise Refused("nobody_named")
    if any(not s.present for s in guests):
        raise Refused("not_here")
    caucus = session.open(SpaceKind.CAUCUS, now)
    for seat in [host, *guests]:
        seat.asks -= {Ask.PRIVATE_WORD}
        session.put(seat, caucus, now)
    caucus.scope = ",".join(sorted({s.side for s in guests if s.side is not None}))
    return caucus


def part(session: Seating, now: datetime) -> None:
    """Take the sides out of every space that they must not share any more.

    Nobody is left alone in a caucus: the others of one that held several sides go back to joint.
    """
    for space in [s for s in session.spaces.values() if s.hosted]:
        members = session.members(space.id)
        sides = {s.side for s in members if s.side is not None}
        if not sides or (space.kind is SpaceKind.CAUCUS and len(sides) == 1):
            continue
        for seat in members:
            if seat.side is not None:
                to_side(session, seat, now)
            elif space.kind is SpaceKind.CAUCUS:
                session.put(seat, session.open_joint(now), now)
        if space.kind is SpaceKind.CAUCUS:
            session.close(space.id, now)
