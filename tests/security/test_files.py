from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest

from server.domain.document import FileType, file_name
from server.security.file_types import found
from server.security.pictures import Broken, cleaned

PLACE = b"N31.2304 E121.4737"


def office(part: str, *more: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("[Content_Types].xml", part, *more):
            archive.writestr(name, "<x/>")
    return out.getvalue()


def tiff(way_up: int) -> bytes:
    entries = struct.pack("<HHHLHH", 1, 0x0112, 3, 1, way_up, 0) + bytes(4)
    return b"II*\0\x08\0\0\0" + entries + PLACE


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


SCAN = segment(0xDA, b"\1\1\0\0\x3f\0") + b"\x12\xff\0\x34\xff\xd0\x56"
TABLES = segment(0xDB, bytes(65)) + segment(0xE2, b"ICC_PROFILE\0\1\1colours")


def jpeg(*parts: bytes) -> bytes:
    return b"\xff\xd8" + b"".join(parts) + TABLES + SCAN + b"\xff\xd9"


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">L", len(body)) + name + body + struct.pack(">L", zlib.crc32(name + body))


def png(*chunks: bytes) -> bytes:
    head = chunk(b"IHDR", struct.pack(">LLBBBBB", 1, 1, 8, 0, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + pixels + chunk(b"IEND", b"")


def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"WEBP" + b"".join(
        name + struct.pack("<L", len(content)) + content + bytes(len(content) % 2)
        for name, content in chunks
    )
    return b"RIFF" + struct.pack("<L", len(body)) + body


def box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">L4s", len(body) + 8, name) + body


def heic() -> bytes:
    """One picture and one EXIF item, both in `mdat` behind `meta`."""
    start = box(b"ftyp", b"heic" + bytes(4) + b"mif1")

    def infe(item: int, kind: bytes) -> bytes:
        return box(b"infe", b"\2\0\0\0" + struct.pack(">HH", item, 0) + kind + b"\0")

    iinf = box(b"iinf", bytes(4) + struct.pack(">H", 2) + infe(1, b"hvc1") + infe(2, b"Exif"))

    def meta(first: int) -> bytes:
        places = [(1, first, 7), (2, first + 7, len(PLACE))]
        iloc = b"".join(struct.pack(">HHHLL", n, 0, 1, at, size) for n, at, size in places)
        return box(b"meta", bytes(4) + iinf + box(b"iloc", bytes(4) + b"\x44\0\0\2" + iloc))

    first = len(start) + len(meta(0)) + 8
    return start + meta(first) + box(b"mdat", b"PICTURE" + PLACE)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (jpeg(), FileType.JPEG),
        (png(), FileType.PNG),
        (riff((b"VP8 ", b"x")), FileType.WEBP),
        (heic(), FileType.HEIC),
        (b"%PDF-1.7\n", FileType.PDF),
        (office("word/document.xml"), FileType.DOCX),
        (office("xl/workbook.xml"), FileType.XLSX),
        ("漏水三次。\r\n".encode(), FileType.TEXT),
        ("漏水三次。".encode("gb18030"), FileType.TEXT),
        (b"ID3\x04\0", FileType.MP3),
        (b"\xff\xfb\x90\x64" + bytes(50), FileType.MP3),
        (b"\0\0\0\x18ftypM4A \0\0\0\0", FileType.M4A),
        (b"\0\0\0\x18ftypisom\0\0\0\0", FileType.MP4),
        (b"MZ\x90\0\3", None),
        (b"\x7fELF\2\1", None),
        (b"#!/bin/sh\nrm -rf /\n", None),
        (b"<html><script>alert(1)</script>", None),
        (b"  <svg xmlns='http://www.w3.org/2000/svg'>", None),
        (office("word/document.xml", "word/vbaProject.bin"), None),
        (office("run.exe"), None),
        (b"PK\x03\x04broken", None),
        (b"\x1f\x8b\x08rest", None),
        (b"text with a \0 in it", None),
        (b"", None),
    ],
)
def test_what_a_file_is_says_its_content(content: bytes, kind: FileType | None) -> None:
    assert found(content) is kind


@pytest.mark.parametrize(
    ("given", "kind", "name"),
    [
        ("合同.pdf", FileType.PDF, "合同.pdf"),
        ("run.exe", FileType.JPEG, "run.exe.jpg"),
        ("C:\\Users\\me\\wall.JPG", FileType.JPEG, "wall.JPG"),
        ("../../etc/passwd", FileType.TEXT, "passwd.txt"),
        ("photo\u202egpj.exe", FileType.PNG, "photogpj.exe.png"),
        ("", FileType.PDF, "file.pdf"),
        ("x" * 300 + ".pdf", FileType.PDF, "x" * 150 + ".pdf"),
    ],
)
def test_a_name_ends_as_its_type_does(given: str, kind: FileType, name: str) -> None:
    assert file_name(given, kind) == name


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (FileType.JPEG, jpeg(segment(0xE1, b"Exif\0\0" + tiff(1)))),
        (FileType.JPEG, jpeg(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + PLACE))),
        (FileType.JPEG, jpeg(segment(0xFE, PLACE), segment(0xED, PLACE))),
        (FileType.JPEG, jpeg() + PLACE),
        (FileType.PNG, png(chunk(b"eXIf", tiff(1)), chunk(b"tEXt", b"where\0" + PLACE))),
        (FileType.PNG, png() + PLACE),
        (FileType.WEBP, riff((b"VP8X", b"\x0c" + bytes(9)), (b"VP8 ", b"x"), (b"EXIF", PLACE))),
        (FileType.HEIC, heic()),
    ],
)
def test_where_a_picture_was_taken_does_not_stay(kind: FileType, content: bytes) -> None:
    assert PLACE in content
    clean = cleaned(kind, content)
    assert PLACE not in clean
    assert found(clean) is kind
    assert cleaned(kind, clean) == clean


def test_the_picture_itself_stays() -> None:
    assert cleaned(FileType.JPEG, jpeg(segment(0xFE, PLACE))) == jpeg()
    assert cleaned(FileType.PNG, png(chunk(b"tIME", bytes(7)))) == png()
    clean = cleaned(FileType.WEBP, riff((b"VP8X", b"\x1c" + bytes(9)), (b"EXIF", PLACE)))
    assert clean == riff((b"VP8X", b"\x10" + bytes(9)))
    assert b"PICTURE" in cleaned(FileType.HEIC, heic())


def test_which_way_up_stays() -> None:
    clean = cleaned(FileType.JPEG, jpeg(segment(0xE1, b"Exif\0\0" + tiff(6))))
    assert clean[:4] == b"\xff\xd8\xff\xe1"
    assert struct.pack(">HHLH", 0x0112, 3, 1, 6) in clean


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (FileType.JPEG, b"\xff\xd8\xff\xe0"),
        (FileType.JPEG, jpeg()[:-2]),
        (FileType.JPEG, b"\xff\xd8\xff\xdb\0\0"),
        (FileType.PNG, png()[:-12]),
        (FileType.WEBP, b"RIFF\4\0\0\0WEBP"),
        (FileType.HEIC, heic()[:-3]),
    ],
)
def test_what_does_not_hold_together_is_refused(kind: FileType, content: bytes) -> None:
    with pytest.raises(Broken):
        cleaned(kind, content)
