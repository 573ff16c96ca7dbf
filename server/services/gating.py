"""What a change of a session means for the media: what stops before it, what starts after it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import structlog

from server.domain import recording
from server.domain.attendance import places
from server.domain.ids import RecordingId, SeatId, SpaceId
from server.domain.recorded import Ended, Taping
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
    taping: Taping | None
    about: Mapping[str, Any]
    """What is recorded, for its beginning."""
    ended: Mapping[RecordingId, Ended]

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
            taping=recording.taping(session),
            about=_about(session),
            ended={r.id: r.ended for r in session.recordings.values() if r.ended},
        )


def _about(session: Session) -> Mapping[str, Any]:
    found = recording.live(session)
    if found is None:
        return {}
    ids = {"recording": found.id, "case": session.case, "session": session.id, "space": found.space}
    return {**ids, "purpose": found.purpose, "texts": sorted(t.hash for t in found.texts)}


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
        self._narrowed = _narrowed(before.taping, after.taping)

    async def stop(self) -> None:
        """Raises what the gate raised, when everything that could be stopped has been."""
        gate = self._ctx.gate
        done = await asyncio.gather(
            *(gate.leave(space, seat) for seat, space in self._leaving.items()),
            *(gate.microphone(seat, False) for seat in self._muting),
            *(gate.screen(seat, False) for seat in self._hiding),
            self._record_less(),
            return_exceptions=True,
        )
        for failure in done:
            if isinstance(failure, BaseException):
                raise failure

    async def start(self) -> None:
        await self._open(self._entering, self._after, self._unmuting, self._sharing)
        await self._record(self._after)
        for ended, why in self._after.ended.items():
            self._ctx.recorder.end(ended, why)

    async def restore(self) -> None:
        await self._open(self._leaving, self._before, self._muting, self._hiding)
        if self._narrowed:
            await self._record(self._before)

    async def _record_less(self) -> None:
        """Nobody who is not recorded any more, before that is answered."""
        before, less = self._before.taping, self._narrowed
        if before is None or less is None:
            return
        if less.seats:
            await self._ctx.recorder.write(less, self._before.about)
        else:
            await self._ctx.recorder.pause(before.recording)

    async def _record(self, picture: Picture) -> None:
        if picture.taping is not None and (
            self._narrowed is not None or self._before.taping != self._after.taping
        ):
            await self._ctx.recorder.write(picture.taping, picture.about)

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


def _narrowed(before: Taping | None, after: Taping | None) -> Taping | None:
    """What of the taping before is left while the change is made; None: all of it stays."""
    if before is None:
        return None
    same = after is not None and after.recording == before.recording
    seats = before.seats & after.seats if after is not None and same else frozenset()
    return None if seats == before.seats else replace(before, seats=seats)
