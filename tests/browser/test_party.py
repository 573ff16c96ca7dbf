"""The party's room, lived: what one may ask for, one's devices, and every way of coming back."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Locator, async_playwright, expect

from bench.browser import PHONE, TONES, Person, begins, context, launch, sine
from bench.demo import Demo
from tests.browser.conftest import stop
from tests.browser.looks import looks_right
from tests.browser.room import BUSY, Room, until

DEVICES = "--use-fake-device-for-media-stream=device-count=2,fps=15"
ASLEEP_S = 60
"""Within which a server has noticed that a page is gone."""


@asynccontextmanager
async def sitting(folder: Path) -> AsyncIterator[tuple[Person, Person, Person]]:
    """A host at a desk, one party with a phone in Chinese, one at a desk in English, each with a
    second camera and microphone."""
    given: list[dict[str, Any]] = [{}, {**PHONE, "locale": "zh-CN"}, {"locale": "en-GB"}]
    async with async_playwright() as playwright:
        people = []
        for tone, options in zip(TONES, given, strict=True):
            voice = f"--use-file-for-fake-audio-capture={sine(folder / f'{tone}.wav', tone)}"
            browser = await launch(playwright, voice, DEVICES)
            people.append(Person(await (await context(browser, **options)).new_page(), tone))
        host, phone, desk = people
        try:
            yield host, phone, desk
        finally:
            for person in people:
                assert person.page.context.browser
                await person.page.context.browser.close()


@pytest.fixture
async def gathered(
    seeded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Room]:
    """All in the joint meeting, muted. The server asks oftener than usual who is still there, and
    waits for the answers as long as ever."""
    monkeypatch.setenv("HEYI_PING_INTERVAL_S", "2")
    starting = asyncio.create_task(asyncio.to_thread(Demo, tmp_path / "data", seeded))
    try:
        async with sitting(tmp_path) as people:
            room = Room(await starting, *people)
            await room.gather()
            for party in (room.alice, room.opponent):
                await room.host.on_card(party.name, "Admit").click()
            await room.stand(Joint=room.everybody)
            yield room
    finally:
        stop(await starting)


@pytest.mark.timeout(240)
async def test_a_party_in_the_room(gathered: Room) -> None:
    await every_way_back(gathered)
    await what_a_party_can_do(gathered)
    assert [person.faults for person in gathered.everybody] == [[], [], []]


async def what_a_party_can_do(gathered: Room) -> None:
    await devices(gathered)
    await finer(gathered)
    await alice_reads_chinese(gathered)
    await asks(gathered)
    await quiet(gathered)
    await large(gathered)
    await knocked(gathered)


async def devices(room: Room) -> None:
    """Another camera and microphone in the call: the others go on seeing and hearing."""
    bob, phone = room.opponent, room.alice
    await bob.button("Tap here to speak").click()
    await bob.button("More").click()
    await bob.button("Sound and picture").click()
    sheet = bob.page.get_by_role("dialog", name="Sound and picture")
    await expect(sheet.get_by_label("Microphone", exact=True)).to_be_visible()
    await looks_right(bob.page, "sound and picture at a desk")
    before = await track_of(bob)
    for what in ("Camera", "Microphone"):
        choice = sheet.get_by_label(what, exact=True)
        await choice.select_option(index=2)
        await expect(choice).to_be_enabled()
        await expect(choice).not_to_have_value("")
    assert await track_of(bob) != before
    seen = phone.tile(bob.name).locator("video")
    await until(partial(moving, seen), "the new camera is seen")
    assert (await phone.back(0, [bob.tone], 0, 10 * BUSY))["sound"]
    await expect(sheet.get_by_label(room.host.name)).to_have_value("1")
    await sheet.get_by_label(room.host.name).fill("0.4")

    await phone.button("More").click()
    await phone.button("Sound and picture").click()
    await looks_right(phone.page, "sound and picture on a phone")
    await phone.button("Use the camera on the back").click()
    await expect(phone.button("Use the camera on the front")).to_be_enabled()
    await phone.page.keyboard.press("Escape")
    await expect(phone.button("More")).to_be_focused()
    await expect(phone.tile(phone.name).locator("video")).to_be_visible()
    await until(partial(moving, bob.tile(phone.name).locator("video")), "its back camera is seen")


async def finer(room: Room) -> None:
    """Loaded only when switched on, allowed by the page's policy, and the call goes on."""
    bob = room.opponent
    sheet = bob.page.get_by_role("dialog", name="Sound and picture")
    for what in ("Take out more noise", "Blur what is behind me"):
        before = await track_of(bob)
        switch = sheet.get_by_label(what)
        await switch.check()
        await expect(switch).to_be_enabled(timeout=40_000)
        await expect(switch).to_be_checked()
        assert await track_of(bob) != before
    seen = room.alice.tile(bob.name).locator("video")
    await until(partial(moving, seen), "the blurred picture is seen")
    for what in ("Take out more noise", "Blur what is behind me"):
        await sheet.get_by_label(what).uncheck()
        await expect(sheet.get_by_label(what)).to_be_enabled(timeout=40_000)
    await bob.button("Close").click()


async def alice_reads_chinese(room: Room) -> None:
    phone = room.alice
    await phone.button("More").click()
    await phone.button("Language").click()
    await phone.button("中文").click()
    await expect(phone.status).to_have_text(begins("联席会"))
    await looks_right(phone.page, "joint, Chinese")
    await phone.button("更多").click()
    await looks_right(phone.page, "more, Chinese")
    await phone.button("大字版").click()
    await phone.button("关闭").click()
    await looks_right(phone.page, "joint, large")
    await phone.button("更多").click()
    await phone.button("大字版").click()
    await phone.button("关闭").click()


async def asks(room: Room) -> None:
    host, phone = room.host, room.alice
    card = host.card(phone.name)
    for button, told in (
        ("歇一会", "would like a break"),
        ("想单独说", "would like a private word"),
        ("要帮忙", "needs help"),
    ):
        await phone.button(button).click()
        await expect(phone.button(button)).to_have_attribute("aria-pressed", "true")
        await expect(card).to_contain_text(told)
        await phone.button(button).click()
        await expect(card).not_to_contain_text(told)


async def quiet(room: Room) -> None:
    host, bob = room.host, room.opponent
    await host.button("Everyone quiet").click()
    hushed = bob.button("Please listen for now")
    await expect(hushed).to_be_disabled()
    await looks_right(bob.page, "everyone quiet")
    await host.button("Everyone quiet").click()
    await expect(bob.button("Tap here to speak")).to_be_enabled()


async def large(room: Room) -> None:
    """For oneself, by a tap on the face or by keys."""
    bob, tile = room.opponent, room.opponent.tile(room.host.name)
    face = tile.get_by_role("button", name=f"Show {room.host.name} large")
    await face.focus()
    await bob.page.keyboard.press("Enter")
    await expect(tile).to_have_attribute("data-big", "true")
    await looks_right(bob.page, "somebody large")
    await face.click()
    await expect(tile).to_have_attribute("data-big", "false")


async def knocked(room: Room) -> None:
    """Whoever is left alone decides when the mediator comes in."""
    host, phone, bob = room.everybody
    await host.on_card(phone.name, "Private talk").click()
    await room.stand(Private=(host,), 单独谈=(phone,), Your_side=(bob,))
    await host.page.get_by_role("button", name=begins("Knock")).click()
    await expect(bob.page.get_by_text(f"{host.name} is at the door")).to_be_visible()
    await looks_right(bob.page, "somebody knocks")
    await bob.button("One moment").click()
    await expect(bob.button("One moment")).to_have_count(0)
    await host.page.get_by_role("button", name=begins("Knock")).click()
    await bob.button("Come in").click()
    await room.stand(Private=(host, bob), 本方=(phone,))
    await looks_right(phone.page, "own side, Chinese")


async def every_way_back(gathered: Room) -> None:
    """One party's own, while the other's device sleeps for as long as it takes to be missed."""
    phone = gathered.alice
    await phone.button("Tap here to speak").click()
    await phone.button("Mute microphone").wait_for()
    await asyncio.gather(asleep(gathered), ways_back_of_a_phone(gathered))
    await renewed(gathered)


async def ways_back_of_a_phone(room: Room) -> None:
    await another_app(room)
    await devices_taken(room)
    await no_network(room)
    await reload_and_second_tab(room)


async def another_app(room: Room) -> None:
    """The others are told that one looks elsewhere, and that one is back."""
    phone, tile = room.alice, room.host.tile(room.alice.name)
    await visible(phone, "hidden")
    await expect(tile).to_contain_text("in another app")
    await visible(phone, "visible")
    await expect(tile).not_to_contain_text("in another app")


async def devices_taken(room: Room) -> None:
    """A call took the devices: one tap, or none where the browser was told to allow them."""
    phone = room.alice
    before = await track_of(phone)
    await end_track(phone)
    await phone.button("Tap to resume").click()
    await until(lambda: another(phone, before), "the camera is asked for again")
    await expect(phone.button("Tap to resume")).to_have_count(0)
    await phone.page.context.grant_permissions(["camera", "microphone"])
    before = await track_of(phone)
    await end_track(phone)
    await until(lambda: another(phone, before), "it comes back by itself")
    await expect(phone.button("Tap to resume")).to_have_count(0)
    await see_each_other(phone, room.host)


async def no_network(room: Room) -> None:
    """What one does meanwhile is done on return, once, and one is told where one is."""
    phone = room.alice
    await phone.page.context.set_offline(True)
    await expect(phone.page.get_by_text("Reconnecting")).to_be_visible()
    await looks_right(phone.page, "without a network")
    await phone.page.context.set_offline(False)
    await expect(phone.page.get_by_text("You are back")).to_be_visible()
    await looks_right(phone.page, "back again")
    await back_with_a_sentence(phone)
    await see_each_other(phone, room.host)


async def reload_and_second_tab(room: Room) -> None:
    phone = room.alice
    await phone.page.reload()
    await back_with_a_sentence(phone)
    tab = Person(await phone.page.context.new_page(), tone=0)
    await tab.page.goto(phone.page.url)
    await tab.button("Join").click()
    await expect(tab.status).to_have_text(begins("Joint"))
    await expect(phone.page.get_by_role("heading", level=1)).to_have_text("Open in another tab")
    await looks_right(phone.page, "open in another tab")
    await phone.button("Use it here instead").click()
    await back_with_a_sentence(phone)
    await tab.page.close()
    await see_each_other(phone, room.host)


async def renewed(room: Room) -> None:
    """The server says that it stops, and everybody is back by themselves."""
    renewing = asyncio.create_task(asyncio.to_thread(room.heyi.renew))
    await asyncio.gather(*(person_is_told(person) for person in (room.alice, room.opponent)))
    await renewing
    await asyncio.gather(*(back_with_a_sentence(p) for p in (room.alice, room.opponent)))
    await see_each_other(room.alice, room.opponent)


async def person_is_told(person: Person) -> None:
    await expect(person.status).to_contain_text("Heyi is being renewed")


async def asleep(room: Room) -> None:
    """A locked device: nothing of its browser runs until it is unlocked."""
    bob = room.opponent
    processes = await processes_of(bob)
    tile = room.host.tile(bob.name)
    try:
        send(processes, signal.SIGSTOP)
        await expect(tile).to_contain_text("connection lost, place kept", timeout=ASLEEP_S * 1000)
    finally:
        send(processes, signal.SIGCONT)
    await expect(tile).not_to_contain_text("connection lost, place kept", timeout=20_000 * BUSY)
    await back_with_a_sentence(bob)
    await see_each_other(bob, room.host)


# ---- what is looked at ----


async def back_with_a_sentence(person: Person) -> None:
    sentence = person.page.get_by_text("You are back in the joint meeting.")
    await expect(sentence).to_be_visible(timeout=20_000 * BUSY)
    await expect(person.status).to_have_text(begins("Joint"))
    await person.button("OK").click()
    await expect(sentence).to_have_count(0)


async def see_each_other(one: Person, other: Person) -> None:
    await until(partial(moving, one.tile(other.name).locator("video")), "one sees", 20)
    await until(partial(moving, other.tile(one.name).locator("video")), "one is seen", 20)


async def moving(video: Locator) -> bool:
    """There is a picture, and one more frame of it comes."""
    found: bool = await video.evaluate_all(NEXT_FRAME)
    return found


async def processes_of(person: Person) -> list[int]:
    """Those of this person's own browser."""
    assert person.page.context.browser
    devtools = await person.page.context.browser.new_browser_cdp_session()
    found = await devtools.send("SystemInfo.getProcessInfo")
    await devtools.detach()
    return [process["id"] for process in found["processInfo"]]


def send(processes: list[int], what: signal.Signals) -> None:
    for process in processes:
        os.kill(process, what)


NEXT_FRAME = """([video]) => video && Promise.race([
    new Promise((seen) => video.requestVideoFrameCallback(() => seen(true))),
    new Promise((late) => setTimeout(() => late(false), 2000)),
])"""
OWN = "document.querySelector('.tile[data-own=true] video')?.srcObject?.getVideoTracks()[0]"


async def track_of(person: Person) -> str | None:
    found: str | None = await person.page.evaluate(f"{OWN}?.id")
    return found


async def another(person: Person, before: str | None) -> bool:
    return await track_of(person) not in (None, before)


async def end_track(person: Person) -> None:
    """As a phone call does; the page itself never hears of a track that it stops."""
    await person.page.evaluate(f"{OWN}.dispatchEvent(new Event('ended'))")


async def visible(person: Person, state: str) -> None:
    await person.page.evaluate(
        """(state) => {
            const property = { value: state, configurable: true };
            Object.defineProperty(document, "visibilityState", property);
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        state,
    )
