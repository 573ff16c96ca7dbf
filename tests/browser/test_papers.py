"""Showing, lived: papers of a PC and of a telephone, a page that all look at, lines, a screen."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Browser, Locator, async_playwright, expect

from bench import browser
from bench.browser import PHONE, Person, context
from bench.demo import Demo
from tests.browser.looks import looks_right
from tests.browser.meeting import book
from tests.browser.papers import choose, in_paper, open_papers, paper
from tests.browser.room import until
from tests.browser.table import SMALL, Table
from tests.documents.making import pdf, written

PAGES = 3


@pytest.fixture
async def sharing() -> AsyncIterator[Browser]:
    """A browser that shares the whole screen when asked, without its question."""
    async with async_playwright() as playwright:
        flag = "--auto-select-desktop-capture-source=Entire screen"
        launched = await browser.launch(playwright, flag)
        yield launched
        await launched.close()


@pytest.fixture
async def table(heyi: Demo, sharing: Browser) -> Table:
    """The host at a desk, Alice and Bob with telephones, all in the joint space."""
    meeting = await book(heyi)
    sitting = (context(sharing), context(sharing, **PHONE), context(sharing, **SMALL))
    table = Table(*[Person(await (await made).new_page(), tone=0) for made in sitting])
    await table.arrive(meeting)
    await table.admit()
    return table


@pytest.mark.timeout(240)
async def test_everybody_looks_at_the_same_page(table: Table, tmp_path: Path) -> None:
    await bring(table, tmp_path)
    await show_and_turn(table)
    await point_and_draw(table)
    await look_closer_for_oneself(table)
    await photograph_in_private(table, tmp_path)
    await share_a_screen(table)
    assert [person.faults for person in table.everybody] == [[], [], []]


async def bring(table: Table, folder: Path) -> None:
    """From the PC; what is no paper is told in a sentence."""
    host = table.host
    await host.page.get_by_role("tab", name="Papers").click()
    program = folder / "contract.pdf"
    program.write_bytes(b"MZ\x90\0 a program")
    await choose(host, "Add a paper", program)
    await expect(host.page.get_by_text("of a kind that we do not take")).to_be_visible()
    program.write_bytes(pdf([written(f"Page {n} of the contract") for n in range(1, PAGES + 1)]))
    await choose(host, "Add a paper", program)
    await expect(paper(host, "contract.pdf")).to_contain_text("3 pages")
    await looks_right(host.page, "the papers")


async def show_and_turn(table: Table) -> None:
    host = table.host
    await in_paper(host, "contract.pdf", "Show to everybody here").click()
    for person in table.everybody:
        await expect(page(person, "contract.pdf", 1, host)).to_be_visible()
    await expect(table.alice.button("Next page")).to_have_count(0)
    await host.button("Next page").click()
    for person in table.everybody:
        await expect(page(person, "contract.pdf", 2, host)).to_be_visible()
    for person in (host, table.bob):
        await looks_right(person.page, "a page is shown")


async def point_and_draw(table: Table) -> None:
    host, alice, bob = table.everybody
    await host.button("Point").click()
    await drag(host, [(0.2, 0.3), (0.5, 0.4)])
    await expect(alice.page.locator(".dot")).to_have_text(host.name)
    await alice.button("Whole screen").click()
    await alice.button("Draw").click()
    await looks_right(alice.page, "the whole screen, drawing")
    await drag(alice, [(0.1, 0.1), (0.9, 0.1), (0.5, 0.5)])
    await drag(alice, [(0.2, 0.8), (0.8, 0.8)])
    for person in (host, bob):
        await expect(person.page.locator(".lines path")).to_have_count(2)
    await alice.button("Undo line").click()
    for person in table.everybody:
        await expect(person.page.locator(".lines path")).to_have_count(1)
    await host.button("Draw").click()
    await host.button("Wipe all").click()
    await expect(bob.page.locator(".lines path")).to_have_count(0)
    await alice.page.keyboard.press("Escape")
    await expect(alice.button("Whole screen")).to_be_visible()


async def look_closer_for_oneself(table: Table) -> None:
    """By button and by key; the others' page stays as it is."""
    host, alice, bob = table.everybody
    common, before = await width(alice), await width(bob)
    await bob.button("Larger").click()

    async def larger() -> bool:
        return await width(bob) > 1.4 * before

    await until(larger, "it is larger")
    await bob.page.locator(".looking-window").press("+")
    await expect(bob.button("Back to the common view")).to_be_visible()
    assert await width(alice) == common
    await bob.button("Back to the common view").click()
    await expect(bob.button("Back to the common view")).to_have_count(0)
    await host.page.get_by_role("dialog").get_by_role("button", name="Put away").click()
    for person in table.everybody:
        await expect(person.page.locator(".stage")).to_have_count(0)


async def photograph_in_private(table: Table, folder: Path) -> None:
    """A large photo, made smaller on the telephone; the other side learns nothing of it."""
    host, alice, bob = table.everybody
    await host.button("Private A").click()
    await expect(alice.status).to_contain_text("Private")
    await open_papers(alice)
    photo = folder / "receipt.jpg"
    noise = Image.effect_noise((3000, 2000), 90).convert("RGB")
    noise.save(photo, "JPEG", quality=95)
    await choose(alice, "Photograph a paper", photo)
    await expect(paper(alice, "receipt.jpg")).to_contain_text("Side A and the mediator only")
    await alice.button("Close").click()
    await in_paper(host, "receipt.jpg", "Show to everybody here").click()
    await expect(page(alice, "receipt.jpg", 1, host)).to_be_visible()
    address = await saved_from(host, "receipt.jpg")
    body = await (await host.page.request.get(address)).body()
    assert max(Image.open(io.BytesIO(body)).size) == 2560
    assert (await bob.page.request.get(swapped(address, bob))).status == 409
    await open_papers(bob)
    await expect(bob.page.get_by_text("contract.pdf")).to_be_visible()
    assert await bob.page.get_by_text("receipt.jpg").count() == 0
    await looks_right(bob.page, "the papers on a telephone")
    await bob.button("Close").click()
    await host.button("Back to joint").click()
    await expect(alice.status).to_contain_text("Joint")
    await expect(host.page.locator(".stage")).to_have_count(0)


async def share_a_screen(table: Table) -> None:
    host, alice, bob = table.everybody
    await host.button("Show my screen").click()
    await expect(host.page.get_by_text("You are showing your screen")).to_be_visible()
    for person in (alice, bob):
        await expect(person.page.get_by_text(f"{host.name} shows their screen")).to_be_visible()
        await expect(person.page.locator(".looking-page video[data-moving=true]")).to_be_visible()
    await looks_right(bob.page, "a screen is shown")
    await host.page.get_by_role("dialog").get_by_role("button", name="Stop showing").click()
    for person in table.everybody:
        await expect(person.page.locator(".stage")).to_have_count(0)


# ---- finding and doing ---------------------------------------------------------------------------


def page(person: Person, name: str, number: int, by: Person) -> Locator:
    pages = PAGES if name == "contract.pdf" else 1
    alt = f"Page {number} of {pages} of {name}, shown by {by.name}"
    return person.page.get_by_role("img", name=alt, exact=True)


async def drag(person: Person, spots: list[tuple[float, float]]) -> None:
    """Over these places of the page, as shares of it."""
    box = await person.page.locator(".looking-page").bounding_box()
    assert box is not None
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in spots]
    mouse = person.page.mouse
    await mouse.move(*places[0])
    await mouse.down()
    for place in places[1:]:
        await mouse.move(*place, steps=4)
    await mouse.up()


async def width(person: Person) -> float:
    box = await person.page.locator(".looking-page").bounding_box()
    assert box is not None
    return box["width"]


async def saved_from(person: Person, name: str) -> str:
    link = paper(person, name).get_by_role("link", name="Save")
    address = await link.get_attribute("href")
    assert address is not None
    return person.page.url.partition("/j/")[0] + address


def swapped(address: str, other: Person) -> str:
    """The same paper, asked for from the other's seat."""
    seat = other.page.url.partition("/j/")[2][:36]
    start, _, rest = address.partition("/j/")
    return f"{start}/j/{seat}{rest[36:]}"
