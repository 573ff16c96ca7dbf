"""What every service is given: the store, the keys, the clock, and the two ways outward.

`Gate` and `Publish` are the only things a service knows of the live world. run.py puts the media
plane and the gateway behind them; tests put in-memory ones.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Protocol
from weakref import WeakValueDictionary

from server.domain.errors import Refused
from server.domain.ids import RecordingId, SeatId, SessionId, SpaceId
from server.domain.recorded import Taping
from server.security.keys import KeyStore
from server.security.limiter import Limiter
from server.services.alarms import Alarms
from server.services.library import Library, NoLibrary
from server.settings import Settings
from server.store.blobs import Blobs
from server.store.store import Store


class Gate(Protocol):
    """Stops and starts a seat's media. Stopping returns when the last packet has gone."""

    async def enter(self, space: SpaceId, seat: SeatId, *, microphone: bool) -> None: ...

    async def leave(self, space: SpaceId, seat: SeatId) -> None: ...

    async def microphone(self, seat: SeatId, on: bool) -> None: ...

    async def screen(self, seat: SeatId, on: bool) -> None: ...

    async def echo(self, seat: SeatId, sdp: str) -> str:
        """The answer to a browser that tries its network; connected to nobody but itself.

        Raises Refused: bad_sdp, too_many, no_ports.
        """


class Publish(Protocol):
    """Tells a seat's browser, if there is one. Never waits and never fails."""

    def told(self, seat: SeatId, n: int, at: datetime, fact: dict[str, Any]) -> None: ...

    def cut(self, seat: SeatId, code: str) -> None: ...

    def news(self, seat: SeatId, what: str) -> None:
        """Something of this kind, which the seat may read, has changed."""


class NoGate:
    """No media here: for the command line."""

    async def enter(self, space: SpaceId, seat: SeatId, *, microphone: bool) -> None: ...

    async def leave(self, space: SpaceId, seat: SeatId) -> None: ...

    async def microphone(self, seat: SeatId, on: bool) -> None: ...

    async def screen(self, seat: SeatId, on: bool) -> None: ...

    async def echo(self, seat: SeatId, sdp: str) -> str:
        raise Refused("no_ports")


class NoPublish:
    """Nobody is connected here: for the command line."""

    def told(self, seat: SeatId, n: int, at: datetime, fact: dict[str, Any]) -> None: ...

    def cut(self, seat: SeatId, code: str) -> None: ...

    def news(self, seat: SeatId, what: str) -> None:
        """Something of this kind, which the seat may read, has changed."""


@dataclass(frozen=True, slots=True)
class Reel:
    """A recording as it lies on the disk, whole. `head`: the hash of its last segment."""

    head: str
    segments: int
    bytes: int
    ms: int


class Recorder(Protocol):
    """Writes what a space says and shows, as far as everybody in it agrees."""

    able: bool
    """Whether anything can be recorded here at all."""

    async def write(self, taping: Taping, about: Mapping[str, Any]) -> None:
        """Begin, or go on, with these seats and nobody else. `about`: ids and plain words, for the
        beginning. What goes wrong is told elsewhere; it never raises."""

    async def pause(self, recording: RecordingId) -> None:
        """Returns when nothing is written that comes later. Never raises."""

    def end(self, recording: RecordingId, why: str) -> None:
        """Soon: when it is whole on the disk, that is told."""

    def hours(self, people: int) -> float:
        """For how long there is room on the disk."""

    async def reel(self, recording: RecordingId) -> Reel | None:
        """What lies on the disk of one that is over; made whole, if it was broken off. None: there
        is nothing, or it can't be read."""


class NoRecorder:
    """Nothing is recorded here: for the command line."""

    able = False

    async def write(self, taping: Taping, about: Mapping[str, Any]) -> None: ...

    async def pause(self, recording: RecordingId) -> None: ...

    def end(self, recording: RecordingId, why: str) -> None: ...

    def hours(self, people: int) -> float:
        return 0.0

    async def reel(self, recording: RecordingId) -> Reel | None:
        return None


class Locks:
    """One lock a session, for sockets, HTTP and jobs alike; gone when nobody holds it."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[SessionId, asyncio.Lock] = WeakValueDictionary()

    def of(self, session: SessionId) -> asyncio.Lock:
        lock = self._locks.get(session)
        if lock is None:
            lock = self._locks[session] = asyncio.Lock()
        return lock


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class Context:
    store: Store
    settings: Settings
    keys: KeyStore
    limiter: Limiter = field(default_factory=Limiter)
    clock: Callable[[], datetime] = utc_now
    gate: Gate = field(default_factory=NoGate)
    publish: Publish = field(default_factory=NoPublish)
    recorder: Recorder = field(default_factory=NoRecorder)
    library: Library = field(default_factory=NoLibrary)
    locks: Locks = field(default_factory=Locks)
    alarms: Alarms = field(default_factory=Alarms)
    blobs: Blobs = field(init=False)

    def __post_init__(self) -> None:
        self.blobs = Blobs(self.settings.data_dir / "files")

    def at(self, moment: datetime) -> Context:
        """The same, for what belongs to one command and happens at one moment."""
        return replace(self, clock=lambda: moment)
