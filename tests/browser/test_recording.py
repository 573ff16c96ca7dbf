"""A moment of the meeting is recorded: asked of everybody, stopped by one, and played in step."""

from __future__ import annotations

import asyncio
import io
import json
from pathlib import Path
from typing import Any

import av
import numpy as np
from playwright.async_api import Page, expect

from bench.browser import Person
from recordings.segment import SegmentFile
from tests.browser.room import Room, until

LENGTH = 5
"""Segments, of a second each, before somebody stops it."""
APART_S = 0.1
"""What may lie between two people's pictures while they are played."""

TIMES = "[...document.querySelectorAll('video')].map((v) => v.currentTime)"
READY = (
    "[...document.querySelectorAll('video')].every((v) => v.readyState >= 3 && v.videoWidth > 0)"
)


async def test_a_moment_is_recorded_stopped_by_anyone_and_played_in_step(room: Room) -> None:
    host, alice, opponent = room.everybody
    await room.gather()
    await room.admit()
    folder = await asked(room)
    for party in (alice, opponent):
        await expect(party.page.get_by_text("about 5 minutes")).to_be_visible()
    await alice.button("Yes, you may record it").click()
    await expect(host.page.get_by_text(f"Waiting for {opponent.name} to answer")).to_be_visible()
    assert not list(folder.glob("*")), "nobody is recorded before the last yes"
    await opponent.button("Yes, you may record it").click()
    for person in room.everybody:
        await expect(person.page.locator(".recording-mark[data-on=true]")).to_be_visible()
    await until(lambda: _segments(folder, LENGTH), "it is written", 60)

    await alice.button("Stop recording").click()
    for person in room.everybody:
        await expect(person.page.get_by_text("Anyone may stop it without a reason")).to_be_visible()
        await expect(person.page.locator(".recording-mark")).to_have_count(0)
    await until(lambda: _ended(folder), "its last segment is on the disk")
    count = len(list(folder.glob("*/*.seg")))
    await room.shares(room.everybody)
    assert len(list(folder.glob("*/*.seg"))) == count, "nothing is written any more"
    await played(room, host)
    await own(room, alice)


async def asked(room: Room) -> Path:
    """The host asks everybody. The folder of what will be recorded."""
    await room.host.button("Record").click()
    dialog = room.host.page.get_by_role("dialog", name="Record a moment")
    await dialog.get_by_label("reading out the agreement").check()
    await expect(dialog.get_by_text("record only the reading of the agreement")).to_be_visible()
    await expect(dialog.get_by_text("There is room on the disk for")).to_be_visible()
    await dialog.get_by_role("button", name="Ask everyone").click()
    return room.heyi.data / "recordings"


async def _segments(folder: Path, least: int) -> bool:
    return len(list(folder.glob("*/*.seg"))) >= least


async def _ended(folder: Path) -> bool:
    files = sorted(folder.glob("*/*.seg"))
    return bool(files) and SegmentFile(files[-1]).header.last


async def played(room: Room, host: Person) -> None:
    """The mediator says why, and sees and hears all three in step."""
    page = await host.page.context.new_page()
    staff = room.heyi.staff["mediator"]
    await page.goto(f"{room.heyi.url}/sign-in?lang=en")
    await page.get_by_label("Login").fill(staff["login"])
    await page.get_by_label("Password").fill(staff["password"])
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_url(lambda url: "/sign-in" not in url)
    await page.goto(f"{room.heyi.url}/sessions/{room.heyi.session}")
    await page.locator(".crumbs a").last.click()
    link = page.get_by_role("link", name="Reading out the agreement")
    await until(lambda: _there(page, link), "it is in the case")
    await link.click()
    await page.get_by_label("Why do you need to see it?").first.select_option("asked")
    await page.get_by_role("button", name="Play").click()
    await expect(page.locator("video")).to_have_count(3)
    await until(lambda: page.evaluate(READY), "all three can be played")
    await page.get_by_role("button", name="Play", exact=True).click()
    apart: list[float] = []
    while not apart or max(times := await page.evaluate(TIMES)) < 3:
        times = await page.evaluate(TIMES)
        if min(times) > 0.5:
            apart.append(max(times) - min(times))
        await asyncio.sleep(0.1)
        assert len(apart) < 300
    assert float(np.median(apart)) < APART_S, apart
    for person in room.everybody:
        figure = page.locator("figure", has=page.get_by_text(person.name, exact=False)).first
        address = await figure.locator("video").get_attribute("src")
        film = await (await page.request.get(f"{room.heyi.url}{address}")).body()
        assert abs(_loudest(film) - person.tone) < 20, person.tone
    await page.get_by_role("button", name="10 s back").click()
    assert max(await page.evaluate(TIMES)) < 1
    await page.close()


async def _there(page: Page, link: Any) -> bool:
    if await link.count():
        return True
    await page.reload()
    return False


async def own(room: Room, alice: Person) -> None:
    """Who was recorded has it, and a receipt, by the link of their seat."""
    page = await alice.page.context.new_page()
    seat = alice.page.url.partition("/j/")[2][:36]
    await page.goto(f"{room.heyi.url}/j/{seat}/recordings?lang=en")
    video = page.locator("video")
    await expect(video).to_have_count(1)
    address = await video.get_attribute("src")
    film = await (await page.request.get(f"{room.heyi.url}{address}")).body()
    assert abs(_loudest(film) - alice.tone) < 20
    answer = await page.request.get(f"{room.heyi.url}/j/{seat}/receipt.json")
    said = json.loads(json.loads(await answer.body())["signed"])
    assert {one["who"] for one in said["heard"]} >= {room.host.name}
    assert [one["purpose"] for one in said["recorded"]] == ["record_reading"]
    await page.close()


def _loudest(film: bytes) -> float:
    """The frequency of which there is most in its sound."""
    with av.open(io.BytesIO(film), "r") as file:
        frames = [frame.to_ndarray().mean(axis=0) for frame in file.decode(audio=0)]
    wave = np.concatenate(frames).astype(np.float64)
    power = np.abs(np.fft.rfft(wave * np.hanning(len(wave))))
    return float(np.argmax(power[10:]) + 10) * 48000 / len(wave)
