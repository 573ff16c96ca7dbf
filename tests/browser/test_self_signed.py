"""`serve --tls self-signed`, as devices on the network around meet it: a warning that one can tap
past, none for whoever trusts the authority, and camera, microphone and live connections for both.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import BrowserContext, Error, async_playwright

from bench.browser import CHROMIUM, FLAGS
from tests.deploy.server import running

SEES = """async () => {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  const socket = new WebSocket(`wss://${location.host}/socket.io/?EIO=4&transport=websocket`);
  const hello = await new Promise((told) => {
    socket.onmessage = (event) => told(event.data[0]);
    socket.onerror = () => told("refused");
  });
  socket.close();
  return [stream.getTracks().map((track) => track.kind).sort(), hello];
}"""
ALL_OF_IT = [["audio", "video"], "0"]


@asynccontextmanager
async def device(home: Path, **given: Any) -> AsyncIterator[BrowserContext]:
    """A browser that knows the authorities that are kept in this home."""
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[*FLAGS, "--use-fake-device-for-media-stream"],
            env={**os.environ, "HOME": str(home)},
        )
        yield await launched.new_context(**given)
        await launched.close()


def trust(home: Path, authority: Path | None = None) -> None:
    """What a phone does when it installs one; without one, only its place is made."""
    store = home / ".pki/nssdb"
    store.mkdir(parents=True, exist_ok=True)
    certutil = ["certutil", "-d", f"sql:{store}"]
    if authority is None:
        subprocess.run([*certutil, "-N", "--empty-password"], check=True)
    else:
        add = ["-A", "-t", "C,,", "-n", "heyi", "-i", str(authority)]
        subprocess.run([*certutil, *add], check=True)


@pytest.mark.timeout(900)
async def test_devices_around_use_their_cameras(tmp_path: Path) -> None:
    data, home = tmp_path / "data", tmp_path / "home"
    async with running(data, 0, "--tls", "self-signed") as server:
        page = (await server.tells()).removeprefix("Heyi 和议: ") + "/sign-in"
        assert page.startswith("https://")
        async with device(home) as stranger:
            with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
                await (await stranger.new_page()).goto(page)
        async with device(home, ignore_https_errors=True) as bold:
            tab = await bold.new_page()
            await tab.goto(page)
            assert await tab.evaluate(SEES) == ALL_OF_IT
        if shutil.which("certutil") is None:
            pytest.skip("the rest needs certutil: apt-get install libnss3-tools")
        trust(home)
        trust(home, data / "tls/authority.crt")
        async with device(home) as trusting:
            tab = await trusting.new_page()
            await tab.goto(page)
            assert await tab.evaluate(SEES) == ALL_OF_IT
