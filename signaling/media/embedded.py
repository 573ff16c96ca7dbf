"""The plane that forwards packets itself, in a worker process.

This is the server's side: it remembers what should be (whose links, who is where, whose microphone
is open), tells the worker, and rebuilds everything from that memory when a worker died. Nothing
here touches a packet.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any, get_args

import structlog

from server.domain.ids import SeatId, SessionId, SpaceId
from signaling.media.control import FAILED, Message
from signaling.media.plane import (
    MOST_PINNED,
    MOST_TILES,
    SLOTS,
    BadSignal,
    Code,
    Ladder,
    LinkId,
    Links,
    LinkState,
    MicrophoneSilent,
    PlaneEvent,
    Quality,
    Signal,
    Signalled,
    Slots,
    Speaking,
)
from signaling.media.process import Refusal, WorkerGone, WorkerProcess

log = structlog.get_logger()

ANSWER_S = 1.0
"""A worker that has not answered by then is killed: no answer may mean that packets still flow."""

LARGEST_SDP = 64 * 1024
"""Characters of a description; Chromium's offer has about 6,000."""

TRACKS, MOST_WORKERS = 1000, 64
"""Of one recording in one worker, and workers after which they are counted anew: a track's number
has two bytes."""

_SECOND_LOOK_S = 0.05
# When this process itself was busy for a second, the answer is there but has not been read yet.
_SETTLED_S = 1.0
# A worker that lived this long gets another one waiting behind it: to start a process and load its
# libraries takes a second on a busy machine, in which nobody would hear anybody.
_EMPTY: tuple[SeatId | None, ...] = (None,) * SLOTS


@dataclass(frozen=True, slots=True)
class WorkerStats:
    """What one worker has counted since it started."""

    pid: int
    packets_in: int
    """RTP packets accepted from browsers."""
    packets_out: int
    """RTP packets sent to browsers."""
    forwarded: dict[tuple[SeatId, SeatId], int]
    """Packets of one seat sent to another; pairs of seats that are still open."""
    asked: int
    """Packets that did not come from browsers, and were asked for."""
    resent: int
    """Packets that browsers asked for again."""
    members: int
    """Seats it knows: with links, in a space, or both."""
    links: int
    """All that take memory; closed ones do until the next second."""
    tasks: int


@dataclass(slots=True)
class _Place:
    space: SpaceId
    microphone: bool
    screen: int = 0
    """When its screen was switched on, counted; 0 while it is off."""


class EmbeddedPlane:
    """A `MediaPlane`. `start()` before the first call, `stop()` at the end.

    `ports`: first and last UDP port to use, both included; None takes any free one.
    `addresses`: local addresses to receive on; None takes all but loopback.
    `loopback`: 127.0.0.1 too; it is used in any case when there is no other address.
    `public_address`: an address that reaches this machine on the same ports (one-to-one NAT).
    """

    def __init__(
        self,
        *,
        ports: tuple[int, int] | None = None,
        addresses: list[str] | None = None,
        loopback: bool = False,
        public_address: str | None = None,
    ) -> None:
        self._settings: Message = {
            "ports": ports,
            "addresses": addresses,
            "loopback": loopback,
            "public_address": public_address,
        }
        self._worker: WorkerProcess | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._events: asyncio.Queue[PlaneEvent] = asyncio.Queue()
        self._links: dict[SeatId, Links | None] = {}
        self._places: dict[SeatId, _Place] = {}
        self._pinned: dict[SeatId, list[SeatId]] = {}
        self._sizes: dict[SeatId, dict[SeatId, int]] = {}
        self._screens = count(1)
        self._tapes: dict[SpaceId, Message] = {}
        self._workers, self._first_track = count(1), 1
        self._undone: dict[tuple[type, SeatId], PlaneEvent] = {}
        """What has to be told if the worker dies: that what was told last is so no more."""
        self._stopping = False

    # -- life

    async def start(self) -> None:
        """Start the worker. Raises WorkerGone when it cannot start."""
        self._adopt(await self._spawn())
        self._stopping = False
        self._keeper = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """End the worker; all links are gone when this returns."""
        self._stopping = True
        if self._worker is not None:
            self._worker.kill()
        if self._keeper is not None:
            await self._keeper
            self._keeper = None
        self._links.clear()
        self._places.clear()
        self._pinned.clear()
        self._sizes.clear()
        self._tapes.clear()
        self._undone.clear()

    @property
    def worker_pids(self) -> list[int]:
        """Process ids of the workers that are running now."""
        return [] if self._worker is None else [self._worker.pid]

    async def stats(self) -> list[WorkerStats]:
        """One entry a running worker."""
        worker = self._worker
        if worker is None:
            return []
        try:
            found = await worker.ask({"do": "stats"})
        except WorkerGone:
            return []
        forwarded = {(SeatId(a), SeatId(b)): n for a, b, n in found["forwarded"]}
        counts = (found[name] for name in ("asked", "resent", "members", "links", "tasks"))
        return [WorkerStats(worker.pid, found["in"], found["out"], forwarded, *counts)]

    # -- MediaPlane

    async def open(self, session: SessionId, seat: SeatId, *, beside: bool = False) -> None:
        before = self._links.get(seat)
        self._links[seat] = None
        if self._worker is not None:
            self._new_links(seat)
            try:
                await self._order({"do": "open", "beside": beside, **self._link_ids(seat)})
            except Refusal:
                if beside and seat in self._links:
                    self._links[seat] = before  # Goes on, if it works; it ends by itself if not.
                else:
                    await self.close(seat)
                raise BadSignal("no_ports") from None

    async def close(self, seat: SeatId) -> None:
        self._links.pop(seat, None)
        self._pinned.pop(seat, None)
        self._sizes.pop(seat, None)
        if place := self._places.get(seat):
            place.screen = 0
        for kind in (Slots, Speaking, MicrophoneSilent, Ladder):
            self._undone.pop((kind, seat), None)
        await self._order({"do": "close", "seat": seat})

    async def enter(self, space: SpaceId, seat: SeatId, *, microphone: bool) -> None:
        place = self._places.get(seat)
        if place is not None and place.space != space:
            raise RuntimeError("the seat is in another space: leave it first")
        self._places[seat] = _Place(space, microphone)
        await self._order({"do": "enter", "space": space, "seat": seat, "microphone": microphone})

    async def leave(self, space: SpaceId, seat: SeatId) -> None:
        place = self._places.get(seat)
        if place is not None and place.space == space:
            del self._places[seat]
        # Asked even when the seat is known to have left: a first call may still be waiting.
        await self._order({"do": "leave", "space": space, "seat": seat})

    async def microphone(self, seat: SeatId, on: bool) -> None:
        place = self._places.get(seat)
        if place is not None:
            place.microphone = on
        await self._order({"do": "microphone", "seat": seat, "on": on})

    async def screen(self, seat: SeatId, on: bool) -> None:
        place = self._places.get(seat)
        if place is not None and on != bool(place.screen):
            place.screen = next(self._screens) if on else 0
        await self._order({"do": "screen", "seat": seat, "on": on})

    async def tape(
        self, space: SpaceId, seats: frozenset[SeatId], number: int, socket: str
    ) -> None:
        self._tapes[space] = {"seats": sorted(seats), "number": number, "socket": socket}
        await self._order(self._taping(space))

    async def untape(self, space: SpaceId) -> None:
        self._tapes.pop(space, None)
        await self._order({"do": "untape", "space": space})

    def _taping(self, space: SpaceId) -> Message:
        return {"do": "tape", "space": space, "first": self._first_track, **self._tapes[space]}

    async def pin(self, seat: SeatId, others: Sequence[SeatId]) -> None:
        if len(others) > MOST_PINNED:
            raise ValueError(f"at most {MOST_PINNED} may be pinned")
        if seat not in self._links:
            return
        self._pinned[seat] = list(others)
        await self._order({"do": "pin", "seat": seat, "others": list(others)})

    async def tiles(self, seat: SeatId, sizes: Mapping[SeatId, int]) -> None:
        if len(sizes) > MOST_TILES:
            raise ValueError(f"at most {MOST_TILES} tiles")
        if seat not in self._links:
            return
        self._sizes[seat] = dict(sizes)
        await self._order({"do": "tiles", "seat": seat, "sizes": self._sizes[seat]})

    async def echo(self, seat: SeatId, sdp: str) -> str:
        if len(sdp) > LARGEST_SDP:
            raise BadSignal("bad_sdp")
        worker = self._worker
        if worker is None:
            raise BadSignal("no_ports")
        try:
            async with asyncio.timeout(ANSWER_S):
                answer: str = await worker.ask({"do": "echo", "seat": seat, "sdp": sdp})
        except (WorkerGone, TimeoutError):
            raise BadSignal("no_ports") from None
        except Refusal as refusal:
            raise _bad(refusal) from None
        return answer

    async def signal(self, seat: SeatId, signal: Signal) -> None:
        links = self._links.get(seat)
        if links is None or signal.link not in (links.up, links.down):
            raise BadSignal("not_your_link")
        if len(signal.sdp) > LARGEST_SDP:
            raise BadSignal("bad_sdp")
        worker = self._worker
        if worker is None:
            raise BadSignal("not_your_link")
        command = {"do": "signal", "link": signal.link, "kind": signal.kind, "sdp": signal.sdp}
        try:
            await worker.ask(command)
        except WorkerGone:
            raise BadSignal("not_your_link") from None
        except Refusal as refusal:
            raise _bad(refusal) from None

    async def routes(self, space: SpaceId) -> set[tuple[SeatId, SeatId]]:
        found = await self._order({"do": "routes", "space": space})
        return {(SeatId(a), SeatId(b)) for a, b in found or []}

    async def events(self) -> AsyncIterator[PlaneEvent]:
        while True:
            yield await self._events.get()

    # -- the worker

    async def _order(self, command: Message) -> Any:
        """Have it done before returning: by the worker, or by there being no worker any more."""
        worker = self._worker
        if worker is None:
            return None  # The next one starts from memory.
        answer = worker.ask(command)
        for patience in (ANSWER_S, _SECOND_LOOK_S):
            await asyncio.wait({answer}, timeout=patience)
        if not answer.done():
            log.error("media_worker_hangs", pid=worker.pid, command=command["do"])
            worker.kill()
        try:
            return await answer
        except Refusal as refusal:
            if refusal.code != FAILED:
                raise
            log.error("media_worker_failed", pid=worker.pid, command=command["do"])
            worker.kill()
        except WorkerGone:
            pass
        await worker.gone()
        return None

    async def _keep(self) -> None:
        """Replace the worker whenever it is gone, until `stop`."""
        spare: asyncio.Task[WorkerProcess] | None = None
        while not self._stopping:
            if self._worker is not None:
                gone = asyncio.create_task(self._worker.gone())
                await asyncio.wait({gone}, timeout=_SETTLED_S)
                if not gone.done():
                    spare = spare or self._spawn()
                elif not self._stopping:
                    await asyncio.sleep(_SETTLED_S / 4)  # Not a storm of processes.
                await gone
                self._forget()
            if self._stopping:
                break
            log.error("media_worker_gone")
            next_one, spare = spare or self._spawn(), None
            try:
                self._adopt(await next_one)
            except (WorkerGone, OSError):
                await asyncio.sleep(_SETTLED_S)
        for worker in filter(None, [self._worker, await _unless_failed(spare)]):
            worker.kill()
            await worker.gone()
        self._worker = None

    def _spawn(self) -> asyncio.Task[WorkerProcess]:
        return asyncio.create_task(WorkerProcess.spawn(self._settings, self._on_event))

    def _forget(self) -> None:
        """The worker died: say that nothing is forwarded; its links are nobody's."""
        self._worker = None
        for seat in self._links:
            self._links[seat] = None
        for event in self._undone.values():
            self._events.put_nowait(event)
        self._undone.clear()

    def _adopt(self, worker: WorkerProcess) -> None:
        """Give a new worker all that should be. No await: nothing may come in between."""
        self._worker = worker
        # Tracks of a recording go on being counted where another worker had counted before.
        self._first_track = next(self._workers) % MOST_WORKERS * TRACKS + 1
        commands: list[Message] = []
        for seat in self._links:
            self._new_links(seat)
            commands.append({"do": "open", **self._link_ids(seat)})
        for seat, place in self._places.items():
            enter = {"do": "enter", "space": place.space, "seat": seat}
            commands.append({**enter, "microphone": place.microphone})
        shared = [(place.screen, seat) for seat, place in self._places.items() if place.screen]
        commands += [{"do": "screen", "seat": seat, "on": True} for _, seat in sorted(shared)]
        commands += map(self._taping, self._tapes)
        for seat, others in self._pinned.items():
            commands.append({"do": "pin", "seat": seat, "others": others})
        for seat, sizes in self._sizes.items():
            commands.append({"do": "tiles", "seat": seat, "sizes": sizes})
        for command in commands:
            worker.ask(command).add_done_callback(_look_at)

    def _new_links(self, seat: SeatId) -> None:
        up, down = LinkId(secrets.token_hex(16)), LinkId(secrets.token_hex(16))
        self._links[seat] = Links(seat, up, down)

    def _link_ids(self, seat: SeatId) -> Message:
        links = self._links[seat]
        assert links is not None
        return {"seat": seat, "up": links.up, "down": links.down}

    def _on_event(self, message: Message) -> None:
        seat = SeatId(message["seat"])
        event: PlaneEvent
        match message["event"]:
            case "links":
                event = Links(seat, LinkId(message["up"]), LinkId(message["down"]))
            case "signal":
                signal = Signal(LinkId(message["link"]), message["kind"], message["sdp"])
                event = Signalled(seat, signal)
            case "state":
                event = LinkState(seat, LinkId(message["link"]), message["state"])
            case "speaking":
                event = Speaking(seat, tuple(message["speakers"]))
                self._until(event, Speaking(seat, ()))
            case "microphone":
                event = MicrophoneSilent(seat, message["silent"])
                self._until(event, MicrophoneSilent(seat, False))
            case "ladder":
                event = Ladder(seat, message["how"])
                self._until(event, Ladder(seat, "full"))
            case "quality":
                event = Quality(seat, **message["minute"])
            case _:
                slots, heard_by = tuple(message["slots"]), frozenset(message["heard_by"])
                event = Slots(seat, slots, heard_by, message["screen"])
                self._until(event, Slots(seat, _EMPTY, frozenset()))
        self._events.put_nowait(event)

    def _until(self, told: PlaneEvent, undone: PlaneEvent) -> None:
        """Remember how to take back what is told, unless it says as much itself."""
        if told == undone:
            self._undone.pop((type(told), told.seat), None)
        else:
            self._undone[type(told), told.seat] = undone


def _bad(refusal: Refusal) -> BadSignal:
    codes: tuple[Code, ...] = get_args(Code)
    return BadSignal(next((code for code in codes if code == refusal.code), "bad_sdp"))


async def _unless_failed(spawning: asyncio.Task[WorkerProcess] | None) -> WorkerProcess | None:
    if spawning is None:
        return None
    try:
        return await spawning
    except (WorkerGone, OSError):
        return None


def _look_at(answer: asyncio.Future[Any]) -> None:
    if not answer.cancelled() and (error := answer.exception()) is not None:
        log.error("media_worker_not_restored", error=type(error).__name__)
