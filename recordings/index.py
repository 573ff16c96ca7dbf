"""What a recording consists of, without its media: the line of time, the tracks, what happened.

The time of playing is the time that was recorded: a pause takes none. Reading all of it opens the
first part of every segment; once a recording is ended the result is kept beside the segments,
sealed like them, so that a long one plays at once. It is a copy: it may be deleted at any time.
"""

from __future__ import annotations

import json
import secrets
from bisect import bisect_right
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from recordings import clocks, durable, record
from recordings.clocks import Anchor
from recordings.record import Damaged, Report
from recordings.segment import EVENTS, NONCE, SUFFIX, SegmentFile, canonical, file_name
from recordings.track import Track

CACHE = "index.sealed"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Event:
    at: int
    what: str
    more: Mapping[str, Any]


@dataclass(slots=True)
class Index:
    recording: str
    ended: bool
    clock: int
    """The monotonic clock at the beginning, and `at`, the time of day."""
    at: str
    spans: list[tuple[int, int]] = field(default_factory=list)
    """From when to when, by the monotonic clock, each segment is."""
    sizes: list[dict[int, int]] = field(default_factory=list)
    """Sealed bytes of each track in each segment."""
    tracks: dict[int, Track] = field(default_factory=dict)
    anchors: dict[int, list[Anchor]] = field(default_factory=dict)
    keys: dict[int, list[int]] = field(default_factory=dict)
    """In which segments a picture begins that needs no other."""
    events: list[Event] = field(default_factory=list)
    _starts: list[int] = field(default_factory=list)
    _run: list[tuple[int, int]] = field(default_factory=list)
    _clocks: list[int] = field(default_factory=list)

    def settle(self) -> Index:
        """Work out the line of time."""
        position = first = 0
        for n, (begins, ends) in enumerate(self.spans):
            if n and begins != self.spans[n - 1][1]:
                self._run += [(first, n - 1)] * (n - first)
                first = n
            self._starts.append(position)
            position += ends - begins
        self._run += [(first, len(self.spans) - 1)] * (len(self.spans) - first)
        self._starts.append(position)
        self._clocks = [begins for begins, _ in self.spans]
        return self

    @property
    def duration(self) -> int:
        """Recorded microseconds."""
        return self._starts[-1]

    def start(self, n: int) -> int:
        """Where segment `n` begins in the time of playing; for the number behind the last, the
        end."""
        return self._starts[n]

    def position(self, clock: int, n: int) -> int:
        """Where that moment is in the time of playing, when it belongs to what was recorded in one
        go with segment `n`."""
        first, last = self._run[n]
        at = min(max(clock, self.spans[first][0]), self.spans[last][1])
        return self._starts[first] + at - self.spans[first][0]

    def place(self, clock: int) -> int:
        """Where any moment is; one that was not recorded is at the cut."""
        n = max(bisect_right(self._clocks, clock) - 1, 0)
        return self.position(clock, n)

    def moment(self, position: int) -> int:
        """The monotonic clock at a place in the time of playing."""
        n = min(max(bisect_right(self._starts, position) - 1, 0), len(self.spans) - 1)
        return self.spans[n][0] + position - self._starts[n]

    def people(self) -> list[str]:
        """Of whom something was recorded, in the order of coming."""
        return list(dict.fromkeys(track.person for track in self.tracks.values()))

    def of(self, person: str, kind: str) -> list[Track]:
        return [t for t in self.tracks.values() if (t.person, t.kind) == (person, kind)]


def open_index(folder: Path, key: bytes) -> Index:
    """From what is kept, or by reading all. Raises Damaged and OSError."""
    files = sum(path.suffix == SUFFIX for path in folder.iterdir())
    if not files:
        raise Damaged("nothing was recorded")
    last = SegmentFile(folder / file_name(files - 1)).header
    about = f"heyi index\n{VERSION}\n{last.recording}\n{last.hash}".encode()
    with suppress(OSError, InvalidTag, ValueError, KeyError, TypeError):
        box = (folder / CACHE).read_bytes()
        return _loaded(AESGCM(key).decrypt(box[:NONCE], box[NONCE:], about))
    index = read(folder, key)
    if index.ended:
        nonce = secrets.token_bytes(NONCE)
        with suppress(OSError):  # Without it the next one takes as long, that is all.
            box = nonce + AESGCM(key).encrypt(nonce, _dumped(index), about)
            durable.write(folder / CACHE, box)
    return index


def read(folder: Path, key: bytes) -> Index:
    """Open the first part of every segment. Raises Damaged and OSError."""
    head = json.loads((folder / "head.json").read_bytes())
    index = Index(str(head["recording"]), False, int(head["clock"]), str(head["at"]))
    reports: list[Report] = []
    n = 0
    while (path := folder / file_name(n)).exists():
        segment = SegmentFile(path)
        index.spans.append((segment.header.clock, segment.header.until))
        index.sizes.append({p.track: p.size for p in segment.header.parts if p.track != EVENTS})
        index.ended = segment.header.last
        for found in record.read(segment.open(key, EVENTS)):
            if found.kind == record.REPORT:
                reports.append(record.report_of(found))
            elif found.kind == record.EVENT:
                _happened(index, n, found.at, record.event_of(found))
        n += 1
    index.anchors = clocks.lines(index.tracks, reports)
    return index.settle()


def _happened(index: Index, n: int, at: int, event: dict[str, Any]) -> None:
    what = str(event.pop("e", ""))
    try:
        if what == "track":
            number = int(event.pop("track"))
            index.tracks[number] = Track(number, **event)
        elif what == "key":
            index.keys.setdefault(int(event["track"]), []).append(n)
        else:
            index.events.append(Event(at, what, event))
    except (KeyError, TypeError, ValueError):
        raise Damaged("an event lacks something") from None


def _dumped(index: Index) -> bytes:
    plain = {k: v for k, v in asdict(index).items() if not k.startswith("_")}
    return canonical(plain)


def _loaded(content: bytes) -> Index:
    found = json.loads(content)
    return Index(
        found["recording"],
        found["ended"],
        found["clock"],
        found["at"],
        [(begins, ends) for begins, ends in found["spans"]],
        [{int(t): size for t, size in sizes.items()} for sizes in found["sizes"]],
        {int(n): Track(**track) for n, track in found["tracks"].items()},
        {int(n): [(s, at) for s, at in line] for n, line in found["anchors"].items()},
        {int(n): keys for n, keys in found["keys"].items()},
        [Event(**event) for event in found["events"]],
    ).settle()
