"""Firefox in a call with Chromium, both ways; and what Chromium has beyond it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import async_playwright

from bench.browser import TONES, Person, sit
from bench.demo import Demo
from tests.browser.conftest import FPS, stop
from tests.browser.firefox import PROGRAM, Firefox, firefox
from tests.browser.room import until

pytestmark = [pytest.mark.beyond, pytest.mark.slow, pytest.mark.timeout(600)]
SOON_S = 60

SOUNDS = 0.01
"""Of energy, since the start; a line without a voice has none at all."""
TWICE = 1.5
"""How much larger packets with two frames are, at least."""


async def test_firefox_and_chromium_hear_and_see_each_other(seeded: Path, tmp_path: Path) -> None:
    if not PROGRAM.exists():
        pytest.skip("Firefox is not installed: apt-get install firefox-esr")
    demo = Demo(tmp_path / "data", seeded)
    try:
        async with async_playwright() as playwright, firefox(tmp_path, TONES[1]) as alice:
            host = await sit(playwright, TONES[0], tmp_path, FPS)
            opponent = await sit(playwright, TONES[2], tmp_path, FPS)
            try:
                await meet(demo, host, alice, opponent)
                await perceive(host, alice, opponent)
            finally:
                for person in (host, opponent):
                    assert person.page.context.browser
                    await person.page.context.browser.close()
    finally:
        stop(demo)


async def meet(demo: Demo, host: Person, alice: Firefox, opponent: Person) -> None:
    first, second = demo.parties
    await host.sit_down(demo.host_link)
    await asyncio.gather(
        arrive(alice, first.name, first.link), opponent.arrive(second.name, second.link)
    )
    for name in (first.name, second.name):
        await host.on_card(name, "Admit").click(timeout=SOON_S * 1000)
    for person in (host, opponent):
        await person.button("Tap here to speak").click(timeout=SOON_S * 1000)
    await alice.click("Tap here to speak")


async def arrive(alice: Firefox, name: str, link: str) -> None:
    await alice.open(link.replace("#", "?lang=en#"))
    for step in ("Join", "Continue"):
        await alice.click(step)
    await alice.fill("Your name", name)
    for step in ("Continue", "I agree", "I am alone here"):
        await alice.click(step)


async def perceive(host: Person, alice: Firefox, opponent: Person) -> None:
    """Everybody hears two people and sees two pictures that move. Without a device for sound
    Firefox plays none to a page's script, so there it is counted what its decoders gave."""
    moving = f"() => ears.back(0, [], 2, {SOON_S * 1000})"
    seen, *others = await asyncio.gather(
        alice.call(moving),
        host.back(0, TONES[1:], 2, SOON_S),
        opponent.back(0, TONES[:2], 2, SOON_S),
    )
    for found in (seen, *others):
        assert found["picture"], found
    for found in others:
        assert found["sound"], found
    await until(lambda: hears_two(alice), "Firefox hears both", SOON_S)

    sent = [one for one in await alice.call("() => ears.streams()") if one["way"] == "out"]
    assert {one["form"] for one in sent} == {"audio/opus", "video/VP8"}
    # Chromium sends each frame twice: to Chromium, and not to Firefox, which can't read it.
    [said] = [one["size"] for one in await voices(host.page.evaluate("ears.streams()"), "out")]
    plain = [one["size"] for one in await voices(alice.call("() => ears.streams()"), "in")]
    redundant = [
        one["size"] for one in await voices(opponent.page.evaluate("ears.streams()"), "in")
    ]
    assert max(plain) * TWICE < said
    assert max(redundant) * TWICE > said


async def hears_two(alice: Firefox) -> bool:
    heard = await voices(alice.call("() => ears.streams()"), "in")
    return len([one for one in heard if one["energy"] > SOUNDS]) == 2


async def voices(streams: Awaitable[list[dict[str, Any]]], way: str) -> list[dict[str, Any]]:
    return [one for one in await streams if one["way"] == way and one["form"].startswith("audio/")]
