from __future__ import annotations

import asyncio
from typing import Any

import pytest

from server.domain.ids import SeatId
from server.security.ids import new_id
from server.store import commands, told
from server.store.store import Store
from tests.store.world import MINUTE, NOON, World


async def test_numbers_are_each_seats_own(store: Store, world: World) -> None:
    async with store.write() as conn:
        assert await told.last(conn, world.alice) == 0
        numbers = [
            (await told.append(conn, {seat: {"n": n}}, NOON + n * MINUTE))[seat]
            for n, seat in enumerate([world.alice, world.bob, world.alice, world.alice])
        ]
        assert numbers == [1, 1, 2, 3]
        both: dict[SeatId, dict[str, Any]] = {world.alice: {}, world.bob: {}}
        assert await told.append(conn, both, NOON) == {world.alice: 4, world.bob: 2}
        assert await told.last(conn, world.alice) == 4
        assert await told.last(conn, world.charlie) == 0


async def test_the_rest_is_told_in_order(store: Store, world: World) -> None:
    async with store.write() as conn:
        for n in range(4):
            await told.append(conn, {world.alice: {"字": [n, None]}}, NOON + n * MINUTE)
        await told.append(conn, {world.bob: {"字": "for Bob alone"}}, NOON)
    async with store.read() as conn:
        assert await told.since(conn, world.alice, 2) == [
            (3, NOON + 2 * MINUTE, {"字": [2, None]}),
            (4, NOON + 3 * MINUTE, {"字": [3, None]}),
        ]
        assert await told.since(conn, world.alice, 4) == []


async def test_fifty_at_once_get_fifty_numbers(store: Store, world: World) -> None:
    async def tell() -> int:
        async with store.write() as conn:
            return (await told.append(conn, {world.alice: {}}, NOON))[world.alice]

    numbers = await asyncio.gather(*(tell() for _ in range(50)))
    assert sorted(numbers) == list(range(1, 51))


async def test_what_was_rolled_back_leaves_no_gap(store: Store, world: World) -> None:
    async def fail() -> None:
        async with store.write() as conn:
            await told.append(conn, {world.alice: {}}, NOON)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with store.write() as conn:
        assert await told.append(conn, {world.alice: {}}, NOON) == {world.alice: 1}


async def test_a_seat_that_never_was_is_told_nothing(store: Store, world: World) -> None:
    with pytest.raises(LookupError):
        async with store.write() as conn:
            await told.append(conn, {SeatId(new_id()): {}}, NOON)


async def test_a_command_is_remembered_for_its_seat(store: Store, world: World) -> None:
    command = new_id()
    async with store.write() as conn:
        assert await commands.answer(conn, world.alice, command) is None
        await commands.remember(conn, world.alice, command, {"ok": True}, NOON)
    async with store.read() as conn:
        assert await commands.answer(conn, world.alice, command) == {"ok": True}
        assert await commands.answer(conn, world.bob, command) is None
