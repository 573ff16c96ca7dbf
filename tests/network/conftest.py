"""A meeting over a network that is as bad as a test wants it: a host beside the server, and a
party far away, each in a Chromium of their own."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import async_playwright, expect

from bench import browser, line
from bench.browser import PHONE, TONES, Person, begins
from bench.demo import BUILT, Demo
from bench.line import SERVER, Line
from tests.turn import SECRET, Turn, coturn

FPS = 5
PATIENCE_MS = 180_000


@dataclass
class Call:
    line: Line
    demo: Demo
    turn: Turn
    host: Person
    alice: Person

    @property
    def both(self) -> tuple[Person, Person]:
        return self.host, self.alice

    async def carries(self, within: float, after: int = 0) -> float:
        """Wait until both hear and see each other, the party on links that were made after so many
        others; returns since when."""
        found = await asyncio.gather(
            self.host.back(0, [self.alice.tone], 1, within),
            self.alice.back(after, [self.host.tone], 1, within),
        )
        moments = [moment for at in found for moment in at.values()]
        assert None not in moments, f"not within {within} s: {found}"
        return max(moment for moment in moments if moment)

    @property
    def seats(self) -> list[tuple[str, str]]:
        """Who they are, and where."""
        views = [person.told["changed"]["view"] for person in self.both]
        return [(view["seat"], view["space"]) for view in views]

    async def gather(self) -> None:
        self.host.name = "王敏"
        name, link = self.demo.parties[0]
        await asyncio.gather(self.host.sit_down(self.demo.host_link), self.alice.arrive(name, link))
        await self.host.on_card(name, "Admit").click()
        for person in self.both:
            await expect(person.status).to_have_text(begins("Joint"))
            await person.button("Tap here to speak").click()
        await self.carries(PATIENCE_MS / 1000)


@pytest.fixture(autouse=True, scope="session")
def possible() -> None:
    if why := line.possible():
        pytest.skip(why)
    if not browser.CHROMIUM.exists():
        pytest.skip("Chromium is not installed: apt-get install chromium")
    if not BUILT.exists():
        pytest.skip("The pages are not built: make setup")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def call(possible: None, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Call]:
    """Both in the joint meeting, hearing and seeing each other."""
    folder = tmp_path_factory.mktemp("network")
    with line.line() as made:
        here = made.command(made.here)
        with coturn(address=SERVER, within=here) as turn:
            settings = [
                f"HEYI_HOST={SERVER}",
                f"HEYI_TURN_URLS={turn.urls['tcp']}",
                f"HEYI_TURN_SECRET={SECRET}",
            ]
            within = [*here, "env", *settings]
            demo = await asyncio.to_thread(Demo, folder / "data", None, within)
            try:
                async with async_playwright() as playwright:
                    # Cameras and microphones are for secure origins; this one is as good as local.
                    secure = f"--unsafely-treat-insecure-origin-as-secure={demo.url}"
                    people = [
                        await browser.sit(
                            playwright, tone, folder, FPS, secure,
                            program=made.program(namespace, browser.CHROMIUM), **given,
                        )
                        for tone, namespace, given in zip(
                            TONES, (made.here, made.far), ({}, PHONE), strict=False
                        )
                    ]  # fmt: skip
                    for person in people:
                        person.page.set_default_timeout(PATIENCE_MS)
                    expect.set_options(timeout=PATIENCE_MS)
                    started = Call(made, demo, turn, *people)
                    await started.gather()
                    yield started
                    for person in people:
                        assert person.page.context.browser
                        await person.page.context.browser.close()
            finally:
                sys.stderr.write(demo.complaint())
                demo.stop()
