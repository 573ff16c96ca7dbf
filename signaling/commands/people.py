"""People come, go, and are moved."""

from __future__ import annotations

from datetime import date

from server.domain.errors import Refused
from server.domain.ids import SeatId
from server.services import sessions
from server.services.context import Context
from signaling.payloads import people
from signaling.payloads.base import Command, OnSeat, Switch
from signaling.presence import Connection


class PeopleCommands:
    ctx: Context

    async def on_say_name(self, by: Connection, it: people.SayName) -> None:
        await sessions.say_name(self.ctx, by.caller(it.id), it.name)

    async def on_consent(self, by: Connection, it: people.GiveConsent) -> None:
        await sessions.consent(self.ctx, by.caller(it.id), it.purpose, it.hash, it.person)

    async def on_withdraw(self, by: Connection, it: people.WithdrawConsent) -> None:
        await sessions.withdraw(self.ctx, by.caller(it.id), it.purpose)

    async def on_microphone(self, by: Connection, it: Switch) -> None:
        await sessions.microphone(self.ctx, by.caller(it.id), it.on)

    async def on_camera(self, by: Connection, it: Switch) -> None:
        await sessions.camera(self.ctx, by.caller(it.id), it.on)

    async def on_ask(self, by: Connection, it: people.AskHost) -> None:
        await sessions.ask(self.ctx, by.caller(it.id), it.ask, it.on)

    async def on_answer(self, by: Connection, it: people.AnswerAsk) -> None:
        await sessions.answer(self.ctx, by.caller(it.id), SeatId(it.seat), it.ask)

    async def on_admit(self, by: Connection, it: OnSeat) -> None:
        await sessions.admit(self.ctx, by.caller(it.id), SeatId(it.seat))

    async def on_move(self, by: Connection, it: people.Move) -> None:
        await sessions.move(self.ctx, by.caller(it.id), [SeatId(s) for s in it.seats], it.to)

    async def on_mute(self, by: Connection, it: OnSeat) -> None:
        await sessions.mute(self.ctx, by.caller(it.id), SeatId(it.seat))

    async def on_remove(self, by: Connection, it: OnSeat) -> None:
        await sessions.remove(self.ctx, by.caller(it.id), SeatId(it.seat))

    async def on_take_chair(self, by: Connection, it: Command) -> None:
        await sessions.take_chair(self.ctx, by.caller(it.id))

    async def on_leave(self, by: Connection, it: Command) -> None:
        await sessions.leave(self.ctx, by.caller(it.id))

    async def on_end(self, by: Connection, it: people.End) -> None:
        try:
            until = date.fromisoformat(it.until) if it.until else None
        except ValueError:
            raise Refused("adjourned_date") from None
        await sessions.end(self.ctx, by.caller(it.id), it.result, it.reason, until)

    async def on_away(self, by: Connection, it: Switch) -> None:
        await sessions.away(self.ctx, by.caller(it.id), it.on)
