"""The workers together: which of them carries which session.

A session is on one worker from its first page to its last. New ones go where the least is carried.
A worker that is to be replaced keeps its sessions until they end; those that outlast the limit are
moved when nobody in them speaks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from time import monotonic
from typing import Any

import structlog

from server.domain.ids import SeatId, SessionId
from signaling.media.carrier import Carrier
from signaling.media.control import Message
from signaling.media.kept import Memory
from signaling.media.news import News
from signaling.media.plane import SLOTS
from signaling.media.process import WorkerGone
from signaling.media.spare import Spare

log = structlog.get_logger()

DRAIN_S = 4 * 3600.0
"""So long a worker that is being replaced may go on; nearly all meetings have ended by then."""
QUIET_S = 30.0
"""So long is waited for a moment in which nobody speaks before a session is moved."""
_LOOK_S = 0.1
_MOST_DRAINING = 2
"""Of each: who asks for a new worker again and again does not get a crowd of old ones."""


class Fleet:
    """`start` before, `stop` after."""

    def __init__(self, memory: Memory, news: News, settings: Sequence[Message]) -> None:
        """`settings`: one entry a worker."""
        self._memory, self._news, self._settings = memory, news, settings
        self._spare = Spare()
        self._carriers: list[Carrier] = []
        self._draining: list[Carrier] = []
        self._homes: dict[SessionId, Carrier] = {}
        self.died = 0
        """Workers that ended without being told to."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._renewing = asyncio.Lock()

    async def start(self) -> None:
        """Raises WorkerGone when one cannot start."""
        try:
            for number in range(len(self._settings)):
                carrier = self._carrier(number)
                await carrier.start()
                self._carriers.append(carrier)
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(carrier.stop() for carrier in self.carriers))
        await self._spare.stop()
        self._carriers.clear()
        self._draining.clear()
        self._homes.clear()

    @property
    def carriers(self) -> list[Carrier]:
        """All of them, those last that get no more sessions."""
        return [*self._carriers, *self._draining]

    def lightest(self) -> Carrier | None:
        """Where the next session goes; None before the start."""
        return min(self._carriers, key=self._burden, default=None)

    def of(self, session: SessionId) -> Carrier | None:
        """Who carries that session, from now on if nobody does yet; None before the start."""
        carrier = self._homes.get(session)
        if carrier is None and (carrier := self.lightest()) is not None:
            self._give(session, carrier)
        return carrier

    def of_seat(self, seat: SeatId) -> Carrier | None:
        """Who carries that seat; None while no page of it has come."""
        kept = self._memory.of(seat)
        if kept is None or kept.session is None:
            return None
        return self._homes.get(kept.session)

    def over(self, session: SessionId) -> None:
        """None of its seats is left."""
        carrier = self._homes.pop(session, None)
        if carrier is not None:
            self._take(session, carrier)

    def load(self, carrier: Carrier) -> int:
        """What it may have to forward: each seat's own streams, and those of others in its slots.
        By what could be, not by what is just now: those who have come will be let in."""
        sizes = [self._memory.size(session) for session in carrier.sessions]
        return sum(size * (1 + min(size - 1, SLOTS)) for size in sizes)

    # -- replacing

    def renew(self, limit: float = DRAIN_S) -> None:
        """Put a new worker in the place of each, without touching a session that has begun."""
        self._soon(self._renew(limit))

    async def _renew(self, limit: float) -> None:
        async with self._renewing:
            for old in list(self._carriers):
                if len(self._draining) >= _MOST_DRAINING * len(self._carriers):
                    log.warning("media_workers_drain_still", count=len(self._draining))
                    return
                await self._replace(old, limit)

    async def _replace(self, old: Carrier, limit: float) -> None:
        fresh = self._carrier(old.number)
        try:
            await fresh.start()
        except (WorkerGone, OSError):
            log.error("media_worker_not_replaced", worker=old.number)
            return
        except BaseException:
            await fresh.stop()
            raise
        self._carriers[self._carriers.index(old)] = fresh
        self._draining.append(old)
        old.draining = True
        if not old.sessions:
            old.empty.set()
        self._soon(self._drain(old, limit))

    async def _drain(self, old: Carrier, limit: float) -> None:
        """Let it end its sessions, then end it."""
        try:
            async with asyncio.timeout(limit):
                await old.empty.wait()
        except TimeoutError:
            log.warning("media_sessions_move", worker=old.number, count=len(old.sessions))
            await asyncio.gather(*(self._move(session, old) for session in list(old.sessions)))
        await old.stop()
        self._draining.remove(old)

    async def _move(self, session: SessionId, old: Carrier) -> None:
        """To another worker, in a moment in which nobody there speaks."""
        latest = monotonic() + QUIET_S
        while self._news.speaks(k.seat for k in self._memory.seats([session])):
            if monotonic() > latest:
                break
            await asyncio.sleep(_LOOK_S)
        # Until the old one has let go it carries the session: what is asked meanwhile, it is asked.
        await asyncio.gather(*(old.order(command) for command in self._farewell(session)))
        if session in old.sessions:
            old.tell(self._farewell(session))
            self._hand_over(session, old)

    def _farewell(self, session: SessionId) -> list[Message]:
        """What makes a worker forget it."""
        seats = self._memory.seats([session])
        leaving = [(k.seat, k.place.space) for k in seats if k.place is not None]
        return [
            *({"do": "leave", "space": space, "seat": seat} for seat, space in leaving),
            *({"do": "close", "seat": kept.seat} for kept in seats),
        ]

    def _hand_over(self, session: SessionId, old: Carrier) -> None:
        self._take_back([session])
        self._take(session, old)
        fresh = min(self._carriers, key=self._burden)
        self._give(session, fresh)
        if fresh.worker is not None:
            fresh.tell(self._memory.commands([session]))

    # -- what carriers say

    def _hear(self, carrier: Carrier, message: Message) -> None:
        """Not of a seat whose session has left it."""
        if self.of_seat(SeatId(message["seat"])) in (carrier, None):
            self._news.hear(message)

    def _restored(self, carrier: Carrier) -> list[Message]:
        return self._memory.commands(carrier.sessions)

    def _lost(self, carrier: Carrier) -> None:
        """Its worker is gone: nothing is forwarded there, and its links are nobody's."""
        self.died += not carrier.stopping
        self._take_back(carrier.sessions)
        if carrier.draining and carrier in self._draining:
            for session in list(carrier.sessions):
                self._hand_over(session, carrier)

    def _take_back(self, sessions: set[SessionId] | list[SessionId]) -> None:
        seats = self._memory.seats(sessions)
        for kept in seats:
            kept.links = None
        self._news.take_back(kept.seat for kept in seats)

    # -- who has what

    def _carrier(self, number: int) -> Carrier:
        return Carrier(
            number,
            self._settings[number],
            self._spare,
            hear=self._hear,
            restored=self._restored,
            lost=self._lost,
        )

    def _burden(self, carrier: Carrier) -> tuple[bool, int, int, int]:
        return carrier.worker is None, self.load(carrier), len(carrier.sessions), carrier.number

    def _give(self, session: SessionId, carrier: Carrier) -> None:
        self._homes[session] = carrier
        carrier.sessions.add(session)

    def _take(self, session: SessionId, carrier: Carrier) -> None:
        carrier.sessions.discard(session)
        if carrier.draining and not carrier.sessions:
            carrier.empty.set()

    def _soon(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
