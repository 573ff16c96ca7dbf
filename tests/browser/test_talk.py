"""What is said, noted, asked for and written, lived by a host and two sides in each language."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, expect

from bench.browser import PHONE, Person, context
from server.words import gettext, speaking
from tests.browser.looks import looks_right
from tests.browser.meeting import Meeting

NARROW = {**PHONE, "viewport": {"width": 320, "height": 640}}
SECRET, KEPT = "她愿意接受2000元", "她其实很难过"


class Room:
    """The host and the two parties; things are found by their English ids in any language."""

    def __init__(self, meeting: Meeting, lang: str, host: Person, a: Person, b: Person) -> None:
        self.lang, self.host, self.alice, self.bob = lang, host, a, b
        self.meeting = meeting

    @classmethod
    async def gathered(cls, chromium: Browser, meeting: Meeting, lang: str) -> Room:
        """The host at the table, the others in the lobby."""
        devices: tuple[dict[str, Any], ...] = ({}, PHONE, NARROW)
        pages = [await (await context(chromium, **given)).new_page() for given in devices]
        host, *others = (Person(page, 0) for page in pages)
        room = cls(meeting, lang, host, *others)
        parties = zip(others, meeting.parties, strict=True)
        await asyncio.gather(
            host.sit_down(meeting.host.link),
            *(person.arrive(party.name, party.link) for person, party in parties),
        )
        if lang != "en":
            for person in (host, *others):
                # They come back to their places, in the language of this meeting.
                await person.page.goto(f"{person.page.url.partition('?')[0]}?lang={lang}")
        return room

    def say(self, message: str) -> str:
        token = speaking.set(self.lang)
        try:
            return gettext(message)
        finally:
            speaking.reset(token)

    def button(self, within: Locator, name: str) -> Locator:
        return within.get_by_role("button", name=self.say(name), exact=True)

    async def press(self, person: Person, name: str) -> None:
        await self.button(person.page.locator("body"), name).filter(visible=True).first.click()

    async def write(self, within: Locator, label: str, text: str, button: str) -> None:
        await within.get_by_label(self.say(label), exact=True).fill(text)
        await self.button(within, button).click()

    async def tab(self, name: str) -> Locator:
        """One of the host's, opened."""
        await self.host.page.get_by_role("tab", name=self.say(name)).click()
        return self.host.page.get_by_role("tabpanel", name=self.say(name))

    async def sheet(self, person: Person, name: str) -> Locator:
        """One of a party's, opened."""
        await person.page.locator(".bottom button[aria-haspopup=dialog]").click()
        sheet = person.page.locator("dialog.sheet")
        await sheet.get_by_role("button", name=self.say(name)).click()
        return sheet

    async def stands(self, place: str, *people: Person) -> None:
        for person in people:
            await expect(person.page.locator(f".room[data-place={place}]")).to_be_visible()

    async def looks(self, person: Person, where: str) -> None:
        await looks_right(person.page, f"{where} ({self.lang})")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_words_stay_where_they_were_said(
    chromium: Browser, meeting: Meeting, lang: str
) -> None:
    room = await Room.gathered(chromium, meeting, lang)
    await lobby(room)
    await joint(room)
    await agenda_and_minutes(room)
    await caucus(room)
    await released(room)
    assert [person.faults for person in (room.host, room.alice, room.bob)] == [[], [], []]


async def lobby(room: Room) -> None:
    """Who waits and the host write to each other, and nobody else reads it."""
    host, alice, bob = room.host, room.alice, room.bob
    talk = alice.page.locator(".lobby .talk")
    await room.write(talk, "Your message", "我到了", "Send message")
    card = host.card(room.meeting.parties[0].name)
    await expect(card.get_by_role("log")).to_contain_text("我到了")
    await card.locator(".talk-ready summary").click()
    await room.button(card, "I'll be with you in five minutes.").click()
    await expect(talk).to_contain_text(room.say("I'll be with you in five minutes."))
    await expect(bob.page.locator("body")).not_to_contain_text("我到了")
    await room.looks(alice, "lobby with messages")
    for party in room.meeting.parties:
        await room.button(host.card(party.name), "Admit").click()
    await room.stands("joint", host, alice, bob)


async def joint(room: Room) -> None:
    panel = await room.tab("Messages")
    await room.write(panel, "Your message", "大家好\n我们开始", "Send message")
    for person in (room.alice, room.bob):
        await expect(person.page.locator(".bottom .badge")).to_be_visible()
    sheet = await room.sheet(room.bob, "Messages")
    await expect(sheet.get_by_role("log")).to_contain_text("我们开始")
    await expect(sheet).not_to_contain_text("我到了")
    await room.looks(room.bob, "messages at 320 px")
    await room.write(sheet, "Your message", "请说慢一点", "Send message")
    await expect(panel.get_by_role("log")).to_contain_text("请说慢一点")
    await room.button(sheet, "Close").click()
    await expect(room.bob.page.locator(".bottom .badge")).to_have_count(0)


async def agenda_and_minutes(room: Room) -> None:
    panel = await room.tab("Agenda")
    for text in ("屋顶", "赔多少"):
        await room.write(panel, "New point", text, "Add")
    await panel.get_by_role("checkbox").first.check()
    sheet = await room.sheet(room.alice, "Agenda")
    await expect(sheet.locator("li[data-done=true]")).to_contain_text("屋顶")
    await room.button(sheet, "Close").click()
    panel = await room.tab("Minutes")
    await panel.get_by_role("textbox").fill("甲方：漏水。")
    await expect(panel.locator("[aria-live=polite]")).to_contain_text(room.meeting.host.name)
    await room.looks(room.host, "minutes")


async def caucus(room: Room) -> None:
    """A note of a private talk, and its side's own yes to it."""
    host, alice, bob = room.host, room.alice, room.bob
    await room.button(host.card(room.meeting.parties[0].name), "Private talk").click()
    await room.stands("caucus", host, alice)
    panel = await room.tab("Notes")
    for text in (SECRET, KEPT):
        await room.write(panel, "New note", text, "Add note")
    note = panel.get_by_role("listitem").filter(has_text=SECRET)
    await room.button(note, "Ask: may I tell them?").click()
    question = alice.page.locator(".release")
    await expect(question.get_by_role("blockquote")).to_have_text(SECRET)
    await room.looks(alice, "the question")
    await room.looks(host, "notes of a private talk")
    await room.button(question, "Yes, you may").click()
    await expect(question).to_have_count(0)
    await expect(note).to_contain_text(room.say("Released: you may tell the others"))
    for words in (SECRET, KEPT):
        await expect(bob.page.locator("body")).not_to_contain_text(words)


async def released(room: Room) -> None:
    """Before going back the host is shown what may be said; in joint there is that alone."""
    host = room.host
    await room.press(host, "Back to joint")
    dialog = host.page.get_by_role("dialog")
    await expect(dialog).to_contain_text(SECRET)
    await expect(dialog).not_to_contain_text(KEPT)
    await room.looks(host, "what was released")
    await room.button(dialog, "Back to joint").click()
    await room.stands("joint", host, room.alice, room.bob)
    panel = host.page.get_by_role("tabpanel", name=room.say("Notes"))
    await expect(panel).to_contain_text(SECRET)
    await expect(panel).not_to_contain_text(KEPT)
