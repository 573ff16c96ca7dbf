"""Three people in one mediation, and what has to be true of those who share a space."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial

from playwright.async_api import Locator, expect

from bench.browser import Heard, Person, begins
from bench.demo import Demo

SILENT, AUDIBLE = -60, -45
"""dBFS; a tone is sent at -12."""
WINDOW_S = 1.5
SOON_S = 30
BUSY = 2
"""How many times as long as promised it may take on a machine with other things to do."""


async def until(true: Callable[[], Awaitable[bool]], what: str, seconds: float = SOON_S) -> None:
    """Wait for what no locator can tell. Fails with `what` did not come true."""
    deadline = time.monotonic() + seconds
    while not await true():
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        await asyncio.sleep(0.05)


@dataclass
class Room:
    heyi: Demo
    host: Person
    alice: Person
    opponent: Person
    seats: dict[str, str] = field(default_factory=dict)
    """Names by seat."""

    @property
    def everybody(self) -> tuple[Person, Person, Person]:
        return self.host, self.alice, self.opponent

    async def gather(self) -> None:
        """The host at the table, both parties in the lobby, ready."""
        self.host.name = "王敏"
        links = [self.heyi.host_link, *(party.link for party in self.heyi.parties)]
        names = [self.host.name, *(party.name for party in self.heyi.parties)]
        self.seats = {seat_of(link): name for link, name in zip(links, names, strict=True)}
        await asyncio.gather(
            self.host.sit_down(links[0]),
            self.alice.arrive(names[1], links[1]),
            self.opponent.arrive(names[2], links[2]),
        )

    async def admit(self) -> None:
        """Everybody in the joint meeting, with their microphones on."""
        for party in (self.alice, self.opponent):
            await self.host.on_card(party.name, "Admit").click()
        await self.stand(Joint=self.everybody)
        await self.speak(*self.everybody)

    async def stand(self, **where: tuple[Person, ...]) -> None:
        """Their sentence begins so; `_` in a word stands for a space."""
        for word, people in where.items():
            for person in people:
                await expect(person.status).to_have_text(begins(word.replace("_", " ")))

    async def speak(self, *people: Person) -> None:
        for person in people:
            await person.button("Tap here to speak").click()
            await expect(person.button("Mute microphone")).to_be_visible()

    async def shares(self, *groups: tuple[Person, ...]) -> None:
        """Just those of a group see and hear each other: by the tiles, the routes, the pictures
        and the tones. Everybody has the microphone on, and who is alone receives nothing at all.
        """
        places = [(person, group) for group in groups for person in group]
        await asyncio.gather(*(self._sees(person, group) for person, group in places))
        heard = await listen(*(person for person, _ in places))
        for person, group in places:
            for other in self.everybody:
                level = heard[person.name].usual[other.tone]
                there = other in group and other is not person
                assert level > AUDIBLE if there else level < SILENT, (
                    f"{person.tone} Hz hears {other.tone} Hz at {level}"
                )
            if group == (person,):
                deaf(person, heard[person.name])

    async def _sees(self, person: Person, group: tuple[Person, ...]) -> None:
        others = [other for other in group if other is not person]
        names = {other.name for other in others}
        await until(lambda: self._roster(person, names), "the roster is the routes")
        pictures = [person.tile(name).locator("video") for name in names]
        await asyncio.gather(*(until(partial(_moving, v), "it moves") for v in pictures))
        if not others:
            await until(lambda: _quiet(person), "nothing is sent any more", 3)
        at = await person.back(0, [other.tone for other in others], 0, SOON_S)
        assert at["sound"], f"{person.tone} Hz does not hear {[other.tone for other in others]} Hz"

    async def _roster(self, person: Person, others: set[str]) -> bool:
        routes = person.told.get("routes", {"slots": [], "heard_by": []})
        sends = {self.seats[seat] for seat in routes["slots"] if seat}
        heard_by = {self.seats[seat] for seat in routes["heard_by"]}
        shown = set(await person.pictured())
        return sends == heard_by == others and shown == others | {person.name}


async def receives_nothing(*people: Person) -> None:
    """What was under way has arrived; then not one packet comes, and not a sound."""
    await asyncio.gather(
        *(until(partial(_quiet, p), "nothing is sent any more", 3) for p in people)
    )
    heard = await listen(*people)
    for person in people:
        deaf(person, heard[person.name])


def deaf(person: Person, heard: Heard) -> None:
    assert heard.packets == 0, f"{person.tone} Hz receives {heard.packets} packets"
    assert max(heard.loudest.values()) < SILENT, f"{person.tone} Hz hears {heard.loudest}"


async def _quiet(person: Person) -> bool:
    return (await person.listen(0.2)).packets == 0


async def listen(*people: Person) -> dict[str, Heard]:
    """To all of them at the same time."""
    found = await asyncio.gather(*(person.listen(WINDOW_S) for person in people))
    assert all(heard.listening for heard in found)
    return {person.name: heard for person, heard in zip(people, found, strict=True)}


async def _moving(video: Locator) -> bool:
    """It has shown frames, and more of them a moment later."""
    frames: list[int] = await video.evaluate(
        """async (video) => {
            const frames = () => video.getVideoPlaybackQuality().totalVideoFrames;
            const before = frames();
            await new Promise((resolve) => setTimeout(resolve, 300));
            return [before, frames()];
        }"""
    )
    return 0 < frames[0] < frames[1]


def seat_of(link: str) -> str:
    return link.partition("#")[0].rpartition("/")[2]
