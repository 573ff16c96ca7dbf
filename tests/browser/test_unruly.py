"""What goes wrong in a room, lived: a browser that keeps the sound off, a microphone from which
nothing comes, a slow network, somebody who floods the others, and a yes taken back in mid-move.
"""

from __future__ import annotations

import asyncio
import json
import wave
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright, expect

from bench.browser import PHONE, RATE, Person, begins, context, launch
from bench.demo import Demo
from tests.browser.looks import looks_right
from tests.browser.meeting import book
from tests.browser.table import Table

BLOCKED = """
let tapped = false;
addEventListener("click", () => { tapped = true; }, true);
const play = HTMLAudioElement.prototype.play;
HTMLAudioElement.prototype.play = function () {
  if (tapped) return play.call(this);
  return Promise.reject(new DOMException("tap first", "NotAllowedError"));
};
"""
"""As a phone that was not tapped since it was loaded; Chromium allows it to whoever captures."""
KEEP_LINES = """
window.lines = [];
window.WebSocket = class extends WebSocket {
  constructor(...given) {
    super(...given);
    lines.push(this);
  }
};
"""
SLOW = (
    ("small", "you see the others smaller"),
    ("stills", "a new picture every few seconds only"),
    ("none", "so we paused video"),
    ("full", "the full pictures are back"),
)


@dataclass
class Quarrel(Table):
    """`alice` has a dead microphone; `bob` hears nothing before a tap."""

    async def tell_bob(self, event: str, body: dict[str, str]) -> None:
        """As if it came from the server."""
        await self.bob.page.evaluate(
            "(data) => lines.at(-1).dispatchEvent(new MessageEvent('message', { data }))",
            f"42/seat,{json.dumps([event, body])}",
        )


@pytest.fixture
async def mute(tmp_path: Path) -> AsyncIterator[Browser]:
    """A browser whose microphone gives silence, as one whose cable is loose."""
    file = tmp_path / "silence.wav"
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(bytes(2 * RATE))
    async with async_playwright() as playwright:
        launched = await launch(playwright, f"--use-file-for-fake-audio-capture={file}", fps=5)
        yield launched
        await launched.close()


@pytest.fixture
async def table(heyi: Demo, chromium: Browser, mute: Browser) -> Quarrel:
    """All in the joint space; Alice speaks into a microphone that is dead."""
    meeting = await book(heyi)
    devices = (context(chromium), context(mute, **PHONE), context(chromium, **PHONE))
    made = [await one for one in devices]
    await made[2].add_init_script(BLOCKED)
    await made[2].add_init_script(KEEP_LINES)
    host, alice, bob = [Person(await one.new_page(), tone=0) for one in made]
    host.name = meeting.host.name
    first, second = meeting.parties
    await asyncio.gather(
        by_voice(host, meeting.host.link), alice.arrive(*first), by_voice(bob, second.link)
    )
    await bob.say_who(second.name)
    table = Quarrel(host, alice, bob)
    await table.admit()
    await alice.button("Tap here to speak").click()
    await expect(alice.button("Mute microphone")).to_be_visible()
    return table


async def by_voice(person: Person, link: str) -> None:
    """A face less to encode: what goes wrong here has nothing to do with it."""
    await person.open(link)
    await person.button("Join").click()
    await person.button("Continue with sound only").click()


@pytest.mark.timeout(240)
async def test_each_is_told_what_is_wrong_and_nobody_else_suffers(table: Quarrel) -> None:
    await asyncio.gather(a_dead_microphone(table), bobs_troubles(table))
    await withdrawn_in_mid_move(table)
    assert [person.faults for person in table.everybody] == [[], [], []]


async def a_dead_microphone(table: Quarrel) -> None:
    """She is told and led to the list of them; the host sees it on her card and as an alert."""
    host, alice = table.host, table.alice
    await expect(alice.page.get_by_text("no sound comes from it")).to_be_visible(timeout=60_000)
    await expect(host.card(alice.name)).to_contain_text("Microphone on, but nothing is heard.")
    alerts = host.page.get_by_role("log", name="Who needs you")
    await expect(alerts).to_contain_text(f"Nothing is heard from the microphone of {alice.name}.")
    await looks_right(alice.page, "a dead microphone")
    await alice.button("Choose a microphone").click()
    sheet = alice.page.get_by_role("dialog", name="Sound and picture")
    await expect(sheet.get_by_label("Microphone", exact=True)).to_be_visible()
    await alice.page.keyboard.press("Escape")


async def bobs_troubles(table: Quarrel) -> None:
    await a_tap_to_hear(table.bob)
    await a_network_that_gets_slow(table)
    await a_flood(table)


async def a_tap_to_hear(bob: Person) -> None:
    """Loaded again, the page is back by itself, but may not sound yet."""
    await bob.page.reload()
    notice = bob.page.get_by_text("Your browser keeps the sound off until you tap.")
    await expect(notice).to_be_visible()
    await looks_right(bob.page, "the sound is kept off")
    await bob.button("Tap to hear").click()
    await expect(notice).to_have_count(0)


async def a_network_that_gets_slow(table: Quarrel) -> None:
    """Each step down is said, and the way back; the server's own judgement is `tests/media`'s."""
    bob = table.bob
    for how, words in SLOW:
        await table.tell_bob("ladder", {"how": how})
        await expect(bob.page.locator(".notices").get_by_text(words)).to_be_visible()
    await looks_right(bob.page, "the network is better")


async def a_flood(table: Quarrel) -> None:
    """What is too much stays with who wrote it, and everybody else reads on."""
    host, bob = table.host, table.bob
    await host.page.get_by_role("tab", name="Messages").click()
    panel = host.page.get_by_role("tabpanel", name="Messages")
    await bob.page.get_by_role("button", name="More").click()
    await bob.page.get_by_role("button", name="Messages").click()
    sheet = bob.page.locator("dialog.sheet")
    late = sheet.get_by_text("That was quick. Please wait a few seconds, then send it again.")
    sent = 0
    # However slow this machine is: eight in ten seconds, and thirty a minute, are enough.
    while not await late.count():
        assert sent < 60, "nobody is held up"
        sent += 1
        await sheet.get_by_label("Your message", exact=True).fill(f"Answer me! ({sent})")
        await sheet.get_by_role("button", name="Send message", exact=True).click()
    await expect(late.first).to_be_visible()
    await looks_right(bob.page, "too many messages")
    await expect(panel.get_by_role("log")).to_contain_text("Answer me! (1)")
    await expect(sheet.get_by_text("On its way…")).to_have_count(0)
    come = sent - await late.count()
    await expect(panel.get_by_text("Answer me!")).to_have_count(come)
    await panel.get_by_label("Your message", exact=True).fill("One at a time, please.")
    await panel.get_by_role("button", name="Send message", exact=True).click()
    await expect(sheet.get_by_role("log")).to_contain_text("One at a time, please.")
    await bob.page.keyboard.press("Escape")


async def withdrawn_in_mid_move(table: Quarrel) -> None:
    """Whatever comes first: she ends in a lobby, heard by nobody, and is not moved from there."""
    host, alice, bob = table.everybody
    await alice.page.get_by_role("button", name="More").click()
    await alice.page.get_by_role("button", name="My consent").click()
    await asyncio.gather(
        host.button("Private A").click(), alice.button("Withdraw my consent").click()
    )
    await expect(alice.status).to_have_text(begins("Lobby"))
    await expect(alice.button("I agree")).to_be_visible()
    await expect(host.on_card(alice.name, "Admit")).to_be_disabled()
    assert await host.tile(alice.name).count() == 0
    assert await bob.tile(alice.name).count() == 0
    await looks_right(alice.page, "consent withdrawn")
