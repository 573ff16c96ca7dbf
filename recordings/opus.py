"""Opus packets (RFC 6716): how long they last."""

from __future__ import annotations

SILENCE = b"\xf8\xff\xfe"
"""A packet of 20 ms in which nothing is."""
SILENCE_LASTS = 20_000

_SILK, _HYBRID, _CELT = (
    (10_000, 20_000, 40_000, 60_000),
    (10_000, 20_000),
    (2_500, 5_000, 10_000, 20_000),
)


def lasts(packet: bytes | memoryview) -> int:
    """Microseconds."""
    config, code = packet[0] >> 3, packet[0] & 3
    if config < 12:
        frame = _SILK[config & 3]
    elif config < 16:
        frame = _HYBRID[config & 1]
    else:
        frame = _CELT[config & 3]
    if code == 3:
        return frame * ((packet[1] & 63) if len(packet) > 1 else 0)
    return frame * (2 if code else 1)
