"""What comes while something else is still being carried out."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

from server.domain.ids import SeatId
from tests.gateway.cast import admitted, three
from tests.gateway.house import House, until


async def test_a_consent_withdrawn_in_mid_move_ends_in_a_lobby(house: House) -> None:
    """The move is waiting for the media to stop when Alice takes her consent back."""
    async with AsyncExitStack() as stack:
        host, alice, opponent = await three(house, stack)
        house.plane.free.clear()
        moving = asyncio.ensure_future(host.command("move", seats=[alice.seat], to="caucus"))
        await until(lambda: ("leave", SeatId(alice.seat)) in house.plane.log)
        withdrawing = asyncio.ensure_future(alice.command("withdraw", purpose="online_mediation"))
        house.plane.free.set()
        assert (await moving)["ok"]
        assert (await withdrawing)["ok"]
        seen = await alice.sees(lambda view: view["place"] == "lobby")
        assert (seen["admitted"], seen["members"]) == (False, [])
        assert SeatId(alice.seat) not in house.plane.places
        await host.sees(lambda view: [m["seat"] for m in view["members"]] == [host.seat])
        await opponent.sees(lambda view: view["place"] == "side")


async def test_a_door_that_opens_when_everybody_has_just_left(house: House) -> None:
    world = house.world
    async with AsyncExitStack() as stack:
        host, alice, _ = await admitted(house, stack, world.host, world.alice, world.opponent)
        await host.command("move", seats=[alice.seat], to="side")
        room = (await alice.sees(lambda view: view["place"] == "side"))["space"]
        assert (await host.command("knock", space=room))["ok"]
        await alice.sees(lambda view: view["knocking"] is not None)
        assert (await alice.command("leave"))["ok"]
        seen = await host.sees(lambda view: not any(card["knocked"] for card in view["board"]))
        assert seen["place"] == "joint"
        answer = await host.command("knock", space=room)
        assert answer["code"] in ("nobody_inside", "no_such_room")


async def test_an_older_tab_of_the_host_does_nothing_any_more(house: House) -> None:
    async with AsyncExitStack() as stack:
        host, alice, _ = await three(house, stack)
        newer = await stack.enter_async_context(host.another_tab())
        await newer.sees(lambda view: view["hosting"])
        await until(lambda: not host.socket.connected)
        assert (await newer.command("move", seats=[alice.seat], to="caucus"))["ok"]
        await newer.sees(lambda view: view["place"] == "caucus")
