"""Papers between room and case, lived: a Word file, one of the case's, one kept in it, and what
leaves a private talk by its side's own yes.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, expect

from bench.browser import PHONE, Person, begins, context
from bench.demo import Demo
from server.documents import office
from tests.browser.looks import looks_right
from tests.browser.meeting import add_to_case, book
from tests.browser.papers import choose, in_paper, open_papers, paper
from tests.browser.table import SMALL, Table
from tests.documents.making import docx, pdf, written

FILED, OFFER = "building_survey.pdf", "offer.docx"
GIVEN, KEPT = "receipt.pdf", "diary.pdf"


@dataclass
class Desk(Table):
    folder: Path

    def file(self, name: str) -> Path:
        content = docx(["An offer"]) if name == OFFER else pdf([written(name)])
        path = self.folder / name
        path.write_bytes(content)
        return path


@pytest.fixture
async def table(heyi: Demo, chromium: Browser, tmp_path: Path) -> Desk:
    """The host at a desk, Alice and Bob with telephones, all in the joint space."""
    meeting = await book(heyi)
    await add_to_case(heyi, FILED, pdf([written("Survey")]))
    sitting = (context(chromium), context(chromium, **PHONE), context(chromium, **SMALL))
    host, alice, bob = [Person(await (await made).new_page(), tone=0) for made in sitting]
    table = Desk(host, alice, bob, tmp_path)
    await table.arrive(meeting)
    await table.admit()
    await host.page.get_by_role("tab", name="Papers").click()
    return table


@pytest.mark.timeout(240)
async def test_papers_come_from_the_case_stay_in_it_and_leave_a_caucus_by_a_yes(
    table: Desk,
) -> None:
    await from_the_case(table)
    await a_word_file_is_shown_and_kept(table)
    await by_its_sides_own_yes(table)
    assert [person.faults for person in table.everybody] == [[], [], []]


async def from_the_case(table: Desk) -> None:
    host, bob = table.host, table.bob
    await host.button("From the case's papers").click()
    await looks_right(host.page, "the papers of the case")
    await host.button(FILED).click()
    await in_paper(host, FILED, "Show to everybody here").click()
    await expect(shown(bob, FILED, host)).to_be_visible()
    await expect(in_paper(host, FILED, "Keep in the file")).to_have_count(0)
    await host.button("From the case's papers").click()


async def a_word_file_is_shown_and_kept(table: Desk) -> None:
    if office.program() is None:
        pytest.fail("LibreOffice is not installed: make test installs it")
    host, alice = table.host, table.alice
    await choose(host, "Add a paper", table.file(OFFER))
    await in_paper(host, OFFER, "Show to everybody here").click()
    page = shown(alice, OFFER, host)
    await expect(page).to_be_visible()
    await expect(page).to_have_js_property("complete", True)
    assert await page.evaluate("(image) => image.naturalWidth") > 300, "its page is drawn"
    await in_paper(host, OFFER, "Keep in the file").click()
    await expect(paper(host, OFFER)).to_contain_text("In the case's file.")
    await expect(in_paper(host, OFFER, "Keep in the file")).to_have_count(0)
    await host.button("From the case's papers").click()
    await expect(host.button(OFFER)).to_be_visible()
    await host.button("From the case's papers").click()
    await host.page.get_by_role("dialog").get_by_role("button", name="Put away").click()


async def by_its_sides_own_yes(table: Desk) -> None:
    """One paper goes on, the other stays; neither is known on the other side before."""
    host, alice, bob = table.everybody
    await host.button("Private A").click()
    await expect(alice.status).to_have_text(begins("Private"))
    await open_papers(alice)
    for name in (GIVEN, KEPT):
        await choose(alice, "Add a paper", table.file(name))
        await expect(paper(alice, name)).to_contain_text("Side A and the mediator only")
    await alice.button("Close").click()
    for name, answer, after in (
        (GIVEN, "Yes, you may", "Passed on with that side's consent"),
        (KEPT, "No, please don't", "They want to keep it to themselves"),
    ):
        await in_paper(host, name, "Ask to pass it on").click()
        question = alice.page.locator(".release")
        await expect(question).to_contain_text("May I show them this paper")
        await expect(question.get_by_role("blockquote")).to_contain_text(name)
        await expect(paper(host, name)).to_contain_text("They have been asked")
        await looks_right(alice.page, "asked for a paper")
        await question.get_by_role("button", name=answer, exact=True).click()
        await expect(paper(host, name)).to_contain_text(after)
        await expect(question).to_have_count(0)
    await host.button("Back to joint").click()
    dialog = host.page.get_by_role("dialog")
    await expect(dialog).to_contain_text(GIVEN)
    await expect(dialog).not_to_contain_text(KEPT)
    await dialog.get_by_role("button", name="Back to joint").click()
    await expect(bob.status).to_have_text(begins("Joint"))
    await in_paper(host, GIVEN, "Show to everybody here").click()
    await expect(shown(bob, GIVEN, host)).to_be_visible()
    await open_papers(bob)
    await expect(paper(bob, GIVEN)).to_be_visible()
    await expect(bob.page.get_by_text(KEPT)).to_have_count(0)


# ---- finding and doing ---------------------------------------------------------------------------


def shown(person: Person, name: str, by: Person) -> Locator:
    alt = f"Page 1 of 1 of {name}, shown by {by.name}"
    return person.page.get_by_role("img", name=alt, exact=True)
