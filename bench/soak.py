"""Three people in one mediation for long: does memory stay flat, do lips stay with voices?

    .venv/bin/python -m bench.soak [--minutes 120] [--json]

A demo server, a host and two parties in a Chromium each. Every minute the host goes into a private
talk with one of them and comes back. Memory is that of the server and its media workers together;
lips and voice are compared by when a browser says it plays them, in the sender's own clock.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from bench.browser import Person, begins, equipped, people
from bench.child import Failed
from bench.demo import Demo

LOOK_S, TURN_S = 5, 30
PATIENCE_MS = 60_000
WARM = 0.1
"""The share of the time in which memory may still grow to what is needed."""
MOST_GROWTH = 0.05
MOST_APART_MS = 150.0
"""Beyond some 125 ms people notice that a voice comes late (ITU-R BT.1359)."""
MOST_APART = 0.02
"""The share of looks at which it may be more: a picture that has just begun."""
PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass
class Seen:
    memory: list[int] = field(default_factory=list)
    """Bytes, at each look."""
    apart: list[float] = field(default_factory=list)
    """Milliseconds between a voice and its picture, whichever is late."""
    moves: int = 0
    faults: int = 0
    """That pages' scripts threw."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--json", action="store_true", help="the last line is one JSON object")
    wanted = parser.parse_args()
    if not equipped():
        return 1
    try:
        found = summary(asyncio.run(held(60 * wanted.minutes)), wanted.minutes)
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 1
    print(json.dumps(found) if wanted.json else told(found))
    return 0 if found["held"] else 1


async def held(seconds: float) -> Seen:
    with tempfile.TemporaryDirectory(prefix="heyi-soak-") as folder:
        demo = await asyncio.to_thread(Demo, Path(folder) / "data")
        try:
            async with people(Path(folder)) as everybody:
                for person in everybody:
                    person.page.set_default_timeout(PATIENCE_MS)
                await gather(demo, everybody)
                return await watch(demo, everybody, seconds)
        finally:
            demo.stop()


async def gather(demo: Demo, everybody: Sequence[Person]) -> None:
    """All in the joint meeting, with their microphones on."""
    host, *parties = everybody
    await host.sit_down(demo.host_link)
    for party, (name, link) in zip(parties, demo.parties, strict=True):
        await party.arrive(name, link)
        await host.on_card(name, "Admit").click()
    for person in everybody:
        await person.button("Tap here to speak").click()
    await together(everybody)


async def watch(demo: Demo, everybody: Sequence[Person], seconds: float) -> Seen:
    seen = Seen()
    began = time.monotonic()
    while (now := time.monotonic() - began) < seconds:
        if now > (seen.moves + 1) * TURN_S:
            await turn(everybody, seen.moves)
            seen.moves += 1
        seen.memory.append(sum(memory(pid) for pid in [demo.server, *demo.workers]))
        for person in everybody:
            seen.apart += await person.page.evaluate("ears.lips()")
        await asyncio.sleep(LOOK_S)
    await together(everybody)
    seen.faults = sum(len(person.faults) for person in everybody)
    return seen


async def turn(everybody: Sequence[Person], number: int) -> None:
    """Into a private talk with one party after the other, and back."""
    host, *parties = everybody
    if number % 2:
        await host.button("Back to joint").click()
        await together(everybody)
    else:
        party = parties[number // 2 % len(parties)]
        await host.on_card(party.name, "Private talk").click()
        await party.status.filter(has_text=begins("Private")).wait_for()


async def together(everybody: Sequence[Person]) -> None:
    """In the joint meeting, each with the pictures of all others. Raises Failed."""
    for person in everybody:
        await person.status.filter(has_text=begins("Joint")).wait_for()
    pictures = len(everybody) - 1
    found = await asyncio.gather(
        *(person.back(0, [], pictures, PATIENCE_MS / 1000) for person in everybody)
    )
    if not all(at["picture"] for at in found):
        raise Failed(f"not everybody saw everybody within {PATIENCE_MS / 1000} s")


def memory(pid: int) -> int:
    """What is its own; pages of shared libraries count for all who share them."""
    resident, shared = Path(f"/proc/{pid}/statm").read_text().split()[1:3]
    return (int(resident) - int(shared)) * PAGE


# ---- telling -------------------------------------------------------------------------------------


def summary(seen: Seen, minutes: float) -> dict[str, Any]:
    settled = seen.memory[int(len(seen.memory) * WARM) :]
    quarter = max(1, len(settled) // 4)
    first, last = median(settled[:quarter]), median(settled[-quarter:])
    growth = last / first - 1
    late = sum(apart > MOST_APART_MS for apart in seen.apart) / max(1, len(seen.apart))
    held = growth <= MOST_GROWTH and bool(seen.apart) and late <= MOST_APART and not seen.faults
    return {
        "held": held,
        "minutes": round(minutes, 1),
        "memory_mb": round(last / 1e6, 1),
        "memory_growth": round(growth, 4),
        "lips_apart_ms": round(median(seen.apart or [0.0]), 1),
        "lips_apart_worst_ms": round(max(seen.apart, default=0.0), 1),
        "lips_apart_share": round(late, 4),
        "looks": len(seen.apart),
        "moves": seen.moves,
        "faults": seen.faults,
        "machine": f"{platform.system()} {platform.release()}, {os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.1f}",
    }


def told(found: dict[str, Any]) -> str:
    return (
        f"{found['minutes']} minutes, {found['moves']} moves: "
        f"{'held' if found['held'] else 'NOT held'}\n"
        f"Server and workers: {found['memory_mb']} MB, {found['memory_growth']:+.1%} from the "
        f"first quarter to the last\n"
        f"Between voice and picture: {found['lips_apart_ms']} ms median, "
        f"{found['lips_apart_worst_ms']} ms at worst, more than {MOST_APART_MS:.0f} ms at "
        f"{found['lips_apart_share']:.1%} of {found['looks']} looks\n"
        f"{found['faults']} faults of pages\n{found['machine']}"
    )


if __name__ == "__main__":
    sys.exit(main())
