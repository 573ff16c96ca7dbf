"""A form long in the making that is sent when the sign-in has ended: nothing of it is lost."""

from __future__ import annotations

import re

from playwright.async_api import Browser, expect

from bench.browser import PHONE
from bench.demo import Demo
from tests.browser.desk import Desk

LONG = "".join(f"第{n}句：“𠮷㼆” <b>&amp; 说了很久。\n" for n in range(120))
TITLE = 'Wall "𠮷" <i>'


async def signs_out(desk: Desk) -> None:
    """In another tab, as a device that somebody else takes does."""
    tab = await desk.page.context.new_page()
    await tab.goto(f"{desk.heyi.url}/today")
    await tab.get_by_role("button", name=desk.say("Sign out")).filter(visible=True).first.click()
    await tab.wait_for_url(lambda url: "/today" not in url)
    await tab.close()


async def signs_in_and_sends(desk: Desk, login: str) -> None:
    await desk.sees(
        "What you typed is kept on this page. Once you have signed in, send it again from here."
    )
    await desk.looks("kept")
    async with desk.page.expect_popup() as opened:
        await desk.follow("Sign in in a new tab")
    there = Desk(await opened.value, desk.heyi, desk.lang)
    await there.field("Login").fill(desk.heyi.staff[login]["login"])
    await there.field("Password").fill(desk.heyi.staff[login]["password"])
    await there.press("Sign in")
    await there.page.wait_for_url(lambda url: "/sign-in" not in url)
    await there.page.close()
    await desk.press("Send it again")


async def test_a_note_written_for_an_hour(heyi: Demo, chromium: Browser) -> None:
    """In Chinese on a phone."""
    desk = await Desk.of(chromium, heyi, "mediator", "zh", **PHONE)
    page = desk.page
    await desk.go("/cases")
    await page.locator("main a[href^='/cases/']:not([href='/cases/new'])").first.click()
    case = page.url.partition("?")[0].partition("#")[0].removeprefix(heyi.url)
    await desk.go(f"{case}/notes/new")
    await desk.named("body").fill(LONG)
    await signs_out(desk)
    await desk.press("Keep the note")
    await signs_in_and_sends(desk, "mediator")
    await expect(page).to_have_url(re.compile(rf"{case}(\?|#|$)"))
    notes = page.locator("section").filter(has=page.locator("#notes"))
    said = notes.locator("p.lines", has_text="第119句")
    await expect(said).to_have_count(1)
    assert "".join((await said.inner_text()).split()) == "".join(LONG.split())


async def test_a_matter_taken_in_at_the_counter(heyi: Demo, chromium: Browser) -> None:
    """In English at a desk, with two people and numbers that no browser would keep."""
    desk = await Desk.of(chromium, heyi, "clerk", "en")
    page = desk.page
    await desk.go("/cases/new")
    typed = {
        "title": TITLE,
        "party0-name": "Alice Green",
        "party0-phone": "13800000201",
        "party0-id_number": "11010519491231002X",
        "party1-name": "Ben Brown",
        "facts": LONG[:900],
    }
    await page.locator("#dispute_type").select_option("neighbours")
    for name, text in typed.items():
        await page.locator(f"#{name}").fill(text)
    await signs_out(desk)
    await desk.press("Create case")
    await signs_in_and_sends(desk, "clerk")
    await expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    for text in ("Alice Green", "Ben Brown", "138****0201", "第9句"):
        await expect(page.get_by_text(text).first).to_be_visible()
