from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientSession

from server.domain.ids import SeatId
from tests.http.house import House
from tests.store.world import NOON


async def exchange(browser: ClientSession, seat: SeatId, token: str) -> tuple[int, dict[str, Any]]:
    async with browser.post(f"/j/{seat}/exchange", json={"token": token}) as answer:
        return answer.status, await answer.json()


async def test_a_link_is_exchanged_for_a_cookie_of_its_seat(house: House) -> None:
    alice, opponent = house.world.alice, house.world.opponent
    async with house.browser() as browser:
        status, welcome = await exchange(browser, alice, house.token(alice))
        assert status == 200
        assert welcome["host_name"] == "王敏"
        async with browser.get(f"/j/{alice}/welcome") as answer:
            assert await answer.json() == welcome
        async with browser.get(f"/j/{opponent}/welcome") as answer:
            assert (answer.status, (await answer.json())["code"]) == (401, "no_seat")
        # One phone, two links.
        assert (await exchange(browser, opponent, house.token(opponent)))[0] == 200
        async with browser.get(f"/j/{alice}/welcome") as answer:
            assert answer.status == 200


async def test_the_welcome_names_nobody_but_the_host(house: House) -> None:
    alice = house.world.alice
    async with house.browser() as browser:
        _, welcome = await exchange(browser, alice, house.token(alice))
    told = str({**welcome, "texts": None})
    assert not any(name in told for name in ("Alice", "Bob", "Opponent", house.world.case.title))
    assert [text["purpose"] for text in welcome["texts"]] == ["online_mediation"]


async def test_the_same_device_keeps_its_cookie(house: House) -> None:
    alice = house.world.alice
    async with house.browser() as browser:
        await exchange(browser, alice, house.token(alice))
        before = [cookie.value for cookie in browser.cookie_jar]
        await exchange(browser, alice, house.token(alice))
        assert [cookie.value for cookie in browser.cookie_jar] == before


async def test_tokens_that_are_not_this_seats_open_nothing(house: House) -> None:
    alice, world = house.world.alice, house.world
    forged = [house.token(world.bob), house.token(world.charlie), house.token(alice, 2), "", "项"]
    async with house.browser() as browser:
        for token in forged:
            status, answer = await exchange(browser, alice, token)
            assert (status, answer["code"]) == (403, "link_invalid")
            assert answer["text"].startswith("This link is not valid")
        assert (await exchange(browser, SeatId("nobody"), house.token(alice)))[0] == 403
        assert not list(browser.cookie_jar)


async def test_a_new_link_makes_the_old_one_and_its_cookie_void(house: House) -> None:
    alice, session = house.world.alice, house.world.session.id
    async with house.browser(seat=alice) as phone, house.browser("mediator") as staff:
        async with staff.post(f"/sessions/{session}/seats/{alice}/reissue") as answer:
            page = await answer.text()
        assert "The old one no longer works" in page
        async with phone.get(f"/j/{alice}/welcome") as answer:
            told = await answer.json()
        assert (answer.status, told["code"]) == (403, "link_replaced")
        assert told["meeting"]["starts_at"] == NOON.isoformat()
        assert (await exchange(phone, alice, house.token(alice)))[0] == 403
        assert (await exchange(phone, alice, house.token(alice, 2)))[0] == 200
        assert house.token(alice, 2) in page
        assert house.token(alice) not in page


async def test_a_link_expires(house: House) -> None:
    alice = house.world.alice
    house.clock.now += timedelta(days=house.ctx.settings.link_ttl_days, seconds=1)
    async with house.browser() as browser:
        status, answer = await exchange(browser, alice, house.token(alice))
    assert (status, answer["code"]) == (410, "link_expired")


async def test_links_of_a_cancelled_meeting_open_nothing(house: House) -> None:
    alice, session = house.world.alice, house.world.session.id
    async with house.browser("mediator") as staff:
        async with staff.post(f"/sessions/{session}/cancel") as answer:
            assert "The meeting is cancelled" in await answer.text()
        # Twice is no second cancelling, and is said.
        async with staff.post(f"/sessions/{session}/cancel") as answer:
            assert answer.status == 409
        status, told = await exchange(staff, alice, house.token(alice))
    assert (status, told["code"]) == (410, "session_cancelled")


async def test_too_many_uses_have_to_wait(house: House) -> None:
    alice = house.world.alice
    house.ctx.settings = house.ctx.settings.model_copy(update={"join_limit": "2/minute"})
    async with house.browser() as browser:
        tries = [(await exchange(browser, alice, "x"))[0] for _ in range(3)]
    assert tries == [403, 403, 429]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"x"',
        b'{"token": 1}',
        b'{"token": null}',
        b"[" * 50_000,
        b"\xff",
        b'{"token": "' + b"x" * 201 + b'"}',
    ],
)
async def test_what_is_no_token_is_refused_with_a_code(house: House, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    path = f"/j/{house.world.alice}/exchange"
    async with house.browser() as browser:
        async with browser.post(path, data=body, headers=headers) as answer:
            assert (answer.status, (await answer.json())["code"]) == (409, "bad_request")
        async with browser.post(path, data={"token": "x"}) as answer:
            assert (await answer.json())["code"] == "bad_request"


async def test_the_page_of_a_link_tells_nothing_and_is_the_same_for_all(house: House) -> None:
    pages = []
    async with house.browser() as browser:
        for seat in (house.world.alice, house.world.charlie, "nobody"):
            async with browser.get(f"/j/{seat}") as answer:
                assert answer.status == 200
                pages.append(re.sub(r'nonce="[^"]*"|/j/[\w-]+', "", await answer.text()))
    assert pages[0] == pages[1] == pages[2]
    assert "<noscript>" in pages[0]


async def test_the_mediator_enters_without_a_link(house: House) -> None:
    session = house.world.session.id
    async with house.browser("mediator") as browser:
        async with browser.post(f"/sessions/{session}/enter", allow_redirects=False) as answer:
            assert answer.headers["Location"] == f"/j/{house.world.host}"
        async with browser.get(f"/j/{house.world.host}/welcome") as answer:
            assert (await answer.json())["hosting"] is True


async def test_a_supervisor_sees_the_meeting_and_no_link(house: House) -> None:
    session, world = house.world.session.id, house.world
    path = f"/sessions/{session}"
    async with house.browser("supervisor") as browser, browser.get(path) as answer:
        page = await answer.text()
    assert "Alice" in page
    seats = (world.host, world.alice, world.bob, world.opponent)
    assert not any(house.token(seat) in page for seat in seats)
    assert "<form" not in page.partition("<main")[2]


async def test_the_hosts_link_is_shown_only_to_who_may_host(house: House) -> None:
    """Whoever opens it is the host: a clerk hands out the others'."""
    session, world = house.world.session.id, house.world
    guests = (world.alice, world.bob, world.opponent)
    for who, hosts in (("mediator", True), ("clerk", False)):
        async with house.browser(who) as browser, browser.get(f"/sessions/{session}") as answer:
            page = await answer.text()
        assert all(house.token(seat) in page for seat in guests), who
        assert (house.token(world.host) in page) is hosts, who
