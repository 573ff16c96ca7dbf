"""Pictures, sound and video without what they tell of the place and telephone they were taken with.

The picture itself is left as it is, byte for byte; only the parts around it go. Which way up it is
shown stays. What does not hold together is refused.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from server.domain.document import FileType

_EXIF = b"Exif\0\0"
_ORIENTATION = 0x0112


class Broken(Exception):
    """It begins like a picture of this type and isn't one."""


def cleaned(kind: FileType, content: bytes) -> bytes:
    """The same picture; other types come back as they are. Raises Broken."""
    if kind not in _CLEAN:
        return content
    try:
        return _CLEAN[kind](content)
    except (struct.error, IndexError, ValueError) as wrong:
        raise Broken(kind) from wrong


# ---- JPEG -------------------------------------------------------------------------------------


def _jpeg(content: bytes) -> bytes:
    """Keeps what a decoder needs: tables, frames, JFIF (APP0), colours (APP2 ICC, APP14 Adobe)."""
    kept, at, way_up = [content[:2]], 2, 1
    while True:
        if content[at] != 0xFF:
            raise Broken(FileType.JPEG)
        marker = content[at + 1]
        if marker == 0xFF:  # a byte of filling
            at += 1
            continue
        length = 2 + struct.unpack_from(">H", content, at + 2)[0]
        segment = content[at : at + length]
        if len(segment) != length or length < 4:
            raise Broken(FileType.JPEG)
        if marker == 0xDA:
            kept.append(_scans(content[at:]))
            break
        if marker == 0xE1 and segment[4:10] == _EXIF:
            way_up = _way_up(segment[10:])
        elif _wanted(marker, segment):
            kept.append(segment)
        at += length
    if way_up != 1:
        kept.insert(1, _turned(way_up))
    return b"".join(kept)


def _wanted(marker: int, segment: bytes) -> bool:
    if marker == 0xE2:
        return segment[4:16] == b"ICC_PROFILE\0"
    return not (0xE1 <= marker <= 0xED or marker in (0xEF, 0xFE))


def _scans(rest: bytes) -> bytes:
    """Up to the picture's end: telephones put more pictures and their places behind it."""
    at = 0
    while True:
        at = rest.find(b"\xff", at)
        if at < 0 or at + 1 >= len(rest):
            raise Broken(FileType.JPEG)
        marker = rest[at + 1]
        if marker == 0xD9:
            return rest[: at + 2]
        if marker in (0x00, 0xFF) or 0xD0 <= marker <= 0xD7:
            at += 2 if marker != 0xFF else 1
        else:  # tables between the scans of a progressive picture
            at += 2 + struct.unpack_from(">H", rest, at + 2)[0]


def _way_up(tiff: bytes) -> int:
    """1 to 8, as the camera was held; 1 if it doesn't say."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 8:
        return 1
    try:
        (start,) = struct.unpack_from(f"{order}L", tiff, 4)
        (entries,) = struct.unpack_from(f"{order}H", tiff, start)
        for n in range(entries):
            tag, kind, _, value = struct.unpack_from(f"{order}HHLH", tiff, start + 2 + 12 * n)
            if tag == _ORIENTATION and kind == 3 and 1 <= value <= 8:
                return int(value)
    except struct.error:
        pass
    return 1


def _tiff(way_up: int) -> bytes:
    """EXIF that says nothing but which way up."""
    return b"MM\0*\0\0\0\x08" + struct.pack(">HHHLHHL", 1, _ORIENTATION, 3, 1, way_up, 0, 0)


def _turned(way_up: int) -> bytes:
    body = _EXIF + _tiff(way_up)
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


# ---- PNG --------------------------------------------------------------------------------------

_PNG_SAID = {b"tEXt", b"zTXt", b"iTXt", b"tIME"}


def _png(content: bytes) -> bytes:
    kept, at = [content[:8]], 8
    while True:
        length, name = struct.unpack_from(">L4s", content, at)
        chunk = content[at : at + 12 + length]
        if len(chunk) != 12 + length:
            raise Broken(FileType.PNG)
        if name == b"eXIf":
            body = name + _tiff(_way_up(chunk[8:-4]))
            kept.append(struct.pack(">L", len(body) - 4) + body)
            kept.append(struct.pack(">L", zlib.crc32(body)))
        elif name not in _PNG_SAID:
            kept.append(chunk)
        if name == b"IEND":
            return b"".join(kept)
        at += 12 + length


# ---- WebP -------------------------------------------------------------------------------------

_WEBP_SAYS = 0x08 | 0x04
"""The flags of EXIF and XMP in the extended header."""


def _webp(content: bytes) -> bytes:
    end = min(len(content), 8 + struct.unpack_from("<L", content, 4)[0])
    kept, at = [b"WEBP"], 12
    while at < end:
        name, length = struct.unpack_from("<4sL", content, at)
        chunk = content[at : at + 8 + length + length % 2]
        if len(chunk) < 8 + length:
            raise Broken(FileType.WEBP)
        if name == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~_WEBP_SAYS]) + chunk[9:]
        if name not in (b"EXIF", b"XMP "):
            kept.append(chunk)
        at += 8 + length + length % 2
    body = b"".join(kept)
    if len(kept) == 1:
        raise Broken(FileType.WEBP)
    return b"RIFF" + struct.pack("<L", len(body)) + body


# ---- HEIC -------------------------------------------------------------------------------------


def _heic(content: bytes) -> bytes:
    """Blanks the items that hold EXIF and XMP; which way up is a property of the picture's own."""
    blank = bytearray(content)
    for name, start, end in _within(content, 0, len(content)):
        if name != b"meta":
            continue
        parts = {n: (a, b) for n, a, b in _within(content, start + 4, end)}
        if b"iinf" not in parts or b"iloc" not in parts:
            raise Broken(FileType.HEIC)
        said = set(_saying(content, *parts[b"iinf"]))
        for item, method, first, last in _extents(content, *parts[b"iloc"]):
            if item in said:
                base = parts[b"idat"][0] if method == 1 else 0
                blank[base + first : base + last] = bytes(last - first)
    if len(blank) != len(content):
        raise Broken(FileType.HEIC)
    return bytes(blank)


def _within(content: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """The boxes from here to there: name, and where what is in them begins and ends."""
    while at + 8 <= end:
        size, name = struct.unpack_from(">L4s", content, at)
        head = 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", content, at + 8)
            head = 16
        size = size or end - at
        if size < head or at + size > end:
            raise Broken(FileType.HEIC)
        yield name, at + head, at + size
        at += size


def _saying(content: bytes, start: int, end: int) -> Iterator[int]:
    """The numbers of the items that are EXIF or other words about the picture."""
    first = start + (6 if content[start] == 0 else 8)
    for name, at, _ in _within(content, first, end):
        version = content[at]
        if name != b"infe" or version < 2:
            continue
        wide = version > 2
        item = struct.unpack_from(">L" if wide else ">H", content, at + 4)[0]
        kind = content[at + (10 if wide else 8) :][:4]
        if kind in (b"Exif", b"mime"):
            yield item


def _extents(content: bytes, start: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    """Of every item its number, how its place is meant, and where it begins and ends."""
    version, sizes = content[start], content[start + 4 : start + 6]
    offset_size, length_size = sizes[0] >> 4, sizes[0] & 15
    base_size, index_size = sizes[1] >> 4, sizes[1] & 15 if version else 0
    at = start + 6

    def number(size: int) -> int:
        nonlocal at
        if at + size > end:
            raise Broken(FileType.HEIC)
        at += size
        return int.from_bytes(content[at - size : at])

    wide = 4 if version == 2 else 2
    for _ in range(number(wide)):
        item = number(wide)
        method = number(2) & 15 if version else 0
        number(2)
        base = number(base_size)
        for _ in range(number(2)):
            number(index_size)
            first = base + number(offset_size)
            length = number(length_size)
            if first + length > len(content):
                raise Broken(FileType.HEIC)
            yield item, method, first, first + length


# ---- MP4, MOV, M4A ----------------------------------------------------------------------------

_FILM_SAYS = {b"udta", b"meta", b"uuid"}


def _film(content: bytes) -> bytes:
    """Blanks what cameras and telephones write about a recording, of all of it and of each track.

    The place of the sound and pictures in the file is written in it, so nothing may move.
    """
    blank = bytearray(content)
    for name, start, end in _said_of(content, 0, len(content)):
        head = content.rindex(name, start - 12, start)  # before what is in it, and its long size
        blank[head : head + 4] = b"free"
        blank[start:end] = bytes(end - start)
    return bytes(blank)


def _said_of(content: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    for name, first, last in _within(content, start, end):
        if name in (b"moov", b"trak"):
            yield from _said_of(content, first, last)
        elif name in _FILM_SAYS:
            yield name, first, last


_CLEAN = {
    FileType.JPEG: _jpeg,
    FileType.PNG: _png,
    FileType.WEBP: _webp,
    FileType.HEIC: _heic,
    FileType.MP4: _film,
    FileType.M4A: _film,
}
