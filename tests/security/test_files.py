from __future__ import annotations

import io
import struct
import zipfile
import zlib
from contextlib import suppress

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.document import FileType, file_name
from server.domain.errors import Refused
from server.security import compound as compounds
from server.security.file_types import found
from server.security.pictures import Broken, cleaned
from tests.documents.making import archive, compound

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
        (compound(["WordDocument", "1Table"]), FileType.DOC),
        (compound(["Workbook"]), FileType.XLS),
        (compound(["WordDocument", "ObjectPool", "Workbook"], top=2), FileType.DOC),
        (compound(["Setup"]), None),
        (compound(["WordDocument"])[:700], None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", None),
        (office("run.exe"), None),
        (b"PK\x03\x04broken", None),
        (b"\x1f\x8b\x08rest", None),
        (b"text with a \0 in it", None),
        (b"", None),
    ],
)
def test_what_a_file_is_says_its_content(content: bytes, kind: FileType | None) -> None:
    assert found(content) is kind


def of_types(said: str) -> bytes:
    return archive({"[Content_Types].xml": said, "word/document.xml": "<x/>"})


def swollen() -> bytes:
    """That says one of its parts is 2 GB when unpacked."""
    content = office("word/document.xml")
    at = content.rindex(b"PK\x01\x02") + 24
    return content[:at] + struct.pack("<L", 1 << 31) + content[at + 4 :]


def hoarding(says: int | None = None) -> bytes:
    """With 300 MB of nothing in a part that no page shows; `says`: how long it claims to be."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("word/document.xml", "<x/>")
        with packed.open("word/unused.bin", "w") as part:
            for _ in range(300):
                part.write(bytes(1_000_000))
    content = file.getvalue()
    if says is None:
        return content
    at = content.rindex(b"PK\x01\x02") + 24
    return content[:at] + struct.pack("<L", says) + content[at + 4 :]


def packed_otherwise() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_BZIP2) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("word/document.xml", "<x/>")
    return file.getvalue()


def test_what_no_office_program_packs_so_is_not_unpacked() -> None:
    assert found(packed_otherwise()) is None


@pytest.mark.parametrize("says", [None, 1000])
def test_a_part_that_no_page_shows_is_weighed_too(says: int | None) -> None:
    with pytest.raises(Refused, match="paper_too_large"):
        found(hoarding(says))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (office("word/document.xml", "word/vbaProject.bin"), "paper_macros"),
        (of_types("application/vnd.ms-word.document.macroEnabled.main+xml"), "paper_macros"),
        (of_types("application/vnd.ms-office.vbaProject"), "paper_macros"),
        (compound(["WordDocument", "Macros", "VBA"], top=2), "paper_macros"),
        (compound(["Workbook", "Storage", "_VBA_PROJECT"], top=2), "paper_macros"),
        (compound(["EncryptionInfo", "EncryptedPackage"]), "paper_locked"),
        (swollen(), "paper_too_large"),
        (office("xl/workbook.xml", *(f"x/{n}" for n in range(5000))), "paper_too_large"),
    ],
)
def test_what_is_not_kept_and_why(content: bytes, code: str) -> None:
    with pytest.raises(Refused, match=code):
        found(content)


@pytest.mark.parametrize(
    ("content", "is_locked"),
    [
        (compound(["WordDocument"], bytes(10) + b"\0\x01"), True),
        (compound(["WordDocument"], bytes(10) + b"\xff\xfe"), False),
        (compound(["Workbook"], struct.pack("<HHHH", 0x809, 2, 0, 0x2F)), True),
        (compound(["Book"], struct.pack("<HHHH", 0x809, 2, 0, 0x42)), False),
        (compound(["Setup"]), False),
        (b"", False),
    ],
)
def test_whether_an_old_document_needs_a_password(content: bytes, is_locked: bool) -> None:
    assert compounds.locked(content) is is_locked


@given(st.binary(max_size=40), st.integers(0, 2000))
def test_an_old_document_that_lies(lie: bytes, at: int) -> None:
    """Ends, and says one of the two things it may say."""
    content = compound(["WordDocument", "Macros", "VBA"], top=2)
    broken = content[:at] + lie + content[at + len(lie) :]
    with suppress(compounds.Broken):
        assert isinstance(compounds.read(broken).names, frozenset)
    assert compounds.locked(broken) in (True, False)


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


def film(kind: str) -> bytes:
    """Ten frames that say where they were taken, of all of it and of the track."""
    out = io.BytesIO()
    with av.open(out, "w", format=kind) as container:
        container.metadata.update({"location": PLACE.decode(), "title": PLACE.decode()})
        track = container.add_stream("mpeg4", rate=10)
        track.width = track.height = 32
        track.metadata["handler_name"] = "x"
        for n in range(10):
            frame = av.VideoFrame.from_ndarray(np.full((32, 32, 3), 20 * n, np.uint8))
            container.mux(track.encode(frame))
        container.mux(track.encode())
    return out.getvalue()


def frames(content: bytes) -> list[bytes]:
    with av.open(io.BytesIO(content), "r") as container:
        return [frame.to_ndarray().tobytes() for frame in container.decode(video=0)]


@pytest.mark.parametrize("kind", ["mp4", "mov"])
def test_where_a_film_was_taken_does_not_stay(kind: str) -> None:
    content = film(kind)
    assert PLACE in content
    clean = cleaned(FileType.MP4, content)
    assert PLACE not in clean
    assert len(clean) == len(content)
    assert found(clean) is FileType.MP4
    assert frames(clean) == frames(content)
    assert len(frames(clean)) == 10


def test_where_a_recording_was_made_does_not_stay() -> None:
    """In a track too, and in a box whose size is written long."""
    said = box(b"udta", box(b"\xa9xyz", PLACE))
    long = struct.pack(">L4sQ", 1, b"meta", 16 + len(PLACE)) + PLACE
    content = (
        box(b"ftyp", b"M4A ") + box(b"moov", box(b"trak", said) + long) + box(b"mdat", b"udta")
    )
    clean = cleaned(FileType.M4A, content)
    assert PLACE not in clean
    assert clean.count(b"free") == 2
    assert clean.endswith(box(b"mdat", b"udta"))


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
        (FileType.MP4, box(b"ftyp", b"isom") + box(b"moov", bytes(9))[:-3]),
    ],
)
def test_what_does_not_hold_together_is_refused(kind: FileType, content: bytes) -> None:
    with pytest.raises(Broken):
        cleaned(kind, content)
