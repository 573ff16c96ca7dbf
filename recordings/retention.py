"""The end of a recording: its key is destroyed, and what is left says that it was.

The key lies in the key store under its `recording_key`, wrapped by the organisation's own, with one
copy and no history. Once it is gone nothing reads the sealed parts, here or in a backup; that the
files go, too, is only for the room they take. What stays: the headers, by which anybody can still
check that a bundle given out earlier is what was recorded.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from recordings import durable
from recordings.index import CACHE
from recordings.record import Damaged
from recordings.segment import (
    FORMAT,
    HEAD_FILE,
    SUFFIX,
    SegmentFile,
    canonical,
    digest,
    file_name,
    read_header,
)
from server.security.data_keys import DataKeys
from server.security.keys import recording_key

TOMBSTONE, HEADERS = "tombstone.json", "headers.jsonl"


class Held(Exception):
    """A court or a quarrel needs it: it may not be destroyed."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How long recordings of a purpose are kept by an organisation."""

    purpose: str
    days: int

    def until(self, ended_at: datetime) -> datetime:
        return ended_at + timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Tombstone:
    recording: str
    head: str
    """The hash of its last header: what bundles and the audit know it by."""
    segments: int
    bytes: int
    """Of what was destroyed."""
    began_at: str
    ended_at: str
    destroyed_at: str
    why: str

    def row(self) -> dict[str, Any]:
        """What the audit chain keeps of it."""
        return {"format": FORMAT, **asdict(self)}


def destroy(
    keys: DataKeys, folder: Path, recording: str, at: datetime, why: str, *, held: bool = False
) -> Tombstone:
    """Final. Interrupted in the middle, it is done to the end by asking again.

    Raises Held and Damaged, both before anything is done, and OSError.
    """
    if held:
        raise Held
    stone = _tombstone(folder)
    if stone is None:
        headers = list(_headers(folder))
        if not headers or headers[-1].header.recording != recording:
            raise Damaged("this is another recording")
        last = headers[-1].header
        stone = Tombstone(
            recording, last.hash, len(headers), sum(file.size for file in headers),
            headers[0].header.at, last.at, at.isoformat(timespec="seconds"), why,
        )  # fmt: skip
        durable.write(folder / HEADERS, b"".join(file.header.line() for file in headers))
        keys.destroy(recording_key(recording))
        durable.write(folder / TOMBSTONE, canonical(stone.row()))
    keys.destroy(recording_key(recording))
    for file in (*folder.glob(f"*{SUFFIX}"), folder / CACHE):
        file.unlink(missing_ok=True)
    return stone


def holds(folder: Path) -> bool:
    """Whether the headers that are left are those that the tombstone names."""
    stone = _tombstone(folder)
    if stone is None:
        return False
    previous = digest((folder / HEAD_FILE).read_bytes())
    lines = (folder / HEADERS).read_bytes().splitlines(keepends=True)
    try:
        for line in lines:
            if read_header(line).previous != previous:
                return False
            previous = digest(line)
    except Damaged:
        return False
    return previous == stone.head and len(lines) == stone.segments


def _tombstone(folder: Path) -> Tombstone | None:
    try:
        said = json.loads((folder / TOMBSTONE).read_bytes())
    except FileNotFoundError:
        return None
    del said["format"]
    return Tombstone(**said)


def _headers(folder: Path) -> Iterator[SegmentFile]:
    n = 0
    while (path := folder / file_name(n)).exists():
        yield SegmentFile(path)
        n += 1
