"""People in real browsers: a Chromium each, with a camera that rolls and a tone for a voice."""

from __future__ import annotations

import asyncio
import json
import math
import re
import struct
import sys
import wave
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    Playwright,
    WebSocket,
    async_playwright,
)

from bench.demo import BUILT, Demo

CHROMIUM = Path("/usr/lib/chromium/chromium")  # the program itself: its script takes half a second
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
]
EVENT = re.compile(r"^42/seat,(\[.*)$", re.DOTALL)
"""An event as socket.io frames it."""
EARS = Path(__file__).with_name("ears.js")
RATE = 48_000
TONES = (440, 620, 970)
"""Hertz; none is a harmonic of another, which a codec would make of it."""


def equipped() -> bool:
    """Whether there are a browser and pages for it. What is missing is told to whoever measures."""
    if CHROMIUM.exists() and BUILT.exists():
        return True
    missing = "Chromium (apt-get install chromium)" if BUILT.exists() else "pages (make setup)"
    print(f"This needs {missing}.", file=sys.stderr)
    return False


@dataclass(frozen=True, slots=True)
class Heard:
    """What came down to one page while it was listened to; levels in dBFS by tone."""

    loudest: dict[int, float]
    usual: dict[int, float]
    packets: int
    listening: bool


class Person:
    """One page of one browser, driven by the names that everyone may rely on."""

    def __init__(self, page: Page, tone: int) -> None:
        self.page = page
        self.tone = tone
        self.name = ""
        self.faults: list[str] = []
        """What the page's script threw, and what the page's policy blocked."""
        self.told: dict[str, Any] = {}
        """The last of each event that the server sent, by its name."""
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("websocket", self._overhear)
        page.on(
            "console",
            lambda message: (
                self.faults.append(message.text)
                if "Content Security Policy" in message.text
                else None
            ),
        )

    def _overhear(self, socket: WebSocket) -> None:
        def frame(payload: str | bytes) -> None:
            if isinstance(payload, str) and (event := EVENT.match(payload)):
                name, body = json.loads(event[1])
                self.told[name] = body

        socket.on("framereceived", frame)

    # ---- finding ----

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    @property
    def status(self) -> Locator:
        return self.page.get_by_role("status")

    def tile(self, name: str) -> Locator:
        return self.page.get_by_role("group", name=name, exact=True)

    def card(self, name: str) -> Locator:
        """A person on the host's board."""
        return self.page.get_by_role("listitem", name=name, exact=True)

    def on_card(self, name: str, button: str) -> Locator:
        return self.card(name).get_by_role("button", name=button, exact=True)

    async def pictured(self) -> list[str]:
        """The names of the tiles, own and others'."""
        return [
            str(await tile.get_attribute("aria-label"))
            for tile in await self.page.locator('[role="group"][aria-label]').all()
        ]

    # ---- the way in ----

    async def open(self, link: str, lang: str = "en") -> None:
        await self.page.goto(link.replace("#", f"?lang={lang}#"))

    async def sit_down(self, link: str) -> None:
        """From the link through the device check."""
        await self.open(link)
        await self.button("Join").click()
        await self.button("Continue").click()

    async def arrive(self, name: str, link: str) -> None:
        """As a party: to the lobby, with everything said that has to be said."""
        await self.sit_down(link)
        await self.say_who(name)

    async def say_who(self, name: str) -> None:
        """One's name, the consent, and who is near, on the way to the lobby."""
        await self.say_name(name)
        await self.agree()

    async def say_name(self, name: str) -> None:
        self.name = name
        await self.page.get_by_label("Your name").fill(name)
        await self.button("Continue").click()

    async def agree(self) -> None:
        """To one's own text, and that nobody is near."""
        await self.button("I agree").click()
        await self.button("I am alone here").click()
        await self.button("I am alone here").wait_for(state="detached")

    async def sign_in(self, demo: Demo, role: str) -> None:
        """As staff of the demo."""
        await self.page.goto(f"{demo.url}/sign-in?lang=en")
        await self.page.get_by_label("Login", exact=True).fill(demo.staff[role]["login"])
        await self.page.get_by_label("Password", exact=True).fill(demo.staff[role]["password"])
        await self.button("Sign in").click()
        await self.page.wait_for_url(lambda url: "/sign-in" not in url)

    # ---- measuring ----

    async def received(self) -> dict[str, Any]:
        found: dict[str, Any] = await self.page.evaluate("ears.received()")
        return found

    async def listen(self, seconds: float) -> Heard:
        found = await self.page.evaluate(
            "([tones, ms]) => ears.listen(tones, ms)", [list(TONES), seconds * 1000]
        )
        return Heard(
            loudest=dict(zip(TONES, found["loudest"], strict=True)),
            usual=dict(zip(TONES, found["usual"], strict=True)),
            packets=found["audio"] + found["video"],
            listening=found["listening"],
        )

    async def links(self) -> int:
        """How many links this page has made so far."""
        made: int = await self.page.evaluate("ears.links()")
        return made

    async def back(
        self, since: int, tones: Sequence[int], pictures: int, seconds: float
    ) -> dict[str, float | None]:
        """When (Unix seconds) all tones and so many pictures came on links made since."""
        at = await self.page.evaluate(
            "([since, tones, pictures, ms]) => ears.back(since, tones, pictures, ms)",
            [since, list(tones), pictures, seconds * 1000],
        )
        return {what: moment and moment / 1000 for what, moment in at.items()}


def sine(file: Path, tone: int) -> Path:
    """A second of it at a quarter of full scale, which loops without a click."""
    values = (8192 * math.sin(2 * math.pi * tone * n / RATE) for n in range(RATE))
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(struct.pack(f"<{RATE}h", *(round(value) for value in values)))
    return file


async def launch(
    playwright: Playwright, *flags: str, fps: int = 15, program: Path = CHROMIUM
) -> Browser:
    camera = f"--use-fake-device-for-media-stream=fps={fps}"
    return await playwright.chromium.launch(executable_path=program, args=[*FLAGS, camera, *flags])


async def context(browser: Browser, **given: Any) -> BrowserContext:
    made = await browser.new_context(
        **{"locale": "zh-CN", "viewport": {"width": 1366, "height": 768}, **given}
    )
    await made.add_init_script(path=EARS)
    return made


async def sit(
    playwright: Playwright,
    tone: int,
    folder: Path,
    fps: int,
    *flags: str,
    program: Path = CHROMIUM,
    **given: Any,
) -> Person:
    """A browser of one's own, since flags are per process."""
    voice = f"--use-file-for-fake-audio-capture={sine(folder / f'{tone}.wav', tone)}"
    browser = await launch(playwright, voice, *flags, fps=fps, program=program)
    page = await (await context(browser, **given)).new_page()
    return Person(page, tone)


PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "is_mobile": True,
    "has_touch": True,
}


@asynccontextmanager
async def people(folder: Path, fps: int = 15) -> AsyncIterator[list[Person]]:
    """A host at a desk and two parties with phones, each with one of TONES; `fps`: the cameras'."""
    async with async_playwright() as playwright:
        first, *others = TONES
        sitting = [sit(playwright, first, folder, fps)]
        sitting += [sit(playwright, tone, folder, fps, **PHONE) for tone in others]
        everybody = list(await asyncio.gather(*sitting))
        try:
            yield everybody
        finally:
            for person in everybody:
                assert person.page.context.browser
                await person.page.context.browser.close()


def begins(word: str) -> re.Pattern[str]:
    return re.compile(rf"^\s*{word}")
