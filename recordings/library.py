"""Recordings that are over, as the server's services ask for them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from recordings import bundle, certificate, receipt, retention
from recordings.film import Film
from recordings.index import Index, open_index
from recordings.record import Damaged
from recordings.retention import Tombstone
from recordings.signing import Signer
from server.domain.ids import RecordingId, SeatId
from server.security.keys import KeyStore, recording_key
from server.services.library import Evidence, Mark, Timeline, Unreadable

FILMS = 24
"""That are kept open: to make one reads the index, and a player asks for many pieces."""
LOUD = 1200
"""Octets of a voice in a second: what a browser sends of silence is far less."""
_MARKS = {"pause", "resume", "gap", "end"}
Made = TypeVar("Made")


class RecordingLibrary:
    """A `server.services.library.Library`."""

    def __init__(self, folder: Path, keys: KeyStore) -> None:
        self._folder, self._keys = folder, keys
        self._films: dict[tuple[str, str, str], Film] = {}
        self.signer = Signer(keys.audit_public_key, keys.sign)

    async def timeline(self, recording: RecordingId) -> Timeline:
        return await self._read(lambda folder, key: _timeline(open_index(folder, key)), recording)

    async def film(self, recording: RecordingId, person: SeatId, kind: str) -> Film:
        asked = (recording, person, kind)

        def make(folder: Path, key: bytes) -> Film:
            return Film(folder, key, open_index(folder, key), person, kind)

        found = self._films.pop(asked, None)
        if found is None:
            found = await self._read(make, recording)
        self._films[asked] = found
        while len(self._films) > FILMS:
            del self._films[next(iter(self._films))]
        return found

    async def bundle(
        self, recording: RecordingId, to: Path, evidence: Evidence, at: datetime
    ) -> None:
        def write(folder: Path, key: bytes) -> None:
            index = open_index(folder, key)
            films = {
                f"{n}": film.read(0, film.size)
                for n, film in enumerate(
                    (Film(folder, key, index, who) for who in index.people()), start=1
                )
            }
            case = bundle.Case(
                evidence.about,
                [
                    bundle.Consent(
                        c.person, c.purpose, c.version, c.language, c.body, c.at, c.withdrawn_at
                    )
                    for c in evidence.consents
                ],
                evidence.attendance,
                evidence.spaces,
                evidence.audit,
                evidence.checkpoints,
                films,
            )
            bundle.write(to, folder, key, case, self.signer, at)

        await self._read(write, recording)

    async def destroy(self, recording: RecordingId, at: datetime, why: str) -> Mapping[str, Any]:
        for asked in [one for one in self._films if one[0] == recording]:
            del self._films[asked]
        folder = self._folder / recording

        def destroy() -> Tombstone:
            return retention.destroy(self._keys.data, folder, recording, at, why)

        try:
            return (await asyncio.to_thread(destroy)).row()
        except Damaged:
            raise Unreadable from None

    async def certificate(
        self, recording: RecordingId, organisation: str, case: str, what: str
    ) -> bytes:
        try:
            said = json.loads((self._folder / recording / retention.TOMBSTONE).read_bytes())
        except FileNotFoundError:
            raise Unreadable from None
        del said["format"]
        return await asyncio.to_thread(certificate.pdf, Tombstone(**said), organisation, case, what)

    def receipt(
        self,
        person: str,
        meeting: str,
        heard: Sequence[Mapping[str, str]],
        recorded: Sequence[Mapping[str, str]],
        at: datetime,
    ) -> bytes:
        made = receipt.Receipt(
            person,
            meeting,
            at.isoformat(timespec="seconds"),
            [receipt.Heard(**one) for one in heard],
            [receipt.Recorded(**one) for one in recorded],
        )
        return receipt.write(made, self.signer)

    async def _read(self, read: Callable[[Path, bytes], Made], recording: RecordingId) -> Made:
        key = self._keys.data.get(recording_key(recording))
        if key is None:
            raise Unreadable
        try:
            return await asyncio.to_thread(read, self._folder / recording, key)
        except (Damaged, FileNotFoundError):
            raise Unreadable from None


def _timeline(index: Index) -> Timeline:
    spoke: dict[SeatId, tuple[tuple[int, int], ...]] = {}
    for person in index.people():
        voices = {track.number for track in index.of(person, "audio")}
        loud = [sum(sizes.get(v, 0) for v in voices) for sizes in index.sizes]
        spoke[SeatId(person)] = _spans(index, loud)
    return Timeline(
        began_at=datetime.fromisoformat(index.at),
        ms=index.duration // 1000,
        people=tuple(map(SeatId, index.people())),
        screens=tuple(SeatId(p) for p in index.people() if index.of(p, "screen")),
        spoke=spoke,
        marks=tuple(
            Mark(index.place(event.at) // 1000, event.what)
            for event in index.events
            if event.what in _MARKS
        ),
    )


def _spans(index: Index, loud: Sequence[int]) -> tuple[tuple[int, int], ...]:
    """Segments in which more than silence came, those that follow each other as one."""
    found: list[tuple[int, int]] = []
    for n, size in enumerate(loud):
        begins, ends = index.start(n) // 1000, index.start(n + 1) // 1000
        if size * 1000 < LOUD * max(1, ends - begins):
            continue
        if found and found[-1][1] == begins:
            found[-1] = (found[-1][0], ends)
        else:
            found.append((begins, ends))
    return tuple(found)
