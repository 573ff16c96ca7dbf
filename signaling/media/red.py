"""Redundant voice (RFC 2198): each packet carries the frames before it once more.

One lost packet then costs nothing, and of one in five lost ones most. The frames before are from
before the packet, and so, just after a switch, from before its receiver was there.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

Bytes = bytes | memoryview

_HEADER = struct.Struct(">I")


class Red(NamedTuple):
    primary_at: int
    """Where the packet's own frame begins, which goes on to the end."""
    oldest: int
    """How far before it, in ticks of the clock, the oldest of the others was said."""


def read(payload: Bytes, payload_type: int) -> Red | None:
    """Find the parts; None where it is cut off, or not all of it is of that type."""
    at = length = oldest = 0
    size = len(payload)
    while at < size and payload[at] & 0x80:
        if at + 4 > size:
            return None
        (word,) = _HEADER.unpack_from(payload, at)
        if word >> 24 & 0x7F != payload_type:
            return None
        oldest = max(oldest, word >> 10 & 0x3FFF)
        length += word & 0x3FF
        at += 4
    primary_at = at + 1 + length
    if primary_at >= size or payload[at] != payload_type:
        return None
    return Red(primary_at, oldest)
