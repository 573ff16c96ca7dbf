"""The life of a case on its page: notes, more time, its end, and opened again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from playwright.async_api import Browser, Page, expect

from bench.browser import PHONE, Person, context
from bench.demo import Demo
from tests.browser.looks import looks_right

DESK = {"width": 1280, "height": 900}


async def both_sizes(page: Page, where: str) -> None:
    await page.set_viewport_size(PHONE["viewport"])
    await looks_right(page, f"{where}, phone")
    await page.set_viewport_size(DESK)  # type: ignore[arg-type]
    await looks_right(page, f"{where}, desk")


async def test_from_a_note_to_the_end_and_on(heyi: Demo, chromium: Browser) -> None:
    staff = Person(await (await context(chromium)).new_page(), tone=0)
    page = staff.page
    await staff.sign_in(heyi, "mediator3")
    await page.goto(f"{heyi.url}/today")
    due = page.get_by_role("region", name="Overdue or due soon")
    await due.get_by_role("link").first.click()
    await expect(page.get_by_role("heading", name="Next step")).to_be_visible()
    await both_sizes(page, "case")

    await page.locator("summary", has_text="New note or call").click()
    await page.get_by_label("What it is", exact=True).select_option("call")
    await page.get_by_label("What was said or seen").fill("Both want the survey first.")
    await staff.button("Keep the note").click()
    await expect(page.get_by_role("status")).to_have_text("It is written down.")
    notes = page.get_by_role("region", name="Notes and calls")
    await expect(notes.get_by_text("Both want the survey first.")).to_be_visible()
    await notes.get_by_role("button", name="Strike out").first.click()
    await expect(notes.locator("s")).to_have_text("Both want the survey first.")

    await more_time(page, staff)
    await the_end(page, staff)


async def more_time(page: Page, staff: Person) -> None:
    await page.get_by_role("link", name="Ask for more time").click()
    await both_sizes(page, "more time")
    until = datetime.now(UTC) + timedelta(days=40)
    await page.get_by_label("New last day").fill(until.date().isoformat())
    await page.get_by_label("Reason").fill("The survey takes three weeks.")
    await staff.button("Ask the parties").click()
    asked = page.get_by_role("region", name="Extension", exact=True)
    await expect(asked.get_by_text("waits for answers")).to_be_visible()
    await both_sizes(page, "extension asked")
    while await (answers := asked.get_by_role("radio", name="Consents", exact=True)).count():
        left = await answers.count()
        await answers.first.check()
        await asked.get_by_role("button", name="Write down").first.click()
        await expect(answers).to_have_count(left - 1)
    await expect(page.get_by_role("status")).to_contain_text("the limit has moved")
    await expect(asked.get_by_text("granted")).to_be_visible()
    await expect(page.locator(".case-due")).not_to_contain_text("overdue")


async def the_end(page: Page, staff: Person) -> None:
    await page.get_by_role("region", name="The end of the case").get_by_role("link").click()
    await page.get_by_label("How the case ended").select_option("too_far_apart")
    await page.get_by_label("Reason").fill("They are 30,000 yuan apart.")
    await page.get_by_label("Go to court").check()
    await staff.button("Close the case").click()
    await expect(page.get_by_text("There is no agreement, so the parties must")).to_be_visible()
    await expect(page.get_by_label("Go to court")).to_be_checked()
    await both_sizes(page, "close, incomplete")
    await page.get_by_label("Apply for arbitration").check()
    await page.get_by_label("Turn to an administrative authority").check()
    await staff.button("Close the case").click()
    await expect(page.get_by_role("status")).to_have_text("The case is closed.")
    await both_sizes(page, "closed")

    await page.get_by_role("link", name="Open the case again").click()
    await page.get_by_label("Reason").fill("One of them thought better of it.")
    await staff.button("Open the case again").click()
    await expect(page.get_by_role("status")).to_contain_text("open again")
    await page.get_by_role("region", name="Timeline").get_by_role("link").last.click()
    line = page.get_by_role("list").filter(has_text="Case entered")
    for told in ("Opened again", "They are 30,000 yuan apart.", "Extension granted"):
        await expect(line).to_contain_text(told)
    await both_sizes(page, "time line")
    await page.get_by_role("link", name="Deadlines", exact=True).click()
    await expect(page.get_by_text("A limit passed")).to_be_visible()


async def test_two_cases_become_one(heyi: Demo, chromium: Browser) -> None:
    staff = Person(await (await context(chromium)).new_page(), tone=0)
    page = staff.page
    await staff.sign_in(heyi, "mediator")
    await page.goto(f"{heyi.url}/cases")
    case = await page.get_by_role("link", name="赡养费分担").first.get_attribute("href")
    await page.goto(f"{heyi.url}{case}/split")
    await both_sizes(page, "split")
    await page.get_by_label("Short title of the new case").fill("Who pays for the carer")
    await page.get_by_label("Reason").fill("It is a matter by itself.")
    await page.get_by_label("郑燕").select_option("both")
    await staff.button("Split the case").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Who pays for the carer")
    await both_sizes(page, "new part")
    linked = page.get_by_role("region", name="Connected cases")
    await expect(linked.get_by_text("Was a part of")).to_be_visible()

    await page.get_by_role("link", name="Join to another case").click()
    await page.get_by_label("Number or address of the other case").fill(f"{heyi.url}{case}")
    await page.get_by_label("Reason").fill("They want it settled together after all.")
    await staff.button("Look at the other case").click()
    await expect(page.get_by_role("region", name="It goes on in this case")).to_contain_text("郑海")
    await both_sizes(page, "join")
    await staff.button("Join them").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("赡养费分担")
    await expect(page.get_by_role("region", name="Connected cases")).to_contain_text(
        "Was joined to this one"
    )


async def test_the_days_of_a_year_are_entered(heyi: Demo, chromium: Browser) -> None:
    staff = Person(await (await context(chromium)).new_page(), tone=0)
    page = staff.page
    await staff.sign_in(heyi, "administrator")
    await page.goto(f"{heyi.url}/workdays?year=2031")
    await expect(page.get_by_text("are not known here yet")).to_be_visible()
    await page.get_by_label("All days of 2031").fill("2031-01-23 off Spring Festival\n2031-02-01")
    await staff.button("Save the days").click()
    await expect(page.get_by_label("All days of 2031")).to_have_value(
        "2031-01-23 off Spring Festival\n2031-02-01"
    )
    await both_sizes(page, "days, refused")
    await page.get_by_label("All days of 2031").fill("2031-01-23 off Spring Festival")
    await staff.button("Save the days").click()
    await expect(page.get_by_role("row", name="23 Jan 2031")).to_contain_text("Spring Festival")
