"""A WebM file whose size and places are known before anything is in it.

The library that reads and writes such files for us elsewhere writes them from the front to the end.
Here any piece must be made by itself, always the same, so every cluster gets a room of a size given
beforehand, and what it doesn't need is filled with an element that means nothing (RFC 8794, Void).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

AUDIO, VIDEO = 1, 2
BLOCK_ROOM = 9
"""Bytes a block takes besides what is in it, at most."""
CLUSTER_ROOM = 4 + 8 + 10 + 9
"""What a cluster takes besides its blocks: its own head, its time, the smallest filling."""

_OPUS_HEAD = b"OpusHead" + struct.pack("<BBHIhB", 1, 2, 0, 48000, 0, 0)
_CUE_BYTES = 28


class Block(NamedTuple):
    track: int
    at: int
    """Milliseconds of playing."""
    key: bool
    content: bytes


@dataclass(frozen=True, slots=True)
class Shape:
    """What a file holds: which of the two lines, how large, how long."""

    audio: bool
    video: tuple[int, int] | None
    duration_ms: int
    clusters: tuple[tuple[int, int, bool], ...]
    """(milliseconds, bytes of its room, whether one may begin to play there)."""


def head(shape: Shape) -> bytes:
    """Everything before the first cluster."""
    info = _element(0x2AD7B1, _number(1_000_000))
    info += _element(0x4489, struct.pack(">d", shape.duration_ms))
    info += _element(0x4D80, b"Heyi") + _element(0x5741, b"Heyi")
    fixed = _element(0x1549A966, info) + _element(0x1654AE6B, _tracks(shape))
    main = VIDEO if shape.video else AUDIO
    cues = sum(key for _, _, key in shape.clusters) * _CUE_BYTES
    at = len(fixed) + len(_element(0x1C53BB6B, bytes(cues)))
    size, points = at, []
    for begins, room, key in shape.clusters:
        if key:
            points.append(_cue(begins, main, size))
        size += room
    body = fixed + _element(0x1C53BB6B, b"".join(points))
    ebml = _element(0x4286, b"\1") + _element(0x42F7, b"\1") + _element(0x42F2, b"\4")
    ebml += _element(0x42F3, b"\x08") + _element(0x4282, b"webm")
    ebml += _element(0x4287, b"\4") + _element(0x4285, b"\2")
    return _element(0x1A45DFA3, ebml) + _id(0x18538067) + _long(size) + body


def cluster(at: int, blocks: Iterable[Block], room: int) -> tuple[bytes, int]:
    """A cluster that fills its room exactly, and how many blocks found no place in it."""
    parts: list[bytes] = []
    left, out = room - CLUSTER_ROOM, 0
    for block in blocks:
        if not -0x8000 <= block.at - at < 0x8000:  # A cluster can't say when that was.
            out += 1
            continue
        made = _block(block, at)
        if len(made) > left:
            out += 1
            continue
        parts.append(made)
        left -= len(made)
    content = b"\xe7\x88" + struct.pack(">Q", at) + b"".join(parts)
    return _id(0x1F43B675) + _long(len(content)) + content + _void(left + 9), out


def _block(block: Block, cluster_at: int) -> bytes:
    size = _size(4 + len(block.content))
    flags = 0x80 if block.key else 0
    return (
        b"\xa3"
        + size
        + struct.pack(">BhB", 0x80 | block.track, block.at - cluster_at, flags)
        + block.content
    )


def _tracks(shape: Shape) -> bytes:
    entries = []
    if shape.audio:
        sound = _element(0xB5, struct.pack(">d", 48000.0)) + _element(0x9F, b"\2")
        more = _element(0x63A2, _OPUS_HEAD) + _element(0x56BB, _number(80_000_000))
        entries.append(_track(AUDIO, 2, b"A_OPUS", more + _element(0xE1, sound)))
    if shape.video:
        width, height = shape.video
        picture = _element(0xB0, _number(width)) + _element(0xBA, _number(height))
        entries.append(_track(VIDEO, 1, b"V_VP8", _element(0xE0, picture)))
    return b"".join(entries)


def _track(number: int, kind: int, codec: bytes, more: bytes) -> bytes:
    names = _element(0xD7, bytes([number])) + _element(0x73C5, bytes([number]))
    return _element(0xAE, names + _element(0x83, bytes([kind])) + _element(0x86, codec) + more)


def _cue(at: int, track: int, place: int) -> bytes:
    where = b"\xf7\x81" + bytes([track]) + b"\xf1\x88" + struct.pack(">Q", place)
    return _element(0xBB, b"\xb3\x88" + struct.pack(">Q", at) + _element(0xB7, where), wide=True)


def _void(size: int) -> bytes:
    return b"\xec" + _long(size - 9) + bytes(size - 9)


def _element(name: int, content: bytes, *, wide: bool = False) -> bytes:
    return _id(name) + (_wide(len(content)) if wide else _size(len(content))) + content


def _id(name: int) -> bytes:
    return name.to_bytes((name.bit_length() + 7) // 8)


def _size(size: int) -> bytes:
    """As short as it can be said."""
    for n in range(1, 5):
        if size < (1 << 7 * n) - 1:
            return (size | 1 << 7 * n).to_bytes(n)
    return _long(size)


def _wide(size: int) -> bytes:
    return (size | 1 << 14).to_bytes(2)


def _long(size: int) -> bytes:
    return (size | 1 << 56).to_bytes(8)


def _number(value: int) -> bytes:
    return value.to_bytes(max(1, (value.bit_length() + 7) // 8))
