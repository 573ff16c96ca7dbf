"""What bad lines make of a call, in real browsers, beside Janus on the same lines.

    .venv/bin/python -m bench.loss [--quick] [--json]

A host beside the server and a party far away, each in a Chromium of their own. Once both hear and
see each other, the line between them is spoilt for a while in one way after the other, in both
directions, and is whole again in between. Needs root, since both ends are network namespaces.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import async_playwright

from bench import janus
from bench.browser import CHROMIUM, TONES, Person, begins, sit
from bench.child import Failed
from bench.demo import BUILT, Demo
from bench.janus import Janus
from bench.line import SERVER, Line, line, possible

FPS = 15
PATIENCE_S = 60
STILL_MS = 500
"""A picture that is no longer still than this is taken for one that moves."""
ENOUGH = 0.8
"""The share of the pictures that came before, and of their height, with which they are back."""
PAGE = Path(__file__).with_name("videoroom.html")

LINES: Mapping[str, Mapping[str, float]] = {
    "whole": {},
    "5 % lost": {"loss": 0.05},
    "10 % lost": {"loss": 0.1},
    "20 % lost": {"loss": 0.2},
    "50 to 75 ms": {"delay_ms": 50, "jitter_ms": 25},
    "200 to 300 ms": {"delay_ms": 200, "jitter_ms": 100},
    "400 to 600 ms": {"delay_ms": 400, "jitter_ms": 200},
    "300 kbit/s": {"kbit_s": 300},
}
"""As `bench.wire.Wire` has it, each way."""


@dataclass(frozen=True, slots=True)
class Plan:
    seconds: float
    """How long each line lasts."""
    lines: Mapping[str, Mapping[str, float]]


FULL = Plan(20, LINES)
QUICK = Plan(8, {name: LINES[name] for name in ("whole", "20 % lost", "300 kbit/s")})

Found = dict[str, Any]
Call = Callable[[Line, Path], AbstractAsyncContextManager[dict[str, Person]]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="three lines, for a short time each")
    parser.add_argument("--json", action="store_true", help="the last line is one JSON object")
    wanted = parser.parse_args()
    if why := _why_not():
        print(f"This can't run: {why}.", file=sys.stderr)
        return 1
    try:
        found = asyncio.run(measured(QUICK if wanted.quick else FULL))
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 1
    print(json.dumps(found) if wanted.json else told(found))
    return 0


def _why_not() -> str:
    if not CHROMIUM.exists():
        return "Chromium is not installed: apt-get install chromium"
    if not BUILT.exists():
        return "the pages are not built: make setup"
    return possible()


async def measured(plan: Plan) -> Found:
    calls: dict[str, Call] = {"heyi": ours}
    if janus.installed():
        calls["janus"] = theirs
    found: Found = {"machine": "", **{name: {} for name in calls}}
    for name, call in calls.items():
        with tempfile.TemporaryDirectory(prefix="heyi-loss-") as folder, line() as made:
            async with call(made, Path(folder)) as people:
                for what, wire in plan.lines.items():
                    found[name][what] = await spoilt(made, people, wire, plan.seconds)
    found["machine"] = (
        f"{platform.system()} {platform.release()}, {os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.1f}"
    )
    return found


async def spoilt(
    made: Line, people: Mapping[str, Person], wire: Mapping[str, float], seconds: float
) -> Found:
    """What each gets while the line is like this, and how soon all is as before when it is whole
    again."""
    before = await _each(people, lambda _: f"ears.outcome(2000, {STILL_MS})")
    await asyncio.to_thread(made.be, **wire)
    during = await _each(people, lambda _: f"ears.outcome({seconds * 1000}, {STILL_MS})")
    await asyncio.to_thread(made.be)

    def again(who: str) -> str:
        frames, height = (ENOUGH * before[who][what] for what in ("frames", "height"))
        return f"ears.recovers({frames}, {height}, {PATIENCE_S * 1000})"

    after = await _each(people, again)
    return {who: {**during[who], "back": after[who]} for who in people}


async def _each(people: Mapping[str, Person], what: Callable[[str], str]) -> dict[str, Found]:
    found = await asyncio.gather(*(p.page.evaluate(what(who)) for who, p in people.items()))
    return dict(zip(people, found, strict=True))


# ---- the calls -----------------------------------------------------------------------------------


@asynccontextmanager
async def ours(made: Line, folder: Path) -> AsyncIterator[dict[str, Person]]:
    within = [*made.command(made.here), "env", f"HEYI_HOST={SERVER}"]
    demo = await asyncio.to_thread(Demo, folder / "data", None, within)
    try:
        async with browsers(made, folder, demo.url) as people:
            host, party = people.values()
            name, link = demo.parties[0]
            await host.sit_down(demo.host_link)
            await party.arrive(name, link)
            await host.on_card(name, "Admit").click()
            for person in (host, party):
                await person.status.filter(has_text=begins("Joint")).wait_for()
                await person.button("Tap here to speak").click()
            await together(people)
            yield people
    finally:
        demo.stop()


@asynccontextmanager
async def theirs(made: Line, folder: Path) -> AsyncIterator[dict[str, Person]]:
    server = Janus(SERVER, made.command(made.here))
    try:
        await asyncio.to_thread(server.wait)
        async with browsers(made, folder, "http://localhost") as people:
            for person in people.values():
                # Nothing is fetched: a page of this name may use camera and microphone.
                await person.page.route("http://localhost/**", lambda it: it.fulfill(path=PAGE))
                await person.page.goto(f"http://localhost/?socket=ws://{SERVER}:{server.port}")
                await person.button("Join").click()
            await together(people)
            yield people
    finally:
        server.stop()


@asynccontextmanager
async def browsers(made: Line, folder: Path, origin: str) -> AsyncIterator[dict[str, Person]]:
    """A host here and a party far away; `origin` may use cameras."""
    secure = f"--unsafely-treat-insecure-origin-as-secure={origin}"
    async with async_playwright() as playwright:
        people: dict[str, Person] = {}
        for tone, who, where in zip(TONES, ("host", "party"), (made.here, made.far), strict=False):
            program = made.program(where, CHROMIUM)
            people[who] = await sit(playwright, tone, folder, FPS, secure, program=program)
            people[who].page.set_default_timeout(PATIENCE_S * 1000)
        yield people
        for person in people.values():
            assert person.page.context.browser
            await person.page.context.browser.close()


async def together(people: Mapping[str, Person]) -> None:
    """All hear and see each other, well enough for it to be the measure. Raises Failed."""
    everybody = list(people.values())
    found = await asyncio.gather(
        *(
            one.back(0, [other.tone for other in everybody if other is not one], 1, PATIENCE_S)
            for one in everybody
        )
    )
    if not all(moment for at in found for moment in at.values()):
        raise Failed(f"they did not hear and see each other within {PATIENCE_S} s: {found}")
    await _each(people, lambda _: f"ears.recovers({ENOUGH * FPS}, 360, {PATIENCE_S * 1000})")


# ---- telling -------------------------------------------------------------------------------------


def told(found: Found) -> str:
    """One row a line and a server; the party's figures, and after a slash the host's."""
    rows = [
        "| line | | sound made up | pictures a second | height | stands still, s "
        "| sound, picture, height back after, s |",
        "|---|---|---|---|---|---|---|",
    ]
    servers = [name for name in found if name != "machine"]
    for what in found[servers[0]]:
        for server in servers:
            party, host = (found[server][what][who] for who in ("party", "host"))
            cells = [
                f"{100 * party['made_up']:.1f} % / {100 * host['made_up']:.1f} %",
                f"{party['frames']:.0f} / {host['frames']:.0f}",
                f"{party['height']} / {host['height']}",
                f"{_seconds(sum(party['still']))} / {_seconds(sum(host['still']))}",
                f"{_back(party)} / {_back(host)}",
            ]
            rows.append(f"| {what} | {server} | {' | '.join(cells)} |")
    return "\n".join([*rows, found["machine"]])


def _back(figures: Found) -> str:
    return ", ".join(_seconds(figures["back"][what]) for what in ("sound", "picture", "height"))


def _seconds(ms: float | None) -> str:
    return f"over {PATIENCE_S}" if ms is None else f"{ms / 1000:.1f}"


if __name__ == "__main__":
    sys.exit(main())
