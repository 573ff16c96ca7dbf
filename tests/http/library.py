"""Recordings of which nothing is on a disk: for tests of who may."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from server.domain.ids import RecordingId, SeatId
from server.services.library import Evidence, Film, Timeline
from tests.store.world import NOON


class PaperFilm:
    size = 100

    def read(self, first: int, end: int) -> Iterator[bytes]:
        yield bytes(range(100))[first:end]


class PaperLibrary:
    async def timeline(self, recording: RecordingId) -> Timeline:
        return Timeline(NOON, 1000, (), (), {}, ())

    async def film(self, recording: RecordingId, person: SeatId, kind: str) -> Film:
        return PaperFilm()

    async def bundle(
        self, recording: RecordingId, to: Path, evidence: Evidence, at: datetime
    ) -> None:
        to.write_bytes(b"PK")

    async def destroy(self, recording: RecordingId, at: datetime, why: str) -> Mapping[str, Any]:
        return {"recording": recording, "why": why}

    async def certificate(
        self, recording: RecordingId, organisation: str, case: str, what: str
    ) -> bytes:
        return b"%PDF"

    def receipt(
        self,
        person: str,
        meeting: str,
        heard: Sequence[Mapping[str, str]],
        recorded: Sequence[Mapping[str, str]],
        at: datetime,
    ) -> bytes:
        return b"{}"
