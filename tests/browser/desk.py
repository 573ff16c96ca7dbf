"""A member of staff at a desk, or with a phone, whose pages speak one language."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.async_api import Browser, Locator, Page, expect

from bench.browser import context
from bench.demo import Demo
from server.words import gettext, speaking
from tests.browser.looks import looks_right


class Desk:
    """Finds things by the English message ids, in whichever language the page speaks."""

    def __init__(self, page: Page, heyi: Demo, lang: str) -> None:
        self.page, self.heyi, self.lang = page, heyi, lang

    @classmethod
    async def of(cls, chromium: Browser, heyi: Demo, login: str, lang: str, **device: Any) -> Desk:
        desk = cls(await (await context(chromium, **device)).new_page(), heyi, lang)
        await desk.go(f"/sign-in?lang={lang}")
        await desk.field("Login").fill(heyi.staff[login]["login"])
        await desk.field("Password").fill(heyi.staff[login]["password"])
        await desk.press("Sign in")
        await desk.page.wait_for_url(lambda url: "/sign-in" not in url)
        return desk

    def say(self, message: str) -> str:
        token = speaking.set(self.lang)
        try:
            return gettext(message)
        finally:
            speaking.reset(token)

    def field(self, label: str) -> Locator:
        return self.page.get_by_label(self.say(label), exact=True)

    def named(self, name: str) -> Locator:
        """A field by its name in the form."""
        return self.page.locator(f"[name={name}]")

    async def go(self, path: str) -> None:
        await self.page.goto(f"{self.heyi.url}{path}")

    async def press(self, button: str) -> None:
        found = self.page.get_by_role("button", name=self.say(button), exact=True)
        await found.filter(visible=True).first.click()

    async def follow(self, link: str) -> None:
        await self.page.get_by_role("link", name=self.say(link), exact=True).first.click()

    async def sees(self, message: str) -> None:
        await expect(self.page.get_by_text(self.say(message)).first).to_be_visible()

    async def looks(self, what: str) -> None:
        await looks_right(self.page, f"{what}, {self.lang}")

    async def book(self, links: int) -> None:
        """From the page of a case to a meeting: how many links one sees of it."""
        await self.follow("Book a meeting")
        await self.looks("booking")
        day = (datetime.now(UTC) + timedelta(days=2)).date()
        await self.field("Date").fill(day.isoformat())
        await self.field("Time").fill("10:00")
        await self.press("Book the meeting")
        again = self.page.get_by_role("button", name=self.say("Book all the same"))
        await expect(again.or_(self.page.locator("input.link").first)).to_be_attached()
        if await again.is_visible():
            await again.click()
        await expect(self.page).to_have_url(re.compile(r"/sessions/.*done=booked"))
        await expect(self.page.locator("input.link")).to_have_count(links)
        await self.looks("booked")
