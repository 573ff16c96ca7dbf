"""What the live server does with two thousand seats: commands that are kept, events passed on.

    .venv/bin/python -m bench.signal [--quick] [--json]

A demo server in a process of its own; 500 meetings of four on bare websockets. Media links are
asked for and never answered. Seconds are the server's processor time, its signs of life to all the
pages included; the workers are not in it.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import platform
import resource
import sys
import tempfile
import time
from collections.abc import Awaitable, Iterable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any

from aiohttp import ClientSession, DummyCookieJar, TCPConnector
from sqlalchemy import update

from bench.cpu import cpu_seconds
from bench.demo import Demo
from bench.meeting import meetings
from bench.sitting import Sitting
from server.domain.consent import Purpose
from server.security.ids import new_id
from server.services import texts
from server.settings import Settings
from server.store.store import Store
from server.store.tables.meetings import space

PEOPLE = 4
ARRIVING, ASKING, SAYING = 40, 32, 200
"""So many at a time."""
STEADY_A_SECOND = 20
"""Commands, for how long one takes when nothing is at its limit."""


@dataclass(frozen=True, slots=True)
class Plan:
    meetings: int
    commands: int
    relays: int
    steady_s: float


QUICK, FULL = Plan(50, 400, 2_000, 5), Plan(500, 2_000, 12_000, 20)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="under 45 s, 200 seats")
    parser.add_argument("--json", action="store_true", help="the last line is one JSON object")
    wanted = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    os.environ |= {"HEYI_JOIN_LIMIT": "100000/minute"}
    found = asyncio.run(measured(QUICK if wanted.quick else FULL))
    print(json.dumps(found) if wanted.json else "\n".join(f"{k}: {v}" for k, v in found.items()))
    return 0


async def measured(plan: Plan) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="heyi-signal-") as folder:
        demo = await asyncio.to_thread(Demo, Path(folder) / "data")
        try:
            async with AsyncExitStack() as stack:
                http = await stack.enter_async_context(
                    ClientSession(
                        demo.url, cookie_jar=DummyCookieJar(), connector=TCPConnector(limit=0)
                    )
                )
                booked = await meetings(demo, plan.meetings, PEOPLE)
                rooms = [[Sitting(http, place) for place in places] for places in booked]
                return await played(demo, rooms, plan)
        finally:
            demo.stop()


async def played(demo: Demo, rooms: list[list[Sitting]], plan: Plan) -> dict[str, Any]:
    everyone = [seat for room in rooms for seat in room]
    agreed = texts.current(Purpose.ONLINE_MEDIATION, "en").hash
    arriving = await timed(demo, ARRIVING, (seat.arrive() for seat in everyone))
    told(f"{len(everyone)} seats arrived in {arriving.took:.0f} s")
    guests = [seat for room in rooms for seat in room[1:]]
    await timed(demo, ASKING, (seat.ready(agreed) for seat in guests))
    admits = (room[0].ask("admit", seat=g.place.seat) for room in rooms for g in room[1:])
    await timed(demo, ASKING, admits)
    told("all are in their meetings")
    exhibit = await shown(demo)
    turns = itertools.cycle(itertools.product((True, False), everyone))
    commands = await timed(demo, ASKING, toggles(turns, plan.commands))
    told(f"{plan.commands} commands: {commands.cpu:.1f} CPU seconds in {commands.took:.0f} s")
    spent = await steady(turns, plan.steady_s)
    before = sum(seat.told["pointed"] for seat in everyone)
    pointers = itertools.cycle(everyone)
    points = ((seat, n) for n, seat in enumerate(itertools.islice(pointers, plan.relays)))
    relays = await timed(demo, SAYING, (point(seat, exhibit, n) for seat, n in points))
    passed = sum(seat.told["pointed"] for seat in everyone) - before
    told(f"{passed} events passed on: {relays.cpu:.1f} CPU seconds in {relays.took:.0f} s")
    idle = await timed(demo, 1, [asyncio.sleep(5)])
    for seat in everyone:
        await seat.leave()
    return {
        "seats": len(everyone),
        "commands_per_cpu_s": round(plan.commands / commands.cpu),
        "relays_per_cpu_s": round(passed / relays.cpu),
        "p99_ms": round(quantiles(spent, n=100, method="inclusive")[-1] * 1000, 1),
        "p50_ms": round(sorted(spent)[len(spent) // 2] * 1000, 1),
        "arrivals_per_cpu_s": round(len(everyone) / arriving.cpu),
        "idle_core": round(idle.cpu / idle.took, 3),
        "commands": plan.commands,
        "relays": passed,
        "machine": f"{os.cpu_count()} cores, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}",
    }


def toggles(turns: Iterator[tuple[bool, Sitting]], count: int) -> Iterator[Awaitable[None]]:
    """Each of the meeting hears of each: a microphone is a durable command, and four views."""
    return (seat.ask("microphone", on=on) for on, seat in itertools.islice(turns, count))


async def point(seat: Sitting, exhibit: str, n: int) -> None:
    await seat.say("point", exhibit=exhibit, page=1, x=n % 100 / 100, y=0.5)


async def shown(demo: Demo) -> str:
    """Something is shown in all rooms, so that one can point at it."""
    exhibit, store = new_id(), Store(Settings(data_dir=demo.data).database)
    try:
        async with store.write() as conn:
            await conn.execute(update(space).values(exhibit=exhibit, page=1))
    finally:
        await store.close()
    return exhibit


async def steady(turns: Iterator[tuple[bool, Sitting]], seconds: float) -> list[float]:
    """How long commands take that come one after the other, whether the last is done or not."""

    async def one() -> float:
        began = time.monotonic()
        for command in toggles(turns, 1):
            await command
        return time.monotonic() - began

    tasks = []
    for _ in range(int(seconds * STEADY_A_SECOND)):
        tasks.append(asyncio.create_task(one()))
        await asyncio.sleep(1 / STEADY_A_SECOND)
    return await asyncio.gather(*tasks)


@dataclass(frozen=True, slots=True)
class Timed:
    took: float
    cpu: float


async def timed(demo: Demo, at_once: int, work: Iterable[Awaitable[None]]) -> Timed:
    """All of it, so many at a time: seconds, and the server's of the processor."""
    began, cpu, waiting = time.monotonic(), cpu_seconds([demo.server]), iter(work)

    async def some() -> None:
        for one in waiting:
            await one

    await asyncio.gather(*(some() for _ in range(at_once)))
    return Timed(time.monotonic() - began, cpu_seconds([demo.server]) - cpu)


def told(text: str) -> None:
    print(text, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
