"""What a change of a session means for the media: what stops before it, what starts after it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import structlog

from server.domain.attendance import places
from server.domain.ids import SeatId, SpaceId
from server.domain.session import Session
from server.domain.view import View, view
from server.services.context import Context

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Picture:
    """A session at one moment, as far as others are concerned."""

    forwarded: dict[SeatId, SpaceId]
    microphones: dict[SeatId, bool]
    screens: frozenset[SeatId]
    places: dict[SeatId, SpaceId]
    views: dict[SeatId, View]

    @classmethod
    def of(cls, session: Session) -> Picture:
        present = [s for s in session.seats.values() if s.present]
        forwarded = session.forwarded()
        shared = [(s.screen, s.id) for s in session.spaces.values() if s.screen]
        return cls(
            forwarded=forwarded,
            screens=frozenset(s for s, space in shared if forwarded.get(s) == space),
            microphones={s.id: s.microphone for s in session.seats.values()},
            places=places(session),
            views={s.id: view(session, s.id) for s in present},
        )


class Gating:
    """What a change from one picture to the next means for the media."""

    def __init__(self, ctx: Context, before: Picture, after: Picture) -> None:
        self._ctx, self._before, self._after = ctx, before, after
        moved = {
            seat
            for seat in before.forwarded.keys() | after.forwarded.keys()
            if before.forwarded.get(seat) != after.forwarded.get(seat)
        }
        self._leaving = {s: p for s, p in before.forwarded.items() if s in moved}
        self._entering = {s: p for s, p in after.forwarded.items() if s in moved}
        staying = after.forwarded.keys() - moved
        changed = {s for s in staying if before.microphones[s] != after.microphones[s]}
        self._muting = {s for s in changed if not after.microphones[s]}
        self._unmuting = changed - self._muting
        self._hiding = before.screens - after.screens
        self._sharing = after.screens - before.screens

    async def stop(self) -> None:
        """Raises what the gate raised, when everything that could be stopped has been."""
        gate = self._ctx.gate
        done = await asyncio.gather(
            *(gate.leave(space, seat) for seat, space in self._leaving.items()),
            *(gate.microphone(seat, False) for seat in self._muting),
            *(gate.screen(seat, False) for seat in self._hiding),
            return_exceptions=True,
        )
        for failure in done:
            if isinstance(failure, BaseException):
                raise failure

    async def start(self) -> None:
        await self._open(self._entering, self._after, self._unmuting, self._sharing)

    async def restore(self) -> None:
        await self._open(self._leaving, self._before, self._muting, self._hiding)

    async def _open(
        self,
        places: dict[SeatId, SpaceId],
        picture: Picture,
        speaking: set[SeatId],
        sharing: frozenset[SeatId],
    ) -> None:
        """What is committed stands, also when the gate fails: it remembers who belongs where."""
        gate = self._ctx.gate
        done = await asyncio.gather(
            *(
                gate.enter(space, seat, microphone=picture.microphones[seat])
                for seat, space in places.items()
            ),
            *(gate.microphone(seat, True) for seat in speaking),
            *(gate.screen(seat, True) for seat in sharing),
            return_exceptions=True,
        )
        for failure in done:
            if isinstance(failure, Exception):
                log.error("gate_failed", exc_info=failure)
