"""The recorder's seat in the room: what the server's services ask of it, and what it tells them.

One writer process for all that is recorded here, started with the first of it. Who is taken off is
off in the media worker before anything else is done; the disk is never waited for by a command.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import structlog

from recordings import recovery, room
from recordings.index import open_index
from recordings.record import Damaged
from recordings.recorder import Recorder, Refused, WriterGone
from recordings.segment import HEAD_FILE, SegmentFile, file_name
from server.domain.ids import RecordingId, SeatId, SpaceId
from server.domain.recorded import Taping, Trouble
from server.security.keys import KeyStore, recording_key
from server.services.context import Reel

log = structlog.get_logger()

_TROUBLE = {"slow": Trouble.SLOW, "full": Trouble.FULL, "failed": Trouble.LOST, "well": None}


class Plane(Protocol):
    """What of the media plane it needs."""

    async def tape(
        self, space: SpaceId, seats: frozenset[SeatId], number: int, socket: str
    ) -> None: ...

    async def untape(self, space: SpaceId) -> None: ...


class Told(Protocol):
    """Who is told what happens to a recording."""

    async def trouble(self, recording: RecordingId, trouble: Trouble | None) -> None: ...

    async def failed(self, recording: RecordingId) -> None: ...

    async def kept(self, recording: RecordingId) -> None:
        """It is over, and whole on the disk."""


@dataclass(slots=True)
class _Open:
    number: int
    space: SpaceId
    paused: bool = False


class RecorderSeat:
    able = True

    def __init__(self, folder: Path, keys: KeyStore, plane: Plane, told: Told) -> None:
        self._folder, self._keys, self._plane, self._told = folder, keys, plane, told
        self._recorder: Recorder | None = None
        self._starting = asyncio.Lock()
        self._open: dict[RecordingId, _Open] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    # -- what services ask

    async def write(self, taping: Taping, about: Mapping[str, Any]) -> None:
        """Begin, or go on, with these seats and nobody else."""
        try:
            found = self._open.get(taping.recording) or await self._begin(taping, about)
            recorder = await self._writer()
            if found.paused:
                await recorder.resume(found.number)
                found.paused = False
            await self._plane.tape(taping.space, taping.seats, found.number, str(recorder.path))
        except (WriterGone, Refused, OSError, LookupError) as wrong:
            log.error("recording_failed", error=type(wrong).__name__)
            self._soon(self._told.failed(taping.recording))

    async def pause(self, recording: RecordingId) -> None:
        """Returns when nothing is handed on that comes later."""
        found = self._open.get(recording)
        if found is None or found.paused:
            return
        found.paused = True
        await self._plane.tape(found.space, frozenset(), found.number, "")
        if self._recorder is not None:
            # In the order of asking; that the disk is slow holds up nobody.
            self._soon(self._recorder.pause(found.number, "not everybody agrees"))

    def end(self, recording: RecordingId, why: str) -> None:
        self._soon(self._end(recording, why))

    def hours(self, people: int) -> float:
        return room.hours(self._folder, people)

    async def reel(self, recording: RecordingId) -> Reel | None:
        """What lies on the disk of one that nobody writes any more."""
        return await asyncio.to_thread(self._reel, recording)

    # -- life

    async def close(self) -> None:
        """The server stops: what still runs is ended whole."""
        if self._recorder is not None:
            await self._recorder.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def pid(self) -> int | None:
        return self._recorder.pid if self._recorder is not None else None

    # -- inside

    async def _writer(self) -> Recorder:
        async with self._starting:
            if self._recorder is None:
                made = Recorder(self._heard)
                await made.start()
                self._recorder = made
            return self._recorder

    async def _begin(self, taping: Taping, about: Mapping[str, Any]) -> _Open:
        key = self._keys.data.get(recording_key(taping.recording))
        if key is None:
            raise LookupError(taping.recording)
        recorder = await self._writer()
        folder = self._folder / taping.recording
        number = await recorder.begin(folder, key, about, datetime.now(UTC))
        found = self._open[taping.recording] = _Open(number, taping.space)
        return found

    async def _end(self, recording: RecordingId, why: str) -> None:
        found = self._open.pop(recording, None)
        if found is not None:
            if self._recorder is not None:
                try:
                    await self._recorder.end(found.number, why)
                except (WriterGone, Refused) as wrong:
                    log.error("recording_not_ended", error=type(wrong).__name__)
            # Its feed is missed by nobody any more; before, that would be told as a hole.
            await self._plane.untape(found.space)
        await self._told.kept(recording)

    def _reel(self, recording: RecordingId) -> Reel | None:
        folder, key = self._folder / recording, self._keys.data.get(recording_key(recording))
        if key is None or not (folder / HEAD_FILE).exists():
            return None
        try:
            last = recovery.close(folder, key, recording)
            ms = open_index(folder, key).duration // 1000
            size = sum(SegmentFile(folder / file_name(n)).size for n in range(last.n + 1))
        except Damaged:
            log.error("recording_damaged", recording=recording)
            return None
        return Reel(last.hash, last.n + 1, size, ms)

    def _heard(self, event: dict[str, Any]) -> None:
        what = event["event"]
        if what == "gone":
            self._recorder = None
            for recording in list(self._open):
                self._soon(self._told.failed(recording))
            return
        found = next((r for r, o in self._open.items() if o.number == event["recording"]), None)
        if found is not None and what in _TROUBLE:
            self._soon(self._told.trouble(found, _TROUBLE[what]))

    def _soon(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(_logged(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _logged(work: Awaitable[None]) -> None:
    try:
        await work
    except Exception as wrong:
        log.error("recorder_failed", error=type(wrong).__name__)
