"""A person in Firefox, driven by WebDriver BiDi: no more of it than a meeting takes."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType

from bench.browser import EARS

PROGRAM = Path("/usr/bin/firefox-esr")
STARTS_S, ANSWERS_S = 120, 120
PREFERENCES: dict[str, bool | int | str] = {
    "media.navigator.streams.fake": True,
    "media.navigator.permission.disabled": True,
    "media.autoplay.default": 0,
    "media.autoplay.blocking_policy": 0,
    "media.peerconnection.ice.loopback": True,
    "media.gmp-manager.updateEnabled": False,
    "app.update.auto": False,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "remote.prefs.recommended": True,
}
CLICK = """async (name) => {
    const named = (one) => (one.getAttribute("aria-label") ?? one.textContent).trim() === name;
    for (;;) {
        const found = [...document.querySelectorAll("button")].find(named);
        if (found && !found.disabled) return found.click();
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
}"""
FILL = """async (label, text) => {
    for (;;) {
        const found = [...document.querySelectorAll("label")].find(
            (one) => one.textContent.trim().startsWith(label));
        const input = found && (found.control ?? found.querySelector("input"));
        if (input) {
            Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(
                input, text);
            input.dispatchEvent(new Event("input", { bubbles: true }));
            return;
        }
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
}"""


class Firefox:
    """One page. Every step waits until there is what it needs; a test's own clock ends it."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = count(1)
        self._context = ""

    async def begin(self) -> None:
        await self._ask("session.new", capabilities={})
        tree = await self._ask("browsingContext.getTree")
        self._context = tree["contexts"][0]["context"]
        ears = f"() => {{ {EARS.read_text('utf-8')} }}"
        await self._ask("script.addPreloadScript", functionDeclaration=ears)

    async def open(self, link: str) -> None:
        await self._ask(
            "browsingContext.navigate", context=self._context, url=link, wait="complete"
        )

    async def click(self, name: str) -> None:
        await self.call(CLICK, name)

    async def fill(self, label: str, text: str) -> None:
        await self.call(FILL, label, text)

    async def call(self, function: str, *arguments: str) -> Any:
        """What the page's function returns, by way of JSON."""
        written = f"async (...given) => JSON.stringify((await ({function})(...given)) ?? null)"
        answer = await self._ask(
            "script.callFunction",
            functionDeclaration=written,
            arguments=[{"type": "string", "value": one} for one in arguments],
            target={"context": self._context},
            awaitPromise=True,
            userActivation=True,
        )
        assert answer["type"] == "success", answer
        return json.loads(answer["result"]["value"])

    async def _ask(self, method: str, **params: Any) -> Any:
        number = next(self._numbers)
        await self._socket.send_json({"id": number, "method": method, "params": params})
        while True:
            message = await self._socket.receive(timeout=ANSWERS_S)
            assert message.type is WSMsgType.TEXT, message
            answer = json.loads(message.data)
            if answer.get("id") == number:
                assert answer["type"] == "success", answer
                return answer["result"]


@asynccontextmanager
async def firefox(folder: Path, tone: int) -> AsyncIterator[Firefox]:
    """With a camera of changing colours and that tone, in Hz, for a voice."""
    profile = folder / "firefox"
    profile.mkdir()
    wishes = PREFERENCES | {"media.navigator.audio.fake_frequency": tone}
    lines = [f"user_pref({json.dumps(n)}, {json.dumps(v)});\n" for n, v in wishes.items()]
    (profile / "user.js").write_text("".join(lines))
    process = await asyncio.create_subprocess_exec(
        str(PROGRAM), "--headless", "--no-remote", "--profile", str(profile),
        "--remote-debugging-port", "0", "about:blank",
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env={"HOME": str(folder), "PATH": "/usr/bin:/bin", "MOZ_CRASHREPORTER_DISABLE": "1"},
    )  # fmt: skip
    try:
        async with asyncio.timeout(STARTS_S):
            address = await _listening(process)
        reading = asyncio.create_task(_read_on(process))
        async with ClientSession() as http, http.ws_connect(f"{address}/session") as socket:
            page = Firefox(socket)
            await page.begin()
            yield page
        reading.cancel()
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _listening(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None
    while line := await process.stderr.readline():
        if found := re.search(rb"WebDriver BiDi listening on (ws://\S+)", line):
            return found[1].decode()
    raise AssertionError("Firefox did not start")


async def _read_on(process: asyncio.subprocess.Process) -> None:
    """A full pipe would stop it."""
    assert process.stderr is not None
    while await process.stderr.read(1 << 16):
        pass
