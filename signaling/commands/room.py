"""The room: its door, its calm, its chairs, and what everybody looks at."""

from __future__ import annotations

from server.domain.ids import ExhibitId, SeatId, SpaceId
from server.services import exhibits, room
from server.services.context import Context
from signaling.payloads import room as payloads
from signaling.payloads.base import Command, OnSeat, Switch
from signaling.presence import Connection


class RoomCommands:
    ctx: Context

    async def on_tell_beside(self, by: Connection, it: payloads.TellBeside) -> None:
        await room.tell_beside(self.ctx, by.caller(it.id), it.names)

    async def on_answer_beside(self, by: Connection, it: payloads.AnswerBeside) -> None:
        seat = SeatId(it.seat)
        await room.answer_beside(self.ctx, by.caller(it.id), seat, it.names, it.yes)

    async def on_agree_beside(self, by: Connection, it: OnSeat) -> None:
        await room.agree_beside(self.ctx, by.caller(it.id), SeatId(it.seat))

    async def on_lock(self, by: Connection, it: Switch) -> None:
        await room.lock(self.ctx, by.caller(it.id), it.on)

    async def on_let_through(self, by: Connection, it: OnSeat) -> None:
        await room.let_through(self.ctx, by.caller(it.id), SeatId(it.seat))

    async def on_knock(self, by: Connection, it: payloads.Knock) -> None:
        await room.knock(self.ctx, by.caller(it.id), SpaceId(it.space))

    async def on_answer_knock(self, by: Connection, it: Switch) -> None:
        await room.answer_knock(self.ctx, by.caller(it.id), it.on)

    async def on_quiet(self, by: Connection, it: Switch) -> None:
        await room.quiet(self.ctx, by.caller(it.id), it.on)

    async def on_pause(self, by: Connection, it: payloads.Pause) -> None:
        await room.pause(self.ctx, by.caller(it.id), it.minutes)

    async def on_promise(self, by: Connection, it: payloads.Promise) -> None:
        await room.promise(self.ctx, by.caller(it.id), [SeatId(s) for s in it.seats], it.minutes)

    async def on_give_chair(self, by: Connection, it: OnSeat) -> None:
        await room.give_chair(self.ctx, by.caller(it.id), SeatId(it.seat))

    async def on_step_down(self, by: Connection, it: Command) -> None:
        await room.step_down(self.ctx, by.caller(it.id))

    async def on_show(self, by: Connection, it: payloads.Show) -> None:
        exhibit = ExhibitId(it.exhibit) if it.exhibit else None
        await exhibits.show(self.ctx, by.caller(it.id), exhibit, it.page)

    async def on_share_screen(self, by: Connection, it: Switch) -> None:
        await room.share_screen(self.ctx, by.caller(it.id), it.on)

    async def on_stop_screen(self, by: Connection, it: Command) -> None:
        await room.stop_screen(self.ctx, by.caller(it.id))
