"""A link is a seat: what opens it, what doesn't, and who sits in it when two hold it."""

from __future__ import annotations

import time

import pytest
from playwright.async_api import Browser, async_playwright, expect

from bench.browser import PHONE, Person, begins, context, launch
from tests.browser.meeting import Meeting
from tests.browser.room import BUSY, receives_nothing

RELOAD_S, REVOKED_S = 4, 1


async def device(chromium: Browser, **given: object) -> Person:
    return Person(await (await context(chromium, **given)).new_page(), tone=0)


async def another_tab(person: Person) -> Person:
    tab = Person(await person.page.context.new_page(), tone=0)
    tab.name = person.name
    return tab


async def heading(person: Person, text: str) -> None:
    await expect(person.page.get_by_role("heading", level=1)).to_have_text(text)


async def in_joint(meeting: Meeting, chromium: Browser) -> tuple[Person, Person]:
    """The host and the first party, with their pictures."""
    host, party = await device(chromium), await device(chromium, **PHONE)
    await host.sit_down(meeting.host.link)
    await party.arrive(*meeting.party)
    await host.on_card(party.name, "Admit").click()
    await expect(party.status).to_have_text(begins("Joint"))
    assert (await party.back(0, [], 1, 10))["picture"]
    return host, party


async def test_a_reload_and_another_tab(meeting: Meeting, chromium: Browser) -> None:
    host, party = await in_joint(meeting, chromium)
    began = time.time()
    await party.page.reload()
    at = await party.back(0, [], 1, RELOAD_S * BUSY)
    assert at["picture"]
    assert at["picture"] - began < RELOAD_S * BUSY
    await expect(party.status).to_have_text(begins("Joint"))

    tab = await another_tab(party)
    # The name is known, and the devices have worked here.
    await tab.open(meeting.party.link)
    await tab.button("Join").click()
    await expect(tab.tile(party.name)).to_be_visible()
    await heading(party, "Open in another tab")
    await party.button("Use it here instead").click()
    await expect(party.status).to_have_text(begins("Joint"))
    await heading(tab, "Open in another tab")
    assert sorted(await host.pictured()) == sorted(["王敏", party.name])


async def test_another_device_with_the_same_link(meeting: Meeting, chromium: Browser) -> None:
    """It waits apart and receives nothing; the host decides which of them sits in the seat, and
    only then it is asked what is still missing."""
    host, party = await in_joint(meeting, chromium)
    other = await device(chromium, **PHONE)
    await other.sit_down(meeting.party.link)
    await other.say_name(meeting.party.name)
    await expect(other.status).to_have_text(begins("Lobby"))
    await expect(other.button("I agree")).to_have_count(0)
    await expect(other.status).to_contain_text("already open on another device")
    await receives_nothing(other)
    await expect(party.status).to_have_text(begins("Joint"))
    await expect(host.on_card(party.name, "Mute")).to_be_visible()

    claim = f"Another device for {party.name}"
    await host.on_card(claim, "Admit").click()
    await other.agree()
    await host.on_card(party.name, "Admit").click()
    await expect(other.status).to_have_text(begins("Joint"))
    await heading(party, "Open on another device")
    await expect(host.card(claim)).to_have_count(0)
    await expect(host.card(party.name)).to_have_count(1)
    assert (await other.back(0, [], 1, 10))["picture"]
    assert await party.received() == {"audio": 0, "video": 0, "pictures": []}


async def test_a_replaced_link_is_cut(meeting: Meeting, chromium: Browser) -> None:
    host, party = await in_joint(meeting, chromium)
    staff = await device(chromium)
    await staff.sign_in(meeting.demo, "mediator")
    await staff.page.goto(meeting.page)
    fold = f"Invitation, link and QR code of {party.name}"
    await staff.page.locator("summary", has_text=fold).click()
    link = staff.page.get_by_role("textbox", name=f"Link of {party.name}")
    assert await link.input_value() == meeting.party.link
    await staff.page.locator(
        "summary", has_text=f"Make a new link, or take it away {party.name}"
    ).click()
    await staff.button(f"Replace the link {party.name}").click()
    replaced = time.monotonic()
    await heading(party, "Your link was replaced")
    assert time.monotonic() - replaced < REVOKED_S * BUSY
    assert await party.received() == {"audio": 0, "video": 0, "pictures": []}
    await expect(host.tile(party.name)).to_have_count(0)

    await party.open(meeting.party.link)
    await heading(party, "Your link was replaced")
    new = await link.input_value()
    assert new != meeting.party.link
    await party.open(new)
    await heading(party, "Mediator 王敏 is expecting you")


async def test_links_that_do_not_open(meeting: Meeting, chromium: Browser) -> None:
    """Each has its sentence, in the reader's language, and tells nobody's name."""
    person = await device(chromium)
    own, others = (party.link for party in meeting.parties)
    seat, _, token = own.partition("#")
    _, _, foreign = others.partition("#")
    nobodys = seat[:-4] + "0000"
    for link in (f"{seat}#{token[:-1]}", f"{seat}#{foreign}", f"{nobodys}#{token}"):
        await person.open(link)
        await heading(person, "This link is not valid")
    await person.page.goto(seat)
    await heading(person, "Please open your link again")
    await person.open(f"{seat}#{foreign}", "zh")
    await heading(person, "这个链接无效")
    text = await person.page.locator("body").inner_text()
    assert not any(name in text for name in ("王敏", *(party.name for party in meeting.parties)))


@pytest.mark.parametrize(
    ("flag", "advice", "way_on"),
    [
        (
            "--use-fake-ui-for-media-stream=deny",
            "was told not to give the microphone and camera",
            "Continue without devices",
        ),
        (
            "--use-fake-device-for-media-stream=device-count=0",
            "no camera was found",
            "Continue with sound only",
        ),
    ],
)
async def test_without_devices(meeting: Meeting, flag: str, advice: str, way_on: str) -> None:
    """One is told what to do, may go on without, and hears and sees the others."""
    async with async_playwright() as playwright:
        poor = await launch(playwright, flag)
        party = await device(poor, **PHONE)
        await party.open(meeting.party.link)
        await party.button("Join").click()
        await expect(party.page.get_by_text(advice)).to_be_visible()
        await expect(party.button("Continue")).to_have_count(0)
        await party.button(way_on).click()
        await party.say_who(meeting.party.name)
        await expect(party.status).to_have_text(begins("Lobby"))
        await poor.close()


async def test_without_webrtc_or_script(meeting: Meeting, chromium: Browser) -> None:
    old = await context(chromium)
    await old.add_init_script("delete window.RTCPeerConnection;")
    person = Person(await old.new_page(), tone=0)
    await person.open(meeting.party.link)
    await person.button("Join").click()
    await expect(person.page.get_by_text("This browser can't carry voice")).to_be_visible()
    await person.button("Continue without devices").click()
    await expect(person.page.get_by_label("Your name")).to_be_visible()

    plain = await device(chromium, java_script_enabled=False)
    await plain.open(meeting.party.link)
    # Playwright finds no text within noscript by itself.
    notice = plain.page.locator("noscript p")
    await expect(notice).to_be_visible()
    assert "This page needs JavaScript" in await notice.inner_text()


async def test_the_language(meeting: Meeting, chromium: Browser) -> None:
    """Asked for before or after the `#`, and kept; else the browser's."""
    link = meeting.party.link
    for asked in (link.replace("#", "?lang=en#"), f"{link}?lang=en", f"{link}&lang=en"):
        chinese = await device(chromium, locale="zh-CN")
        await chinese.page.goto(asked)
        await heading(chinese, "Mediator 王敏 is expecting you")
        await chinese.page.goto(f"{meeting.demo.url}/sign-in")
        await heading(chinese, "Staff sign-in")
    for locale, title in (
        ("zh-CN", "调解员王敏请您参加调解"),
        ("en-GB", "Mediator 王敏 is expecting you"),
        ("fr-FR", "调解员王敏请您参加调解"),
    ):
        person = await device(chromium, locale=locale)
        await person.page.goto(link)
        await heading(person, title)
