from __future__ import annotations

from datetime import timedelta

from tests.http.house import House


async def test_who_waits_and_since_when(house: House) -> None:
    alice = house.world.alice
    await house.connect(alice)
    house.clock.now += timedelta(minutes=12)
    async with house.browser("mediator") as browser, browser.get("/today") as answer:
        page = await answer.text()
    waiting = page.partition('class="waiting"')[2].partition("</ul>")[0]
    assert "Alice" in waiting
    assert "waiting for 12 minutes" in waiting


async def test_the_mediator_has_one_thing_to_do_and_a_clerk_does_not_enter(house: House) -> None:
    for role, entries in (("mediator", 1), ("clerk", 0), ("supervisor", 0)):
        async with house.browser(role) as browser, browser.get("/today") as answer:
            page = await answer.text()
        assert page.count("/enter") == entries, role
        assert house.world.case.title in page


async def test_an_administrator_sees_no_case(house: House) -> None:
    async with house.browser("administrator") as browser, browser.get("/today") as answer:
        page = await answer.text()
    assert answer.status == 200
    assert house.world.case.title not in page
    assert 'href="/cases"' not in page


async def test_who_only_reports_begins_with_their_reports(house: House) -> None:
    for role, path in (("grid_worker", "/reports"), ("clerk", "/today")):
        async with house.browser(role) as browser, browser.get("/today") as answer:
            assert answer.url.path == path
            assert ('href="/today"' in await answer.text()) is (path == "/today")
