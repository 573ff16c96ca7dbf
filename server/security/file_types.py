"""What a file is, by its content: its name and what a browser says of it count for nothing."""

from __future__ import annotations

import io
import zipfile
import zlib

from server.domain.document import FileType
from server.domain.errors import Refused
from server.security import compound

_HEIC = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"}
_MP4 = {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"qt  ", b"M4V "}
_PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
"""What office programs use. Others unpack a small piece to any size at once."""
_CHUNK = 1024 * 1024
_PARTS = {"word/document.xml": FileType.DOCX, "xl/workbook.xml": FileType.XLSX}
_STREAMS = {"WordDocument": FileType.DOC, "Workbook": FileType.XLS, "Book": FileType.XLS}
_TYPES = "[Content_Types].xml"
_LONGEST_TYPES = 1024 * 1024
_MACROS = (b"macroEnabled", b"vbaProject")
"""What the list of a document's parts says of programs in it, whatever they are called."""
_OLD_MACROS = {"VBA", "_VBA_PROJECT", "_VBA_PROJECT_CUR", "Macros"}
_LOCKED = "EncryptedPackage"
"""What Word and Excel of today make of a document with a password."""

_MOST_PARTS = 5_000
_UNPACKED = 200 * 1024 * 1024
"""Bytes; what says that it is more, or lies and is more, is made to fill a memory."""


def found(content: bytes) -> FileType | None:
    """None: nothing that may be kept. Raises Refused where there is more to say of it:
    paper_macros, paper_locked, paper_too_large.
    """
    if content.startswith(b"\xff\xd8\xff"):
        return FileType.JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return FileType.PNG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return FileType.WEBP
    if content.startswith(b"%PDF-"):
        return FileType.PDF
    if content.startswith(b"PK\x03\x04"):
        return _office(content)
    if content.startswith(compound.MAGIC):
        return _old_office(content)
    if content[4:8] == b"ftyp":
        return _boxes(content)
    if content.startswith(b"ID3") or _mpeg_frame(content):
        return FileType.MP3
    return FileType.TEXT if _readable(content) else None


def _office(content: bytes) -> FileType | None:
    """A document of Word or Excel, without programs in it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            with archive.open(_TYPES) as listed:
                types = listed.read(_LONGEST_TYPES)
            kind = _kind(parts)
            if kind is not None:
                _weigh(archive, parts)
    except (zipfile.BadZipFile, zlib.error, EOFError, LookupError, ValueError, RuntimeError):
        return None
    if kind is None:
        return None
    named = any("vbaProject" in part.filename for part in parts)
    if named or any(word in types for word in _MACROS):
        raise Refused("paper_macros")
    return kind


def _kind(parts: list[zipfile.ZipInfo]) -> FileType | None:
    names = {part.filename for part in parts}
    if any(part.compress_type not in _PACKED for part in parts):
        return None
    return next((kind for part, kind in _PARTS.items() if part in names), None)


def _weigh(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """Also the parts that nothing shows; first what they say of their sizes, then what is true."""
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _UNPACKED:
        raise Refused("paper_too_large")
    room = _UNPACKED
    for part in parts:
        # Else it is read no further than it says that it is long.
        part.file_size = 2 * _UNPACKED
        with archive.open(part) as opened:
            while chunk := opened.read(_CHUNK):
                room -= len(chunk)
                if room < 0:
                    raise Refused("paper_too_large")


def _old_office(content: bytes) -> FileType | None:
    """The same, as they were before 2007; those of today with a password are of this kind too."""
    try:
        inside = compound.read(content)
    except compound.Broken:
        return None
    if _LOCKED in inside.top:
        raise Refused("paper_locked")
    kind = next((kind for name, kind in _STREAMS.items() if name in inside.top), None)
    if kind and inside.names & _OLD_MACROS:
        raise Refused("paper_macros")
    return kind


def _boxes(content: bytes) -> FileType | None:
    brand = content[8:12]
    if brand in _HEIC:
        return FileType.HEIC
    if brand in (b"M4A ", b"M4B "):
        return FileType.M4A
    return FileType.MP4 if brand in _MP4 else None


def _mpeg_frame(content: bytes) -> bool:
    """A frame's header: its sync word, layer III, and a rate that exists."""
    if len(content) < 4 or content[0] != 0xFF:
        return False
    version_and_layer, rates = content[1], content[2]
    return (
        version_and_layer & 0xE6 == 0xE2
        and version_and_layer & 0x18 != 0x08
        and rates & 0xF0 not in (0x00, 0xF0)
        and rates & 0x0C != 0x0C
    )


def _readable(content: bytes) -> bool:
    """Text in one of the encodings that people here have, and no page, script or program."""
    if not content or b"\0" in content:
        return False
    start = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<", b"#!", b"{\\rtf", b"mz")):
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return all(c.isprintable() or c in "\t\r\n\f\ufeff\u3000\xa0\u200b" for c in text)
    return False
