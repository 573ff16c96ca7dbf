"""What is in a folder, for tests."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

from recordings import record
from recordings.segment import EVENTS, SegmentFile
from tests.recordings.simulation import KEY


def segments(folder: Path) -> list[SegmentFile]:
    return [SegmentFile(file) for file in sorted(folder.glob("*.seg"))]


def packets(folder: Path, track: int) -> list[record.Record]:
    """All that was kept of a track, segment after segment."""
    return [
        found for segment in segments(folder) for found in record.read(segment.open(KEY, track))
    ]


def events(folder: Path) -> list[dict[str, Any]]:
    return [
        record.event_of(found)
        for segment in segments(folder)
        for found in record.read(segment.open(KEY, EVENTS))
        if found.kind == record.EVENT
    ]


def chained(folder: Path) -> bool:
    """Every segment names the one before it."""
    headers = [segment.header for segment in segments(folder)]
    return all(b.previous == a.hash and b.n == a.n + 1 for a, b in pairwise(headers))
