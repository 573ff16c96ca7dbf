"""From what was sent on a case to the words that are copied, and to the words as they are kept."""

from __future__ import annotations

from playwright.async_api import Browser, Locator, Page, expect

from bench.browser import PHONE, Person, begins, context
from bench.demo import Demo
from tests.browser.looks import looks_right


async def person(chromium: Browser, **given: object) -> Person:
    return Person(await (await context(chromium, **given)).new_page(), tone=0)


async def section(page: Page, heyi: Demo) -> Locator:
    """The notices of the case of today, whose parties were invited when it was booked."""
    await page.goto(f"{heyi.url}/notices?template=session_booked")
    await page.locator("tbody a[href^='/cases/']").first.click()
    return page.locator("section").filter(has=page.locator("#notices"))


async def test_what_was_not_sent_is_copied_and_sent_again(heyi: Demo, chromium: Browser) -> None:
    mediator = await person(chromium)
    page = mediator.page
    await page.goto(f"{heyi.url}/sign-in?lang=en")
    await mediator.sign_in(heyi, "mediator")
    await page.goto(f"{heyi.url}/notices")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Notices")
    await expect(page.get_by_text("Not set up").first).to_be_visible()
    await looks_right(page, "log of notices")
    await page.get_by_label("How it went").select_option("arrived")
    await page.get_by_role("button", name="Show these").click()
    await expect(page.get_by_text("No notices here.")).to_be_visible()

    notices = await section(page, heyi)
    first = notices.get_by_role("listitem").first
    await first.locator("summary").click()
    words = first.get_by_label("English", exact=True)
    assert "/j/" in await words.input_value()
    await expect(first.get_by_role("button", name=begins("Copy"))).to_have_count(2)
    before = await notices.get_by_role("listitem").count()
    await looks_right(page, "notices of a case")
    await first.get_by_role("button", name=begins("Send again")).click()
    await expect(page.get_by_text("The notice is sent once more.")).to_be_visible()
    await expect(notices.get_by_role("listitem")).to_have_count(before + 1)

    await notices.locator("summary", has_text="Language of notices").click()
    await notices.get_by_role("combobox").first.select_option("en")
    await notices.get_by_role("button", name=begins("Save")).first.click()
    await expect(page.get_by_text("The language is kept")).to_be_visible()


async def test_an_organisation_puts_it_in_its_own_words(heyi: Demo, chromium: Browser) -> None:
    administrator = await person(chromium, **PHONE)
    page = administrator.page
    await page.goto(f"{heyi.url}/sign-in?lang=en")
    await administrator.sign_in(heyi, "administrator")
    await page.goto(f"{heyi.url}/notices")
    await looks_right(page, "how sending goes, phone")
    await page.get_by_role("link", name="Words of the notices").first.click()
    await looks_right(page, "words of all notices, phone")
    await page.get_by_role("link", name="Matter closed · English").click()
    await looks_right(page, "words of one notice, phone")
    body = page.get_by_label("Words", exact=True)
    await body.fill("Your matter {number} is closed.")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("alert")).to_contain_text("Nothing has been saved yet.")
    await looks_right(page, "words that can't be used, phone")
    await body.fill("{organisation}: closed.[ Call {telephone}.]")
    await page.get_by_role("button", name="Preview").click()
    await expect(page.get_by_text(": closed. Call 12348.")).to_be_visible()
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("status")).to_contain_text("Saved.")
    await expect(page.get_by_text("Our own")).to_be_visible()
    await page.get_by_role("link", name="Matter closed · English").click()
    await page.get_by_role("button", name="Back to the usual words").click()
    await expect(page.get_by_text("Our own")).to_have_count(0)
