"""Attendance 到会记录: who was in which space, from when to when, on which device."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from server.domain.ids import DeviceId, SeatId, SpaceId
from server.domain.seating import Seating
from server.domain.space import SpaceKind


@dataclass(frozen=True, slots=True)
class Attendance:
    """One stay of one seat in one space. `left_at` is None while it lasts."""

    seat: SeatId
    space: SpaceId
    kind: SpaceKind
    device: DeviceId | None
    entered_at: datetime
    left_at: datetime | None = None


def places(session: Seating) -> dict[SeatId, SpaceId]:
    """Where everyone is who is connected. A place kept for the lost is no attendance."""
    return {
        seat.id: seat.space
        for seat in session.seats.values()
        if seat.present and seat.space and seat.space in session.spaces
    }


def left(before: dict[SeatId, SpaceId], session: Seating) -> dict[SeatId, SpaceId]:
    """The stays that are over, `before` being the places of a moment ago."""
    now = places(session)
    return {seat: space for seat, space in before.items() if now.get(seat) != space}


def entered(before: dict[SeatId, SpaceId], session: Seating, now: datetime) -> list[Attendance]:
    """The stays that begin."""
    return [
        Attendance(seat, space, session.spaces[space].kind, session.seats[seat].device, now)
        for seat, space in places(session).items()
        if before.get(seat) != space
    ]
