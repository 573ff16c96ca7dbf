"""What should be, of each seat: its session, its links, its place, what its page wishes.

A worker that died, and one that a session comes to, is told all of it from here.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count

from server.domain.ids import SeatId, SessionId, SpaceId
from signaling.media.control import Message
from signaling.media.plane import LinkId, Links

TRACKS, MOST_WORKERS = 1000, 64
"""Of one recording in one worker, and workers after which they are counted anew: a track's number
has two bytes."""


@dataclass(slots=True)
class Place:
    """Where a seat is."""

    space: SpaceId
    microphone: bool
    screen: int = 0
    """When its screen was switched on, counted; 0 while it is off."""


@dataclass(slots=True)
class Kept:
    """Of one seat."""

    seat: SeatId
    session: SessionId | None = None
    """Known once its page came; without a page there is nothing to carry, so no worker knows it."""
    opened: bool = False
    links: Links | None = None
    """None while no worker has any."""
    place: Place | None = None
    pinned: list[SeatId] | None = None
    sizes: dict[SeatId, int] | None = None

    def open(self, *, beside: bool = False) -> Message:
        """The command that gives it new links; `beside` the old ones, until both are connected."""
        up, down = LinkId(secrets.token_hex(16)), LinkId(secrets.token_hex(16))
        self.links = Links(self.seat, up, down)
        return {"do": "open", "seat": self.seat, "beside": beside, "up": up, "down": down}

    def enter(self) -> Message:
        """The command that puts it where it is."""
        assert self.place is not None
        place = {"space": self.place.space, "microphone": self.place.microphone}
        return {"do": "enter", "seat": self.seat, **place}


class Memory:
    """All seats that have links, are in a space, or both."""

    def __init__(self) -> None:
        self._seats: dict[SeatId, Kept] = {}
        self._sessions: dict[SessionId, set[SeatId]] = {}
        self._screens = count(1)
        self._tapes: dict[SpaceId, Message] = {}
        self._workers = 0

    def of(self, seat: SeatId) -> Kept | None:
        return self._seats.get(seat)

    def seat(self, seat: SeatId) -> Kept:
        return self._seats.setdefault(seat, Kept(seat))

    def belongs(self, kept: Kept, session: SessionId) -> bool:
        """It is a seat of that session. Whether this is new."""
        new = kept.session is None
        kept.session = session
        self._sessions.setdefault(session, set()).add(kept.seat)
        return new

    def screen(self, place: Place, on: bool) -> None:
        """Switch a screen on or off; the newest that is on is shown."""
        if on != bool(place.screen):
            place.screen = next(self._screens) if on else 0

    def forget(self, seat: SeatId) -> SessionId | None:
        """Forget it, if nothing is left of it. Returns its session, if that has no other seat."""
        kept = self._seats.get(seat)
        if kept is None or kept.opened or kept.place is not None:
            return None
        del self._seats[seat]
        if kept.session is None:
            return None
        others = self._sessions[kept.session]
        others.discard(seat)
        if others:
            return None
        del self._sessions[kept.session]
        return kept.session

    def seats(self, sessions: Iterable[SessionId]) -> list[Kept]:
        """All of these sessions, in an order that stays."""
        found = (seat for session in sessions for seat in self._sessions.get(session, ()))
        return [self._seats[seat] for seat in sorted(found)]

    def size(self, session: SessionId) -> int:
        return len(self._sessions.get(session, ()))

    def session_of(self, space: SpaceId) -> SessionId | None:
        """Whose space that is; None when nobody is in it."""
        here = (k for k in self._seats.values() if k.place and k.place.space == space)
        return next((k.session for k in here if k.session is not None), None)

    def tape(self, space: SpaceId, seats: frozenset[SeatId], number: int, socket: str) -> Message:
        """The command that says who of that space is recorded."""
        self._tapes[space] = {"seats": sorted(seats), "number": number, "socket": socket}
        return self._taping(space)

    def untape(self, space: SpaceId) -> None:
        self._tapes.pop(space, None)

    def _taping(self, space: SpaceId) -> Message:
        first = self._workers % MOST_WORKERS * TRACKS + 1
        return {"do": "tape", "space": space, "first": first, **self._tapes[space]}

    def clear(self) -> None:
        self._tapes.clear()
        self._seats.clear()
        self._sessions.clear()

    def commands(self, sessions: Iterable[SessionId]) -> list[Message]:
        """What a worker that knows nothing has to be told; who had links gets new ones."""
        seats = self.seats(sessions)
        placed = [(kept, kept.place) for kept in seats if kept.place is not None]
        # Tracks of a recording go on being counted where another worker had counted before.
        self._workers += 1
        taped = sorted({place.space for _, place in placed} & self._tapes.keys())
        shared = sorted((place.screen, kept.seat) for kept, place in placed if place.screen)
        return [
            *(kept.open() for kept in seats if kept.opened),
            *(kept.enter() for kept, _ in placed),
            *map(self._taping, taped),
            *({"do": "screen", "seat": seat, "on": True} for _, seat in shared),
            *({"do": "pin", "seat": k.seat, "others": k.pinned} for k in seats if k.pinned),
            *(
                {"do": "tiles", "seat": kept.seat, "sizes": kept.sizes}
                for kept in seats
                if kept.sizes is not None
            ),
        ]
