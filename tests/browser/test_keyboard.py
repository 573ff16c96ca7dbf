"""The whole meeting by keyboard alone, a host's and a party's, with nothing that moves for show."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Browser, expect

from bench.browser import Person, begins, context
from bench.demo import Demo
from tests.browser.meeting import book

MOST_TABS = 80
FOCUSED = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const labels = [...(at.labels ?? [])].map((label) => label.textContent).join(" ");
  const name = at.getAttribute("aria-label") || labels || at.textContent;
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(at);
  const ring = (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none";
  return { name: name.replace(/\\s+/g, " ").trim(), seen: at.matches(":focus-visible") && ring,
           card: at.closest("[data-card]")?.getAttribute("aria-label") ?? "",
           role: at.getAttribute("role") ?? at.localName };
}"""
MOVING = """document.getAnimations().filter((one) => {
  const { duration, iterations } = one.effect.getComputedTiming();
  return one.playState === "running" && (duration > 20 || iterations === Infinity);
}).length"""
"""What lasts longer than an eye can follow, or never ends."""


class Typist(Person):
    """Somebody without a mouse. Whatever has the focus is seen to have it."""

    async def press(self, *keys: str) -> None:
        for key in keys:
            await self.page.keyboard.press(key)

    async def reach(self, name: str, card: str = "", role: str = "", key: str = "Tab") -> None:
        """Step on until this has the focus, at most once around."""
        passed = []
        for _ in range(MOST_TABS):
            await self.page.keyboard.press(key)
            at = await self.page.evaluate(FOCUSED)
            if at is None:
                continue
            assert at["seen"], f"nobody sees that the focus is at {at['name']}"
            passed.append(at["name"])
            if at["name"].startswith(name) and card in at["card"] and role in ("", at["role"]):
                return
        raise AssertionError(f"no {name} among {passed}")

    async def use(self, name: str, card: str = "", key: str = "Enter") -> None:
        await self.page.get_by_role("button", name=name).first.wait_for()
        await self.reach(name, card)
        await self.press(key)

    async def write(self, label: str, text: str) -> None:
        await self.page.get_by_label(label, exact=True).first.wait_for()
        await self.reach(label)
        await self.page.keyboard.type(text)

    async def still(self, where: str) -> None:
        assert await self.page.evaluate(MOVING) == 0, f"{where}: something moves"


@pytest.fixture
async def typists(heyi: Demo, chromium: Browser) -> tuple[Typist, Typist, str, str]:
    meeting = await book(heyi)
    made = [await context(chromium, reduced_motion="reduce") for _ in range(2)]
    host, alice = [Typist(await one.new_page(), tone=0) for one in made]
    host.name, alice.name = meeting.host.name, meeting.party.name
    return host, alice, meeting.host.link, meeting.party.link


@pytest.mark.timeout(240)
async def test_a_meeting_without_a_mouse(typists: tuple[Typist, Typist, str, str]) -> None:
    host, alice, chair, seat = typists
    await asyncio.gather(come_in_as_host(host, chair), come_in(alice, seat))
    await admitted(host, alice)
    await talk(host, alice)
    await in_private(host, alice)
    await ended(host, alice)
    assert host.faults == alice.faults == []


async def come_in_as_host(host: Typist, link: str) -> None:
    await host.open(link)
    await host.use("Join")
    await host.use("Continue")
    await expect(host.status).to_have_text(begins("Joint"))


async def come_in(alice: Typist, link: str) -> None:
    await alice.open(link)
    await alice.still("the first page")
    await alice.use("Join")
    await expect(alice.button("Continue")).to_be_enabled()
    await alice.still("the device check")
    await alice.use("Continue")
    await alice.write("Your name", alice.name)
    await alice.press("Enter")
    await alice.use("I agree")
    await alice.use("I am alone here")
    await expect(alice.button("I am alone here")).to_have_count(0)
    await expect(alice.status).to_have_text(begins("Lobby"))
    await alice.still("the lobby")
    await alice.use("Need help", key="Space")


async def admitted(host: Typist, alice: Typist) -> None:
    await expect(host.page.get_by_role("log", name="Who needs you")).to_contain_text("needs help")
    await host.use("Show")
    await host.use("Admit", card=alice.name)
    await expect(alice.status).to_have_text(begins("Joint"))
    # The card has moved to another group, and the focus with it.
    at = await host.page.evaluate(FOCUSED)
    assert at is not None
    assert alice.name in at["card"]
    await host.still("the host's room")
    await alice.still("the party's room")


async def talk(host: Typist, alice: Typist) -> None:
    """Voice, words, and calm."""
    await alice.use("Tap here to speak")
    await expect(alice.button("Mute microphone")).to_be_visible()
    await host.press("m")
    await expect(host.button("Mute microphone")).to_be_visible()
    await alice.use("More")
    await alice.use("Messages")
    await alice.write("Your message", "Good morning")
    await alice.press("Enter")
    await alice.press("Escape")
    await expect(alice.button("More")).to_be_focused()
    await host.reach("Agenda", role="tab", key="Shift+Tab")
    for name in ("Notes", "Messages"):
        await host.press("ArrowRight")
        tab = host.page.get_by_role("tab", name=name)
        await expect(tab).to_have_attribute("aria-selected", "true")
        await expect(tab).to_be_focused()
    await expect(host.page.get_by_role("log").filter(has_text="Good morning")).to_be_visible()
    await host.press("q")
    await expect(alice.page.get_by_text("Everyone is quiet now")).to_be_visible()
    await host.press("q")
    await alice.use("Private word")


async def in_private(host: Typist, alice: Typist) -> None:
    await host.use("Private talk", card=alice.name)
    await expect(alice.status).to_have_text(begins("Private"))
    await host.still("a private talk")
    await host.press("j")
    dialog = host.page.get_by_role("dialog")
    await expect(dialog.or_(host.page.locator(".room[data-place=joint]")).first).to_be_visible()
    if await dialog.count():
        await host.use("Back to joint")
    await expect(alice.status).to_have_text(begins("Joint"))


async def ended(host: Typist, alice: Typist) -> None:
    await host.use("End the meeting")
    await host.still("the end, asked")
    await host.reach("Agreed")
    await host.press("Space")
    await host.use("Confirm end")
    for person in (host, alice):
        heading = person.page.get_by_role("heading", level=1)
        await expect(heading).to_have_text("The meeting has ended")
