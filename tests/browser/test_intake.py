"""A visitor's matter and a transfer come in; a party is changed, represented and looked at."""

from __future__ import annotations

from playwright.async_api import Browser, Page, expect

from bench.browser import PHONE, Person, context
from bench.demo import Demo
from tests.browser.looks import looks_right


async def clerk(heyi: Demo, chromium: Browser, **given: object) -> Person:
    one = Person(await (await context(chromium, **given)).new_page(), tone=0)
    await one.sign_in(heyi, "clerk")
    return one


async def name(page: Page, party: int, who: str, phone: str = "") -> None:
    row = page.get_by_role("group", name=f"Party {party}", exact=True)
    await row.get_by_label("Name", exact=True).fill(who)
    await row.get_by_label("Telephone (may stay empty)").fill(phone)


async def test_a_visitors_matter_comes_in(heyi: Demo, chromium: Browser) -> None:
    """Names, a type and one tap; a mistyped ID number is found, a double is not made."""
    one = await clerk(heyi, chromium)
    page, heading = one.page, one.page.get_by_role("heading", level=1)
    await page.goto(f"{heyi.url}/cases/new?lang=en")
    await page.get_by_label("Type of dispute").select_option("neighbours")
    await name(page, 1, "Cora Hill", "138 0000 0077")
    await name(page, 2, "Dan Field")
    await page.locator("#party0-id_number").fill("110105194912310021")
    await one.button("Create case").click()
    await expect(page.locator("#party0-id_number-problem")).to_contain_text("last digit")
    await expect(page.locator("#party0-name")).to_have_value("Cora Hill")
    await looks_right(page, "intake, a mistyped number")
    await page.locator("#party0-id_number").fill("11010519491231002x")
    await one.button("Create case").click()
    await expect(heading).to_have_text("Cora Hill and Dan Field: Neighbours")
    await expect(page.get_by_text("138****0077").first).to_be_visible()
    await looks_right(page, "case")

    await page.goto(f"{heyi.url}/cases/new")
    await page.get_by_label("Type of dispute").select_option("labour")
    await name(page, 1, "C. Hill", "138 0000 0077")
    await one.button("Create case").click()
    alike = page.get_by_role("alert", name="Is it one of these?")
    await expect(alike.get_by_role("link")).to_have_count(1)
    await looks_right(page, "intake, alike")
    await one.button("This is another matter").click()
    await expect(heading).to_have_text("C. Hill: Labour disputes")


async def test_a_courts_transfer_comes_in_on_a_phone(heyi: Demo, chromium: Browser) -> None:
    one = await clerk(heyi, chromium, **PHONE)
    page = one.page
    for n in range(2):
        await page.goto(f"{heyi.url}/cases/new?lang=en")
        await expect(page.get_by_label("Its reference")).to_be_hidden()
        await page.get_by_label("Referred by a court").check()
        await page.get_by_label("Who passed it on").fill("云溪县人民法院")
        await page.get_by_label("Its reference").fill("(2026)云01民诉前调77号")
        await page.get_by_label("Type of dispute").select_option("contract")
        await name(page, 1, f"Eve Lake {n}")
        await looks_right(page, "transfer")
        await one.button("Create case").click()
        if n == 0:
            await expect(page.get_by_text("（2026）云01民诉前调77号").first).to_be_visible()
            await looks_right(page, "case of a court")
    await expect(page.get_by_text("This reference has come in before:")).to_be_visible()
    await looks_right(page, "transfer, known")


async def test_a_party_and_who_speaks_for_them(heyi: Demo, chromium: Browser) -> None:
    one = await clerk(heyi, chromium, **PHONE)
    other = await clerk(heyi, chromium)
    page = one.page
    await page.goto(f"{heyi.url}/cases/new?lang=en")
    await page.get_by_label("Type of dispute").select_option("other")
    await name(page, 1, "Fay Stone", "138 0000 0088")
    await name(page, 2, "Gus Wood")
    await one.button("Create case").click()
    await page.get_by_role("link", name="Fay Stone").first.click()
    party = page.url

    await page.locator("summary", has_text="Add a representative").click()
    form = page.locator("form[action$='/speakers']")
    await form.get_by_label("Name", exact=True).fill("Lawyer Lee")
    await form.get_by_label("What they are to the party").select_option("lawyer")
    await form.get_by_label("What they may do").select_option("special")
    await one.button("Add the representative").click()
    await expect(page.get_by_role("heading", name="Lawyer Lee")).to_be_visible()
    await looks_right(page, "party, represented")

    # Another clerk has the page open as well, and saves first.
    await other.page.goto(f"{party}?lang=en")
    for somebody, field, text in ((other, "Name", "Fay Stone-Hill"), (one, "Occupation", "tailor")):
        await somebody.page.locator("summary", has_text="Change").first.click()
        form = somebody.page.locator("form:has(#party-name)")
        await form.get_by_label(field, exact=True).fill(text)
        await form.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("table", name="Both versions")).to_be_visible()
    await looks_right(page, "party, both versions")

    await page.goto(party)
    await page.locator("summary", has_text="Show in full").click()
    await page.get_by_label("Why do you need to see it?").select_option("contact")
    await one.button("Show in full").click()
    await expect(page.get_by_text("13800000088")).to_be_visible()
    await looks_right(page, "party in full")
    await page.get_by_role("link", name="Cover it again").click()
    await expect(page.get_by_text("138****0088").first).to_be_visible()

    await page.locator("summary", has_text="They leave the matter").click()
    await page.get_by_label("Reason", exact=True).fill("settled it herself")
    await one.button("They leave the matter").click()
    await expect(page.locator("summary", has_text="1 has left")).to_be_visible()
