"""A full room: thirty people join in the same second, are let in, and all do something at once.

    .venv/bin/python -m bench.room [--quick] [--json]

A demo server in a process of its own, thirty pages without browsers: real HTTP, real sockets, a
real database. Media links are asked for and never answered: here it is about commands and views.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import socketio
from aiohttp import ClientSession, CookieJar

from bench.cpu import cpu_seconds
from bench.demo import Demo
from bench.meeting import Place, booked
from server.domain.consent import Purpose
from server.domain.ids import SeatId
from server.security.ids import new_id
from server.services import texts

PEOPLE = 30
PATIENCE_S = 60
NAMESPACE = "/seat"


@dataclass
class Guest:
    """One page: what it was told, and what it asks."""

    seat: SeatId
    token: str
    http: ClientSession
    socket: socketio.AsyncClient = field(default_factory=lambda: socketio.AsyncClient(logger=False))
    view: dict[str, Any] = field(default_factory=dict)
    told: Counter[str] = field(default_factory=Counter)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def join(self) -> None:
        answer = await self.http.post(f"/j/{self.seat}/exchange", json={"token": self.token})
        answer.raise_for_status()
        self.socket = socketio.AsyncClient(http_session=self.http, logger=False)
        self.socket.on("changed", self._changed, namespace=NAMESPACE)
        await self.socket.connect(
            str(self.http._base_url),
            auth={"seat": self.seat, "last": 0, "lang": "en"},
            namespaces=[NAMESPACE],
            transports=["websocket"],
        )
        await self.sees(lambda view: True)

    async def ready(self, text_hash: str) -> None:
        await self.ask("say_name", name=f"Guest {self.seat[-4:]}")
        await self.ask("consent", purpose=Purpose.ONLINE_MEDIATION, hash=text_hash)

    async def ask(self, event: str, **body: Any) -> None:
        """Raises RuntimeError when it is refused."""
        payload = {"id": new_id(), **body}
        answer = await self.socket.call(event, payload, namespace=NAMESPACE, timeout=PATIENCE_S)
        if not answer["ok"]:
            raise RuntimeError(f"{event}: {answer['code']}")

    async def sees(self, wanted: Any) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not (self.view and wanted(self.view)):
                self.changed.clear()
                await self.changed.wait()

    async def _changed(self, event: dict[str, Any]) -> None:
        self.told["changed"] += 1
        self.view = event["view"]
        self.changed.set()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="under 30 s, fewer rounds")
    parser.add_argument("--json", action="store_true", help="the last line is one JSON object")
    wanted = parser.parse_args()
    found = asyncio.run(measured(2 if wanted.quick else 10))
    print(json.dumps(found) if wanted.json else "\n".join(f"{k}: {v}" for k, v in found.items()))
    return 0


async def measured(rounds: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="heyi-room-") as folder:
        demo = await asyncio.to_thread(Demo, Path(folder) / "data")
        try:
            places = await booked(demo, PEOPLE)
            async with AsyncExitStack() as stack:
                return await played(demo, stack, places, rounds)
        finally:
            demo.stop()


async def played(
    demo: Demo, stack: AsyncExitStack, places: list[Place], rounds: int
) -> dict[str, Any]:
    agreed = texts.current(Purpose.ONLINE_MEDIATION, "en").hash
    guests = []
    for place in places:
        jar, origin = CookieJar(unsafe=True), {"Origin": demo.url}
        http = await stack.enter_async_context(
            ClientSession(demo.url, cookie_jar=jar, headers=origin)
        )
        guests.append(Guest(place.seat, place.token, http))
    host, others = guests[0], guests[1:]
    await host.join()
    joining = await timed(demo, (g.join() for g in others))
    await timed(demo, (g.ready(agreed) for g in others))
    admitting = await timed(demo, (host.ask("admit", seat=g.seat) for g in others))
    await asyncio.gather(*(g.sees(lambda v: len(v["members"]) == PEOPLE) for g in guests))
    before = sum(g.told["changed"] for g in guests)
    began, cpu = time.monotonic(), cpu_seconds([demo.server])
    for turn in range(rounds):
        await asyncio.gather(*(g.ask("microphone", on=turn % 2 == 0) for g in others))
    took, used = time.monotonic() - began, cpu_seconds([demo.server]) - cpu
    events = sum(g.told["changed"] for g in guests) - before
    commands = rounds * len(others)
    for guest in guests:
        await guest.socket.disconnect()
    return {
        "people": PEOPLE,
        "join_all_s": round(joining[0], 2),
        "join_cpu_ms": round(joining[1] / len(others) * 1000, 1),
        "admit_all_s": round(admitting[0], 2),
        "commands_per_s": round(commands / took, 1),
        "events_per_s": round(events / took, 1),
        "events_per_cpu_s": round(events / used, 1),
        "cpu_ms_per_command": round(used / commands * 1000, 1),
    }


async def timed(demo: Demo, work: Iterable[Awaitable[None]]) -> tuple[float, float]:
    """All at once: seconds until the last is done, and the server's CPU seconds."""
    began, cpu = time.monotonic(), cpu_seconds([demo.server])
    await asyncio.gather(*work)
    return time.monotonic() - began, cpu_seconds([demo.server]) - cpu


if __name__ == "__main__":
    sys.exit(main())
