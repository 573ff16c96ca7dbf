"""The list of papers in a room, as somebody uses it."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Locator

from bench.browser import Person


def paper(person: Person, name: str) -> Locator:
    return person.page.locator(".paper-list").get_by_role("listitem", name=name, exact=True)


def in_paper(person: Person, name: str, button: str) -> Locator:
    return paper(person, name).get_by_role("button", name=button, exact=True)


async def open_papers(person: Person) -> None:
    await person.page.get_by_role("button", name="More").click()
    await person.page.get_by_role("button", name="Papers").click()


async def choose(person: Person, button: str, file: Path) -> None:
    async with person.page.expect_file_chooser() as chooser:
        await person.button(button).click()
    await (await chooser.value).set_files(file)
