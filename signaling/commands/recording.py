"""The recorder: asked for by a host, answered by everybody, ended by anybody."""

from __future__ import annotations

from server.domain.ids import RecordingId
from server.services import recording
from server.services.context import Context
from signaling.payloads import recording as payloads
from signaling.payloads.base import Command
from signaling.presence import Connection


class RecordingCommands:
    ctx: Context

    async def on_ask_recording(self, by: Connection, it: payloads.AskRecording) -> None:
        await recording.start(self.ctx, by.caller(it.id), it.purpose, it.minutes, it.hash)

    async def on_answer_recording(self, by: Connection, it: payloads.AnswerRecording) -> None:
        asked = RecordingId(it.recording)
        await recording.answer(self.ctx, by.caller(it.id), asked, it.hash, it.person, it.yes)

    async def on_stop_recording(self, by: Connection, it: Command) -> None:
        await recording.stop(self.ctx, by.caller(it.id))
