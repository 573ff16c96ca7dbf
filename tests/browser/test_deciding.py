"""From a matter that has come in to its mediator: decided, offered, taken on, each side asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from playwright.async_api import Browser, Page, expect

from bench.browser import PHONE, Person, context
from bench.demo import Demo
from tests.browser.looks import looks_right

MATTER, OTHER = "广场舞音响扰民", "魏建平与魏建军：房屋宅基地"


async def signed_in(heyi: Demo, chromium: Browser, role: str, **given: object) -> Person:
    somebody = Person(await (await context(chromium, **given)).new_page(), tone=0)
    await somebody.sign_in(heyi, role)
    return somebody


async def both(page: Page, where: str) -> None:
    """On a computer, and on the phone that a mediator has in the village."""
    await looks_right(page, where)
    await page.set_viewport_size({"width": 360, "height": 740})
    await looks_right(page, f"{where}, phone")
    await page.set_viewport_size({"width": 1280, "height": 900})


async def test_from_coming_in_to_a_meeting_that_keeps_the_sides_apart(
    heyi: Demo, chromium: Browser
) -> None:
    clerk = await signed_in(heyi, chromium, "clerk")
    page = clerk.page
    await page.goto(f"{heyi.url}/cases")
    await page.get_by_role("link", name=MATTER, exact=True).first.click()
    await both(page, "to be decided")
    case = page.url.partition("#")[0].partition("?")[0]
    await clerk.button("Accept").click()
    await expect(page.get_by_text("The matter is accepted and has its number.")).to_be_visible()
    await both(page, "accepted")

    await page.locator("#handlers").get_by_role("link", name="Choose a mediator").click()
    await both(page, "proposals")
    await clerk.button("Offer it").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await looks_right(page, "nobody chosen")
    await page.get_by_role("radio", name="王敏").check()
    await clerk.button("Offer it").click()
    await expect(page.get_by_text("The offer is made.")).to_be_visible()
    await both(page, "offered")
    await page.goto(f"{heyi.url}/offers")
    await both(page, "offers")

    mediator = await signed_in(heyi, chromium, "mediator")
    page = mediator.page
    await looks_right(page, "today, asked")
    await page.get_by_role("link", name=MATTER).click()
    await both(page, "offer")
    await mediator.button("Answer").click()
    await expect(page.get_by_text("Please say whether you know")).to_be_visible()
    await page.get_by_role("radio", name="I know none of these people").check()
    await mediator.button("Answer").click()
    await expect(page.get_by_text("The matter is yours now.")).to_be_visible()

    await page.goto(f"{case}/screenings/A")
    await both(page, "screening")
    violence = page.get_by_role("group", name="Has the other side ever hurt you")
    await violence.get_by_role("radio", name="Yes").check()
    await mediator.button("Keep these answers").click()
    await expect(page.get_by_text("Make this case shuttle-only")).to_be_visible()
    await page.get_by_role("checkbox", name="Shuttle only").check()
    await mediator.button("Keep these answers").click()
    await expect(page.get_by_text("Make this case shuttle-only")).to_have_count(0)
    await both(page, "screened")

    await page.goto(f"{case}/sessions/new")
    await expect(page.get_by_text("Shuttle only: the sides never share a room.")).to_be_visible()
    in_two_days = datetime.now(UTC) + timedelta(days=2)
    await page.get_by_label("Date", exact=True).fill(in_two_days.date().isoformat())
    await page.get_by_label("Time", exact=True).fill("10:00")
    await mediator.button("Book the meeting").click()
    await expect(page.get_by_text("The meeting is booked.")).to_be_visible()
    await page.get_by_role("button", name="Enter").click()
    await mediator.button("Join").click()
    await mediator.button("Continue").click()
    await expect(page.get_by_text("Shuttle only: the sides never share a room.")).to_be_visible()
    await looks_right(page, "the host's room, shuttle only")

    # The clerk sees that the sides are kept apart, and not why.
    await clerk.page.goto(f"{case}/screenings/A")
    await expect(clerk.page.get_by_text("Your role does not allow this.")).to_be_visible()


async def test_refused_in_chinese_on_a_phone_and_thought_over(
    heyi: Demo, chromium: Browser
) -> None:
    clerk = await signed_in(heyi, chromium, "clerk", **PHONE)
    page = clerk.page
    await page.goto(f"{heyi.url}/cases?lang=zh")
    await page.get_by_role("link", name=OTHER, exact=True).first.click()
    case = page.url.partition("#")[0].partition("?")[0]
    await page.goto(f"{case}/refuse")
    await looks_right(page, "refuse, Chinese")
    await page.locator("button.danger").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await looks_right(page, "refuse, incomplete")
    await page.locator("input[value=court_decided]").check()
    await page.locator("input[value=court]").check()
    await page.locator("button.danger").click()
    await expect(page.get_by_role("status")).to_be_visible()
    await looks_right(page, "refused")
    await page.goto(f"{case}/again")
    await page.locator("textarea").fill("法院已撤销")
    await looks_right(page, "again")
    await page.locator("form button.main").click()
    await expect(page.locator("#decide")).to_be_visible()
