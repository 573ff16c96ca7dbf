"""The plane that forwards packets itself, in worker processes.

This is the server's side: it remembers what should be (`kept`), tells the worker that carries the
session (`fleet`, `carrier`), and hands on what the workers say (`news`). What a worker that died
knew is rebuilt from memory. Nothing here touches a packet.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, get_args

from server.domain.ids import SeatId, SessionId, SpaceId
from signaling.media.carrier import ANSWER_S, Carrier
from signaling.media.control import Message
from signaling.media.fleet import DRAIN_S, Fleet
from signaling.media.kept import Memory, Place
from signaling.media.news import News
from signaling.media.plane import (
    MOST_PINNED,
    MOST_TILES,
    BadSignal,
    Code,
    PlaneEvent,
    Signal,
)
from signaling.media.process import Refusal, WorkerGone

LARGEST_SDP = 64 * 1024
"""Characters of a description; Chromium's offer has about 6,000."""


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
    dropped: int
    """Packets of pictures that were not sent, because the way to the receiver was full."""
    voices_dropped: int
    """And of voices; those are kept for a moment before."""
    members: int
    """Seats it knows: with links, in a space, or both."""
    links: int
    """All that take memory; closed ones do until the next second."""
    tasks: int
    sessions: int
    """Those that it carries."""
    draining: int
    """1 if it ends with the last of them."""


class EmbeddedPlane:
    """A `MediaPlane`. `start()` before the first call, `stop()` at the end.

    `workers`: processes; each session is on one of them.
    `ports`: first and last UDP port to use, both included, divided among the workers; None takes
    any free one.
    `addresses`: local addresses to receive on; None takes all but loopback.
    `loopback`: 127.0.0.1 too; it is used in any case when there is no other address.
    `public_address`: an address that reaches this machine on the same ports (one-to-one NAT).
    """

    def __init__(
        self,
        *,
        workers: int = 1,
        ports: tuple[int, int] | None = None,
        addresses: list[str] | None = None,
        loopback: bool = False,
        public_address: str | None = None,
    ) -> None:
        settings: Message = {
            "addresses": addresses,
            "loopback": loopback,
            "public_address": public_address,
        }
        parts = [None] * workers if ports is None else divided(ports, workers)
        self._memory = Memory()
        self._news = News()
        self._fleet = Fleet(self._memory, self._news, [{"ports": p, **settings} for p in parts])

    # -- life

    async def start(self) -> None:
        """Start the workers. Raises WorkerGone when one cannot start."""
        await self._fleet.start()

    async def stop(self) -> None:
        """End the workers; all links are gone when this returns."""
        await self._fleet.stop()
        self._memory.clear()
        self._news.clear()

    def renew(self, limit: float = DRAIN_S) -> None:
        """Put new workers in the place of these. What has begun stays where it is until it ends;
        what goes on after so many seconds gets links on a new one."""
        self._fleet.renew(limit)

    @property
    def worker_pids(self) -> list[int]:
        """Process ids of the workers that are running now."""
        return [c.worker.pid for c in self._fleet.carriers if c.worker is not None]

    @property
    def workers_died(self) -> int:
        """Those that ended without being told to, and were replaced."""
        return self._fleet.died

    @property
    def events_dropped(self) -> int:
        """Events that nobody read in time, so that only newer ones of their kind were kept."""
        return self._news.dropped

    async def stats(self) -> list[WorkerStats]:
        """One entry a running worker."""
        found = await asyncio.gather(*(_stats(carrier) for carrier in self._fleet.carriers))
        return [stats for stats in found if stats is not None]

    # -- MediaPlane

    async def open(self, session: SessionId, seat: SeatId, *, beside: bool = False) -> None:
        kept = self._memory.seat(seat)
        before = kept.links
        kept.opened, kept.links = True, None
        new = self._memory.belongs(kept, session)
        carrier = self._fleet.of(session)
        if carrier is None or carrier.worker is None:
            return  # The next one starts from memory.
        if new and kept.place is not None:
            carrier.tell([kept.enter()])
        try:
            await carrier.order(kept.open(beside=beside))
        except Refusal:
            if beside and kept.opened:
                kept.links = before  # Goes on, if it works; it ends by itself if not.
            else:
                # What it had does not work, or it would not ask; those ports help the next try.
                await self.close(seat)
            raise BadSignal("no_ports") from None

    async def close(self, seat: SeatId) -> None:
        if kept := self._memory.of(seat):
            kept.opened, kept.links, kept.pinned, kept.sizes = False, None, None, None
            if kept.place is not None:
                kept.place.screen = 0
        self._news.closed(seat)
        await self._order(seat, {"do": "close", "seat": seat})
        self._forget(seat)

    async def enter(self, space: SpaceId, seat: SeatId, *, microphone: bool) -> None:
        kept = self._memory.seat(seat)
        if kept.place is not None and kept.place.space != space:
            raise RuntimeError("the seat is in another space: leave it first")
        kept.place = Place(space, microphone)
        await self._order(seat, kept.enter())

    async def leave(self, space: SpaceId, seat: SeatId) -> None:
        kept = self._memory.of(seat)
        if kept is not None and kept.place is not None and kept.place.space == space:
            kept.place = None
        # Asked even when the seat is known to have left: a first call may still be waiting.
        await self._order(seat, {"do": "leave", "space": space, "seat": seat})
        self._forget(seat)

    async def microphone(self, seat: SeatId, on: bool) -> None:
        if (kept := self._memory.of(seat)) and kept.place is not None:
            kept.place.microphone = on
        await self._order(seat, {"do": "microphone", "seat": seat, "on": on})

    async def screen(self, seat: SeatId, on: bool) -> None:
        if (kept := self._memory.of(seat)) and kept.place is not None:
            self._memory.screen(kept.place, on)
        await self._order(seat, {"do": "screen", "seat": seat, "on": on})

    async def tape(
        self, space: SpaceId, seats: frozenset[SeatId], number: int, socket: str
    ) -> None:
        await self._everywhere(space, self._memory.tape(space, seats, number, socket))

    async def untape(self, space: SpaceId) -> None:
        self._memory.untape(space)
        await self._everywhere(space, {"do": "untape", "space": space})

    async def pin(self, seat: SeatId, others: Sequence[SeatId]) -> None:
        if len(others) > MOST_PINNED:
            raise ValueError(f"at most {MOST_PINNED} may be pinned")
        kept = self._memory.of(seat)
        if kept is None or not kept.opened:
            return
        kept.pinned = list(others)
        await self._order(seat, {"do": "pin", "seat": seat, "others": kept.pinned})

    async def tiles(self, seat: SeatId, sizes: Mapping[SeatId, int]) -> None:
        if len(sizes) > MOST_TILES:
            raise ValueError(f"at most {MOST_TILES} tiles")
        kept = self._memory.of(seat)
        if kept is None or not kept.opened:
            return
        kept.sizes = dict(sizes)
        await self._order(seat, {"do": "tiles", "seat": seat, "sizes": kept.sizes})

    async def echo(self, seat: SeatId, sdp: str) -> str:
        if len(sdp) > LARGEST_SDP:
            raise BadSignal("bad_sdp")
        carrier = self._fleet.of_seat(seat) or self._fleet.lightest()
        if carrier is None or carrier.worker is None:
            raise BadSignal("no_ports")
        try:
            async with asyncio.timeout(ANSWER_S):
                answer: str = await carrier.worker.ask({"do": "echo", "seat": seat, "sdp": sdp})
        except (WorkerGone, TimeoutError):
            raise BadSignal("no_ports") from None
        except Refusal as refusal:
            raise _bad(refusal) from None
        return answer

    async def signal(self, seat: SeatId, signal: Signal) -> None:
        kept, carrier = self._memory.of(seat), self._fleet.of_seat(seat)
        links = None if kept is None else kept.links
        if links is None or signal.link not in (links.up, links.down):
            raise BadSignal("not_your_link")
        if len(signal.sdp) > LARGEST_SDP:
            raise BadSignal("bad_sdp")
        if carrier is None or carrier.worker is None:
            raise BadSignal("not_your_link")
        command = {"do": "signal", "link": signal.link, "kind": signal.kind, "sdp": signal.sdp}
        try:
            await carrier.worker.ask(command)
        except WorkerGone:
            raise BadSignal("not_your_link") from None
        except Refusal as refusal:
            raise _bad(refusal) from None

    async def routes(self, space: SpaceId) -> set[tuple[SeatId, SeatId]]:
        session = self._memory.session_of(space)
        carrier = None if session is None else self._fleet.of(session)
        if carrier is None:
            return set()
        found = await carrier.order({"do": "routes", "space": space})
        return {(SeatId(a), SeatId(b)) for a, b in found or []}

    def events(self) -> AsyncIterator[PlaneEvent]:
        return self._news.events()

    # -- the workers

    async def _order(self, seat: SeatId, command: Message) -> Any:
        """Have it done before returning; nobody needs to do it for a seat whose page never came."""
        carrier = self._fleet.of_seat(seat)
        return None if carrier is None else await carrier.order(command)

    async def _everywhere(self, space: SpaceId, command: Message) -> None:
        """By the worker that carries that space; where nobody is in it, by all that may have."""
        session = self._memory.session_of(space)
        carrier = None if session is None else self._fleet.of(session)
        carriers = self._fleet.carriers if carrier is None else [carrier]
        await asyncio.gather(*(one.order(command) for one in carriers))

    def _forget(self, seat: SeatId) -> None:
        """If nothing is left of it."""
        over = self._memory.forget(seat)
        if over is not None:
            self._fleet.over(over)


def divided(ports: tuple[int, int], workers: int) -> list[tuple[int, int]]:
    """A range cut into so many, as equal as may be. Raises ValueError if there are too few."""
    first, last = ports
    count = last - first + 1
    if count < workers:
        raise ValueError("fewer ports than workers")
    cuts = [first + count * number // workers for number in range(workers + 1)]
    return [(start, end - 1) for start, end in pairwise(cuts)]


async def _stats(carrier: Carrier) -> WorkerStats | None:
    worker = carrier.worker
    if worker is None:
        return None
    try:
        found = await worker.ask({"do": "stats"})
    except (WorkerGone, Refusal):
        return None
    names = ("asked", "resent", "dropped", "voices_dropped", "members", "links", "tasks")
    return WorkerStats(
        pid=worker.pid,
        packets_in=found["in"],
        packets_out=found["out"],
        forwarded={(SeatId(a), SeatId(b)): n for a, b, n in found["forwarded"]},
        sessions=len(carrier.sessions),
        draining=int(carrier.draining),
        **{name: found[name] for name in names},
    )


def _bad(refusal: Refusal) -> BadSignal:
    codes: tuple[Code, ...] = get_args(Code)
    return BadSignal(next((code for code in codes if code == refusal.code), "bad_sdp"))
