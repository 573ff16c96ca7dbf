"""What a crash leaves: a recording without its last segment, and perhaps a draft."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from recordings import durable
from recordings.record import Damaged, pack_event
from recordings.segment import (
    EVENTS,
    HEAD_FILE,
    SUFFIX,
    Header,
    SegmentFile,
    digest,
    file_name,
    seal,
)


def open_ones(folder: Path) -> Iterator[Path]:
    """Recordings under this folder that nobody ended. To be asked while no writer runs."""
    for head in sorted(folder.glob(f"*/{HEAD_FILE}")):
        if not _ended(head.parent):
            yield head.parent


def close(folder: Path, key: bytes, recording: str) -> Header:
    """Say in a last segment that it ended in the middle, so that nothing can be put behind it.

    Returns the last header. Drafts are removed; a recording that was ended stays as it is.
    """
    for draft in folder.glob(".*.draft"):
        draft.unlink()
    before = _last(folder)
    if before is not None and before.last:
        return before
    header = _following(folder, recording, before)
    event = pack_event(header.clock, {"e": "end", "why": "broken off"})
    content = seal(header, key, {EVENTS: event})
    durable.write(folder / file_name(header.n), content)
    return SegmentFile(folder / file_name(header.n)).header


def _following(folder: Path, recording: str, before: Header | None) -> Header:
    if before is not None:
        lasted = timedelta(microseconds=before.until - before.clock)
        at = (datetime.fromisoformat(before.at) + lasted).isoformat(timespec="microseconds")
        return Header(recording, before.n + 1, True, before.hash, at, before.until, before.until)
    content = (folder / HEAD_FILE).read_bytes()
    head = json.loads(content)
    clock = head["clock"]
    return Header(recording, 0, True, digest(content), head["at"], clock, clock)


def _ended(folder: Path) -> bool:
    try:
        last = _last(folder)
    except Damaged:
        return True  # Nothing is put behind a segment that is not what was written.
    return last is not None and last.last


def _last(folder: Path) -> Header | None:
    files = sorted(folder.glob(f"*{SUFFIX}"))
    return SegmentFile(files[-1]).header if files else None
