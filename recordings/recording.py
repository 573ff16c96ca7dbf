"""One recording being written.

What comes is gathered in memory until `take` cuts a segment off; `keep` seals and writes it. The
two are apart so that a slow disk holds up neither the next packet nor the order: `take` is called
where packets come in, `keep` in one thread, in the order of taking.

The clock is given from outside, in monotonic microseconds, so that hours are written in a second.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from recordings import durable, vp8
from recordings.record import pack_event, pack_report
from recordings.segment import (
    EVENTS,
    FORMAT,
    HASH,
    HEAD_FILE,
    SEAL,
    Header,
    canonical,
    digest,
    file_name,
    seal,
)
from recordings.track import Track

_LONGEST_CARRY = 500_000
"""Microseconds that the beginning of a picture waits for the rest of it."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A segment that was taken and is not yet on disk."""

    last: bool
    clock: int
    until: int
    contents: Mapping[int, bytearray]
    bytes: int


@dataclass(frozen=True, slots=True)
class Kept:
    """A segment is on disk. `hash` is its header's: what the next one names."""

    n: int
    hash: str
    until: int
    bytes: int


class Recording:
    """`about` says what it is of (ids, purpose, text): plain words and no names, for it can be read
    without the key."""

    def __init__(
        self,
        folder: Path,
        key: bytes,
        about: Mapping[str, Any],
        clock: int,
        at: datetime,
        write: Callable[[Path, bytes], None] = durable.write,
    ) -> None:
        """Raises OSError, FileExistsError where there is one already."""
        self.id = str(about["recording"])
        self.folder, self._key, self._write = folder, key, write
        self._clock0, self._at0 = clock, at.astimezone(UTC)
        folder.mkdir(mode=0o700, parents=True)
        head = canonical(
            {
                **about,
                "format": FORMAT,
                "alg": {"seal": SEAL, "hash": HASH},
                "at": self._at0.isoformat(timespec="microseconds"),
                "clock": clock,
            }
        )
        write(folder / HEAD_FILE, head)
        self.hash = digest(head)
        self._n = 0
        self._began = clock
        self._parts: dict[int, bytearray] = {}
        self._tracks: dict[int, Track] = {}
        self.paused = False
        self.size = 0
        """Bytes that wait to be taken."""

    # -- what comes in

    def track(self, track: Track, at: int) -> None:
        """From now on this number stands for that stream."""
        self._tracks[track.number] = track
        said = asdict(track)
        self.event(at, "track", track=said.pop("number"), **said)

    def add(self, track: int, records: bytes | memoryview) -> None:
        """Packed records of RTP packets. While it is paused nothing is taken, whoever sends it."""
        if not self.paused and track in self._tracks:
            self._parts.setdefault(track, bytearray()).extend(records)
            self.size += len(records)

    def report(self, track: int, at: int, report: bytes | memoryview) -> None:
        """A sender report about that track."""
        if not self.paused and track in self._tracks:
            self._note(pack_report(track, at, report))

    def event(self, at: int, what: str, **more: Any) -> None:
        """Something that belongs to the story: who came, who agreed, what was lost."""
        self._note(pack_event(at, {"e": what, **more}))

    def _note(self, packed: bytes) -> None:
        self._parts.setdefault(EVENTS, bytearray()).extend(packed)
        self.size += len(packed)

    # -- segments

    def length(self, now: int) -> int:
        """Microseconds since the last cut."""
        return now - self._began

    def take(self, now: int, *, last: bool = False, whole: bool = False) -> Draft:
        """Cut here. A picture of which only the beginning came waits for the next segment, unless
        `whole` says that there is none."""
        parts, self._parts, self.size = self._parts, {}, 0
        for number in [n for n in parts if n in self._tracks]:
            if self._tracks[number].codec == "vp8":
                self._cut_picture(parts, number, now, whole or last)
        kept = {number: content for number, content in parts.items() if content}
        draft = Draft(last, self._began, now, kept, sum(map(len, kept.values())))
        self._began = now
        return draft

    def _cut_picture(self, parts: dict[int, bytearray], number: int, now: int, whole: bool) -> None:
        content = parts[number]
        seen = vp8.scan(content)
        if seen.key_at is not None:
            event = pack_event(seen.key_at, {"e": "key", "track": number})
            parts[EVENTS] = parts.get(EVENTS, bytearray()) + event
        if not whole and seen.rest_at is not None and now - seen.rest_at < _LONGEST_CARRY:
            self._parts[number] = content[seen.whole :]
            self.size += len(self._parts[number])
            del content[seen.whole :]

    def pause(self, now: int, why: str) -> Draft:
        """Nothing is taken any more; what came before is in this segment."""
        self.event(now, "pause", why=why)
        draft = self.take(now, whole=True)
        self.paused = True
        self._parts, self.size = {}, 0
        return draft

    def resume(self, now: int) -> None:
        self.paused = False
        self._began = now
        self.event(now, "resume")

    def end(self, now: int, why: str) -> Draft:
        """The last segment: no other may follow it."""
        if self.paused:
            self._began = now
        self.event(now, "end", why=why)
        self.paused = True
        return self.take(now, last=True)

    def keep(self, draft: Draft) -> Kept:
        """Seal it and write it. Raises OSError; then it is as if it had never been taken."""
        header = Header(
            self.id,
            self._n,
            draft.last,
            self.hash,
            self.wall(draft.clock),
            draft.clock,
            draft.until,
        )
        content = seal(header, self._key, draft.contents)
        self._write(self.folder / file_name(self._n), content)
        line = content[: content.index(b"\n") + 1]
        self.hash = digest(line)
        self._n += 1
        return Kept(self._n - 1, self.hash, draft.until, len(content))

    def wall(self, clock: int) -> str:
        """The time of day at that moment, by the clock as it stood at the beginning."""
        at = self._at0 + timedelta(microseconds=clock - self._clock0)
        return at.isoformat(timespec="microseconds")
