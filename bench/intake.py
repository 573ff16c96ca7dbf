"""How long a clerk takes to enter a visitor's or a caller's matter, by a hand as quick as people's.

    .venv/bin/python -m bench.intake [--json]

A demo server and a Chromium with a clerk at a desk, in Chinese. Chinese is typed at five characters
a second, as with an input method; digits at 40 ms each; each field and button is reached in a
second, and what is chosen of a list is found in another one and a half. Nobody waits for anybody to
speak: what is measured is the form. From *Today* to the page of the case with its number.
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
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, Locator, Page, async_playwright

from bench.browser import Person, context, equipped, launch
from bench.child import Failed
from bench.demo import Demo

CHINESE_MS, DIGIT_MS = 200, 40
REACH_S, FIND_S = 1.0, 1.5
FACTS = (
    "今年三月起楼上厨房下水管反复漏水，我家吊顶和橱柜都泡坏了，"
    "找过三次物业没有结果，上周又漏了一次。"
)
REQUEST = "修好水管，赔偿吊顶和橱柜损失两千元。"

Entry = tuple[str, str]
"""The id of a field, and what is typed into it or chosen there."""

VISITOR: tuple[Entry, ...] = (
    ("dispute_type", "neighbours"),
    ("party0-name", "欧阳秀兰"),
    ("party0-phone", "13800000301"),
    ("party0-id_number", "11010519491231002X"),
    ("party1-name", "司马建国"),
    ("party1-phone", "13800000302"),
    ("facts", FACTS),
    ("request", REQUEST),
    ("place", "柳河镇西街5号3单元"),
)
CALLER: tuple[Entry, ...] = (
    ("call", ""),
    ("dispute_type", "labour"),
    ("party0-name", "上官志明"),
    ("party0-phone", "13800000303"),
    ("party1-name", "云溪县顺达物流有限公司"),
    ("facts", FACTS),
    ("request", REQUEST),
)


@dataclass
class Hand:
    """`taps`: of fields, buttons and what is chosen; the text's own keys are not among them."""

    page: Page
    taps: int = 0
    fields: int = 0
    characters: int = 0

    async def tap(self, what: Locator) -> None:
        await asyncio.sleep(REACH_S)
        await what.click()
        self.taps += 1

    async def enter(self, name: str, text: str) -> None:
        self.fields += 1
        if not text:
            await self.tap(self.page.locator(f"[name=source][value={name}]"))
            return
        field = self.page.locator(f"#{name}")
        if await field.evaluate("e => e.tagName") == "SELECT":
            await asyncio.sleep(REACH_S + FIND_S)
            await field.select_option(text)
            self.taps += 2
            return
        await self.tap(field)
        self.characters += len(text)
        for letter in text:
            await field.press_sequentially(letter)
            await asyncio.sleep((DIGIT_MS if letter.isascii() else CHINESE_MS) / 1000)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="the same: it takes a minute")
    parser.add_argument("--json", action="store_true", help="the last line is one JSON object")
    wanted = parser.parse_args()
    if not equipped():
        return 1
    try:
        found = asyncio.run(measured())
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 1
    if wanted.json:
        print(json.dumps({"bench": "intake", "seconds": found, "machine": machine()}))
    else:
        for name, figures in found.items():
            print(name, ", ".join(f"{value} {what}" for what, value in figures.items()))
        print(machine())
    return 0


async def measured() -> dict[str, dict[str, float]]:
    with tempfile.TemporaryDirectory(prefix="heyi-intake-") as folder:
        demo = await asyncio.to_thread(Demo, Path(folder) / "data")
        try:
            async with async_playwright() as playwright:
                browser = await launch(playwright)
                visitor, caller = await asyncio.gather(
                    taken_in(browser, demo, VISITOR), taken_in(browser, demo, CALLER)
                )
                await browser.close()
        finally:
            demo.stop()
    return {"visitor": visitor, "caller": caller}


async def taken_in(browser: Browser, demo: Demo, entries: tuple[Entry, ...]) -> dict[str, float]:
    page = await (await context(browser)).new_page()
    await Person(page, tone=0).sign_in(demo, "clerk")
    await page.goto(f"{demo.url}/today?lang=zh")
    hand, began = Hand(page), time.monotonic()
    await hand.tap(page.locator("header a[href='/cases']").first)
    await hand.tap(page.locator("main a[href='/cases/new']").first)
    await page.locator("#dispute_type").wait_for()
    for name, text in entries:
        await hand.enter(name, text)
    await hand.tap(page.locator(".actions button[value=save]"))
    await page.wait_for_url("**/cases/*-*")
    await page.locator(".case-number").wait_for()
    seconds = round(time.monotonic() - began, 1)
    return {
        "seconds": seconds,
        "taps": hand.taps,
        "fields": hand.fields,
        "characters": hand.characters,
    }


def machine() -> str:
    return (
        f"{platform.system()} {platform.release()}, {os.cpu_count()} cores, "
        f"load {os.getloadavg()[0]:.1f}"
    )


if __name__ == "__main__":
    sys.exit(main())
