"""An administrator's work, a newcomer's first day, and the mediators whom visitors get to know."""

from __future__ import annotations

import re
from pathlib import Path

import pyotp
from playwright.async_api import Browser, Page, expect

from bench.browser import PHONE, Person, context
from bench.demo import Demo
from tests.browser.looks import looks_right

DESK = {"viewport": {"width": 1280, "height": 800}}
PASSWORD = "a short sentence"
# The smallest picture there is: one pixel.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360"
    "606060000000050001a5f645400000000049454e44ae426082"
)


async def signed_in(chromium: Browser, heyi: Demo, role: str, **given: object) -> Page:
    one = Person(await (await context(chromium, **given)).new_page(), tone=0)
    await one.page.goto(f"{heyi.url}/?lang=en")
    await one.sign_in(heyi, role)
    return one.page


async def test_an_organisation_and_its_first_person(
    heyi: Demo, chromium: Browser, tmp_path: Path
) -> None:
    page = await signed_in(chromium, heyi, "administrator", **DESK)
    await page.get_by_role("main").get_by_role("link", name="Organisations").click()
    await expect(page.locator(".tree")).to_contain_text("柳河镇人民调解委员会")
    await looks_right(page, "tree")
    await page.get_by_role("link", name="New organisation").click()
    await page.get_by_label("Name of the organisation").fill("白杨镇人民调解委员会")
    await page.get_by_label("Kind of organisation").select_option(label="Mediation committee")
    await page.get_by_label("Time zone").fill("Asia/Shanghai")
    await page.get_by_role("button", name="Add the organisation").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    await looks_right(page, "new organisation, not right yet")
    await page.get_by_label("Belongs under").select_option(index=1)
    await page.get_by_role("button", name="Add the organisation").click()
    await expect(page.get_by_role("status")).to_have_text("The organisation has been added.")
    await looks_right(page, "organisation")

    await page.get_by_role("link", name="New person here").click()
    await page.get_by_label("Name", exact=True).fill("郑新")
    await page.get_by_label("Login").fill("zhengxin")
    await page.get_by_label("Mediator").check()
    await looks_right(page, "new person")
    await page.get_by_role("button", name="Add the person").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("郑新")
    await looks_right(page, "person")
    await page.get_by_role("button", name="Make a link").click()
    await looks_right(page, "invitation")
    message = await page.get_by_label("Message to send").input_value()
    found = re.search(r"https?://\S+/invite/\S+", message)
    assert found is not None
    await newcomer(chromium, heyi, found[0], tmp_path)


async def newcomer(chromium: Browser, heyi: Demo, link: str, folder: Path) -> None:
    """On a phone: password, profile with a photo, the code at sign-in."""
    page = await (await context(chromium, **PHONE)).new_page()
    await page.goto(f"{link}?lang=en")
    await looks_right(page, "welcome")
    await page.get_by_label("Choose a password").fill(PASSWORD)
    await page.get_by_label("The same once more").fill(PASSWORD)
    await page.get_by_role("button", name="Save the password").click()
    await looks_right(page, "joined")
    await page.get_by_role("link", name="Sign in", exact=True).click()
    await with_password(page)
    await page.get_by_role("link", name="My profile").click()
    await looks_right(page, "profile")
    await page.get_by_label("Neighbours").check()
    await page.get_by_label("Languages and dialects").fill("普通话、白杨话")
    await page.get_by_label("A few words about myself").fill("在白杨镇调解二十年。")
    await page.get_by_label("Show me on the public list").check()
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_role("status")).to_have_text("Your profile has been saved.")
    photo = folder / "me.png"
    photo.write_bytes(PIXEL)
    await page.get_by_label("Choose a photo").set_input_files(photo)
    await page.get_by_role("button", name="Save the photo").click()
    await expect(page.get_by_role("img", name="My photo")).to_be_visible()
    await looks_right(page, "profile with a photo")
    await second_step(page, heyi)
    await listed(page, heyi)


async def second_step(page: Page, heyi: Demo) -> None:
    await page.get_by_role("link", name="Set it up").click()
    await looks_right(page, "second factor")
    key = "".join((await page.locator("code").inner_text()).split())
    phone = pyotp.TOTP(key)
    await page.get_by_label("The six digits").fill(phone.now())
    await page.get_by_role("button", name="Switch it on").click()
    await looks_right(page, "recovery codes")
    codes = (await page.get_by_label("Recovery codes").input_value()).split()
    await page.get_by_role("link", name="I have kept them").click()
    await page.get_by_role("button", name="Sign out").click()
    await page.goto(f"{heyi.url}/sign-in")
    await with_password(page)
    await looks_right(page, "second step")
    # The code that confirmed it counts no more; a recovery code does.
    await page.get_by_label("Six digits").fill(codes[0])
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Today")


async def listed(page: Page, heyi: Demo) -> None:
    for language in ("en", "zh"):
        await page.goto(f"{heyi.url}/mediators?lang={language}")
        await expect(page.get_by_role("main")).to_contain_text("白杨话")
        await looks_right(page, f"public list, {language}")


async def with_password(page: Page) -> None:
    await page.get_by_label("Login", exact=True).fill("zhengxin")
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()


async def test_somebody_leaves(heyi: Demo, chromium: Browser) -> None:
    """What the demo's mediator still has to do goes to a colleague."""
    page = await signed_in(chromium, heyi, "administrator", **PHONE)
    await page.goto(f"{heyi.url}/people?q=王敏")
    await looks_right(page, "people")
    await page.get_by_role("link", name="王敏").click()
    await looks_right(page, "person on a phone")
    await page.get_by_role("link", name="This person leaves").click()
    await expect(page.get_by_role("heading", name=re.compile("open case"))).to_be_visible()
    await looks_right(page, "leaving")
    await page.get_by_label("Who takes all of it on?").select_option(label="林芳")
    await page.get_by_role("button", name="Let them leave").click()
    await expect(page.get_by_role("status")).to_contain_text("This person has left.")
    await looks_right(page, "has left")
