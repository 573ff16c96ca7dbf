"""Rule 1: one device holds a seat. What a second one can do with the same link, and what not."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest
from aiohttp import ClientSession, CookieJar

from server.domain import claims
from server.domain.errors import Refused
from server.domain.ids import DeviceId
from server.domain.user import Grant, StaffRole, User
from server.security.ids import new_id
from server.security.tokens import link_token
from server.services import arrivals, sessions
from server.services.sessions import Caller
from tests.gateway.cast import admitted
from tests.gateway.house import House, Page, on_sqlite, until


def wang(house: House) -> User:
    station = house.world.station
    grant = Grant(StaffRole.MEDIATOR, station.path)
    return User(house.world.wang, station.id, station.path, "王敏", (grant,))


async def claimed(house: House, stack: AsyncExitStack) -> tuple[Page, Page, Page]:
    """The host, Alice in the joint space, and somebody else with her link."""
    host, alice = await admitted(house, stack, house.world.host, house.world.alice)
    other = await stack.enter_async_context(house.page(house.world.alice))
    await other.sees(lambda view: view["claim"])
    return host, alice, other


async def test_a_held_seat_is_claimed_in_a_lobby_and_its_holder_undisturbed(house: House) -> None:
    async with AsyncExitStack() as stack:
        host, alice = await admitted(house, stack, house.world.host, house.world.alice)
        told, places = len(alice.told), dict(house.plane.places)
        other = await stack.enter_async_context(house.page(house.world.alice))
        view = await other.sees(lambda view: view["claim"])
        assert view["place"] == "lobby"
        assert view["members"] == []
        assert view["board"] is None
        assert "Alice" not in str(other.told)
        seen = await host.sees(lambda view: any(card["claim"] for card in view["board"]))
        card = next(card for card in seen["board"] if card["claim"])
        assert card["seat"] == view["seat"] != alice.seat
        assert (card["name"], card["ready"], card["admitted"]) == ("Alice", False, False)
        assert house.plane.places == places
        assert [e for e, _ in alice.told[told:] if e != "routes"] == []
        assert (await host.command("admit", seat=card["seat"]))["code"] == "name_missing"
        assert house.plane.places == places


async def test_an_admitted_claim_has_the_seat_and_the_older_device_is_cut(house: House) -> None:
    async with AsyncExitStack() as stack:
        host, alice, other = await claimed(house, stack)
        assert (await other.command("say_name", name="Somebody"))["ok"]
        text = (await other._welcome())["texts"][0]
        agreed = {"purpose": text["purpose"], "hash": text["hash"]}
        assert (await other.command("consent", **agreed))["code"] == "claim_undecided"
        claim, last = other.views[-1]["seat"], other.numbers[-1]
        assert await host.command("admit", seat=claim) == {"ok": True}
        assert (await alice.is_told("cut"))["code"] == "seat_taken"
        assert (await other.is_told("cut"))["code"] == "come_back"
        await until(lambda: not alice.socket.connected and not other.socket.connected)

        other.told.clear()
        await other.connect(last=last)
        view = await other.sees(lambda view: view["place"] == "lobby")
        assert (view["seat"], view["claim"], view["admitted"]) == (alice.seat, False, False)
        assert (view["said_name"], view["consents_needed"]) == ("Somebody", [text["purpose"]])
        assert (await other.command("consent", **agreed))["ok"]
        assert await host.command("admit", seat=alice.seat) == {"ok": True}
        await other.sees(lambda view: view["place"] == "joint")
        assert all(n > max(alice.numbers) for n in other.numbers), "the older device's events"
        assert not any(card["claim"] for card in host.views[-1]["board"])

        await alice.connect(last=alice.numbers[-1])
        again = await alice.sees(lambda view: view["claim"])
        assert again["members"] == []


async def test_a_removed_claim_is_gone_and_the_holder_stays(house: House) -> None:
    async with AsyncExitStack() as stack:
        host, alice, other = await claimed(house, stack)
        told, claim = len(alice.told), other.views[-1]["seat"]
        await other.is_told("links")
        assert await host.command("remove", seat=claim) == {"ok": True}
        assert (await other.is_told("cut"))["code"] == "removed"
        await until(lambda: claim not in house.plane.links)
        assert alice.seat in house.plane.links
        await host.sees(lambda view: not any(card["claim"] for card in view["board"]))
        assert alice.socket.connected
        assert [e for e, _ in alice.told[told:] if e != "routes"] == []


@on_sqlite
async def test_a_claim_comes_back_as_the_same_claim(house: House) -> None:
    async with AsyncExitStack() as stack:
        host, _, other = await claimed(house, stack)
        claim = other.views[-1]["seat"]
        await other.socket.disconnect()
        await host.sees(
            lambda view: not any(card["claim"] and card["present"] for card in view["board"])
        )
        await other.connect()
        await host.sees(lambda view: any(c["claim"] and c["present"] for c in view["board"]))
        assert other.views[-1]["seat"] == claim


@on_sqlite
async def test_the_newest_tab_of_a_browser_wins_and_may_be_given_back(house: House) -> None:
    async with AsyncExitStack() as stack:
        host, alice = await admitted(house, stack, house.world.host, house.world.alice)
        places, version = dict(house.plane.places), len(host.views)
        tab = await stack.enter_async_context(alice.another_tab())
        view = await tab.sees(lambda view: view["place"] == "joint")
        assert (await alice.is_told("cut"))["code"] == "newer_tab"
        await until(lambda: not alice.socket.connected)
        assert view == alice.views[-1]

        alice.told.clear()
        await alice.connect()
        await alice.sees(lambda view: view["place"] == "joint")
        assert (await tab.is_told("cut"))["code"] == "newer_tab"
        await until(lambda: not tab.socket.connected)
        assert house.plane.places == places
        assert len(host.views) == version, "nobody else notices"
        assert await alice.command("camera", on=True) == {"ok": True}


async def test_whoever_leaves_takes_what_was_said_along(house: House) -> None:
    """A stranger with a leaked link takes the free seat: lobby, and no word of what was before."""
    world = house.world
    async with AsyncExitStack() as stack:
        pages = await admitted(house, stack, world.host, world.alice, world.opponent)
        host, alice, _ = pages
        await host.command("move", seats=[alice.seat], to="caucus")
        await alice.sees(lambda view: view["place"] == "caucus")
        await alice.command("leave")
        assert (await alice.is_told("cut"))["code"] == "left"
        await until(lambda: alice.seat not in house.plane.links)

        stranger = await stack.enter_async_context(Page.opened(house, world.alice))
        await stranger.connect(last=1)
        view = await stranger.sees(lambda view: view["place"] == "lobby")
        assert not view["claim"]
        for word in ("Alice", "Opponent", "caucus", "joint", world.opponent):
            assert word not in str(stranger.told), word


async def test_a_reissued_link_cuts_within_a_second_and_the_old_one_is_void(house: House) -> None:
    world = house.world
    async with AsyncExitStack() as stack:
        host, alice, other = await claimed(house, stack)
        old = house.token(alice.seat)
        started = time.monotonic()
        await sessions.reissue(house.ctx, wang(house), world.session.id, alice.seat)
        for page in (alice, other):
            assert (await page.is_told("cut"))["code"] == "revoked"
        assert time.monotonic() - started < 1
        assert alice.seat not in house.plane.places
        await until(lambda: not alice.socket.connected and not other.socket.connected)
        await until(lambda: set(house.plane.links) == {host.seat})
        await host.sees(lambda view: not any(card["claim"] for card in view["board"]))

        alice.told.clear()
        await alice.connect()
        assert (await alice.is_told("cut"))["code"] == "no_seat"
        assert (await alice.exchange(old))["code"] == "link_replaced"
        assert (await alice.exchange(house.token(alice.seat, 2)))["status"] == 200
        alice.told.clear()
        await alice.connect(last=1)
        view = await alice.sees(lambda view: True)
        assert (view["place"], view["admitted"], view["said_name"]) == ("lobby", False, None)


@on_sqlite
async def test_the_name_that_was_said_is_told_to_that_device_alone(house: House) -> None:
    """A stranger with Alice's link learns nothing from it, before and while she is there."""
    async with AsyncExitStack() as stack:
        alice = await stack.enter_async_context(house.page(house.world.alice))
        assert (await alice.command("say_name", name="Somebody"))["ok"]
        stranger = await stack.enter_async_context(Page.opened(house, alice.seat))
        token = house.token(alice.seat)
        for page, name in ((stranger, None), (alice, "Somebody")):
            assert (await page.exchange(token))["said_name"] == name
            assert (await page._welcome())["said_name"] == name


@on_sqlite
async def test_a_cookie_read_just_before_its_link_was_replaced_opens_nothing(house: House) -> None:
    world, seat = house.world, house.world.alice
    async with AsyncExitStack() as stack:
        page = await stack.enter_async_context(Page.opened(house, seat))
        value = next(c.value for c in page.http.cookie_jar)
        device = await arrivals.device_of(house.ctx, seat, value)
        await sessions.reissue(house.ctx, wang(house), world.session.id, seat)
        with pytest.raises(Refused, match="no_seat"):
            await sessions.connect(house.ctx, seat, device, lambda _: None)
        state = await sessions.state(house.ctx, world.session.id)
        assert not state.seats[seat].present


@on_sqlite
async def test_tokens_that_are_not_this_links_are_refused(house: House) -> None:
    world, ctx = house.world, house.ctx
    good = house.token(world.alice)
    async with ClientSession(house.url, cookie_jar=CookieJar(unsafe=True)) as http:
        page = Page(house, world.alice, http)
        wrong = {
            "of another seat": house.token(world.bob),
            "of another case": house.token(world.charlie),
            "of a later version": house.token(world.alice, 2),
            "of another key": link_token(b"x" * 32, world.alice, 1),
            "shortened": good[:-1],
            "lengthened": good + "A",
            "empty": "",
            "not latin": "令牌",
        }
        for why, token in wrong.items():
            answer = await page.exchange(token)
            assert (answer["status"], answer["code"]) == (403, "link_invalid"), why
            assert answer["text"]
        page.seat = type(world.alice)("01a20000-0000-7000-8000-000000000000")
        assert (await page.exchange(good))["code"] == "link_invalid"
        assert len(http.cookie_jar) == 0
    async with ClientSession(house.url, cookie_jar=CookieJar(unsafe=True)) as http:
        page = Page(house, world.alice, http)
        house.clock.pass_(timedelta(days=ctx.settings.link_ttl_days, seconds=1).total_seconds())
        assert (await page.exchange(good))["code"] == "link_expired"
        assert len(http.cookie_jar) == 0


@on_sqlite
async def test_a_cookie_expires_with_the_link(house: House) -> None:
    async with Page.opened(house, house.world.alice) as page:
        house.clock.pass_(timedelta(days=31).total_seconds())
        await page.connect()
        assert (await page.is_told("cut"))["code"] == "no_seat"


@on_sqlite
async def test_arriving_before_the_host_does_not_skip_the_lobby(house: House) -> None:
    async with house.page(house.world.alice) as alice:
        await alice.ready()
        early = await alice.sees(lambda view: not view["consents_needed"])
        assert (early["place"], early["host_state"]) == ("lobby", "not_here_yet")
        async with house.page(house.world.host) as host:
            view = await alice.sees(lambda view: view["host_state"] == "elsewhere")
            assert (view["place"], view["admitted"]) == ("lobby", False)
            assert set(house.plane.places) == {host.seat}
        await alice.sees(lambda view: view["host_state"] == "lost")
        assert alice.views[-1]["place"] == "lobby"


@on_sqlite
async def test_links_are_tried_a_number_of_times_a_minute(house: House) -> None:
    house.ctx.settings = house.ctx.settings.model_copy(update={"join_limit": "3/minute"})
    async with ClientSession(house.url, cookie_jar=CookieJar(unsafe=True)) as http:
        page = Page(house, house.world.alice, http)
        codes = [(await page.exchange("guess")).get("code") for _ in range(4)]
        assert codes == ["link_invalid"] * 3 + ["too_many"]
        refused = await page.exchange(house.token(house.world.alice))
        assert (refused["status"], refused["code"]) == (429, "too_many")


async def test_fifty_at_once_with_one_link_give_one_holder(house: House) -> None:
    async with AsyncExitStack() as stack:
        seat, pages = house.world.alice, []
        for _ in range(50):
            http = ClientSession(house.url, cookie_jar=CookieJar(unsafe=True))
            pages.append(Page(house, seat, await stack.enter_async_context(http)))
        token = house.token(seat)
        answers = await asyncio.gather(*(page.exchange(token) for page in pages))
        assert {answer["status"] for answer in answers} == {200}
        await asyncio.gather(*(page.connect() for page in pages))
        for page in pages:
            await page.is_told_something()
        views = [page.views[-1] for page in pages if page.views]
        cuts = [payload["code"] for page in pages for e, payload in page.told if e == "cut"]
        assert cuts == ["too_many"] * (50 - 1 - claims.MOST)
        assert {view["place"] for view in views} == {"lobby"}
        assert sum(view["seat"] == seat for view in views) == 1
        assert len({view["seat"] for view in views}) == len(views) == 1 + claims.MOST
        assert len({view["space"] for view in views}) == len(views)
        state = await sessions.state(house.ctx, house.world.session.id)
        assert sum(s.present and s.claim_of is None for s in state.seats.values()) == 1
        assert all(len(page.views) <= 1 for page in pages)
        await asyncio.gather(*(page.socket.disconnect() for page in pages))


async def test_a_command_of_the_former_holder_comes_too_late(house: House) -> None:
    """It was on its way when the seat changed hands: it must not speak for the new person."""
    world = house.world
    async with house.page(world.host), house.page(world.alice) as alice:
        await alice.ready()
        former = Caller(alice.seat, DeviceId("another device"), new_id())
        with pytest.raises(Refused, match="no_seat"):
            await sessions.camera(house.ctx, former, True)
