"""The smallest telephone that is met, and a mediator who is lost: what is said and offered."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Browser, expect

from bench.browser import PHONE, Person, begins
from bench.demo import Demo
from tests.browser.looks import looks_right
from tests.browser.meeting import book
from tests.browser.test_hosting import CO, arrive_by_voice, arrive_in_chinese, device, named

SMALLEST = {**PHONE, "viewport": {"width": 320, "height": 568}}


@pytest.mark.timeout(240)
async def test_the_mediator_is_lost_and_the_other_hosts(heyi: Demo, chromium: Browser) -> None:
    meeting = await book(heyi, ("co_mediator", "", CO))
    first, second = (party for party in meeting.parties if party.name != CO)
    host, co = await device(chromium), await device(chromium)
    alice, bob = await device(chromium, **PHONE), await device(chromium, **SMALLEST)
    await asyncio.gather(
        host.sit_down(meeting.host.link),
        arrive_by_voice(co, *named(meeting, CO)),
        arrive_in_chinese(alice, *first),
        arrive_by_voice(bob, *second),
    )
    for person in (co, alice, bob):
        await host.on_card(person.name, "Admit").click()
    await expect(bob.status).to_have_text(begins("Joint"))
    await everything_in_reach(bob)

    await host.page.close()
    await expect(bob.button("Paused: nobody would hear you")).to_be_disabled()
    await expect(bob.status).to_contain_text("The mediator has lost connection")
    await expect(alice.status).to_contain_text("调解员掉线了，不是您的问题")
    await looks_right(bob.page, "the mediator is lost")
    await bob.button("More").click()
    sheet = bob.page.locator("dialog.sheet")
    await expect(sheet.get_by_role("button", name="Break")).to_be_visible()
    await expect(sheet.get_by_role("button", name="Private word")).to_have_count(0)
    await bob.page.keyboard.press("Escape")

    await co.button("Take the chair").click()
    await expect(bob.button("Tap here to speak")).to_be_enabled()
    await expect(alice.button("点这里，再说话")).to_be_enabled()
    await takes_it_back(co, bob)
    assert [person.faults for person in (co, alice, bob)] == [[]] * 3


async def everything_in_reach(bob: Person) -> None:
    """The voice and help stand in sight; the rest is one tap away."""
    for name in ("Tap here to speak", "Need help", "More"):
        await expect(bob.button(name)).to_be_in_viewport(ratio=1)
    await expect(bob.tile(CO)).to_contain_text("Co-mediator")
    await looks_right(bob.page, "the smallest phone")
    await bob.button("More").click()
    await expect(bob.button("Private word")).to_be_in_viewport(ratio=1)
    await looks_right(bob.page, "more, on the smallest phone")
    await bob.page.keyboard.press("Escape")


async def takes_it_back(host: Person, bob: Person) -> None:
    """A consent, without leaving; who would rather not agree again says so, and is called."""
    await bob.button("More").click()
    await bob.button("My consent").click()
    await looks_right(bob.page, "my consent")
    await bob.button("Withdraw my consent").click()
    await expect(bob.status).to_have_text(begins("Lobby"))
    await bob.button("I don't agree").click()
    await expect(bob.page.get_by_text("You have agreed to nothing")).to_be_visible()
    await looks_right(bob.page, "does not agree")
    await expect(host.card(bob.name)).to_contain_text("needs help")
    await host.on_card(bob.name, "More").click()
    await host.on_card(bob.name, "Telephone").click()
    await expect(host.card(bob.name).get_by_role("link")).to_have_attribute("href", begins("tel:"))
