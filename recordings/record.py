"""What a part of a segment is made of: records, one after the other, each as it came.

A record is its kind, the length of what it holds, when it arrived (microseconds of the machine's
monotonic clock) and what it holds.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

HEAD = struct.Struct(">BHQ")

RTP, REPORT, EVENT = 1, 2, 3
"""An RTP packet; a track's number and the sender report about it; an event in JSON."""

_TRACK = struct.Struct(">H")
REPORT_BYTES = 28
"""Of a sender report: its header and what the sender says of its clock, without report blocks."""


class Record(NamedTuple):
    kind: int
    at: int
    """Monotonic microseconds."""
    data: memoryview


class Damaged(Exception):
    """Not what a recorder of ours writes."""


def pack(kind: int, at: int, data: bytes | memoryview) -> bytes:
    return HEAD.pack(kind, len(data), at) + data


def pack_report(track: int, at: int, report: bytes | memoryview) -> bytes:
    return pack(REPORT, at, _TRACK.pack(track) + bytes(report[:REPORT_BYTES]))


def pack_event(at: int, event: Mapping[str, Any]) -> bytes:
    return pack(EVENT, at, json.dumps(event, ensure_ascii=False, sort_keys=True).encode())


def read(part: bytes | memoryview) -> Iterator[Record]:
    """Raises Damaged where a record is cut off."""
    view, at = memoryview(part), 0
    while at < len(view):
        if at + HEAD.size > len(view):
            raise Damaged("a record is cut off")
        kind, length, arrived = HEAD.unpack_from(view, at)
        at += HEAD.size
        if at + length > len(view):
            raise Damaged("a record is cut off")
        yield Record(kind, arrived, view[at : at + length])
        at += length


def since(at: int, part: memoryview) -> memoryview:
    """Those that arrived at that moment or later; records are in the order of arriving."""
    while part:
        _, length, arrived = HEAD.unpack_from(part)
        if arrived >= at:
            break
        part = part[HEAD.size + length :]
    return part


def event_of(record: Record) -> dict[str, Any]:
    try:
        event = json.loads(bytes(record.data))
    except ValueError:
        raise Damaged("an event is not JSON") from None
    if not isinstance(event, dict):
        raise Damaged("an event is not an object")
    return event


class Report(NamedTuple):
    """A sender said: at my second `ntp`, my stream's timestamp was `stamp`."""

    track: int
    at: int
    ntp: float
    stamp: int


def report_of(record: Record) -> Report:
    try:
        (track,) = _TRACK.unpack_from(record.data)
        high, low, stamp = struct.unpack_from(">III", record.data, _TRACK.size + 8)
    except struct.error:
        raise Damaged("a sender report is cut off") from None
    return Report(track, record.at, high + low / (1 << 32), stamp)


class Packet(NamedTuple):
    """An RTP packet without its header's extension, its padding and what else it names."""

    marker: bool
    seq: int
    stamp: int
    at: int
    payload: memoryview


def packet_of(record: Record) -> Packet | None:
    """None: it is no RTP packet, or has nothing in it."""
    data, size = record.data, len(record.data)
    if size < 12 or data[0] >> 6 != 2:
        return None
    start = 12 + 4 * (data[0] & 15)
    if data[0] & 0x10:
        if start + 4 > size:
            return None
        start += 4 + 4 * (data[start + 2] << 8 | data[start + 3])
    if data[0] & 0x20:
        size -= data[size - 1]
    if start >= size:
        return None
    seq, stamp = struct.unpack_from(">HI", data, 2)
    return Packet(data[1] > 127, seq, stamp, record.at, data[start:size])
