from __future__ import annotations

import asyncio
import contextlib
import io
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from server import logs
from server.security.ids import new_id
from server.services import later
from server.services.context import Context
from server.services.later import NotNow, Work
from server.store import due
from server.store.due import LEASE, MOST_TRIES, Due
from server.store.store import Store
from tests.services.conftest import Clock

THING = "thing"


async def add(ctx: Context, key: str = "", *, seconds: float = 0, kind: str = "work") -> None:
    at = ctx.clock() + timedelta(seconds=seconds)
    async with ctx.store.write() as conn:
        await due.add(conn, at=at, kind=kind, thing=THING, key=key or new_id(), body={"n": 1})


async def take(ctx: Context) -> Due | None:
    async with ctx.store.write() as conn:
        return await due.take(conn, ctx.clock())


@contextlib.asynccontextmanager
async def working(*contexts: Context, jobs: dict[str, Work]) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(later.keep_working(ctx, jobs)) for ctx in contexts]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Calls:
    """Counts what was done; fails as often as it is told to."""

    def __init__(self, failures: int = 0, error: Exception | None = None) -> None:
        self.done: list[Due] = []
        self.failures = failures
        self.error = error or RuntimeError("Alice, 13800000001")

    async def __call__(self, _: Context, job: Due) -> None:
        self.done.append(job)
        if self.failures:
            self.failures -= 1
            raise self.error


async def test_asked_twice_is_done_once(ctx: Context) -> None:
    calls = Calls()
    await add(ctx, "same")
    await add(ctx, "same")
    assert await later.do_all(ctx, {"work": calls}) == 1
    await add(ctx, "same")
    assert await later.do_all(ctx, {"work": calls}) == 0
    assert [job.body for job in calls.done] == [{"n": 1}]


async def test_what_was_not_committed_is_not_done(ctx: Context) -> None:
    with contextlib.suppress(RuntimeError):
        async with ctx.store.write() as conn:
            await due.add(conn, at=ctx.clock(), kind="work", thing=THING, key="k", body={})
            raise RuntimeError
    assert await later.do_all(ctx, {"work": Calls()}) == 0


async def test_it_waits_until_it_is_due(ctx: Context, clock: Clock) -> None:
    calls = Calls()
    await add(ctx, seconds=60)
    assert await later.do_all(ctx, {"work": calls}) == 0
    clock.forward(seconds=60)
    assert await later.do_all(ctx, {"work": calls}) == 1


async def test_what_is_called_off_is_not_done_and_may_be_asked_again(ctx: Context) -> None:
    calls = Calls()
    await add(ctx, "one", kind="other")
    await add(ctx, "two")
    async with ctx.store.write() as conn:
        await due.drop(conn, THING, "work")
    assert await later.do_all(ctx, {"work": calls, "other": calls}) == 1
    await add(ctx, "two")
    async with ctx.store.write() as conn:
        await due.drop(conn, THING)
    assert await later.do_all(ctx, {"work": calls}) == 0
    await add(ctx, "two")
    assert await later.do_all(ctx, {"work": calls}) == 1


async def test_the_one_that_waited_longest_goes_first(ctx: Context, clock: Clock) -> None:
    calls = Calls()
    await add(ctx, "late", seconds=20)
    await add(ctx, "early", seconds=10)
    clock.forward(seconds=30)
    first = await take(ctx)
    assert first is not None
    assert await later.do_all(ctx, {"work": calls}) == 1
    assert first.id != calls.done[0].id


async def test_a_failure_is_tried_again_and_waits_longer_each_time(
    ctx: Context, clock: Clock
) -> None:
    calls = Calls(failures=3)
    await add(ctx)
    waits = []
    for _ in range(3):
        assert await later.do_all(ctx, {"work": calls}) == 1
        async with ctx.store.read() as conn:
            at = await due.next_at(conn)
        assert at is not None
        waits.append(at - clock.now)
        clock.now = at
    assert waits == sorted(set(waits))
    assert await later.do_all(ctx, {"work": calls}) == 1
    assert await open_ones(ctx) is None
    assert [job.tries for job in calls.done] == [1, 2, 3, 4]


async def test_it_is_given_up_in_the_end_and_that_is_seen(ctx: Context, clock: Clock) -> None:
    logged = io.StringIO()
    logs.setup(stream=logged)
    calls = Calls(failures=100)
    await add(ctx)
    while (at := await open_ones(ctx)) is not None:
        clock.now = at
        await later.do_all(ctx, {"work": calls})
    assert [job.last_try for job in calls.done] == [False] * (MOST_TRIES - 1) + [True]
    async with ctx.store.read() as conn:
        assert await due.given_up(conn) == 1
    assert "later work given up" in logged.getvalue()
    assert "Alice" not in logged.getvalue()


async def test_a_kind_that_nobody_does_any_more_is_given_up(ctx: Context, clock: Clock) -> None:
    await add(ctx, kind="from another version")
    while (at := await open_ones(ctx)) is not None:
        clock.now = at
        await later.do_all(ctx, {})
    async with ctx.store.read() as conn:
        assert await due.given_up(conn) == 1


async def test_too_early_is_no_failure(ctx: Context, clock: Clock) -> None:
    morning = clock.now + timedelta(hours=8)
    calls = Calls(failures=1, error=NotNow(morning))
    await add(ctx)
    await later.do_all(ctx, {"work": calls})
    assert await open_ones(ctx) == morning
    clock.now = morning
    await later.do_all(ctx, {"work": calls})
    assert [job.tries for job in calls.done] == [1, 1]


async def test_who_dies_between_taking_and_finishing_leaves_it_to_the_next(
    ctx: Context, clock: Clock
) -> None:
    calls = Calls()
    await add(ctx)
    died = await take(ctx)
    assert died is not None
    assert await later.do_all(ctx, {"work": calls}) == 0
    clock.now += LEASE
    assert await later.do_all(ctx, {"work": calls}) == 1
    # Back from the dead, it may not say anything any more.
    async with ctx.store.write() as conn:
        assert not await due.finish(conn, died, clock.now)
        assert not await due.hold(conn, died, clock.now)
        assert not await due.again(conn, died, clock.now)
    assert await open_ones(ctx) is None


async def test_who_was_too_early_is_not_taken_for_who_was_before(
    ctx: Context, clock: Clock
) -> None:
    await add(ctx)
    died = await take(ctx)
    clock.now += LEASE
    second = await take(ctx)
    assert died is not None
    assert second is not None
    async with ctx.store.write() as conn:
        assert await due.again(conn, second, clock.now, early=True)
        assert not await due.finish(conn, died, clock.now)
    assert await open_ones(ctx) == clock.now


async def test_the_loop_does_what_is_added_while_it_sleeps(ctx: Context) -> None:
    done = asyncio.Event()

    async def work(_: Context, __: Due) -> None:
        done.set()

    async with asyncio.timeout(later.LONGEST_SLEEP_S / 3), working(ctx, jobs={"work": work}):
        for _ in range(2):
            await add(ctx, seconds=3600)
            await add(ctx)
            await done.wait()
            done.clear()


async def test_the_loop_sleeps_no_longer_than_until_something_is_due(
    ctx: Context, clock: Clock
) -> None:
    """The clock goes on whenever the loop looks at it."""

    def ticking() -> datetime:
        clock.forward(seconds=0.01)
        return clock.now

    done = asyncio.Event()

    async def work(_: Context, __: Due) -> None:
        done.set()

    await add(ctx, seconds=0.3)
    ctx = replace(ctx, clock=ticking)
    async with asyncio.timeout(later.LONGEST_SLEEP_S / 3), working(ctx, jobs={"work": work}):
        await done.wait()


async def test_one_that_takes_long_does_not_keep_the_others_waiting(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(later, "STOP_S", 0.05)
    done, never = asyncio.Event(), asyncio.Event()

    async def slow(_: Context, __: Due) -> None:
        await never.wait()

    async def quick(_: Context, __: Due) -> None:
        done.set()

    jobs: dict[str, Work] = {"slow": slow, "work": quick}
    async with asyncio.timeout(later.LONGEST_SLEEP_S / 3), working(ctx, jobs=jobs):
        await add(ctx, kind="slow")
        await add(ctx)
        await done.wait()


async def test_two_loops_never_do_one_thing_twice(ctx: Context, database_url: str) -> None:
    """Two processes, as far as the database can tell."""
    wanted, done, all_done = 60, Counter[str](), asyncio.Event()

    async def work(_: Context, job: Due) -> None:
        done[job.id] += 1
        await asyncio.sleep(0)
        if len(done) == wanted:
            all_done.set()

    async with ctx.store.write() as conn:
        for n in range(wanted):
            at = ctx.clock()
            await due.add(conn, at=at, kind="work", thing=THING, key=str(n), body={})
    other = replace(ctx, store=Store(database_url))
    try:
        async with asyncio.timeout(60), working(ctx, other, jobs={"work": work}):
            await all_done.wait()
    finally:
        await other.store.close()
    assert set(done.values()) == {1}


async def test_the_loop_survives_a_database_that_is_away(
    ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(later, "LONGEST_SLEEP_S", 0.01)
    fails, back = 3, asyncio.Event()

    async def next_at(_: object) -> None:
        nonlocal fails
        fails -= 1
        if fails < 0:
            back.set()
            return
        raise ConnectionError

    monkeypatch.setattr(due, "next_at", next_at)
    async with asyncio.timeout(20), working(ctx, jobs={}):
        await back.wait()


async def open_ones(ctx: Context) -> datetime | None:
    async with ctx.store.read() as conn:
        return await due.next_at(conn)
