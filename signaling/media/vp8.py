"""The VP8 payload descriptor (RFC 7741): only what switching sources needs."""

from __future__ import annotations

from typing import NamedTuple

Bytes = bytes | memoryview


class Descriptor(NamedTuple):
    """Offsets are within the payload; 0 means that the field is absent (byte 0 is never one)."""

    keyframe: bool
    """The first packet of a frame that needs no other."""
    picture: int
    """Picture id, as many bits as were sent."""
    picture_at: int
    wide: bool
    """The picture id has 15 bits, not 7."""
    tl0: int
    tl0_at: int


def describe(payload: Bytes) -> Descriptor | None:
    """Read a payload's descriptor; None when it is cut off or empty."""
    try:
        first = payload[0]
        at = 1
        picture = picture_at = tl0 = tl0_at = 0
        wide = False
        if first & 0x80:
            flags = payload[1]
            at = 2
            if flags & 0x80:
                picture_at = at
                picture = payload[at]
                at += 1
                if picture & 0x80:
                    wide = True
                    picture = (picture & 0x7F) << 8 | payload[at]
                    at += 1
            if flags & 0x40:
                tl0_at = at
                tl0 = payload[at]
                at += 1
            if flags & 0x30:
                at += 1
        begins = first & 0x17 == 0x10  # Start of a partition, and it is number 0.
        keyframe = begins and not payload[at] & 1
        return Descriptor(keyframe, picture, picture_at, wide, tl0, tl0_at)
    except IndexError:
        return None


def widen(payload: Bytes, descriptor: Descriptor, picture: int) -> tuple[bytes, Descriptor]:
    """The same payload with a picture id of 15 bits, so that slots can count on one form."""
    at = descriptor.picture_at
    wide = bytes((0x80 | picture >> 8 & 0x7F, picture & 0xFF))
    longer = bytes(payload[:at]) + wide + bytes(payload[at + 1 :])
    tl0_at = descriptor.tl0_at + 1 if descriptor.tl0_at else 0
    return longer, descriptor._replace(picture=picture, wide=True, tl0_at=tl0_at)


NOTHING = Descriptor(False, 0, 0, False, 0, 0)
"""Of a payload without a descriptor."""
