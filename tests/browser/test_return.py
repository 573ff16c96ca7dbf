"""Coming back, lived: a host who was lost, a host in two tabs, clocks that are wrong by a day; and
the screens that stay awake meanwhile.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Browser, expect

from bench.browser import PHONE, Person, begins, context
from bench.demo import Demo
from tests.browser.looks import looks_right
from tests.browser.meeting import book
from tests.browser.room import BUSY, SOON_S, until
from tests.browser.table import Table

OFF_BY_A_DAY = """
const RealDate = Date;
window.Date = class extends RealDate {
  constructor(...given) { given.length ? super(...given) : super(Date.now()); }
  static now() { return RealDate.now() + (%d) * 86_400_000; }
};
"""
COUNT_LOCKS = """
window.locks = [];
const ask = navigator.wakeLock.request.bind(navigator.wakeLock);
navigator.wakeLock.request = async (kind) => {
  const lock = await ask(kind);
  window.locks.push(lock);
  return lock;
};
"""
TELL = "Tell them: about 5 more minutes"
LOST = "The mediator has lost connection. It isn't your fault."


@pytest.fixture
async def table(heyi: Demo, chromium: Browser) -> Table:
    """The host's clock is a day behind, Alice's a day ahead. They arrive, and wait for the host."""
    meeting = await book(heyi)
    made = (await context(chromium), await context(chromium, **PHONE), await context(chromium))
    await made[0].add_init_script(OFF_BY_A_DAY % -1)
    await made[1].add_init_script(OFF_BY_A_DAY % 1)
    await made[1].add_init_script(COUNT_LOCKS)
    table = Table(*[Person(await one.new_page(), tone=0) for one in made])
    await table.arrive(meeting)
    return table


@pytest.mark.timeout(240)
async def test_whoever_was_away_is_back_where_they_were(table: Table) -> None:
    await times_are_the_servers(table)
    await two_tabs(table)
    await the_host_is_lost_and_returns(table)
    await awake_until_one_leaves(table)
    assert [person.faults for person in table.everybody] == [[], [], []]


async def times_are_the_servers(table: Table) -> None:
    """Nobody has waited since yesterday, and what is promised is a time of today."""
    host, alice = table.host, table.alice
    card = host.card(alice.name)
    await expect(card).to_contain_text(re.compile(r"Just arrived|Waiting [1-3] minute"))
    await expect(host.page.get_by_role("log", name="Who needs you")).not_to_contain_text("longest")
    before = datetime.now(ZoneInfo("Asia/Shanghai"))
    await host.on_card(alice.name, TELL).click()
    promise = alice.page.get_by_text("The mediator expects to be with you at")
    await expect(promise).to_be_visible()
    said = re.search(r"\d\d:\d\d", await promise.inner_text())
    assert said
    times = [before + timedelta(minutes=n) for n in range(4, 9)]
    assert said[0] in {f"{t:%H:%M}" for t in times}
    await expect(host.card(alice.name)).to_contain_text(said[0])
    await table.admit()
    await expect(host.card(alice.name)).to_contain_text("Here for less than a minute.")


async def two_tabs(table: Table) -> None:
    """Only one of them hosts, and for the others nothing happens at all."""
    host, alice, bob = table.everybody
    told = await alice.status.inner_text()
    tab = Person(await host.page.context.new_page(), tone=0)
    await tab.page.goto(host.page.url)
    await tab.button("Join").click()
    await expect(tab.card(alice.name)).to_be_visible()
    await expect(host.page.get_by_role("heading", level=1)).to_have_text("Open in another tab")
    await looks_right(host.page, "the host's other tab")
    await host.button("Use it here instead").click()
    await expect(host.card(alice.name)).to_be_visible()
    await expect(tab.page.get_by_role("heading", level=1)).to_have_text("Open in another tab")
    await tab.page.close()
    assert await alice.status.inner_text() == told
    for person in (alice, bob):
        await expect(person.tile(host.name)).to_be_visible()
        await hears(person, 2)


async def the_host_is_lost_and_returns(table: Table) -> None:
    """The sides hear each other no more, are told why, and go on where they were."""
    host, alice, bob = table.everybody
    address = host.page.url
    await host.page.goto("about:blank")
    for person in (alice, bob):
        await expect(person.status).to_contain_text(LOST)
        await expect(person.status).to_contain_text("The two sides can't hear each other now.")
        await hears(person, 0)
    await expect(alice.button("Paused: nobody would hear you")).to_be_disabled()
    await looks_right(alice.page, "the host is lost")
    await host.page.goto(address)
    await expect(host.page.get_by_text("You are back in")).to_be_visible(timeout=20_000 * BUSY)
    if await alice.page.get_by_text("Your side").count():
        # Who was lost for longer than the others can wait finds them in their rooms.
        await host.button("Back to joint").click()
    for person in (alice, bob):
        await expect(person.status).to_have_text(begins("Joint"))
        await hears(person, 2)
    await expect(alice.button("Tap here to speak")).to_be_enabled()


async def awake_until_one_leaves(table: Table) -> None:
    """The lock is asked for anew after another app, for a browser lets go of it then."""
    alice = table.alice
    held = "locks.filter((lock) => !lock.released).length"
    assert await alice.page.evaluate(held) == 1
    await alice.page.evaluate("locks.at(-1).release()")
    await alice.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    async def again() -> bool:
        return bool(await alice.page.evaluate(held) == 1)

    await until(again, "awake again")
    await alice.button("Leave").click()
    await alice.button("Confirm leave").click()

    async def dark() -> bool:
        return bool(await alice.page.evaluate(held) == 0)

    await until(dark, "the screen may go dark")


async def hears(person: Person, many: int) -> None:
    """By what the plane really forwards."""

    async def so() -> bool:
        told = person.told.get("routes", {"slots": [], "heard_by": []})
        return len([s for s in told["slots"] if s]) == len(told["heard_by"]) == many

    await until(so, f"{person.name} hears {many}", SOON_S * BUSY)
