"""A host and two parties at one table, each with a page of their own."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from playwright.async_api import expect

from bench.browser import PHONE, Person, begins
from tests.browser.meeting import Meeting

SMALL = {**PHONE, "viewport": {"width": 320, "height": 640}}


@dataclass
class Table:
    host: Person
    alice: Person
    bob: Person

    @property
    def everybody(self) -> tuple[Person, Person, Person]:
        return self.host, self.alice, self.bob

    async def arrive(self, meeting: Meeting) -> None:
        """Each by their link; the parties wait then."""
        parties = zip((self.alice, self.bob), meeting.parties, strict=True)
        self.host.name = meeting.host.name
        await asyncio.gather(
            self.host.sit_down(meeting.host.link), *(p.arrive(*party) for p, party in parties)
        )

    async def admit(self) -> None:
        for party in (self.alice, self.bob):
            await self.host.on_card(party.name, "Admit").click()
            await expect(party.status).to_have_text(begins("Joint"))
