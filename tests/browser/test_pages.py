"""Every page and every state of the room: it does its work, axe finds nothing, and it fits."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Browser, expect

from bench.browser import PHONE, Person, begins, context
from bench.demo import Demo
from tests.browser.looks import looks_right
from tests.browser.meeting import Meeting

NARROW = {**PHONE, "viewport": {"width": 320, "height": 640}}


async def person(chromium: Browser, **given: object) -> Person:
    return Person(await (await context(chromium, **given)).new_page(), tone=0)


async def test_from_sign_in_to_the_links(heyi: Demo, chromium: Browser) -> None:
    """A mediator makes a case, books a meeting, and has a link for each who takes part."""
    staff = await person(chromium)
    page = staff.page
    heading = page.get_by_role("heading", level=1)
    await page.goto(f"{heyi.url}/sign-in?lang=en")
    await page.get_by_label("Login", exact=True).fill("mediator")
    await page.get_by_label("Password", exact=True).fill("not this one")
    await staff.button("Sign in").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await looks_right(page, "sign-in, refused")
    await staff.sign_in(heyi, "mediator")
    await expect(heading).to_have_text("Today")
    await looks_right(page, "today")

    await page.goto(f"{heyi.url}/cases/new")
    await looks_right(page, "new case")
    await staff.button("Create case").click()
    await expect(page.get_by_role("alert")).to_contain_text("Nothing has been saved yet.")
    await looks_right(page, "new case, incomplete")
    await page.get_by_label("Short title").fill("Boundary wall")
    await page.get_by_label("Type of dispute").select_option(index=1)
    for number, name in (("Party 1", "Alice Green"), ("Party 2", "Ben Brown")):
        row = page.get_by_role("group", name=number, exact=True)
        await row.get_by_label("Name", exact=True).fill(name)
    await staff.button("Create case").click()
    await expect(heading).to_have_text("Boundary wall")
    await looks_right(page, "case")

    await page.get_by_role("link", name="Book a meeting").click()
    await looks_right(page, "book")
    in_two_days = datetime.now(UTC) + timedelta(days=2)
    await page.get_by_label("Date", exact=True).fill(in_two_days.date().isoformat())
    await page.get_by_label("Time", exact=True).fill("10:00")
    await staff.button("Book the meeting").click()
    await expect(page.get_by_text("The meeting is booked.")).to_be_visible()
    await page.locator("summary", has_text="Link for another device of the mediator").click()
    for name in ("王敏", "Alice Green", "Ben Brown"):
        if name != "王敏":
            fold = f"Invitation, link and QR code of {name}"
            await page.locator("summary", has_text=fold).click()
        link = page.get_by_role("textbox", name=f"Link of {name}")
        await expect(link).to_have_value(begins(f"{heyi.url}/j/"))
    await looks_right(page, "links")

    await page.get_by_role("button", name="Enter").click()
    await page.wait_for_url("**/j/*")
    await expect(staff.button("Join")).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, NARROW], ids=["phone", "320 px"])
async def test_in_chinese_on_a_phone(
    heyi: Demo, meeting: Meeting, chromium: Browser, size: dict[str, object]
) -> None:
    staff = await person(chromium, **size)
    page = staff.page
    for path in ("/", "/sign-in", "/nothing-here"):
        await page.goto(f"{heyi.url}{path}?lang=zh")
        await looks_right(page, path)
    await staff.sign_in(heyi, "mediator")
    link = page.locator("main a[href^='/sessions/']").first
    meeting_page = await link.get_attribute("href")
    for path in ("/today", "/cases", "/cases/new", str(meeting_page)):
        await page.goto(f"{heyi.url}{path}?lang=zh")
        await expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
        await looks_right(page, path)
    await page.locator(".crumbs a[href^='/cases/']").click()
    await looks_right(page, "case")
    await page.locator("a[href$='/sessions/new']").first.click()
    await looks_right(page, "book")


async def test_every_state_of_the_room(meeting: Meeting, chromium: Browser) -> None:
    """The host at a desk, one party with a phone, one with the narrowest, in Chinese."""
    host = await person(chromium)
    alice = await person(chromium, **PHONE)
    narrow = await person(chromium, **NARROW)
    for one, name in ((host, "host"), (alice, "party")):
        link = meeting.host.link if one is host else meeting.party.link
        await one.open(link)
        await expect(one.button("Join")).to_be_visible()
        await looks_right(one.page, f"landing of the {name}")
        await one.button("Join").click()
        await expect(one.button("Continue")).to_be_visible()
        await looks_right(one.page, f"device check of the {name}")
        await one.button("Continue").click()
    await looks_right(alice.page, "name")
    await alice.page.get_by_label("Your name").fill("Alice")
    await alice.button("Continue").click()
    await expect(alice.button("I agree")).to_be_visible()
    await looks_right(alice.page, "consent")
    await looks_right(host.page, "somebody waits")
    await alice.button("I agree").click()
    await expect(alice.button("I am alone here")).to_be_visible()
    await looks_right(alice.page, "who is near")
    await alice.button("I am alone here").click()
    await alice.button("I am alone here").wait_for(state="detached")
    await looks_right(alice.page, "lobby")
    await in_chinese(narrow, meeting)

    for party in meeting.parties:
        await host.on_card(party.name, "Admit").click()
    await expect(alice.tile(meeting.parties[1].name).locator("video")).to_be_visible()
    everybody = (("host", host), ("party", alice), ("Chinese party", narrow))
    await all_look_right(everybody, "joint")
    await alice.button("Private word").click()
    await alice.button("Leave").click()
    await expect(host.card(meeting.party.name)).to_contain_text("would like a private word")
    await all_look_right(everybody, "joint, asked, leaving")
    await alice.button("Stay").click()
    await host.on_card(meeting.party.name, "Private talk").click()
    await expect(alice.status).to_have_text(begins("Private"))
    await all_look_right(everybody, "private talk and own side")
    await host.button("End the meeting").click()
    await looks_right(host.page, "end")
    await host.page.get_by_role("radio", name="Not agreed").check()
    await host.page.get_by_label("Reason", exact=True).fill("The amount is disputed.")
    await host.button("Confirm end").click()
    await expect(alice.page.get_by_role("heading", level=1)).to_have_text("The meeting has ended")
    await all_look_right(everybody, "ended")
    assert [one.faults for _, one in everybody] == [[], [], []]


async def test_pages_that_say_no(meeting: Meeting, chromium: Browser) -> None:
    host, alice = await person(chromium), await person(chromium, **PHONE)
    heading = alice.page.get_by_role("heading", level=1)
    await host.sit_down(meeting.host.link)
    await alice.open(meeting.party.link[:-1])
    await expect(heading).to_have_text("This link is not valid")
    await looks_right(alice.page, "forged link")
    await alice.arrive(*meeting.party)
    await host.on_card(meeting.party.name, "Admit").click()
    await expect(alice.status).to_have_text(begins("Joint"))
    await host.on_card(meeting.party.name, "Remove").click()
    await expect(alice.status).to_have_text(begins("Lobby"))
    await host.on_card(meeting.party.name, "More").click()
    await host.on_card(meeting.party.name, "End their connection").click()
    await looks_right(host.page, "ending a connection, asked")
    await host.button("End it").click()
    await expect(heading).to_have_text("You are no longer in the meeting")
    await looks_right(alice.page, "removed")
    await alice.button("Ask to come in again").click()
    await alice.say_who(meeting.party.name)
    await expect(alice.status).to_have_text(begins("Lobby"))
    await alice.button("Leave").click()
    await alice.button("Confirm leave").click()
    await expect(heading).to_have_text("You have left")
    await looks_right(alice.page, "left")
    # The name is known and the devices have worked: what was withdrawn is asked again, no more.
    await alice.open(meeting.party.link)
    await alice.button("Join").click()
    await alice.agree()
    await expect(alice.status).to_have_text(begins("Lobby"))


async def in_chinese(one: Person, meeting: Meeting) -> None:
    """The way in by the names in the other language."""
    await one.open(meeting.parties[1].link, "zh")
    await expect(one.button("进入")).to_be_visible()
    await looks_right(one.page, "landing, Chinese")
    await one.button("进入").click()
    await one.button("继续").click()
    await one.page.get_by_label("您的姓名").fill(meeting.parties[1].name)
    await looks_right(one.page, "name, Chinese")
    await one.button("继续").click()
    await expect(one.button("我同意")).to_be_visible()
    await looks_right(one.page, "consent, Chinese")
    await one.button("我同意").click()
    await one.button("只有我一个人").click()
    await one.button("只有我一个人").wait_for(state="detached")
    await looks_right(one.page, "lobby, Chinese")


async def all_look_right(people: tuple[tuple[str, Person], ...], where: str) -> None:
    await asyncio.gather(*(looks_right(one.page, f"{where}: {who}") for who, one in people))
