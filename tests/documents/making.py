"""Files as people and their enemies make them, out of nothing."""

from __future__ import annotations

import base64
import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

from PIL import Image

FORMATS = "http://schemas.openxmlformats.org"
WORD = f"{FORMATS}/wordprocessingml/2006/main"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"

# Half red, half blue, 64 x 32, to be turned by a quarter; made by libheif.
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAchtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAA"
    "AAAAAAAAADRpbG9jAAAAAERAAAIAAQAAAAAB7AABAAAAAAAAAGoAAgAAAAACVgABAAAAAAAAACQAAAA4aWluZgAAAAAA"
    "AgAAABVpbmZlAgAAAAABAABodmMxAAAAABVpbmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAABB2lwcnAAAADm"
    "aXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAq"
    "QgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5jbHgAAQAN"
    "AAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xhcAAAAEAAAAABAAAAIAAAAAEAAAAAAAAAAv///+AAAAACAAAAEHBp"
    "eGkAAAAAAwgICAAAAAlpcm90AwAAABlpcG1hAAAAAAAAAAEAAQaBAgMFhIYAAAAaaXJlZgAAAAAAAAAOY2RzYwACAAEA"
    "AQAAAJZtZGF0AAAAZigBrxOA+BDhp//8TSj/+nXPD9PMiYn/+tNSR/hUO//WicPySkWzrHl9nv8H4h1KpEq3xpK+HfM2"
    "sf+d4tvFAhneIy6JZXLEP+zlxMa+qdw77mN6fapRbf83mqG4xuGn3Gx6O58SuAAAAAZFeGlmAABNTQAqAAAACAABARIA"
    "AwAAAAEABgAAAAAAAA=="
)


def pdf_of(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """Objects from number 1; the first is the catalogue."""
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    end = b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF"
    return out + head + table + end % (len(objects) + 1, trailer, len(out))


def stream(content: bytes, more: bytes = b"") -> bytes:
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), more, content)


def pdf(
    pages: Iterable[bytes],
    box: bytes = b"0 0 595 842",
    catalogue: bytes = b"",
    resources: bytes = b"",
    more: Sequence[bytes] = (),
    trailer: bytes = b"",
) -> bytes:
    """Of each page what is drawn on it; /F1 is a plain font. `more` are objects from number 4."""
    contents = list(pages)
    first = 4 + len(more)
    kids = b" ".join(b"%d 0 R" % (first + 2 * n) for n in range(len(contents)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R%s>>" % catalogue,
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(contents)),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *more,
    ]
    for number, content in enumerate(contents):
        page = b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents %d 0 R" % (
            box,
            first + 2 * number + 1,
        )
        objects += [page + b"/Resources<</Font<</F1 3 0 R>>%s>>>>" % resources, stream(content)]
    return pdf_of(objects, trailer)


def written(text: str) -> bytes:
    return b"BT /F1 40 Tf 50 700 Td (%s) Tj ET" % text.encode("ascii")


def square(colour: str) -> bytes:
    """Left half of the page; the colour is three numbers from 0 to 1."""
    return b"%s rg 0 0 297 842 re f" % colour.encode()


def png(width: int, height: int, rows: bytes = b"\0") -> bytes:
    """That says it is so large, whatever there is in it."""

    def chunk(name: bytes, body: bytes) -> bytes:
        check = struct.pack(">L", zlib.crc32(name + body))
        return struct.pack(">L", len(body)) + name + body + check

    head = struct.pack(">LLBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def photo(kind: str, way_up: int = 1, size: tuple[int, int] = (64, 32)) -> bytes:
    """Left half red, right half blue, as it lies in the camera."""
    picture = Image.new("RGB", size, "red")
    picture.paste((0, 0, 255), (size[0] // 2, 0, *size))
    exif = Image.Exif()
    exif[0x0112] = way_up
    out = io.BytesIO()
    picture.save(out, kind, exif=exif)
    return out.getvalue()


def archive(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def docx(paragraphs: Iterable[str], body: str = "", links: str = "", head: str = "") -> bytes:
    """A form feed begins a new page. `links` are more of the document's relationships."""
    lines = ""
    for line in paragraphs:
        turn = '<w:br w:type="page"/>' if line.startswith("\f") else ""
        text = escape(line.removeprefix("\f"))
        lines += f"<w:p><w:r>{turn}<w:t>{text}</w:t></w:r></w:p>"
    xml = '<?xml version="1.0" encoding="UTF-8"?>'
    rels = f'{xml}<Relationships xmlns="{FORMATS}/package/2006/relationships">'
    office = f"{FORMATS}/officeDocument/2006/relationships"
    return archive(
        {
            "[Content_Types].xml": f'{xml}<Types xmlns="{FORMATS}/package/2006/content-types">'
            '<Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{MAIN}"/></Types>',
            "_rels/.rels": f'{rels}<Relationship Id="r1" Type="{office}/officeDocument" '
            'Target="word/document.xml"/></Relationships>',
            "word/_rels/document.xml.rels": f"{rels}{links}</Relationships>",
            "word/document.xml": f'{xml}{head}<w:document xmlns:w="{WORD}"><w:body>{lines}{body}'
            "</w:body></w:document>",
        }
    )


def compound(names: Sequence[str], first: bytes = b"", top: int | None = None) -> bytes:
    """An old document of Word or Excel: its entries, of which `top` lie in the outermost folder,
    the others in the last of these. `first` is in the first stream.
    """
    outside = len(names) if top is None else top
    entries = [_entry("Root Entry", 5, child=1)]
    for number, name in enumerate(names, 1):
        inside = outside + 1 if number == outside < len(names) else -1
        after = -1 if number in (outside, len(names)) else number + 1
        entries.append(_entry(name, 1 if inside > 0 else 2, after=after, child=inside))
    while len(entries) % 4:
        entries.append(bytes(128))
    sectors = len(entries) // 4
    chain = [-3, *range(2, sectors + 1), -2]  # the table itself, then the directory
    chain += [*range(sectors + 2, sectors + 9), -2]
    chain += [-1] * (128 - len(chain))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    numbers = (0, 1, 1, 0, 4096, ALL - 1, 0, ALL - 1, 0)
    header += struct.pack("<5H6x9L", 62, 3, 0xFFFE, 9, 6, *numbers)
    header += struct.pack("<109L", 0, *[ALL] * 108)
    table = struct.pack("<128L", *(n & ALL for n in chain))
    data = first.ljust(4096, b"\0")
    entries[1] = entries[1][:116] + struct.pack("<LL", sectors + 1, len(data)) + bytes(4)
    return header + table + b"".join(entries) + data


ALL = 0xFFFFFFFF


def _entry(name: str, kind: int, after: int = -1, child: int = -1) -> bytes:
    text = name.encode("utf-16-le")
    links = struct.pack("<3L", ALL, after & ALL, child & ALL)
    head = text.ljust(64, b"\0") + struct.pack("<HBB", len(text) + 2, kind, 1) + links
    return head + bytes(36) + struct.pack("<LQ", ALL - 1, 0)
