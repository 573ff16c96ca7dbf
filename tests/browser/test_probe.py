"""A page tries its network in a real browser: its own sound, through the real plane and back."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page

from bench.browser import context
from bench.demo import ROOT, Demo

STRIP = """
import { stripTypeScriptTypes } from "node:module";
import { readFileSync } from "node:fs";
process.stdout.write(stripTypeScriptTypes(readFileSync(process.argv[1], "utf8")));
"""
TRY = """
async ([code, seat, voice]) => {
  const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  const { probe } = await import(url);
  const stream = voice && await navigator.mediaDevices.getUserMedia({ audio: true });
  const progress = [];
  const microphone = stream ? stream.getAudioTracks()[0] : null;
  const found = await probe(seat, [], (part) => progress.push(part), microphone);
  return { ...found, progress, live: microphone?.readyState === "live" };
}
"""


def module() -> str:
    """The page's own script, without its types."""
    node = Path(sys.executable).with_name("node")
    source = ROOT / "web/src/seat/call/probe.ts"
    command = [str(node), "--input-type=module", "--eval", STRIP, str(source)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


async def attempt(page: Page, seat: str, *, voice: bool = False) -> dict[str, Any]:
    found: dict[str, Any] = await page.evaluate(TRY, [module(), seat, voice])
    return found


async def at(heyi: Demo, device: BrowserContext, link: str) -> tuple[Page, str]:
    """A page of that seat, with its cookie."""
    address, _, token = link.partition("#")
    await device.request.post(
        f"{address}/exchange", data={"token": token}, headers={"Origin": heyi.url}
    )
    page = await device.new_page()
    await page.goto(address)
    return page, address.rpartition("/")[2]


async def test_a_network_is_tried_with_a_microphone_and_without(
    heyi: Demo, chromium: Browser
) -> None:
    device = await context(chromium, bypass_csp=True)
    alice, opponent = [await at(heyi, device, party.link) for party in heyi.parties]
    without, voice = await asyncio.gather(attempt(*alice), attempt(*opponent, voice=True))
    for found in (without, voice):
        assert (found["ok"], found["fault"], found["transport"]) == (True, None, "udp"), found
        assert found["loss"] < 0.05
        assert found["rtt_ms"] < 500
        assert found["jitter_ms"] < 100
        assert found["progress"][-1] == 1
    assert voice["live"]  # The page's own microphone goes on.

    page, _ = alice
    strangers = heyi.host_link.partition("#")[0].rpartition("/")[2]
    refused = await attempt(page, strangers)
    assert (refused["ok"], refused["fault"]) == (False, "refused")
    await page.route("**/echo", lambda route: route.abort())
    assert (await attempt(*alice))["fault"] == "no_answer"
