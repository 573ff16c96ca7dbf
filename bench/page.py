"""What the party's page costs a phone: its script, the first paint, taps and time to the lobby.

    .venv/bin/python -m bench.page [--quick] [--words]

Prints one JSON object.

A demo server and a Chromium the size of a phone, in Chinese, its network slowed down to a slow 3G
and its processor to a quarter. Script is counted as it is sent, packed and without headers: what
the first page needs, and all that has come until the lobby, the room's own included. Taps are
counted by the page; the browser's own question is one more.
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

from playwright.async_api import Browser, CDPSession, Page, async_playwright

from bench.browser import PHONE, context, equipped, launch
from bench.child import Failed
from bench.demo import Demo

RTT_MS, KBIT_S, CPU_SLOWER = 400, 400, 4
"""What browsers' own tools call slow 3G, and a phone of some years ago."""
PATIENCE_MS = 60_000
QUICK, FULL = 1, 5
NAME = "周丽华"


@dataclass
class Figures:
    """Of one arrival each; kilobytes are 1,000 bytes as sent."""

    first_kb: list[float] = field(default_factory=list)
    script_kb: list[float] = field(default_factory=list)
    all_kb: list[float] = field(default_factory=list)
    taps: list[int] = field(default_factory=list)
    paint_s: list[float] = field(default_factory=list)
    join_s: list[float] = field(default_factory=list)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="one arrival instead of five")
    parser.add_argument("--words", action="store_true", help="sentences in place of JSON")
    # As the other benches are asked for it.
    parser.add_argument("--json", action="store_true", help="what is printed anyway")
    wanted = parser.parse_args()
    if not equipped():
        return 1
    try:
        figures = asyncio.run(measured(QUICK if wanted.quick else FULL))
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 1
    found = summary(figures)
    print(told(found) if wanted.words else json.dumps(found))
    return 0


async def measured(times: int) -> Figures:
    figures = Figures()
    with tempfile.TemporaryDirectory(prefix="heyi-page-") as folder:
        demo = await asyncio.to_thread(Demo, Path(folder) / "data")
        try:
            async with async_playwright() as playwright:
                browser = await launch(playwright)
                for _ in range(times):
                    await arrival(browser, demo.parties[0].link, figures)
                await browser.close()
        finally:
            demo.stop()
    return figures


async def arrival(browser: Browser, link: str, figures: Figures) -> None:
    """On a phone that has never been here. The way is walked by names a person would read."""
    phone = await context(browser, **PHONE)
    page = await phone.new_page()
    await page.add_init_script(
        "window.taps = 0; addEventListener('click', () => window.taps++, true);"
    )
    wire = await slow(page)
    sent = Sent(wire)
    began = time.monotonic()
    await page.goto(link.replace("#", "?lang=zh#"), wait_until="commit")
    join = page.get_by_role("button", name="进入", exact=True)
    await join.wait_for(timeout=PATIENCE_MS)
    figures.paint_s.append(time.monotonic() - began)
    figures.first_kb.append(sent.script / 1000)
    await join.click()
    await page.get_by_role("button", name="继续", exact=True).click(timeout=PATIENCE_MS)
    await page.get_by_label("您的姓名").fill(NAME, timeout=PATIENCE_MS)
    await page.get_by_role("button", name="继续", exact=True).click()
    await page.get_by_role("button", name="我同意").click(timeout=PATIENCE_MS)
    await page.get_by_role("button", name="只有我一个人").click(timeout=PATIENCE_MS)
    await page.locator(".waiting").wait_for(timeout=PATIENCE_MS)
    figures.join_s.append(time.monotonic() - began)
    figures.taps.append(await page.evaluate("window.taps") + 1)
    figures.script_kb.append(sent.script / 1000)
    figures.all_kb.append(sent.all / 1000)
    await page.get_by_role("button", name="离开", exact=True).click()
    await page.get_by_role("button", name="确认离开", exact=True).click()
    await page.get_by_role("heading", level=1).get_by_text("您已离开").wait_for()
    await phone.close()


async def slow(page: Page) -> CDPSession:
    wire = await page.context.new_cdp_session(page)
    rate = KBIT_S * 1000 / 8
    limits = {"latency": RTT_MS, "downloadThroughput": rate, "uploadThroughput": rate}
    await wire.send("Network.enable")
    await wire.send("Network.emulateNetworkConditions", {"offline": False, **limits})
    await wire.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWER})
    return wire


class Sent:
    """Bytes that came over the wire, as they were packed."""

    def __init__(self, wire: CDPSession) -> None:
        self.script = self.all = 0
        self._scripts: set[str] = set()
        wire.on("Network.responseReceived", self._response)
        wire.on("Network.dataReceived", self._data)

    def _response(self, event: dict[str, Any]) -> None:
        if event["type"] == "Script":
            self._scripts.add(event["requestId"])

    def _data(self, event: dict[str, Any]) -> None:
        size = round(event["encodedDataLength"])
        self.all += size
        if event["requestId"] in self._scripts:
            self.script += size


# ---- telling -------------------------------------------------------------------------------------


def summary(figures: Figures) -> dict[str, Any]:
    return {
        "party_script_kb": middle(figures.first_kb),
        "party_lobby_script_kb": middle(figures.script_kb),
        "party_page_kb": middle(figures.all_kb),
        "taps": max(figures.taps),
        "paint_s": middle(figures.paint_s),
        "join_s": middle(figures.join_s),
        "arrivals": len(figures.taps),
        "machine": f"{platform.system()} {platform.release()}, {os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.1f}",
    }


def middle(values: Sequence[float]) -> float:
    return round(median(values), 1)


def told(found: dict[str, Any]) -> str:
    return (
        f"Script of the party's first page, packed: {found['party_script_kb']} kB; until the "
        f"lobby {found['party_lobby_script_kb']} kB, of {found['party_page_kb']} kB in all\n"
        f"From the link to the lobby: {found['taps']} taps, {found['join_s']} s; the first page "
        f"could be used after {found['paint_s']} s ({found['arrivals']} arrivals)\n"
        f"{found['machine']}"
    )


if __name__ == "__main__":
    sys.exit(main())
