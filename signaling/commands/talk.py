"""What is said and written in the room."""

from __future__ import annotations

from server.domain.ids import RoomNoteId, SeatId, SpaceId
from server.domain.session_text import Item
from server.services import messages, releases, room_notes, session_texts
from server.services.context import Context
from signaling.payloads import talk
from signaling.presence import Connection


class TalkCommands:
    ctx: Context

    async def on_say(self, by: Connection, it: talk.Say) -> None:
        to = SeatId(it.to) if it.to else None
        space = SpaceId(it.space) if it.space else None
        await messages.say(self.ctx, by.caller(it.id), it.text, to, space)

    async def on_note(self, by: Connection, it: talk.TakeNote) -> None:
        await room_notes.write(self.ctx, by.caller(it.id), it.text, SpaceId(it.space))

    async def on_strike_note(self, by: Connection, it: talk.StrikeNote) -> None:
        await room_notes.strike(self.ctx, by.caller(it.id), RoomNoteId(it.note))

    async def on_ask_release(self, by: Connection, it: talk.AskRelease) -> None:
        await releases.ask(self.ctx, by.caller(it.id), it.kind, it.thing)

    async def on_answer_release(self, by: Connection, it: talk.AnswerRelease) -> None:
        await releases.answer(self.ctx, by.caller(it.id), it.kind, it.thing, it.yes)

    async def on_write_agenda(self, by: Connection, it: talk.WriteAgenda) -> None:
        items = [Item(item.text, item.done) for item in it.items]
        await session_texts.write_agenda(self.ctx, by.caller(it.id), it.version, items)

    async def on_write_minutes(self, by: Connection, it: talk.WriteMinutes) -> None:
        await session_texts.write_minutes(self.ctx, by.caller(it.id), it.version, it.text)
