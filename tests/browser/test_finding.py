"""A clerk finds cases by words, number and keys, changes two at once and takes it back."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page, expect

from bench.browser import PHONE, Person, context
from bench.demo import Demo
from tests.browser.looks import looks_right


async def clerk(heyi: Demo, chromium: Browser, **given: object) -> Page:
    person = Person(await (await context(chromium, **given)).new_page(), tone=0)
    await person.sign_in(heyi, "clerk")
    return person.page


async def test_finding_at_a_desk(heyi: Demo, chromium: Browser) -> None:
    page = await clerk(heyi, chromium)
    await page.goto(f"{heyi.url}/cases?lang=en")
    rows = page.locator("table.cases tbody tr")
    every = await rows.count()
    title = await rows.nth(0).locator("th").inner_text()
    await looks_right(page, "cases")

    finder = page.get_by_role("search", name="Cases")
    await finder.get_by_role("searchbox").fill(title[:2])
    await finder.get_by_role("button", name="Search").click()
    await expect(page).to_have_url(f"{heyi.url}/cases?text=" + await encoded(page, title[:2]))
    await expect(page.get_by_role("link", name=title, exact=True)).to_be_visible()
    await looks_right(page, "cases, searched")
    await finder.get_by_role("searchbox").fill("13912345678")
    await finder.get_by_role("button", name="Search").click()
    await expect(page.get_by_text("Cases of the person with this number")).to_be_visible()
    address = urlsplit(page.url)
    assert "139" not in address.path + address.query + address.fragment
    await looks_right(page, "cases by a number")

    await page.goto(f"{heyi.url}/cases")
    await page.get_by_label("Keep these filters under a name").fill("Everything")
    await page.get_by_role("button", name="Keep").click()
    await expect(page.get_by_role("link", name="Everything")).to_be_visible()

    await page.goto(f"{heyi.url}/cases?column=difficulty")
    before = await rows.locator("td[data-label='Difficulty']").all_inner_texts()
    await page.get_by_label("Tick all on this page").check()
    await page.get_by_label("What to change").select_option("difficulty:major")
    await page.get_by_role("button", name="Change").click()
    await expect(page.get_by_role("button", name="Undo")).to_be_visible()
    await expect(rows.locator("td", has_text="Major")).to_have_count(every)
    await looks_right(page, "cases, changed")
    await page.get_by_role("button", name="Undo").click()
    await expect(page.get_by_text("as they were before.")).to_be_visible()
    assert await rows.locator("td[data-label='Difficulty']").all_inner_texts() == before


async def test_a_file_of_the_list(heyi: Demo, chromium: Browser) -> None:
    page = await clerk(heyi, chromium)
    await page.goto(f"{heyi.url}/cases/export?lang=en")
    await looks_right(page, "export")
    await page.get_by_label("What is it for?").select_option("archive")
    async with page.expect_download() as started:
        await page.get_by_role("button", name="Save the file").click()
    assert (await started.value).suggested_filename.endswith(".xlsx")


async def test_by_keys_alone(heyi: Demo, chromium: Browser) -> None:
    page = await clerk(heyi, chromium)
    await page.goto(f"{heyi.url}/today?lang=en")
    box = page.get_by_role("dialog")
    await page.keyboard.press("/")
    await expect(box.get_by_role("combobox")).to_be_focused()
    await page.keyboard.type("cas")
    await expect(box.get_by_role("option", name="Cases", exact=True)).to_be_visible()
    await expect(box.get_by_role("option", name="Today")).to_have_count(0)
    await page.keyboard.press("ArrowDown")
    await expect(box.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    await looks_right(page, "the box of a key")
    await page.keyboard.press("Escape")
    await expect(box).to_be_hidden()
    await page.keyboard.press("Control+k")
    await page.keyboard.type("cases")
    await expect(box.get_by_role("option", name="Cases", exact=True)).to_be_visible()
    await expect(box.get_by_role("option", name="Today")).to_have_count(0)
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Cases")
    await page.get_by_label("Number, title, name").fill("a/b")
    await expect(page.get_by_label("Number, title, name")).to_have_value("a/b")


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_on_a_phone(heyi: Demo, chromium: Browser, lang: str) -> None:
    page = await clerk(heyi, chromium, **PHONE)
    for path in ("/cases", "/cases?status=applied&sort=due", "/cases?text=zzzz", "/cases/export"):
        await page.goto(f"{heyi.url}{path}{'&' if '?' in path else '?'}lang={lang}")
        await looks_right(page, path)


async def encoded(page: Page, text: str) -> str:
    return str(await page.evaluate("text => encodeURIComponent(text)", text))
