"""What services ask of recordings that are over: to look at, to give out, to destroy.

run.py puts the recorder's own files behind it; a service knows nothing of how they are sealed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from server.domain.ids import RecordingId, SeatId


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened, at its place in the time of playing."""

    ms: int
    what: str
    """`pause`, `resume`, `gap`, `end`."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """`people`: of whom something was recorded, in the order of coming. `screens`: who of them
    showed one. `spoke`: when each spoke, from and until, as well as can be told from how much was
    sent. `began_at`: the time of day at the beginning."""

    began_at: datetime
    ms: int
    people: tuple[SeatId, ...]
    screens: tuple[SeatId, ...]
    spoke: Mapping[SeatId, tuple[tuple[int, int], ...]]
    marks: tuple[Mark, ...]


class Film(Protocol):
    """One person's voice and picture as a WebM file, of which any part can be read."""

    @property
    def size(self) -> int: ...

    def read(self, first: int, end: int) -> Iterator[bytes]: ...


@dataclass(frozen=True, slots=True)
class Agreed:
    person: str
    purpose: str
    version: int
    language: str
    body: str
    at: str
    withdrawn_at: str | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the database knows beside a recording, as plain rows: for its bundle."""

    about: Mapping[str, Any]
    consents: Sequence[Agreed]
    attendance: Sequence[Mapping[str, Any]]
    spaces: Sequence[Mapping[str, Any]]
    audit: Sequence[Mapping[str, Any]]
    checkpoints: Sequence[Mapping[str, Any]]


class Unreadable(Exception):
    """Its key was destroyed, or the files are not what was written."""


class Library(Protocol):
    """Every call raises Unreadable."""

    async def timeline(self, recording: RecordingId) -> Timeline: ...

    async def film(self, recording: RecordingId, person: SeatId, kind: str) -> Film: ...

    async def bundle(
        self, recording: RecordingId, to: Path, evidence: Evidence, at: datetime
    ) -> None:
        """Write a zip that anybody can check."""

    async def destroy(self, recording: RecordingId, at: datetime, why: str) -> Mapping[str, Any]:
        """Final. What is left of it, for the audit. Again is once."""

    async def certificate(
        self, recording: RecordingId, organisation: str, case: str, what: str
    ) -> bytes:
        """A page of PDF that says that it was destroyed, in the language that is spoken."""

    def receipt(
        self,
        person: str,
        meeting: str,
        heard: Sequence[Mapping[str, str]],
        recorded: Sequence[Mapping[str, str]],
        at: datetime,
    ) -> bytes:
        """Who could hear somebody, and what was recorded of them: signed."""


class NoLibrary:
    """Nothing was recorded here: for the command line."""

    async def timeline(self, recording: RecordingId) -> Timeline:
        raise Unreadable

    async def film(self, recording: RecordingId, person: SeatId, kind: str) -> Film:
        raise Unreadable

    async def bundle(
        self, recording: RecordingId, to: Path, evidence: Evidence, at: datetime
    ) -> None:
        raise Unreadable

    async def destroy(self, recording: RecordingId, at: datetime, why: str) -> Mapping[str, Any]:
        raise Unreadable

    async def certificate(
        self, recording: RecordingId, organisation: str, case: str, what: str
    ) -> bytes:
        raise Unreadable

    def receipt(
        self,
        person: str,
        meeting: str,
        heard: Sequence[Mapping[str, str]],
        recorded: Sequence[Mapping[str, str]],
        at: datetime,
    ) -> bytes:
        raise Unreadable
