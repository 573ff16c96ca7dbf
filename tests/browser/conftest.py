from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright, expect

from bench import browser
from bench.demo import BUILT, Demo
from tests.browser.meeting import Meeting, book
from tests.browser.room import Room

# Conditions are waited for; a machine that is busy must not fail a test by being slow.
expect.set_options(timeout=30_000)

FPS = 5
"""Of the cameras: what is asked is whether pictures come; each takes time to code."""


@pytest.fixture(autouse=True, scope="session")
def possible() -> None:
    if not browser.CHROMIUM.exists():
        pytest.skip("Chromium is not installed: apt-get install chromium")
    if not BUILT.exists():
        pytest.skip("The pages are not built: make setup")


@pytest.fixture(scope="session")
def seeded(possible: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a demo that has been started once."""
    demo = Demo(tmp_path_factory.mktemp("seeded") / "data")
    stop(demo)
    return demo.data


@pytest.fixture(scope="module")
def heyi(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo server that the tests of a file share; each books a meeting of its own."""
    demo = Demo(tmp_path_factory.mktemp("heyi") / "data", seeded)
    try:
        yield demo
    finally:
        stop(demo)


@pytest.fixture
async def meeting(heyi: Demo) -> Meeting:
    return await book(heyi)


@pytest.fixture
async def room(seeded: Path, tmp_path: Path) -> AsyncIterator[Room]:
    """A server and three people, each in a browser of their own; nobody has opened a link yet."""
    starting = asyncio.create_task(asyncio.to_thread(Demo, tmp_path / "data", seeded))
    try:
        async with browser.people(tmp_path, FPS) as (host, alice, opponent):
            yield Room(await starting, host, alice, opponent)
    finally:
        stop(await starting)


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    """One browser for pages that need no voice of their own; each context is another device."""
    async with async_playwright() as playwright:
        launched = await browser.launch(playwright, fps=FPS)
        yield launched
        await launched.close()


def stop(demo: Demo) -> None:
    """And let pytest show what it complained of, should the test have failed."""
    sys.stderr.write(demo.complaint())
    demo.stop()
