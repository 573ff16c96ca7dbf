"""How long a tap takes until one sees and hears, in real browsers, and what a join costs.

    .venv/bin/python -m bench.join [--quick] [--json]

A demo server, a host and two parties in a Chromium each. A tap is the host's own, on the button;
a picture counts when the party's browser has decoded it, a sound when it is played.
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
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from playwright.async_api import Locator

from bench.browser import Person, equipped, people
from bench.child import Failed
from bench.cpu import cpu_seconds
from bench.demo import Demo

PATIENCE_S = 15
QUIET_S = 0.3
"""So long after somebody was taken out the last of the old is played."""
IDLE_S = 1.5


@dataclass(frozen=True, slots=True)
class Plan:
    joins: int
    moves: int
    links: int


QUICK, FULL = Plan(joins=6, moves=6, links=6), Plan(joins=30, moves=30, links=20)


@dataclass
class Figures:
    """Milliseconds, one for each time."""

    first_frame: list[float] = field(default_factory=list)
    move_frame: list[float] = field(default_factory=list)
    move_sound: list[float] = field(default_factory=list)
    links_cpu: float = 0
    """Of the server and its workers, for both links of a seat; the next for a whole arrival."""
    arrival_cpu: float = 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="under 45 s, fewer times")
    parser.add_argument("--json", action="store_true", help="the last line is one JSON object")
    wanted = parser.parse_args()
    if not equipped():
        return 1
    try:
        figures = asyncio.run(measured(QUICK if wanted.quick else FULL))
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 1
    found = summary(figures)
    if wanted.json:
        print(json.dumps(found))
    else:
        told(found)
    return 0


async def measured(plan: Plan) -> Figures:
    with tempfile.TemporaryDirectory(prefix="heyi-join-") as folder:
        demo = await asyncio.to_thread(Demo, Path(folder) / "data")
        try:
            async with people(Path(folder)) as (host, one, other):
                figures = Figures()
                await host.sit_down(demo.host_link)
                await one.arrive(*demo.parties[0])
                await costs(demo, one, plan.links, figures)
                await joins(host, one, plan.joins, figures)
                await other.arrive(*demo.parties[1])
                await moves(host, one, other, plan.moves, figures)
                return figures
        finally:
            demo.stop()


async def costs(demo: Demo, party: Person, times: int, figures: Figures) -> None:
    """Of somebody's two links, asked for again in the lobby; and of a page loaded anew, with
    all that it fetches, its socket and its links."""

    async def links() -> None:
        await party.page.evaluate("ears.lose()")
        await ready(party)

    async def arrival() -> None:
        await party.page.reload()
        await ready(party)

    await ready(party)
    processes = [demo.server, *demo.workers]
    before = cpu_seconds(processes)
    await asyncio.sleep(IDLE_S)
    idle = (cpu_seconds(processes) - before) / IDLE_S

    async def cost(step: Callable[[], Awaitable[None]]) -> float:
        before, began = cpu_seconds(processes), time.monotonic()
        for _ in range(times):
            await step()
        took = time.monotonic() - began
        return (cpu_seconds(processes) - before - idle * took) / times * 1000

    figures.links_cpu = await cost(links)
    figures.arrival_cpu = await cost(arrival)


async def joins(host: Person, party: Person, times: int, figures: Figures) -> None:
    """Let in from the lobby, where the links are up already, and sent out again."""
    admit = host.on_card(party.name, "Admit")
    for _ in range(times):
        at = await after(host, admit, party, sound=False)
        figures.first_frame.append(at["picture"])
        await host.on_card(party.name, "Remove").click()
        admit = host.on_card(party.name, "Let back in")
        await admit.wait_for()
        await asyncio.sleep(QUIET_S)


async def moves(host: Person, one: Person, other: Person, times: int, figures: Figures) -> None:
    """The host leaves one for the other, who was alone in the own side's room: from nothing to
    the host's picture and voice."""
    # The one has been in before.
    await host.on_card(one.name, "Let back in").click()
    await host.on_card(other.name, "Admit").click()
    await host.on_card(one.name, "Private talk").click()
    await host.button("Tap here to speak").click()
    for turn in range(times):
        party = (other, one)[turn % 2]
        await asyncio.sleep(QUIET_S)
        at = await after(host, host.on_card(party.name, "Private talk"), party, sound=True)
        figures.move_frame.append(at["picture"])
        figures.move_sound.append(at["sound"])


async def after(host: Person, button: Locator, party: Person, *, sound: bool) -> dict[str, float]:
    """Milliseconds from the host's tap to what the party sees and hears. Raises Failed."""
    wanted = [sound, PATIENCE_S * 1000]
    await party.page.evaluate("(wanted) => void (window.coming = ears.next(...wanted))", wanted)
    await button.click()
    found: dict[str, float | None] = await party.page.evaluate("window.coming")
    tapped: float = await host.page.evaluate("ears.tapped()")
    if not found["picture"] or (sound and not found["sound"]):
        raise Failed(f"nothing came within {PATIENCE_S} s: {found}")
    return {what: at - tapped for what, at in found.items() if at}


async def ready(party: Person) -> None:
    """Both links are up. Raises Failed."""
    if not await party.page.evaluate("(ms) => ears.ready(ms)", PATIENCE_S * 1000):
        raise Failed("the links did not come up")


# ---- telling -------------------------------------------------------------------------------------


def summary(figures: Figures) -> dict[str, Any]:
    return {
        "first_frame_ms": middle(figures.first_frame),
        "first_frame_p95_ms": p95(figures.first_frame),
        "move_ms": middle(figures.move_frame),
        "move_p95_ms": p95(figures.move_frame),
        "move_sound_ms": middle(figures.move_sound),
        "move_sound_p95_ms": p95(figures.move_sound),
        "cpu_ms_per_join": round(figures.links_cpu, 1),
        "cpu_ms_per_arrival": round(figures.arrival_cpu, 1),
        "joins": len(figures.first_frame),
        "moves": len(figures.move_frame),
        "machine": f"{platform.system()} {platform.release()}, {os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.1f}",
    }


def middle(values: Sequence[float]) -> float:
    return round(median(values))


def p95(values: Sequence[float]) -> float:
    return round(quantiles(values, n=20, method="inclusive")[-1])


def told(found: dict[str, Any]) -> None:
    print(f"Admit to the first frame: {found['first_frame_ms']} ms, p95 "
          f"{found['first_frame_p95_ms']} ms ({found['joins']} times)")  # fmt: skip
    print(f"Caucus move to the first frame: {found['move_ms']} ms, p95 {found['move_p95_ms']} ms; "
          f"to the first sound: {found['move_sound_ms']} ms, p95 {found['move_sound_p95_ms']} ms "
          f"({found['moves']} times)")  # fmt: skip
    print(f"Server CPU for both links of a join: {found['cpu_ms_per_join']} ms; "
          f"for a whole arrival: {found['cpu_ms_per_arrival']} ms")  # fmt: skip
    print(found["machine"])


if __name__ == "__main__":
    sys.exit(main())
