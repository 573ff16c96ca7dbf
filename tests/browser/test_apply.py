"""Somebody without an account: the application, the code, how it stands, and taking it back."""

from __future__ import annotations

import re
import struct
import zlib

from playwright.async_api import Browser, Page, expect

from bench.browser import PHONE, Person, context
from bench.demo import Demo
from tests.browser.looks import looks_right

SCRIPT = "<script>alert(1)</script>"
RARE = "𠮷㼆"


async def test_the_whole_application_in_chinese_on_a_phone(heyi: Demo, chromium: Browser) -> None:
    page = await (await context(chromium, **PHONE)).new_page()
    faults: list[str] = []
    page.on("dialog", lambda dialog: faults.append(dialog.message))
    page.on("pageerror", lambda error: faults.append(str(error)))
    await page.goto(f"{heyi.url}/?lang=zh")
    await looks_right(page, "home")
    await page.locator("a[href='/apply']").click()
    await looks_right(page, "start")
    await go(page)

    await looks_right(page, "about")
    await go(page)
    await expect(page.get_by_role("alert")).to_be_visible()
    await looks_right(page, "about, nothing chosen")
    await pick(page, "dispute_type", "property")
    await looks_right(page, "where")
    await page.get_by_role("radio", name="柳河镇人民调解委员会").check()
    await go(page)
    await fill(page, facts=f"电梯停了三个月。{RARE}{SCRIPT}")
    await fill(page, request="退还物业费")
    await page.locator("[name=kind][value=person]").check()
    await fill(page, name=f"冯志明{RARE}")
    await fill(page, phone="138 0000 0001", address=SCRIPT)
    await fill(page, id_number="110105194912310021", stays=True)
    await looks_right(page, "more, wrong number")
    await fill(page, id_number="11010519491231002X")

    # Somebody comes back another day, and goes on where they stopped.
    await page.goto(f"{heyi.url}/apply")
    await looks_right(page, "start, begun")
    await go(page)
    await expect(page).to_have_url(re.compile("/apply/other$"))
    await page.locator("[name=kind0][value=organisation]").check()
    await page.locator("[name=name0]").fill("安居物业")
    await page.locator("button[value=more]").click()
    await page.locator("[name=kind1][value=person]").check()
    await page.locator("[name=name1]").fill(f"张三{SCRIPT}")
    await looks_right(page, "other")
    await go(page)
    await page.locator("[name=files]").set_input_files(
        {"name": "墙.png", "mimeType": "image/png", "buffer": picture()}
    )
    await page.locator("button[value=add]").click()
    await expect(page.locator(".files")).to_contain_text("墙.png")
    await looks_right(page, "files")
    await go(page)
    await looks_right(page, "wish")
    await go(page)
    await looks_right(page, "helper")
    await go(page)

    await expect(page.locator(".overview")).to_contain_text(f"冯志明{RARE}")
    await expect(page.locator(".overview")).to_contain_text(SCRIPT)
    await looks_right(page, "review")
    await go(page)
    await expect(page.get_by_role("alert")).to_be_visible()
    await looks_right(page, "review, not declared")
    await page.locator("[name=truth]").check()
    await page.locator("[name=data]").check()
    await go(page)
    await expect(page.locator(".matter-code")).to_be_visible()
    await looks_right(page, "sent")
    code = "-".join(await page.locator(".matter-code span").all_inner_texts())

    await page.goto(f"{heyi.url}/status")
    await looks_right(page, "status")
    await page.get_by_role("textbox").fill("0000-0000-00")
    await go(page)
    await looks_right(page, "status, unknown code")
    await page.get_by_role("textbox").fill(code.lower().replace("-", " "))
    await go(page)
    await expect(page.locator(".way .reached")).to_have_count(1)
    assert code not in page.url
    body = await page.locator("main").inner_text()
    assert not [word for word in ("安居", "电梯") if word in body]
    await looks_right(page, "how it stands")
    for path in ("/status/withdraw", "/ask"):
        await page.goto(heyi.url + path)
        await looks_right(page, path)
    assert faults == []

    staff = Person(await (await context(chromium)).new_page(), tone=0)
    await staff.page.goto(f"{heyi.url}/?lang=en")
    await looks_right(staff.page, "home on a desk")
    await staff.sign_in(heyi, "clerk")
    await staff.page.goto(f"{heyi.url}/cases")
    await staff.page.get_by_role("link", name=re.compile("冯志明.*安居物业")).first.click()
    await staff.page.locator("form[action$='/code'] button").click()
    await expect(staff.page.locator(".matter-code")).to_contain_text(code.split("-")[0])
    await looks_right(staff.page, "slip")


async def test_without_script_in_english_and_taken_back(heyi: Demo, chromium: Browser) -> None:
    page = await (await context(chromium, java_script_enabled=False)).new_page()
    await page.goto(f"{heyi.url}/apply?lang=en")
    await page.get_by_role("button", name="Begin").click()
    await pick(page, "dispute_type", "neighbours")
    await page.get_by_role("searchbox").or_(page.locator("#q")).fill("柳河")
    await page.get_by_role("button", name="Search").click()
    await page.get_by_role("radio").first.check()
    await go(page)
    await fill(page, facts="Water comes through my ceiling.")
    await fill(page, request="A repair.")
    await page.locator("[name=kind][value=person]").check()
    await fill(page, name="Alice Green")
    await fill(page, phone="13800000002")
    await go(page)
    await page.locator("[name=kind0][value=person]").check()
    await fill(page, name0="alice green", stays=True)
    await expect(page.locator(".problem")).to_contain_text("the same name")
    await fill(page, name0="Ben Brown")
    for _ in ("files", "wish", "helper"):
        await go(page)
    await page.get_by_role("checkbox").first.check()
    await page.get_by_role("checkbox").last.check()
    await go(page)
    code = "".join(await page.locator(".matter-code span").all_inner_texts())
    await page.get_by_role("button", name="clear this device").click()
    await page.goto(f"{heyi.url}/apply/sent")
    await expect(page.get_by_role("button", name="Begin")).to_be_visible()

    await page.goto(f"{heyi.url}/status")
    await page.get_by_label("Matter code").fill(code)
    await go(page)
    await expect(page.locator("main")).not_to_contain_text("Ben")
    await page.get_by_role("link", name="take the application back").click()
    await page.get_by_label("Reason").fill("We have made peace.")
    await go(page)
    await expect(page.get_by_role("status")).to_contain_text("withdrawn")
    await page.get_by_role("button", name="Close this page now").click()
    await page.goto(f"{heyi.url}/status/view")
    await expect(page.get_by_label("Matter code")).to_be_visible()


async def go(page: Page) -> None:
    """The one main action of the page."""
    await page.locator(".go button").click()


async def pick(page: Page, name: str, value: str) -> None:
    await page.locator(f"[name={name}][value={value}]").check()
    await go(page)


async def fill(page: Page, *, stays: bool = False, **fields: str) -> None:
    """`stays`: it is refused, and the same question is there again."""
    asked = await page.locator("h1").inner_text()
    for name, value in fields.items():
        await page.locator(f"[name={name}]").fill(value)
    await go(page)
    if stays:
        await expect(page.locator(".problem").first).to_be_visible()
    else:
        await expect(page.locator("h1")).not_to_have_text(asked)


def picture() -> bytes:
    """The smallest PNG there is: one grey point."""

    def part(kind: bytes, content: bytes) -> bytes:
        whole = kind + content
        return struct.pack(">I", len(content)) + whole + struct.pack(">I", zlib.crc32(whole))

    head = part(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    body = part(b"IDAT", zlib.compress(b"\0\x80"))
    return b"\x89PNG\r\n\x1a\n" + head + body + part(b"IEND", b"")
