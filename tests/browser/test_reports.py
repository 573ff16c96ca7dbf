"""From the field to the station: a report typed with one hand, without a network in between."""

from __future__ import annotations

from playwright.async_api import Browser, FilePayload, expect

from bench.browser import PHONE, Person, context
from bench.demo import Demo
from tests.browser.looks import looks_right
from tests.security.test_files import jpeg

PHOTO: FilePayload = {"name": "wall.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}


async def person(chromium: Browser, **given: object) -> Person:
    return Person(await (await context(chromium, **given)).new_page(), tone=0)


async def test_a_report_is_not_lost_without_a_network(heyi: Demo, chromium: Browser) -> None:
    grid = await person(chromium, **PHONE)
    page = grid.page
    await page.context.grant_permissions(["geolocation"])
    await page.context.set_geolocation({"latitude": 31.2304, "longitude": 121.4737})
    await grid.sign_in(heyi, "grid_worker")
    await page.get_by_role("navigation").get_by_role("link", name="My reports").click()
    await looks_right(page, "my reports")
    await page.get_by_role("link", name="Report a dispute").click()
    await looks_right(page, "a report")
    await expect(page.get_by_role("link", name="Call the police: 110")).to_be_visible()

    await page.get_by_label("What is it about").fill("Water from above")
    await page.get_by_label("Type of dispute").select_option(label="Neighbours")
    await page.get_by_label("It may become dangerous").check()
    await grid.button("Add my position").click()
    await expect(page.get_by_label("Position")).to_have_value("31.23040, 121.47370")
    await page.get_by_label("Name, side A").fill("Alice")
    await page.reload()
    await expect(page.get_by_label("What is it about")).to_have_value("Water from above")
    await page.get_by_label("Photos").set_input_files([PHOTO])

    await page.context.set_offline(True)
    await grid.button("Send the report").click()
    await expect(page.locator("[data-offline]")).to_be_visible()
    await looks_right(page, "a report without a network")
    await page.context.set_offline(False)
    await grid.button("Send the report").click()
    await expect(page.get_by_text("Your report has arrived")).to_be_visible()
    await looks_right(page, "a report that has arrived")
    await page.get_by_role("link", name="Report a dispute").click()
    await expect(page.get_by_label("What is it about")).to_have_value("")
    assert grid.faults == []

    clerk = await person(chromium)
    await clerk.sign_in(heyi, "clerk")
    await clerk.page.goto(f"{heyi.url}/cases?lang=en")
    await clerk.page.get_by_role("link", name="Water from above").first.click()
    await expect(clerk.page.get_by_role("heading", name="It may become dangerous")).to_be_visible()
    async with clerk.page.expect_download() as download:
        await clerk.page.get_by_role("link", name="wall.jpg").click()
    assert (await download.value).suggested_filename == "wall.jpg"
    await clerk.page.get_by_role("link", name="Add papers").click()
    await looks_right(clerk.page, "add papers")
    pdf: FilePayload = {"name": "欠条.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    await clerk.page.get_by_label("Files or photos").set_input_files([pdf])
    await clerk.button("Add papers").click()
    await clerk.page.get_by_role("button", name="Remove paper 欠条.pdf").click()
    await clerk.page.locator("summary", has_text="1 removed paper").click()
    await looks_right(clerk.page, "a case with papers")
    await clerk.page.get_by_role("button", name="Put back 欠条.pdf").click()
    await expect(clerk.page.get_by_role("link", name="欠条.pdf")).to_be_visible()


async def test_without_script(heyi: Demo, chromium: Browser) -> None:
    grid = await person(chromium, **PHONE, java_script_enabled=False)
    page = grid.page
    await grid.sign_in(heyi, "grid_worker")
    await page.goto(f"{heyi.url}/reports/new?lang=en")
    await page.get_by_label("What is it about").fill("Noise at night")
    await grid.button("Send the report").click()
    await expect(page.get_by_text("Please say where it is")).to_be_visible()
    await page.get_by_label("Where is it").fill("Village square")
    await page.get_by_label("Type of dispute").select_option(label="Neighbours")
    await grid.button("Send the report").click()
    await expect(page.get_by_text("Your report has arrived")).to_be_visible()
    await expect(page.get_by_role("heading", name="Noise at night")).to_be_visible()
