"""Hosting, lived: three sides, a co-mediator who works in Chinese, a clerk, and real media."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest
from playwright.async_api import Browser, FloatRect, Locator, expect

from bench.browser import PHONE, Person, begins, context
from bench.demo import Demo, Party
from tests.browser.looks import looks_right
from tests.browser.meeting import Meeting, book
from tests.browser.room import BUSY, SOON_S, seat_of, until

CO, CAROL, CLERK = "陈静", "Carol", "李文"
TELL = "Tell them: about 5 more minutes"
GUESTS = (("co_mediator", "", CO), ("representative", "C", CAROL), ("clerk", "", CLERK))
COUNT_NOTES = """
  window.notes = 0;
  const { start } = OscillatorNode.prototype;
  OscillatorNode.prototype.start = function (...when) {
    notes += 1;
    return start.apply(this, when);
  };
"""
"""What a sound of the page is made of."""
SMALL = {"viewport": {"width": 320, "height": 640}, "is_mobile": True, "has_touch": True}


async def device(chromium: Browser, **given: object) -> Person:
    return Person(await (await context(chromium, **given)).new_page(), tone=0)


@dataclass
class Table:
    meeting: Meeting
    host: Person
    co: Person
    alice: Person
    bob: Person
    carol: Person

    @property
    def guests(self) -> tuple[Person, ...]:
        return self.co, self.alice, self.bob, self.carol

    @property
    def everybody(self) -> tuple[Person, ...]:
        return self.host, *self.guests

    async def hear_each_other(self, *people: Person) -> None:
        """By what the plane really forwards: each to all others of them, and to nobody else."""
        await asyncio.gather(*(hears(self.meeting, one, *people) for one in people))


async def hears(meeting: Meeting, person: Person, *people: Person) -> None:
    links = {party.name: party.link for party in (meeting.host, *meeting.parties)}
    others = {seat_of(links[other.name]) for other in people if other is not person}

    async def only() -> bool:
        told = person.told.get("routes", {"slots": [], "heard_by": []})
        return {s for s in told["slots"] if s} == set(told["heard_by"]) == others

    await until(only, f"{person.name} hears {len(others)}", SOON_S * BUSY)


@pytest.fixture
async def table(heyi: Demo, chromium: Browser) -> Table:
    meeting = await book(heyi, *GUESTS)
    host, alice = await device(chromium), await device(chromium, **PHONE)
    co = await device(chromium)
    bob, carol = await device(chromium, **PHONE), await device(chromium, **PHONE)
    return Table(meeting, host, co, alice, bob, carol)


@pytest.mark.timeout(240)
async def test_three_sides_and_two_hosts(table: Table) -> None:
    await admit(table)
    await quiet_and_break(table)
    await share_the_chair(table)
    await two_private_talks_at_once(table)
    await knock(table)
    assert [person.faults for person in table.everybody] == [[]] * 5


async def admit(table: Table) -> None:
    """The host says first whom they let in; the others wait and may be told how long."""
    host, meeting = table.host, table.meeting
    host.name = meeting.host.name
    first, second = (p for p in meeting.parties if p.name not in (CO, CAROL, CLERK))
    await asyncio.gather(
        host.sit_down(meeting.host.link),
        table.alice.arrive(*first),
        arrive_by_voice(table.bob, *second),
        arrive_by_voice(table.carol, *named(meeting, CAROL)),
        arrive_in_chinese(table.co, *named(meeting, CO)),
    )
    await host.on_card(CAROL, TELL).click()
    await expect(host.card(CAROL)).to_contain_text("They were told: about")
    await looks_right(host.page, "everybody waits")
    for person in table.guests:
        await host.on_card(person.name, "Admit").click()
    await table.hear_each_other(*table.everybody)
    for person in (host, table.alice, table.bob, table.carol):
        await expect(person.status).to_have_text(begins("Joint"))
    await expect(table.co.status).to_have_text(begins("联席会"))


async def quiet_and_break(table: Table) -> None:
    host, alice = table.host, table.alice
    height = await height_of(host.page.locator(".bottom"))
    await host.button("Everyone quiet").click()
    await expect(host.button("Everyone quiet")).to_have_attribute("aria-pressed", "true")
    await expect(host.status).to_contain_text("Everyone is quiet")
    assert await height_of(host.page.locator(".bottom")) == height, "nothing moves for it"
    await expect(alice.page.get_by_text("Everyone is quiet now")).to_be_visible()
    await host.page.keyboard.press("q")
    await expect(alice.button("Tap here to speak")).to_be_enabled()

    await host.button("Break").click()
    dialog = host.page.get_by_role("dialog")
    await dialog.get_by_label("5 minutes", exact=True).check()
    await expect(dialog).to_contain_text("Back at")
    await looks_right(host.page, "break, asked")
    await host.button("Begin the break").click()
    for person in (alice, table.bob, table.carol):
        await expect(person.status).to_have_text(begins("Your side"))
    await expect(host.page.get_by_text("Break until")).to_be_visible()
    group = room_of(host, "Side A")
    await group.get_by_role("button", name=TELL).click()
    await expect(group).to_contain_text("They were told: about")
    await looks_right(host.page, "break")
    await host.button("Back to joint now").click()
    await table.hear_each_other(*table.everybody)


async def share_the_chair(table: Table) -> None:
    host, co = table.host, table.co
    await host.on_card(co.name, "More").click()
    await host.on_card(co.name, "Give the chair").click()
    await looks_right(host.page, "the chair, asked")
    await host.button("Host together").click()
    await expect(host.card(co.name)).to_contain_text("hosts")
    await expect(co.card(table.bob.name)).to_be_visible()
    await looks_right(co.page, "the co-mediator hosts, in Chinese")


async def two_private_talks_at_once(table: Table) -> None:
    """Neither hears the other, and who is left waits with their own side. First somebody is
    dragged back, which can be tapped, too."""
    host, co, alice, bob, carol = table.host, table.co, table.alice, table.bob, table.carol
    await host.button("Private A").click()
    await expect(alice.status).to_have_text(begins("Private"))
    name = host.card(alice.name).locator("strong")
    await name.drag_to(room_of(host, "Joint").get_by_role("heading"))
    await expect(alice.status).to_have_text(begins("Joint"))
    await host.button("Private A").click()
    await co.on_card(bob.name, "单独谈").click()
    await expect(alice.status).to_have_text(begins("Private"))
    await expect(bob.status).to_have_text(begins("Private"))
    await expect(carol.status).to_have_text(begins("Your side"))
    await table.hear_each_other(host, alice)
    await table.hear_each_other(co, bob)
    await table.hear_each_other(carol)
    await expect(host.tile(alice.name).locator("video")).to_be_visible()
    await looks_right(host.page, "two private talks")


async def knock(table: Table) -> None:
    """At the other host's private talk, and at a side's room: they decide."""
    host, co, bob, carol = table.host, table.co, table.bob, table.carol
    door = host.page.get_by_role("button", name=f"Knock: Private, with {co.name}")
    await door.click()
    await expect(co.button("请进")).to_be_visible()
    await looks_right(co.page, "somebody knocks, in Chinese")
    await co.button("请稍等").click()
    await expect(host.page.get_by_text("They ask for a moment.")).to_be_visible()
    await host.page.get_by_role("button", name="Knock again").click()
    await co.button("请进").click()
    await expect(host.tile(bob.name)).to_be_visible()
    await table.hear_each_other(host, co, bob)

    await host.page.get_by_role("button", name="Knock: Side C").click()
    await carol.button("Come in").click()
    await table.hear_each_other(host, carol)
    await table.hear_each_other(co, bob)

    for name in (table.alice.name, carol.name):
        await host.page.get_by_label(f"Select {name}", exact=True).check()
    await host.button("Private talk with 2").click()
    await table.hear_each_other(host, carol, table.alice)
    await host.button("Back to joint").click()
    await table.hear_each_other(*table.everybody)


@pytest.mark.timeout(240)
async def test_out_and_in_again_and_the_chair_goes_on(heyi: Demo, chromium: Browser) -> None:
    """With a clerk there; the meeting is ended by the other host, in Chinese."""
    meeting = await book(heyi, *GUESTS)
    host, co, bob = await device(chromium), await device(chromium), await device(chromium)
    clerk = await device(chromium)
    await host.page.add_init_script(COUNT_NOTES)
    host.name = meeting.host.name
    await asyncio.gather(
        host.sit_down(meeting.host.link),
        bob.arrive(*meeting.party),
        arrive_in_chinese(co, *named(meeting, CO)),
        arrive_by_voice(clerk, *named(meeting, CLERK)),
    )
    for person in (co, bob, clerk):
        await host.on_card(person.name, "Admit").click()
    await asyncio.gather(*(hears(meeting, one, host, co, bob, clerk) for one in (host, clerk)))
    await needs_help(host, bob)
    await keeps_the_minutes(host, clerk)
    await somebody_comes_to_sit_there(host, co, bob, clerk)
    await send_out(host, bob)
    await lock(host, await device(chromium), named(meeting, CAROL).link)
    await hand_over(host, co)
    heading = bob.page.get_by_role("heading", level=1)
    await expect(heading).to_have_text("The meeting has ended")
    assert [person.faults for person in (host, co, bob, clerk)] == [[], [], [], []]


async def needs_help(host: Person, bob: Person) -> None:
    """It is written, and two notes are heard."""
    before = await host.page.evaluate("notes")
    await bob.button("Need help").click()
    alert = host.page.get_by_role("log", name="Who needs you")
    await expect(alert).to_contain_text(f"{bob.name} needs help.")
    assert await host.page.evaluate("notes") == before + 2
    await host.on_card(bob.name, "Done").click()
    await expect(alert.get_by_text("needs help")).to_have_count(0)


async def keeps_the_minutes(host: Person, clerk: Person) -> None:
    """The clerk has them beside the faces, and the host reads them."""
    sheet = clerk.page.get_by_role("dialog", name="Minutes")
    await sheet.get_by_role("textbox").fill("Both sides are here.")
    await expect(sheet).to_contain_text(f"by {CLERK}")
    await host.page.get_by_role("tab", name="Minutes").click()
    minutes = host.page.get_by_role("tabpanel", name="Minutes").get_by_role("textbox")
    await expect(minutes).to_have_value("Both sides are here.")


async def somebody_comes_to_sit_there(host: Person, co: Person, bob: Person, clerk: Person) -> None:
    """Everyone with them is asked, the host sees what they say, and nobody is sent out by it."""
    await bob.button("More").click()
    sheet = bob.page.locator("dialog.sheet")
    await sheet.get_by_role("button", name="Who is near me").click()
    await sheet.get_by_role("button", name="Somebody is with me").click()
    await sheet.get_by_label("Name of person 1").fill("Ming")
    await sheet.get_by_role("button", name="That is everybody").click()
    await expect(sheet.get_by_role("heading", name="Ming, please read this")).to_be_visible()
    await sheet.get_by_role("button", name="I agree", exact=True).click()
    await sheet.get_by_role("button", name="Close", exact=True).click()

    card = host.card(bob.name)
    await expect(card).to_contain_text("not everyone has agreed")
    await looks_right(clerk.page, "asked whether somebody may stay")
    await clerk.button("Yes, they may stay").click()
    await expect(clerk.button("Yes, they may stay")).to_have_count(0)
    await co.button("不同意").click()
    await expect(card).to_contain_text(f"Would rather not{CO}")
    await looks_right(host.page, "somebody does not agree")
    await expect(bob.status).to_have_text(begins("Joint"))
    await host.on_card(bob.name, "Everyone agrees that they stay").click()
    await expect(card).to_contain_text("Everyone agrees that they stay.")


async def send_out(host: Person, bob: Person) -> None:
    """Into a lobby, and back in; ending the connection is something else, and asked again."""
    await host.on_card(bob.name, "Remove").click()
    await expect(bob.status).to_have_text(begins("Lobby"))
    await host.on_card(bob.name, "More").click()
    await host.on_card(bob.name, "End their connection").click()
    await host.button("Let them wait").click()
    await host.on_card(bob.name, "Let back in").click()
    await expect(bob.status).to_have_text(begins("Joint"))


async def lock(host: Person, other: Person, link: str) -> None:
    await host.button("Lock").click()
    await expect(host.button("Lock")).to_have_attribute("aria-pressed", "true")
    await other.open(link)
    await other.button("Join").click()
    await other.button("Continue with sound only").click()
    await until(lambda: _was_cut(other, "session_locked"), "nobody new comes in")
    await host.page.keyboard.press("l")
    await expect(host.button("Lock")).to_have_attribute("aria-pressed", "false")


async def hand_over(host: Person, co: Person) -> None:
    await host.on_card(co.name, "More").click()
    await host.on_card(co.name, "Give the chair").click()
    await host.button("Host together").click()
    await expect(co.card(host.name)).to_be_visible()
    await host.button("Room").click()
    await looks_right(host.page, "the room's choices")
    await host.button("Step down").click()
    await expect(host.button("Private word")).to_be_visible()
    await co.button("结束调解会").click()
    await co.page.get_by_role("radio", name="达成协议", exact=True).check()
    await looks_right(co.page, "end, in Chinese")
    await co.button("确认结束").click()


@pytest.mark.parametrize("size", [PHONE, SMALL], ids=["360 px", "320 px"])
async def test_hosting_from_a_phone(
    meeting: Meeting, chromium: Browser, size: dict[str, object]
) -> None:
    """One's own voice is always in reach; people and papers come up as sheets."""
    host, alice = await device(chromium, **size), await device(chromium)
    host.name = meeting.host.name
    await asyncio.gather(host.sit_down(meeting.host.link), alice.arrive(*meeting.party))
    speak = host.button("Tap here to speak")
    await expect(speak).to_be_in_viewport(ratio=1)
    leave, end = [await box(host.button(name)) for name in ("Leave", "End the meeting")]
    assert end["x"] - leave["x"] - leave["width"] > 44, "the one is not hit for the other"
    await expect(host.card(alice.name)).to_be_hidden()
    await host.page.get_by_role("button", name="People").click()
    await expect(host.on_card(alice.name, "Admit")).to_be_visible()
    await expect(speak).to_be_in_viewport(ratio=1)
    await looks_right(host.page, "people on a phone")
    await host.on_card(alice.name, "Admit").click()
    await host.page.keyboard.press("Escape")
    await expect(alice.status).to_have_text(begins("Joint"))
    await expect(host.tile(alice.name)).to_be_in_viewport()
    await looks_right(host.page, "joint on a phone")
    await host.page.get_by_role("button", name="Agenda and notes").click()
    await host.page.get_by_role("tab", name="Notes").click()
    await expect(speak).to_be_in_viewport(ratio=1)
    await looks_right(host.page, "notes on a phone")
    await host.page.get_by_role("button", name="Agenda and notes").click()
    await host.button("More").click()
    await expect(host.button("Everyone quiet")).to_be_in_viewport()
    await looks_right(host.page, "controls on a phone")
    assert host.faults == []


async def box(element: Locator) -> FloatRect:
    found = await element.bounding_box()
    assert found, "it is not in sight"
    return found


async def height_of(element: Locator) -> float:
    return (await box(element))["height"]


def room_of(host: Person, name: str) -> Locator:
    """A group of the board."""
    heading = host.page.get_by_role("heading", name=name, exact=True)
    return host.page.locator(".group").filter(has=heading)


async def _was_cut(person: Person, code: str) -> bool:
    return bool(person.told.get("cut", {}).get("code") == code)


def named(meeting: Meeting, name: str) -> Party:
    return next(party for party in meeting.parties if party.name == name)


async def arrive_by_voice(person: Person, name: str, link: str) -> None:
    """A face less to encode, where it is not the face that matters."""
    await person.open(link)
    await person.button("Join").click()
    await person.button("Continue with sound only").click()
    await person.say_who(name)


async def arrive_in_chinese(person: Person, name: str, link: str) -> None:
    person.name = name
    await person.open(link, "zh")
    await person.button("进入").click()
    await person.button("只用声音继续").click()
    await person.page.get_by_label("您的姓名").fill(name)
    await person.button("继续").click()
    await person.button("我同意").click()
    await person.button("只有我一个人").click()
    await person.button("只有我一个人").wait_for(state="detached")
