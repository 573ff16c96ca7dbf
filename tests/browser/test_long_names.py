"""Names as long as they may be, and words in which no browser finds a place to break."""

from __future__ import annotations

from playwright.async_api import Browser, expect

from bench.demo import Demo
from tests.browser.desk import Desk

WORD = "Wolfeschlegelsteinhausenbergerdorff" * 3
NAMES = (("𠮷㼆" * 100), WORD[:100])
SIZES = ({"width": 360, "height": 740}, {"width": 1366, "height": 768})


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
        await fits(desk, f"{case}{path}")


async def fits(desk: Desk, path: str) -> None:
    await desk.go(path)
    for size in SIZES:
        await desk.page.set_viewport_size(size)  # type: ignore[arg-type]
        await desk.looks(f"{path} at {size['width']}")
