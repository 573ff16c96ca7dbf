"""Later work: takes what is due and does it, again and again until it is done or given up.

Nothing is lost by a crash: what was taken and not finished is taken again when its lease is over.
Other processes on the same database may do the same; nothing is taken by two.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import event

from server import metrics
from server.services.context import Context
from server.store import due
from server.store.due import Due
from server.store.store import Store

Work = Callable[[Context, Due], Awaitable[None]]
"""Does what is due. It may be called again for the same thing, and must find out by itself."""

HANDS = 4
"""How many things are done at once: one that is slow must not keep the others waiting."""

LONGEST_SLEEP_S = 30
"""Another process may add something without our hearing of it."""

RACED_S = 0.1
STOP_S = 5
"""How long what is under way may take when the server stops."""

WAITS = tuple(timedelta(seconds=s) for s in (10, 60, 300, 1800, 7200, 21600))
"""How long to wait after the first failure, the second …; the last for all that follow."""

log = structlog.get_logger()


class NotNow(Exception):
    """Too early for this: try again at `at`. It counts as no failure."""

    def __init__(self, at: datetime) -> None:
        super().__init__("not now")
        self.at = at


async def keep_working(ctx: Context, jobs: Mapping[str, Work]) -> None:
    """Do what is due when it is due, until cancelled; then what is under way may be finished.

    Never fails.
    """
    with _bell(ctx.store) as bell:
        hands = [asyncio.create_task(_hand(ctx, jobs, bell)) for _ in range(HANDS)]
        try:
            await asyncio.wait(hands)
        finally:
            bell.stop()
            _, late = await asyncio.wait(hands, timeout=STOP_S)
            for hand in late:
                hand.cancel()
            await asyncio.gather(*late, return_exceptions=True)


async def do_all(ctx: Context, jobs: Mapping[str, Work]) -> int:
    """Everything that is due now, one after another; for the command line and for tests."""
    done = 0
    while (taken := await _take(ctx)) is not None:
        await _do(ctx, jobs, taken)
        done += 1
    return done


async def _hand(ctx: Context, jobs: Mapping[str, Work], bell: _Bell) -> None:
    added = bell.heard_by()
    while not bell.stopped:
        added.clear()
        try:
            wait_s = await _seconds_left(ctx)
            if wait_s <= 0:
                taken = await _take(ctx)
                if taken is not None:
                    await _do(ctx, jobs, taken)
                    continue
                wait_s = RACED_S
        except Exception:
            log.exception("later work can't reach the database")
            wait_s = LONGEST_SLEEP_S
        with suppress(TimeoutError):
            async with asyncio.timeout(wait_s):
                await added.wait()


async def _seconds_left(ctx: Context) -> float:
    async with ctx.store.read() as conn:
        at = await due.next_at(conn)
    left_s = (at - ctx.clock()).total_seconds() if at else LONGEST_SLEEP_S
    return min(left_s, LONGEST_SLEEP_S)


async def _take(ctx: Context) -> Due | None:
    async with ctx.store.write() as conn:
        return await due.take(conn, ctx.clock())


async def _do(ctx: Context, jobs: Mapping[str, Work], taken: Due) -> None:
    try:
        async with _held(ctx, taken):
            await jobs[taken.kind](ctx, taken)
    except NotNow as early:
        async with ctx.store.write() as conn:
            await due.again(conn, taken, early.at, early=True)
    except Exception as wrong:
        await _failed(ctx, taken, wrong)
    else:
        async with ctx.store.write() as conn:
            await due.finish(conn, taken, ctx.clock())
        metrics.JOBS.labels(taken.kind, "done").inc()


async def _failed(ctx: Context, taken: Due, wrong: Exception) -> None:
    now = ctx.clock()
    async with ctx.store.write() as conn:
        if taken.last_try:
            await due.finish(conn, taken, now, type(wrong).__qualname__[:64])
        else:
            await due.again(conn, taken, now + WAITS[min(taken.tries, len(WAITS)) - 1])
    metrics.JOBS.labels(taken.kind, "given_up" if taken.last_try else "failed").inc()
    if taken.last_try:
        log.error("later work given up", kind=taken.kind, exc_info=wrong)
    else:
        log.warning("later work failed", kind=taken.kind, count=taken.tries, exc_info=wrong)


@asynccontextmanager
async def _held(ctx: Context, taken: Due) -> AsyncIterator[None]:
    """Keep what was taken while it takes longer; stop doing it when it is no longer ours."""
    async with asyncio.timeout(None) as lost:

        async def hold() -> None:
            while True:
                await asyncio.sleep(due.LEASE.total_seconds() / 3)
                mine = False
                with suppress(Exception):
                    async with ctx.store.write() as conn:
                        mine = await due.hold(conn, taken, ctx.clock())
                if not mine:
                    lost.reschedule(asyncio.get_running_loop().time())
                    return

        holding = asyncio.create_task(hold())
        try:
            yield
        finally:
            holding.cancel()
            await asyncio.gather(holding, return_exceptions=True)


class _Bell:
    """Rings whenever something may have become due, and when it is time to stop."""

    def __init__(self) -> None:
        self.stopped = False
        self._events: list[asyncio.Event] = []

    def heard_by(self) -> asyncio.Event:
        self._events.append(asyncio.Event())
        return self._events[-1]

    def ring(self) -> None:
        for one in self._events:
            one.set()

    def stop(self) -> None:
        self.stopped = True
        self.ring()


@contextmanager
def _bell(store: Store) -> Iterator[_Bell]:
    """Rings when a transaction has ended in which something was added: the connection is given
    back then, so what was added is there to be found.
    """
    bell = _Bell()

    def given_back(_connection: object, record: Any) -> None:
        if record.info.pop(due.ADDED, None):
            bell.ring()

    event.listen(store.engine.sync_engine, "checkin", given_back)
    try:
        yield bell
    finally:
        event.remove(store.engine.sync_engine, "checkin", given_back)
