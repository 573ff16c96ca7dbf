"""Three people in one mediation, and what has to be true of those who share a space."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from playwright.async_api import Locator, expect

from bench.browser import Heard, Person, begins
from bench.demo import Demo

SILENT, AUDIBLE = -60, -45
"""dBFS; a tone is sent at -12."""
WINDOW_S = 1.5
SOON_S = 10


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
        """Everybody in the joint session, with their microphones on."""
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

    async def shares(self, *together: Person) -> None:
        """Just these see and hear each other: by the tiles, the routes, the pictures, the tones.

        All of them have their microphones on.
        """
        for person in together:
            others = {other.name for other in together if other is not person}
            await until(lambda p=person, o=others: self._roster(p, o), "the roster is the routes")
            for name in others:
                video = person.tile(name).locator("video")
                await until(lambda v=video: _moving(v), "the picture moves")
        await self.hears(*together)
        heard = await listen(*self.everybody)
        for person in together:
            assert heard[person.name].packets > 0 or len(together) == 1
        self._only(heard, together)

    async def hears(self, *together: Person) -> None:
        """Wait until the tones of the others have arrived at each of them."""
        for person in together:
            tones = [other.tone for other in together if other is not person]
            at = await person.back(0, tones, 0, SOON_S)
            assert at["sound"], f"{person.tone} Hz does not hear {tones} Hz"

    def _only(self, heard: dict[str, Heard], together: tuple[Person, ...]) -> None:
        for person in together:
            for other in self.everybody:
                level = heard[person.name].usual[other.tone]
                if other in together and other is not person:
                    assert level > AUDIBLE, f"{person.tone} Hz hears {other.tone} Hz at {level}"
                else:
                    assert level < SILENT, f"{person.tone} Hz hears {other.tone} Hz at {level}"

    async def _roster(self, person: Person, others: set[str]) -> bool:
        routes = person.told.get("routes", {"slots": [], "heard_by": []})
        sends = {self.seats[seat] for seat in routes["slots"] if seat}
        heard_by = {self.seats[seat] for seat in routes["heard_by"]}
        shown = set(await person.pictured())
        return sends == heard_by == others and shown == others | {person.name}


async def receives_nothing(*people: Person) -> None:
    """What was under way has arrived; then not one packet comes, and not a sound."""
    for person in people:

        async def quiet(p: Person = person) -> bool:
            return (await p.listen(0.2)).packets == 0

        await until(quiet, "nothing is sent any more", 3)
    for name, heard in (await listen(*people)).items():
        assert heard.packets == 0, f"{name} receives {heard.packets} packets"
        assert max(heard.loudest.values()) < SILENT, f"{name} hears {heard.loudest}"


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
