"""The main job, lived by three people in real browsers: from links to a result in the case."""

from __future__ import annotations

import asyncio
import subprocess
import sys

from playwright.async_api import expect

from bench.demo import ROOT
from tests.browser.room import SILENT, Room, listen, receives_nothing

CASE = "楼上漏水损坏家具赔偿"
REASON = "孙国强 pays 2,000 yuan by Friday."


async def test_three_people_and_one_sealed_caucus(room: Room) -> None:
    await lobby(room)
    await joint(room)
    await caucus(room)
    await together_again(room)
    await end(room)
    await stands_in_the_case(room)
    assert [person.faults for person in room.everybody] == [[], [], []]


async def lobby(room: Room) -> None:
    """They learn the host's name and no other, and receive nothing."""
    await room.gather()
    await room.stand(Lobby=(room.alice, room.opponent), Joint=(room.host,))
    for person, other in ((room.alice, room.opponent), (room.opponent, room.alice)):
        said = await person.page.locator("body").inner_text()
        assert room.host.name in said
        assert other.name not in said
        assert await person.pictured() == []
    await receives_nothing(*room.everybody)
    for person in room.everybody:
        found = await person.received()
        assert (found["audio"], found["video"]) == (0, 0)


async def joint(room: Room) -> None:
    await room.admit()
    await room.shares(room.everybody)


async def caucus(room: Room) -> None:
    """One side is taken aside at its wish; the other hears nothing of it, and isn't heard."""
    host, alice, opponent = room.everybody
    await alice.button("Private word").click()
    await expect(host.card(alice.name)).to_contain_text("would like a private word")
    await expect(host.card(opponent.name)).not_to_contain_text("would like a private word")
    await host.on_card(alice.name, "Private talk").click()
    await room.stand(Private=(host, alice), Your_side=(opponent,))
    await room.shares((host, alice), (opponent,))


async def together_again(room: Room) -> None:
    """What is being said in private must not go on in front of the others."""
    await room.host.button("Back to joint").click()
    await room.stand(Joint=room.everybody)
    for person in room.everybody:
        await expect(person.button("Tap here to speak")).to_be_visible()
    for heard in (await listen(*room.everybody)).values():
        assert max(heard.usual.values()) < SILENT
    await room.speak(*room.everybody)
    await room.shares(room.everybody)


async def end(room: Room) -> None:
    page = room.host.page
    await room.host.button("End the meeting").click()
    await page.get_by_label("Reason", exact=True).fill(REASON)
    await page.get_by_role("radio", name="Agreed", exact=True).check()
    await room.host.button("Confirm end").click()
    for person in room.everybody:
        heading = person.page.get_by_role("heading", name="The meeting has ended")
        await expect(heading).to_be_visible()
        assert await person.page.locator("video").count() == 0
        assert await person.received() == {"audio": 0, "video": 0, "pictures": []}


async def stands_in_the_case(room: Room) -> None:
    mediator, page = room.heyi.staff["mediator"], room.host.page
    await page.goto(f"{room.heyi.url}/sign-in?lang=en")
    await page.get_by_label("Login").fill(mediator["login"])
    await page.get_by_label("Password").fill(mediator["password"])
    await room.host.button("Sign in").click()
    await page.goto(f"{room.heyi.url}/sessions/{room.heyi.session}")
    await (
        page.get_by_role("navigation")
        .or_(page.locator("main"))
        .get_by_role("link", name="楼上漏水损坏家具赔偿")
        .click()
    )
    await expect(page.get_by_role("heading", level=1)).to_have_text("楼上漏水损坏家具赔偿")
    await expect(page.locator("main")).to_contain_text("Agreed")
    await expect(page.locator("main")).to_contain_text(REASON)
    await asyncio.to_thread(audit_holds, room)


def audit_holds(room: Room) -> None:
    command = [sys.executable, "run.py", "audit", "verify", "--data", str(room.heyi.data)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stdout
