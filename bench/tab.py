"""A tab with six tiles, for a minute or half an hour: its CPU and memory, which must stay flat.

    .venv/bin/python -m bench.tab [--minutes 30] [--json]

Five people share a Chromium, the sixth has one of their own, whose renderer is measured. Cameras
roll and voices sound in all six.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.async_api import CDPSession, async_playwright

from bench.browser import Person, context, launch
from bench.cpu import cpu_seconds
from bench.demo import Demo, children
from bench.meeting import Place, booked

PEOPLE = 6
SETTLE_S = 20
"""Until the browser has found its pace."""
PARTS = 6
"""Into so many parts the time is cut: what is flat is the same in each."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=1, help="30 for what RESULTS.md tells")
    parser.add_argument("--quick", action="store_true", help="half a minute")
    parser.add_argument("--json", action="store_true", help="the last line is one JSON object")
    wanted = parser.parse_args()
    found = asyncio.run(measured(0.5 if wanted.quick else wanted.minutes))
    print(json.dumps(found) if wanted.json else "\n".join(f"{k}: {v}" for k, v in found.items()))
    return 0


async def measured(minutes: float) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="heyi-tab-") as folder:
        demo = await asyncio.to_thread(Demo, Path(folder) / "data")
        try:
            places = await booked(demo, PEOPLE)
            async with async_playwright() as playwright:
                crowd, own = await launch(playwright), await launch(playwright)
                everybody = [
                    Person(await (await context(own if n == 1 else crowd)).new_page(), 0)
                    for n in range(PEOPLE)
                ]
                try:
                    await gathered(everybody, places)
                    return await watched(everybody[1], minutes)
                finally:
                    await crowd.close()
                    await own.close()
        finally:
            demo.stop()


async def gathered(everybody: list[Person], places: list[Place]) -> None:
    host = everybody[0]
    await host.sit_down(places[0].link)
    for person, place in zip(everybody[1:], places[1:], strict=True):
        await person.arrive(place.name, place.link)
        await host.on_card(place.name, "Admit").click()
    for person in everybody:
        await person.button("Tap here to speak").click()
    await everybody[1].tile(places[-1].name).wait_for()


async def watched(person: Person, minutes: float) -> dict[str, Any]:
    chromium = await person.page.context.new_cdp_session(person.page)
    renderer = _renderer()
    await asyncio.sleep(SETTLE_S)
    memory, cpu = [await _memory(chromium, renderer)], []
    for _ in range(PARTS):
        began = cpu_seconds([renderer])
        await asyncio.sleep(minutes * 60 / PARTS)
        cpu.append(cpu_seconds([renderer]) - began)
        memory.append(await _memory(chromium, renderer))
    heap, resident = zip(*memory, strict=True)
    pictures = await person.page.locator("video").count()
    return {
        "tiles": PEOPLE,
        "pictures": pictures,
        "minutes": minutes,
        "cpu_s_per_minute": [round(used * PARTS / minutes, 2) for used in cpu],
        "heap_mb": heap,
        "rss_mb": resident,
        "rss_growth_mb_per_minute": round((resident[-1] - resident[0]) / minutes, 2),
    }


async def _memory(chromium: CDPSession, renderer: int) -> tuple[float, float]:
    """Megabytes of script objects after a collection, and of the whole process."""
    await chromium.send("HeapProfiler.collectGarbage")
    heap = await chromium.send("Runtime.getHeapUsage")
    status = Path(f"/proc/{renderer}/status").read_text()
    resident = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
    return round(heap["usedSize"] / 1e6, 1), round(int(resident) / 1024, 1)


def _renderer() -> int:
    """The busiest renderer of the younger Chromium: the only page that is shown there."""
    browsers = [p for p in _all_children(_me()) if "--type=" not in _command(p) and _is_main(p)]
    own = max(browsers)
    renderers = [p for p in _all_children(own) if "--type=renderer" in _command(p)]
    return max(renderers, key=lambda pid: cpu_seconds([pid]))


def _all_children(pid: int) -> list[int]:
    found = []
    for child in children(pid):
        found += [child, *_all_children(child)]
    return found


def _me() -> int:
    return int(Path("/proc/self").readlink().name)


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def _is_main(pid: int) -> bool:
    return "chromium" in _command(pid) and "--user-data-dir" in _command(pid)


if __name__ == "__main__":
    sys.exit(main())
