"""A recorder without a writer: it remembers what it was asked, and says what a test wants."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.domain.ids import RecordingId
from server.domain.recorded import Taping
from server.services.context import Reel


class PaperRecorder:
    able = True

    def __init__(self) -> None:
        self.log: list[str] = []
        self.taping: Taping | None = None
        """What is recorded now."""
        self.about: Mapping[str, Any] = {}
        self.reels: dict[RecordingId, Reel] = {}

    async def write(self, taping: Taping, about: Mapping[str, Any]) -> None:
        self.log.append("write")
        self.taping, self.about = taping, about

    async def pause(self, recording: RecordingId) -> None:
        self.log.append("pause")
        self.taping = None

    def end(self, recording: RecordingId, why: str) -> None:
        self.log.append(f"end {why}")

    def hours(self, people: int) -> float:
        return 12.34

    async def reel(self, recording: RecordingId) -> Reel | None:
        return self.reels.get(recording)
