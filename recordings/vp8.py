"""VP8 in RTP (RFC 7741): where a picture begins and ends, and what it consists of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from recordings.record import HEAD, RTP, Packet


class Scanned(NamedTuple):
    whole: int
    """Bytes of the part until after the last packet that ends a picture."""
    rest_at: int | None
    """When the first packet after that came, if there is one."""
    key_at: int | None
    """When the first picture that needs no other began, if one did."""


def scan(part: bytes | bytearray) -> Scanned:
    """Go over a part's records; written out, for it runs over every packet while recording."""
    at, size, whole = 0, len(part), 0
    rest_at: int | None = None
    key_at: int | None = None
    unpack, head = HEAD.unpack_from, HEAD.size
    while at + head <= size:
        kind, length, arrived = unpack(part, at)
        at += head
        end = at + length
        if kind == RTP and length > 12 and end <= size:
            if rest_at is None:
                rest_at = arrived
            if part[at + 1] > 127:
                whole, rest_at = end, None
            if key_at is None and begins_key(memoryview(part)[_payload(part, at) : end]):
                key_at = arrived
        at = end
    return Scanned(whole, rest_at, key_at)


def _payload(part: bytes | bytearray, at: int) -> int:
    start = at + 12 + 4 * (part[at] & 15)
    if part[at] & 0x10 and start + 4 <= len(part):
        start += 4 + 4 * (part[start + 2] << 8 | part[start + 3])
    return start


def descriptor(payload: memoryview) -> int | None:
    """Its length in bytes; None when it is cut off."""
    if not payload:
        return None
    size = 1
    if payload[0] & 0x80:
        if len(payload) < 2:
            return None
        flags = payload[1]
        size = 2
        if flags & 0x80:
            if len(payload) < 3:
                return None
            size += 2 if payload[2] & 0x80 else 1
        size += bool(flags & 0x40) + bool(flags & 0x30)
    return size if size < len(payload) else None


def begins(payload: memoryview) -> bool:
    """The first packet of a picture."""
    return bool(payload) and payload[0] & 0x17 == 0x10


def begins_key(payload: memoryview) -> bool:
    if not begins(payload):
        return False
    size = descriptor(payload)
    return size is not None and not payload[size] & 1


def picture(packets: Sequence[Packet]) -> bytes | None:
    """The picture that these make, in order and without holes; None if they make none."""
    if not packets or not packets[-1].marker or not begins(packets[0].payload):
        return None
    parts = []
    for packet in packets:
        size = descriptor(packet.payload)
        if size is None:
            return None
        parts.append(packet.payload[size:])
    return b"".join(parts)


def dimensions(frame: bytes) -> tuple[int, int] | None:
    """Width and height, which only a picture that needs no other says."""
    if len(frame) < 10 or frame[0] & 1 or frame[3:6] != b"\x9d\x01\x2a":
        return None
    width, height = int.from_bytes(frame[6:8], "little"), int.from_bytes(frame[8:10], "little")
    return width & 0x3FFF, height & 0x3FFF
