"""What has to be true of every page in every state: axe finds nothing, and it fits."""

from __future__ import annotations

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, ViewportSize

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE_SIZE: ViewportSize = {"width": 360, "height": 740}
DESK_SIZE: ViewportSize = {"width": 1366, "height": 768}


async def looks_right(page: Page, where: str) -> None:
    await faultless(page, where)
    await fits(page, where)


async def faultless(page: Page, where: str) -> None:
    options = {"runOnly": RULES, "resultTypes": ["violations"]}
    found = await Axe().run(page, options=options)
    assert found.violations_count == 0, f"{where}: {found.generate_report()}"


async def fits(page: Page, where: str) -> None:
    over = await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert over <= 0, f"{where}: {over} px too wide for {page.viewport_size}"
