"""A table with bad rows: checked, brought in, mended, sent again."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Browser, FilePayload, Page, expect

from bench.browser import PHONE, Person, context
from bench.demo import Demo
from tests.browser.looks import looks_right

HEADINGS = "Case title,Type of dispute,Accepted on,Closed on,How it ended,Applicant,Respondent"


def table(rows: int) -> bytes:
    lines = [HEADINGS]
    for n in range(rows):
        kind = "War" if n == 7 else "Neighbours"
        lines.append(f"Old case {n},{kind},2024-05-01,2024-06-01,Agreed,Alice,Bob")
    return "\n".join(lines).encode()


async def upload(page: Page, content: bytes, name: str = "cases.csv") -> None:
    file: FilePayload = {"name": name, "mimeType": "text/csv", "buffer": content}
    await page.get_by_label("File", exact=True).set_input_files([file])
    await page.get_by_role("button", name="Check the file").click()


async def test_a_table_with_a_bad_row(heyi: Demo, chromium: Browser, tmp_path: Path) -> None:
    clerk = Person(await (await context(chromium)).new_page(), tone=0)
    page = clerk.page
    await clerk.sign_in(heyi, "clerk")
    await page.get_by_role("link", name="Import").click()
    await looks_right(page, "imports")
    await page.get_by_role("link", name="Import: Cases").click()
    await looks_right(page, "new import")
    await upload(page, b"Case title,What\nx,y\n")
    await expect(page.get_by_role("alert")).to_contain_text("Applicant")
    await looks_right(page, "new import, columns missing")

    await upload(page, table(700))
    start = clerk.button("Bring in the 699 good rows")
    await expect(start).to_be_visible()
    await looks_right(page, "checked")
    async with page.expect_download() as download:
        await page.get_by_role("link", name="Bad rows (CSV)").click()
    bad = tmp_path / (await download.value).suggested_filename
    await (await download.value).save_as(bad)
    await start.click()
    await expect(page.get_by_text("It is done.")).to_be_visible()
    await looks_right(page, "brought in")

    await page.goto(f"{heyi.url}/imports/new?what=cases")
    await upload(page, bad.read_bytes().replace(b"War", b"Neighbours"), bad.name)
    await clerk.button("Bring in the good row").click()
    await expect(page.get_by_text("It is done.")).to_be_visible()
    assert clerk.faults == []

    await page.context.close()
    phone = Person(await (await context(chromium, **PHONE)).new_page(), tone=0)
    await phone.sign_in(heyi, "administrator")
    for path in ("/imports", "/imports/new?what=users", "/imports/new?what=organisations"):
        await phone.page.goto(f"{heyi.url}{path}")
        await looks_right(phone.page, path)
