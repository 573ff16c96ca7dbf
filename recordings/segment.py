"""A segment: at most two seconds of everybody, in one file.

A line of JSON (the *header*), then the *parts*, each sealed by itself: part 0 holds events and
sender reports, every other part what one track received. A header names the hash of the header
before it and, for each part, the hash of its sealed bytes and of what they open to. So whoever has
the headers can check a track without its key, and without the other tracks; and whoever has the
files can check them without any key.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from recordings.record import Damaged

FORMAT = 1
SEAL, HASH = "aes256gcm", "sha256"
HEAD_FILE, SUFFIX = "head.json", ".seg"
EVENTS = 0
"""The part of events and sender reports."""
NONCE, SALT, TAG = 12, 16, 16
LONGEST_HEADER = 1 << 20
ONE_TRACK_MORE = 200
"""Bytes of a header for each part, about."""


def canonical(value: Any) -> bytes:
    """JSON of which there is one way only: sorted keys, no spaces, plain characters."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(content: bytes | memoryview) -> str:
    return f"{HASH}:{hashlib.sha256(content).hexdigest()}"


def file_name(n: int) -> str:
    return f"{n:08}{SUFFIX}"


@dataclass(frozen=True, slots=True)
class Part:
    track: int
    size: int
    """Of its sealed bytes."""
    sealed: str
    content: str
    """The hash of what it opens to, salt included."""


@dataclass(frozen=True, slots=True)
class Header:
    recording: str
    n: int
    last: bool
    previous: str
    at: str
    """The wall clock at its beginning, ISO 8601 in UTC."""
    clock: int
    """The monotonic clock at its beginning, in microseconds: what records are stamped with."""
    until: int
    parts: tuple[Part, ...] = ()

    def fields(self) -> dict[str, Any]:
        """All but the parts."""
        return {
            "format": FORMAT, "recording": self.recording, "n": self.n, "last": self.last,
            "previous": self.previous, "at": self.at, "clock": self.clock, "until": self.until,
            "alg": {"seal": SEAL, "hash": HASH},
        }  # fmt: skip

    def line(self) -> bytes:
        parts = [[p.track, p.size, p.sealed, p.content] for p in self.parts]
        return canonical({**self.fields(), "parts": parts}) + b"\n"

    def about(self, track: int) -> bytes:
        """What a part is sealed together with: its place, to the last field."""
        return canonical({**self.fields(), "track": track})

    @property
    def hash(self) -> str:
        return digest(self.line())

    def offset(self, track: int) -> tuple[int, Part]:
        """Where that part begins, behind the header's line. Raises KeyError."""
        at = 0
        for part in self.parts:
            if part.track == track:
                return at, part
            at += part.size
        raise KeyError(track)


def read_header(line: bytes) -> Header:
    """Raises Damaged: not a line that `Header.line` makes, to the byte."""
    try:
        found = json.loads(line)
        parts = tuple(Part(int(t), int(s), str(a), str(b)) for t, s, a, b in found["parts"])
        header = Header(
            str(found["recording"]), int(found["n"]), bool(found["last"]), str(found["previous"]),
            str(found["at"]), int(found["clock"]), int(found["until"]), parts,
        )  # fmt: skip
        datetime.fromisoformat(header.at)
    except (ValueError, KeyError, TypeError):
        raise Damaged("the header can't be read") from None
    if header.line() != line:
        raise Damaged("the header is not in the form it is written in")
    return header


def seal(header: Header, key: bytes, contents: Mapping[int, bytes | bytearray]) -> bytes:
    """The whole file. `header` without parts; `contents` by track."""
    cipher = AESGCM(key)
    parts, sealed = [], []
    for track in sorted(contents):
        # The salt: the hash of a track's quiet second says nothing to who may not hear it.
        content = secrets.token_bytes(SALT) + contents[track]
        nonce = secrets.token_bytes(NONCE)
        box = nonce + cipher.encrypt(nonce, content, header.about(track))
        parts.append(Part(track, len(box), digest(box), digest(content)))
        sealed.append(box)
    whole = Header(
        header.recording, header.n, header.last, header.previous, header.at, header.clock,
        header.until, tuple(parts),
    )  # fmt: skip
    return whole.line() + b"".join(sealed)


def unseal(header: Header, key: bytes, track: int, box: bytes) -> bytes:
    """What was written, with the salt before it. Raises Damaged."""
    try:
        content = AESGCM(key).decrypt(box[:NONCE], box[NONCE:], header.about(track))
    except (InvalidTag, ValueError):
        raise Damaged("it is not what was sealed, or the key is another one") from None
    if len(content) < SALT:
        raise Damaged("it has no salt")
    return content


class SegmentFile:
    """A segment as it lies in the folder. Raises Damaged and OSError."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with path.open("rb") as file:
            line = file.readline(LONGEST_HEADER)
        self.header = read_header(line)
        self._start = len(line)

    def part(self, track: int) -> bytes:
        """A track's sealed bytes. Raises KeyError where it has none here."""
        offset, part = self.header.offset(track)
        with self.path.open("rb") as file:
            file.seek(self._start + offset)
            box = file.read(part.size)
        if len(box) != part.size:
            raise Damaged("the file is cut off")
        return box

    def open(self, key: bytes, track: int) -> memoryview:
        """What that part holds, without its salt; empty where it has none here."""
        try:
            box = self.part(track)
        except KeyError:
            return memoryview(b"")
        return memoryview(unseal(self.header, key, track, box))[SALT:]

    @property
    def size(self) -> int:
        """Of the whole file, by its header."""
        return self._start + sum(part.size for part in self.header.parts)
