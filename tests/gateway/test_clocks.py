"""Rule 7's clocks, rung by real alarms. They look at the house's clock, which a test moves: what
is not due by it does not happen, however slow the machine is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from server.domain.space import SpaceKind
from server.services import sessions
from tests.gateway.cast import a_cast, admitted
from tests.gateway.house import WAIT_S, House, Page, a_house, on_sqlite, until

pytestmark = on_sqlite
SILENCE_S, GRACE_S = 0.05, 0.2
CLOCKS: dict[str, Any] = {
    "host_silence_s": SILENCE_S,
    "host_grace_s": GRACE_S,
    "seat_grace_s": GRACE_S,
}


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(database_url, tmp_path, **CLOCKS) as house:
        yield house


async def test_without_their_host_opposing_sides_fall_silent_and_then_disperse(
    house: House,
) -> None:
    world = house.world
    async with AsyncExitStack() as stack:
        host, alice, opponent = await admitted(
            house, stack, world.host, world.alice, world.opponent
        )
        joint = alice.views[-1]["space"]
        await host.socket.disconnect()
        await alice.sees(lambda view: view["host_state"] == "lost")
        assert set(house.plane.places) == {alice.seat, opponent.seat}

        house.clock.pass_(SILENCE_S)
        for page in (alice, opponent):
            view = await page.sees(lambda view: view["silenced"])
            assert (view["place"], view["space"]) == ("joint", joint)
        assert house.plane.places == {}

        house.clock.pass_(GRACE_S - SILENCE_S)
        for page in (alice, opponent):
            view = await page.sees(lambda view: view["place"] == "side")
            assert [m["seat"] for m in view["members"]] == [page.seat]
        assert len(set(house.plane.places.values())) == 2

        await host.connect()
        await host.sees(lambda view: view["place"] == "joint")
        assert await host.command("move", seats=[], to="joint") == {"ok": True}
        await opponent.sees(lambda view: len(view["members"]) == 3)
        assert len(set(house.plane.places.values())) == 1


async def test_a_host_who_is_back_in_time_is_not_missed(house: House) -> None:
    world = house.world
    async with AsyncExitStack() as stack:
        host, alice, _ = await admitted(house, stack, world.host, world.alice, world.opponent)
        await host.socket.disconnect()
        await alice.sees(lambda view: view["host_state"] == "lost")
        house.clock.pass_(SILENCE_S)
        await alice.sees(lambda view: view["silenced"])
        await host.connect()
        view = await alice.sees(lambda view: view["host_state"] == "here")
        assert not view["silenced"]
        house.clock.pass_(10 * GRACE_S)
        assert await alice.command("camera", on=True) == {"ok": True}
        assert alice.views[-1]["place"] == "joint"
        assert len(set(house.plane.places.values())) == 1


async def test_a_co_mediator_takes_the_chair_and_the_silence_ends(house: House) -> None:
    async with AsyncExitStack() as stack:
        cast = await a_cast(house.ctx.store, house.world.case)
        host, co, alice, _ = await admitted(house, stack, cast.host, cast.co, cast.alice, cast.dora)
        assert (await co.command("take_chair"))["code"] == "chair_taken"
        await host.socket.disconnect()
        await co.sees(lambda view: view["may_take_chair"])
        house.clock.pass_(SILENCE_S)
        await alice.sees(lambda view: view["silenced"])
        assert await co.command("take_chair") == {"ok": True}
        view = await alice.sees(lambda view: view["host_state"] == "here")
        assert not view["silenced"]
        assert len(set(house.plane.places.values())) == 1


async def test_a_caucus_without_its_host_ends(house: House) -> None:
    world = house.world
    async with AsyncExitStack() as stack:
        host, alice, opponent = await admitted(
            house, stack, world.host, world.alice, world.opponent
        )
        await host.command("move", seats=[alice.seat, opponent.seat], to="caucus")
        caucus = (await alice.sees(lambda view: view["place"] == "caucus"))["space"]
        await host.socket.disconnect()
        await alice.sees(lambda view: view["host_state"] == "lost")
        house.clock.pass_(GRACE_S)
        await opponent.sees(lambda view: view["place"] == "side")
        assert caucus not in (await sessions.state(house.ctx, world.session.id)).spaces
        assert len(set(house.plane.places.values())) == 2


async def test_a_lost_claim_is_forgotten(house: House) -> None:
    world = house.world
    async with AsyncExitStack() as stack:
        host, _ = await admitted(house, stack, world.host, world.alice)
        async with house.page(world.alice):
            await host.sees(lambda view: any(card["claim"] for card in view["board"]))
        await host.sees(lambda view: not any(c["claim"] and c["present"] for c in view["board"]))
        assert any(card["claim"] for card in host.views[-1]["board"])
        house.clock.pass_(GRACE_S)
        await host.sees(lambda view: not any(card["claim"] for card in view["board"]))


async def test_an_alarm_whose_work_fails_rings_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = house.world
    async with AsyncExitStack() as stack:
        host, alice, _ = await admitted(house, stack, world.host, world.alice, world.opponent)
        await host.socket.disconnect()
        await alice.sees(lambda view: view["host_state"] == "lost")
        failed = []

        def no_space() -> None:
            failed.append(1)
            raise OSError("no space left")

        with monkeypatch.context() as patch:
            patch.setattr(house.ctx.store, "write", no_space)
            house.clock.pass_(SILENCE_S)
            await until(lambda: len(failed) >= 2)
        await alice.sees(lambda view: view["silenced"])


@pytest.mark.parametrize("where", ["lobby", "joint", "caucus"])
async def test_a_server_started_again_waits_for_everyone_where_they_were(
    database_url: str, tmp_path: Path, where: str
) -> None:
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(a_house(database_url, tmp_path, **CLOCKS))
        world = house.world
        if where == "lobby":
            alice = await stack.enter_async_context(house.page(world.alice))
            await alice.ready()
        else:
            host, alice, _ = await admitted(house, stack, world.host, world.alice, world.opponent)
            if where == "caucus":
                await host.command("move", seats=[alice.seat], to="caucus")
        before = await alice.sees(lambda view: view["place"] == where)
        last = alice.numbers[-1]
        async with a_house(database_url, tmp_path, world, **CLOCKS) as again:
            killed = await sessions.state(again.ctx, world.session.id)
            assert not any(seat.present for seat in killed.seats.values())
            assert again.plane.places == {}
            page = Page(again, alice.seat, alice.http)
            stack.push_async_callback(page.socket.disconnect)
            await page.connect(last=last)
            view = await page.sees(lambda view: view["place"] == where)
            assert page.numbers == [last + 1]
            assert view["space"] == before["space"]
            assert view["said_name"] == before["said_name"]
            assert again.plane.places == {}, "no new route begins where no host is"
            if where != "lobby":
                again.clock.pass_(GRACE_S)
                await page.sees(lambda view: view["place"] == "side")
                assert set(again.plane.places) == {page.seat}


async def test_after_a_restart_the_clocks_run_also_when_nobody_comes_back(
    database_url: str, tmp_path: Path
) -> None:
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(a_house(database_url, tmp_path, **CLOCKS))
        world = house.world
        await admitted(house, stack, world.host, world.alice, world.opponent)
        async with a_house(database_url, tmp_path, world, **CLOCKS) as again:
            again.clock.pass_(GRACE_S)
            state = killed = await sessions.state(again.ctx, world.session.id)
            assert killed.kind_of(killed.seats[world.alice]) is SpaceKind.JOINT
            async with asyncio.timeout(WAIT_S):
                while state.version == killed.version:
                    await asyncio.sleep(0.005)
                    state = await sessions.state(again.ctx, world.session.id)
            assert state.kind_of(state.seats[world.alice]) is SpaceKind.SIDE
            assert state.kind_of(state.seats[world.opponent]) is SpaceKind.SIDE
