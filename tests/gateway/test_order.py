"""Many at once, and coming back: every page is told its own events in order, each once, no gap."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import Any

from server.domain.ids import SeatId
from server.services import sessions
from server.store import audit, told
from tests.gateway.cast import admitted
from tests.gateway.house import House, Page, on_sqlite
from tests.store.world import meeting


async def whole_chains(house: House) -> bool:
    async with house.ctx.store.read() as conn:
        return await audit.verify(conn) == []


async def told_to(house: House, seat: SeatId) -> int:
    async with house.ctx.store.read() as conn:
        return await told.last(conn, seat)


async def numbered(page: Page) -> None:
    """The page has everything the database says it was told, in order."""
    newest = await told_to(page.house, SeatId(page.views[-1]["seat"]))
    await page.is_told("changed", n=newest)
    assert page.numbers == list(range(page.numbers[0], newest + 1))


async def test_fifty_people_at_once(house: House) -> None:
    world, count = house.world, 50
    async with house.ctx.store.write() as conn:
        names = [f"Person {n}" for n in range(count - 1)]
        session = await meeting(conn, world.case, world.li, names)
    async with AsyncExitStack() as stack:
        opened = [
            await stack.enter_async_context(Page.opened(house, seat)) for seat in session.seats
        ]
        await asyncio.gather(*(page.connect() for page in opened))
        for page in opened:
            await page.sees(lambda view: True)
        host, *guests = opened
        everybody = {page.seat for page in guests}
        board = await host.sees(lambda view: present(view) == everybody)
        assert len({card["space"] for card in board["board"]}) == count - 1, "a lobby for each"
        assert all(page.views[-1]["members"] == [] for page in guests)
        before = await sessions.state(house.ctx, session.id)
        commands = [
            command
            for page in opened
            for command in (
                page.command("say_name", name="Somebody"),
                page.command("camera", on=True),
                page.command("ask", ask="help", on=True),
            )
        ]
        answers = await asyncio.gather(*commands)
        assert answers == [{"ok": True}] * (3 * count)
        after = await sessions.state(house.ctx, session.id)
        assert after.version == before.version + len(answers)
        assert before.version == count
        assert all(seat.said_name and seat.camera and seat.asks for seat in after.seats.values())
        for page in opened:
            await numbered(page)
            assert page.numbers[0] == 1
        assert await whole_chains(house)


async def test_commands_of_several_at_once_in_one_room(house: House) -> None:
    """Nobody's command is lost or done on an old state, and all end with the same picture."""
    world = house.world
    async with AsyncExitStack() as stack:
        host, alice, opponent = pages = await admitted(
            house, stack, world.host, world.alice, world.opponent
        )
        before = await sessions.state(house.ctx, world.session.id)
        work = []
        for n in range(8):
            work += [page.command("camera", on=n % 2 == 0) for page in pages]
            guest = (alice, opponent)[n % 2]
            work.append(host.command("move", seats=[guest.seat], to="caucus"))
            work.append(host.command("move", seats=[], to="joint"))
        assert await asyncio.gather(*work) == [{"ok": True}] * len(work)
        after = await sessions.state(house.ctx, world.session.id)
        assert after.version == before.version + len(work)
        for page in pages:
            await numbered(page)
            assert page.views[-1]["place"] == "joint"
            assert {m["camera"] for m in page.views[-1]["members"]} == {False}
        assert house.plane.places == after.forwarded()
        assert await whole_chains(house)


@on_sqlite
async def test_one_pages_commands_are_done_in_the_order_they_were_sent_in(house: House) -> None:
    """Who taps *speak* and at once *mute* is muted, though nobody waited for an answer between."""
    async with AsyncExitStack() as stack:
        _, alice = await admitted(house, stack, house.world.host, house.world.alice)
        for last in (False, True, False):
            taps = [n % 2 == 0 for n in range(10)] + [last]
            await asyncio.gather(*(alice.command("microphone", on=on) for on in taps))
            assert house.plane.microphones[alice.seat] is last
            state = await sessions.state(house.ctx, house.world.session.id)
            assert state.seats[house.world.alice].microphone is last


@on_sqlite
async def test_two_who_contradict_each_other_are_taken_one_after_the_other(house: House) -> None:
    world = house.world
    async with AsyncExitStack() as stack:
        host, alice, opponent = await admitted(
            house, stack, world.host, world.alice, world.opponent
        )
        moved, left = await asyncio.gather(
            host.command("move", seats=[alice.seat], to="caucus"), alice.command("leave")
        )
        assert left["ok"]
        assert moved["ok"] or moved["code"] == "not_admitted"
        state = await sessions.state(house.ctx, world.session.id)
        assert alice.seat not in house.plane.places
        assert house.plane.places == state.forwarded()
        ended, removed = await asyncio.gather(
            host.command("end", result="agreed", reason="Paid."),
            host.command("remove", seat=opponent.seat),
        )
        assert ended["ok"]
        assert removed["ok"] or removed["code"] == "session_over"
        assert house.plane.places == {}


@on_sqlite
async def test_a_consent_withdrawn_in_mid_move_ends_in_a_lobby(house: House) -> None:
    """Whichever of the two is taken first; and nobody is moved from there."""
    world, purpose = house.world, "online_mediation"
    async with AsyncExitStack() as stack:
        host, alice, _ = await admitted(house, stack, world.host, world.alice, world.opponent)
        for n in range(4):
            move = host.command("move", seats=[alice.seat], to=("caucus", "side")[n // 2])
            both = [move, alice.command("withdraw", purpose=purpose)]
            await asyncio.gather(*(both if n % 2 else reversed(both)))
            state = await sessions.state(house.ctx, world.session.id)
            await alice.sees(lambda view: view["place"] == "lobby" and not view["admitted"])
            assert alice.seat not in house.plane.places
            assert house.plane.places == state.forwarded()
            refused = await host.command("move", seats=[alice.seat], to="caucus")
            assert refused["code"] == "not_admitted"
            await alice.ready()
            assert (await host.command("admit", seat=alice.seat))["ok"]
            assert (await host.command("move", seats=[], to="joint"))["ok"]


async def test_coming_back_one_is_told_exactly_what_one_missed(house: House) -> None:
    world = house.world
    async with AsyncExitStack() as stack:
        host, alice, _ = await admitted(house, stack, world.host, world.alice, world.opponent)
        for to in ("caucus", "joint", "side"):
            seats = [alice.seat] if to != "joint" else []
            assert (await host.command("move", seats=seats, to=to))["ok"]
        await alice.sees(lambda view: view["place"] == "side")
        await numbered(alice)
        seen = {p["n"]: p["view"] for e, p in alice.told if e == "changed"}
        newest = max(seen)
        for last in (1, newest - 1):
            await alice.socket.disconnect()
            await host.sees(lambda view: not _present(view, alice.seat))
            alice.told.clear()
            await alice.connect(last=last)
            newest = await _newest(house, alice)
            assert alice.numbers == list(range(last + 1, newest + 1))
            for event, payload in alice.told:
                if event == "changed" and payload["n"] in seen:
                    assert payload["view"] == seen[payload["n"]]
        for nonsense in (0, newest + 100, 10**30):
            await alice.socket.disconnect()
            await host.sees(lambda view: not _present(view, alice.seat))
            alice.told.clear()
            await alice.connect(last=nonsense)
            newest = await _newest(house, alice)
            assert alice.numbers == [newest]
            assert alice.views[-1]["place"] == "side"


async def _newest(house: House, page: Page) -> int:
    await page.is_told("links")
    return await told_to(house, page.seat)


def present(view: dict[str, Any]) -> set[str]:
    """Whom a host sees there."""
    return {card["seat"] for card in view["board"] or () if card["present"]}


def _present(view: dict[str, object], seat: str) -> bool:
    board = view["board"]
    assert isinstance(board, list)
    return any(card["seat"] == seat and card["present"] for card in board)
