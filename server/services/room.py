"""The room, one verb a function: its door, its calm, its chairs, and what everybody looks at.

The rules are in `server.domain`: beside, door, pausing, chairs, showing.
"""

from __future__ import annotations

from server.domain import beside, chairs, door, pausing, showing
from server.domain.ids import SeatId, SpaceId
from server.services.context import Context
from server.services.sessions import Caller, command


async def tell_beside(ctx: Context, by: Caller, names: list[str]) -> None:
    await command(ctx, by, lambda s, now: beside.tell(s, by.seat, names, now))


async def answer_beside(
    ctx: Context, by: Caller, seat: SeatId, names: list[str], agrees: bool
) -> None:
    await command(ctx, by, lambda s, now: beside.answer(s, by.seat, seat, names, agrees, now))


async def agree_beside(ctx: Context, by: Caller, seat: SeatId) -> None:
    await command(ctx, by, lambda s, now: beside.agree(s, by.seat, seat, now))


async def lock(ctx: Context, by: Caller, on: bool) -> None:
    await command(ctx, by, lambda s, now: door.lock(s, by.seat, on, now))


async def let_through(ctx: Context, by: Caller, seat: SeatId) -> None:
    await command(ctx, by, lambda s, now: door.let_through(s, by.seat, seat, now))


async def knock(ctx: Context, by: Caller, space: SpaceId) -> None:
    await command(ctx, by, lambda s, now: door.knock(s, by.seat, space, now))


async def answer_knock(ctx: Context, by: Caller, come_in: bool) -> None:
    await command(ctx, by, lambda s, now: door.answer(s, by.seat, come_in, now))


async def quiet(ctx: Context, by: Caller, on: bool) -> None:
    await command(ctx, by, lambda s, now: pausing.quiet(s, by.seat, on, now))


async def pause(ctx: Context, by: Caller, minutes: int) -> None:
    await command(ctx, by, lambda s, now: pausing.pause(s, by.seat, minutes, now))


async def promise(ctx: Context, by: Caller, seats: list[SeatId], minutes: int) -> None:
    await command(ctx, by, lambda s, now: pausing.promise(s, by.seat, seats, minutes, now))


async def give_chair(ctx: Context, by: Caller, seat: SeatId) -> None:
    await command(ctx, by, lambda s, now: chairs.give(s, by.seat, seat, now))


async def step_down(ctx: Context, by: Caller) -> None:
    await command(ctx, by, lambda s, now: chairs.step_down(s, by.seat, now))


async def share_screen(ctx: Context, by: Caller, on: bool) -> None:
    await command(ctx, by, lambda s, now: showing.screen(s, by.seat, on, now))


async def stop_screen(ctx: Context, by: Caller) -> None:
    await command(ctx, by, lambda s, now: showing.stop_screen(s, by.seat, now))
