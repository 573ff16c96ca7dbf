"""What has to be true of every page in every state: axe finds nothing, and it fits."""

from __future__ import annotations

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


async def looks_right(page: Page, where: str) -> None:
    options = {"runOnly": RULES, "resultTypes": ["violations"]}
    found = await Axe().run(page, options=options)
    assert found.violations_count == 0, f"{where}: {found.generate_report()}"
    over = await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert over <= 0, f"{where}: {over} px too wide for {page.viewport_size}"
