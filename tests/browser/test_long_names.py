"""Names as long as they may be, and words in which no browser finds a place to break."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Page, expect

from bench.demo import Demo
from tests.browser.desk import Desk
from tests.browser.looks import DESK_SIZE, PHONE_SIZE, faultless, fits

WORD = "Wolfeschlegelsteinhausenbergerdorff" * 3
NAMES = (("𠮷㼆" * 100), WORD[:100])


@pytest.mark.timeout(180)
async def test_a_name_of_200_characters_is_too_wide_for_no_page(
    heyi: Demo, chromium: Browser
) -> None:
    """Taken in by its mediator, who sees the most of a case."""
    desk = await Desk.of(chromium, heyi, "mediator", "en")
    page = desk.page
    await desk.go("/cases/new?lang=en")
    await page.locator("#title").fill(WORD)
    await page.locator("#dispute_type").select_option("neighbours")
    for n, name in enumerate(NAMES):
        await page.locator(f"#party{n}-name").fill(name)
    await desk.press("Create case")
    await expect(page.get_by_role("heading", level=1)).to_have_text(WORD)
    case = page.url.removeprefix(heyi.url).partition("?")[0]
    paths = ("", "/split", "/mediators", "/refuse", "/documents/new", "/about", "/parties/new")
    for path in (*paths, "/sessions/new"):
        await desk.go(f"{case}{path}")
        await both(page, path)
    await desk.go(case)
    await desk.book(links=3)
    for fold in await page.locator("main summary").all():
        await fold.click()
    await both(page, "the meeting")


async def both(page: Page, where: str) -> None:
    for size in (PHONE_SIZE, DESK_SIZE):
        await page.set_viewport_size(size)
        await fits(page, where)
    await faultless(page, where)
