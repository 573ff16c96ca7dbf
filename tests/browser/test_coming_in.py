"""A visitor's matter, a grid worker's report and a court's transfer, each to a booked meeting."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, expect

from bench.browser import PHONE
from bench.demo import Demo
from tests.browser.desk import Desk

CASE = re.compile(r"/cases/[0-9a-f-]{36}")
UNIT = "柳河镇人民调解委员会"
# Each their own, or one looks like the other.
PHONE_OF = {"visit": "1391111222", "court": "1391111333"}


async def take_in(clerk: Desk, source: str, names: tuple[str, str]) -> None:
    """Somebody stands at the counter, or a letter lies on it."""
    await clerk.go("/cases/new")
    await clerk.looks("new case")
    await clerk.page.locator(f"[name=source][value={source}]").check()
    if source == "court":
        await clerk.field("Who passed it on").fill("云溪县人民法院")
        await clerk.field("Its reference").fill(f"(2026)云1024诉前调{names[0]}号")
    await clerk.field("Type of dispute").select_option("neighbours")
    for n, name in enumerate(names):
        await clerk.named("name").nth(n).fill(name)
    # Each matter has a telephone of its own, or they would look alike.
    last = "7" if names[0].endswith("zh") else "8"
    await clerk.named("phone").first.fill(f"{PHONE_OF[source]}{last}")
    await clerk.named("organisation").select_option(label=UNIT)
    await clerk.press("Create case")
    await expect(clerk.page).to_have_url(CASE)
    await clerk.looks("case")


async def offer(clerk: Desk, mediator: str) -> None:
    """From a case that is accepted to a mediator who has been asked."""
    await clerk.follow("Choose a mediator")
    await clerk.looks("choose a mediator")
    await clerk.page.get_by_role("radio", name=mediator).check()
    await clerk.press("Offer it")
    await expect(clerk.page).to_have_url(CASE)
    await clerk.looks("offered")


async def accept(mediator: Desk, title: str) -> None:
    """From one's own page of today to the case."""
    await mediator.go("/offers")
    await mediator.looks("offers")
    await mediator.page.get_by_role("link", name=title).first.click()
    await mediator.looks("offer")
    await mediator.named("knows").first.check()
    await mediator.press("Answer")
    await expect(mediator.page).to_have_url(CASE)
    await mediator.looks("case taken on")


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_a_visitors_matter(heyi: Demo, chromium: Browser, lang: str) -> None:
    names = (f"访客甲{lang}", f"访客乙{lang}")
    clerk = await Desk.of(chromium, heyi, "clerk", lang)
    await take_in(clerk, "visit", names)
    await offer(clerk, "王敏")
    mediator = await Desk.of(chromium, heyi, "mediator", lang)
    await accept(mediator, names[0])
    await mediator.book(links=3)


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_a_grid_workers_report(heyi: Demo, chromium: Browser, lang: str) -> None:
    title = f"楼道堆物 {lang}"
    worker = await Desk.of(chromium, heyi, "grid_worker", lang, **PHONE)
    await worker.go("/reports/new")
    await worker.looks("report")
    await worker.named("title").fill(title)
    await worker.field("Type of dispute").select_option("neighbours")
    await worker.field("Where is it").fill("东风小区2号楼")
    for side, name in (("A", f"一楼住户{lang}"), ("B", f"二楼住户{lang}")):
        await worker.named(f"name{side}").fill(name)
    await worker.press("Send the report")
    await expect(worker.page).to_have_url(re.compile(r"/reports"))
    await expect(worker.page.get_by_role("heading", name=title)).to_be_visible()
    await worker.looks("reports")

    clerk = await Desk.of(chromium, heyi, "clerk", lang)
    await clerk.go("/cases?order=came_in")
    await clerk.page.get_by_role("link", name=title).first.click()
    await clerk.press("Accept")
    await clerk.looks("accepted")
    await clerk.follow("Choose a mediator")
    await clerk.page.get_by_role("radio", name="林芳").check()
    await clerk.named("agreed").check()
    await clerk.press("Assign at once")
    await expect(clerk.page).to_have_url(CASE)
    await clerk.looks("assigned")
    # The parties' links; the mediator's is the mediator's.
    await clerk.book(links=2)


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_a_courts_transfer(heyi: Demo, chromium: Browser, lang: str) -> None:
    names = (f"原告{lang}", f"被告{lang}")
    clerk = await Desk.of(chromium, heyi, "clerk", lang)
    await take_in(clerk, "court", names)
    # The same letter again makes no double.
    await clerk.go("/cases/new")
    await clerk.page.locator("[name=source][value=court]").check()
    await clerk.field("Who passed it on").fill("云溪县人民法院")
    await clerk.field("Its reference").fill(f"（2026）云1024诉前调{names[0]}号")
    await clerk.field("Type of dispute").select_option("neighbours")
    await clerk.named("name").first.fill("别人")
    await clerk.press("Create case")
    await clerk.sees("This reference has come in before:")
    await clerk.looks("a known reference")
    await clerk.page.get_by_role("alert").get_by_role("link").first.click()

    await offer(clerk, "林芳")
    mediator = await Desk.of(chromium, heyi, "mediator2", lang, **PHONE)
    await accept(mediator, names[0])
    await mediator.book(links=3)
