"""From a free hour in the calendar to a meeting that is moved, given more people and cancelled."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.async_api import Browser, expect

from bench.browser import PHONE, Person, begins, context
from bench.demo import Demo
from tests.browser.desk import Desk
from tests.browser.looks import looks_right

DESK = {"viewport": {"width": 1366, "height": 768}}


def tomorrow() -> str:
    """The demo's mediator hosts a meeting then, from ten to half past eleven."""
    return str(datetime.now(UTC).astimezone(ZoneInfo("Asia/Shanghai")).date() + timedelta(days=1))


async def test_at_a_desk_in_english(heyi: Demo, chromium: Browser) -> None:
    desk = await Desk.of(chromium, heyi, "mediator", "en", **DESK)
    page = desk.page
    await desk.follow("Calendar")
    await desk.looks("calendar")
    await desk.follow("Week after")
    # A week is a stop for each day and each meeting; a day's free hours come when it is opened.
    stops = page.locator('.week :is(a[href]:not([tabindex="-1"]), summary)')
    assert await stops.filter(visible=True).count() <= 7 + await page.locator(".event").count()
    await page.locator(".week-free summary").first.press("Enter")
    await desk.looks("free hours")
    await page.locator(".free-hours a").first.press("Enter")
    await desk.looks("for which case")
    await page.locator(".picks a").first.click()
    await desk.looks("form")

    await desk.field("Date").fill(tomorrow())
    await desk.field("Time").fill("10:30")
    await desk.press("Show the day that is chosen")
    await expect(page.locator(".day-busy")).to_contain_text("10:00–11:30")
    await page.get_by_role("combobox", name="Role").first.select_option("signs")
    await desk.named("name").first.fill("Irma")
    await desk.press("Another person")
    row = page.get_by_role("group", name="Person 2")
    for choice in ("Role", "Side", "Name"):
        await expect(row.get_by_label(choice, exact=True)).to_have_value("")
    await desk.press("Book the meeting")
    await desk.sees("At the same time somebody is to be elsewhere:")
    await desk.looks("somebody is taken")
    await expect(desk.named("name").first).to_have_value("Irma")
    await desk.press("Book all the same")
    await desk.sees("The meeting is booked. Send each person their own link.")
    await desk.sees("Sign-language interpreter")

    for summary in await page.locator("main summary").all():
        await summary.click()
    await desk.looks("a meeting, all of it open")
    await expect(page.locator("main .qr svg").first).to_be_visible()
    names = await page.locator("main :is(button, summary)").all_inner_texts()
    assert len(names) == len(set(names)), "each says whose it is"
    await page.get_by_role("button", name="Copy the link for Irma").click()
    await expect(page.get_by_role("status").get_by_text("Copied")).to_be_visible()
    await desk.field("Date").fill("2020-01-01")
    await desk.press("Move the meeting")
    await expect(page.locator(".wrong")).to_be_focused()
    await desk.looks("a time that has passed")
    await desk.field("Date").fill(tomorrow())
    await desk.field("Time").fill("16:00")
    await desk.press("Move the meeting")
    await desk.sees("The meeting has its new time. The links are still good.")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("16:00")

    irma = page.locator(".seat", has_text="Irma")
    await irma.get_by_text("Invitation, link and QR code of Irma").click()
    await irma.get_by_text("Make a new link, or take it away").click()
    await irma.get_by_role("button", name="Take the link away").click()
    await expect(irma).to_contain_text("The link was taken away: it opens nothing.")
    await desk.looks("a link taken away")
    await irma.get_by_role("button", name="Issue a new link").click()
    await expect(irma.locator("input.link")).to_be_visible()

    await page.locator("summary", has_text="Cancel this meeting").click()
    await desk.field("Reason, if you want to give one").fill("The road is flooded")
    await desk.press("Cancel the meeting")
    await desk.sees("The meeting is cancelled. Its links no longer work.")
    await expect(page.get_by_role("status")).to_contain_text("Irma")
    await desk.looks("cancelled")


async def test_on_a_phone_in_chinese(heyi: Demo, chromium: Browser) -> None:
    """A private talk with one side; what somebody's page said of itself is read."""
    desk = await Desk.of(chromium, heyi, "mediator", "zh", **PHONE)
    page = desk.page
    await (
        page.locator(".meeting", has=page.locator(".state-preparation"))
        .locator("h3 a")
        .first.click()
    )
    await expect(page.locator(".tried")).to_contain_text(desk.say("microphone and camera work"))
    await desk.looks("tried")
    case = await page.locator(".crumbs a[href^='/cases/']").get_attribute("href")

    await desk.follow("Calendar")
    await desk.looks("calendar")
    await page.locator(".week-free summary").last.click()
    await desk.looks("free hours")

    await desk.go(f"{case}/sessions/new")
    await desk.press("All sides together")
    alone = desk.say("Side %(side)s alone, before the meeting").replace("%(side)s", "B")
    await page.get_by_role("button", name=alone).click()
    await expect(page.locator("input[type=checkbox][name=party]")).to_have_count(1)
    await page.locator("summary").first.click()
    await page.locator("input[name^=beside-]").first.fill("他的儿子")
    await desk.looks("one side alone")
    await desk.press("Book the meeting")
    await expect(page).to_have_url(re.compile(r"/sessions/.*done=booked"))
    await expect(page.locator(".state-preparation")).to_be_visible()
    await expect(page.locator("main")).to_contain_text("他的儿子")
    await desk.looks("booked")
    links = page.locator("input.link")
    await prepares(chromium, *[await one.input_value() for one in await links.all()])
    await page.reload()
    await desk.sees("Prepared")


async def prepares(chromium: Browser, hosts: str, partys: str) -> None:
    """Nobody comes in so early before the mediator does; they talk, and nothing is decided."""
    host, party = [
        Person(await (await context(chromium, **kind)).new_page(), tone=0) for kind in (DESK, PHONE)
    ]
    await party.open(partys)
    await expect(party.button("Try your devices now")).to_be_visible()
    await expect(party.button("Join")).to_have_count(0)
    await host.sit_down(hosts)
    await host.page.get_by_role("status").wait_for()
    await party.arrive("孙国强", partys)
    await host.page.get_by_role("button", name="Admit", exact=True).click()
    await expect(party.status).to_have_text(begins("Preparation"))
    await host.button("End the meeting").click()
    await looks_right(host.page, "the end of a private talk before the meeting")
    await host.page.get_by_label("What was talked about", exact=True).fill("The amount.")
    await host.button("Confirm end").click()
    await expect(party.page.get_by_role("heading", level=1)).to_have_text("The meeting has ended")
    await expect(party.page.locator("main a[href^='tel:']")).to_be_visible()
    await looks_right(party.page, "after a private talk before the meeting")
