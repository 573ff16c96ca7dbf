"""Word, Excel and plain text as pages, by a real LibreOffice."""

from __future__ import annotations

import asyncio
import io
import struct
import subprocess
from pathlib import Path

import openpyxl
import pytest
from PIL import Image

from server.documents import office
from server.documents.paper import Paper, open_paper, page_picture
from server.documents.sheets import fitted
from server.domain.document import FileType
from server.domain.errors import Refused
from server.security import compound
from server.security.file_types import found
from tests.documents.making import archive, docx

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(office.program() is None, reason="LibreOffice is not installed"),
]
TOFU = "\U0010fffd"
"""No font has it."""


def workbook(columns: int, rows: int) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in range(rows):
        sheet.append([f"第{row}行", *range(100_000, 100_000 + columns)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


async def picture(paper: Paper, number: int = 1) -> Image.Image:
    assert paper.pdf is not None
    drawn = await page_picture(paper.pdf, number, 800)
    return Image.open(io.BytesIO(drawn.content)).convert("L")


def ink(image: Image.Image) -> int:
    return sum(image.histogram()[:128])


async def refused(content: bytes, kind: FileType) -> str:
    with pytest.raises(Refused) as no:
        await open_paper(content, kind)
    return no.value.code


async def test_rare_characters_of_names_are_there() -> None:
    paper = await open_paper(docx([TOFU * 3, "\f𠮷𠮷𠮷", "\f㼆㼆㼆", "\f", " "]), FileType.DOCX)
    assert paper.pages == 4
    tofu, *names, empty = [await picture(paper, number) for number in (1, 2, 3, 4)]
    assert ink(empty) == 0
    assert all(ink(name) > 50 for name in names)
    assert len({image.tobytes() for image in (tofu, *names)}) == 3


async def test_a_wide_table_is_as_wide_as_its_page() -> None:
    paper = await open_paper(workbook(24, 20), FileType.XLSX)
    assert paper.pages == 1
    image = await picture(paper)
    assert image.width > image.height
    assert ink(image) > 500


async def test_a_long_table_goes_on_over_pages() -> None:
    assert (await open_paper(workbook(3, 200), FileType.XLSX)).pages > 2


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
async def test_plain_text_is_set_on_pages(encoding: str) -> None:
    text = "我方漏水三次。<b>&\t请看\r\n" * (200 if encoding == "utf-8" else 1)
    paper = await open_paper(text.encode(encoding), FileType.TEXT)
    assert (paper.pages > 3) is (encoding == "utf-8")
    assert ink(await picture(paper)) > 200


async def test_a_text_without_end() -> None:
    """Its one line is folded, however long; but not all of it is shown."""
    assert (await open_paper("一".encode() * 50_000, FileType.TEXT)).pages > 20
    assert await refused(b"x" * 1_000_001, FileType.TEXT) == "paper_too_long"


def older(folder: Path, name: str, content: bytes) -> bytes:
    """As programs of before 2007 would have saved it."""
    program = office.program()
    assert program
    file = folder / name
    file.write_bytes(content)
    ending = name[-4:-1]
    command = [str(program), "--headless", f"-env:UserInstallation=file://{folder}/profile"]
    command += ["--convert-to", ending, "--outdir", str(folder), str(file)]
    while subprocess.run(command, check=False, capture_output=True).returncode == office._AGAIN:
        pass
    return file.with_suffix(f".{ending}").read_bytes()


async def test_documents_of_before_2007(tmp_path: Path) -> None:
    long = docx(["调解协议" * 500])
    doc = await asyncio.to_thread(older, tmp_path, "a.docx", long)
    xls = await asyncio.to_thread(older, tmp_path, "b.xlsx", workbook(3, 50))
    assert (found(doc), found(xls)) == (FileType.DOC, FileType.XLS)
    assert ink(await picture(await open_paper(doc, FileType.DOC))) > 50
    assert ink(await picture(await open_paper(xls, FileType.XLS))) > 50
    flags = compound.read(doc).top["WordDocument"] + 0x0A
    (before,) = struct.unpack_from("<H", doc, flags)
    locked = doc[:flags] + struct.pack("<H", before | 0x100) + doc[flags + 2 :]
    assert await refused(locked, FileType.DOC) == "paper_locked"


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))

LAUGH = "<w:p><w:r><w:t>&l9;</w:t></w:r></w:p>"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (archive({"[Content_Types].xml": "", "word/document.xml": "no XML"}), FileType.DOCX),
        (archive({"[Content_Types].xml": "", "xl/workbook.xml": "<x/>"}), FileType.XLSX),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), FileType.DOC),
        (docx([], LAUGH, head=f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>'), FileType.DOCX),
    ],
)
async def test_what_does_not_hold_together(content: bytes, kind: FileType) -> None:
    assert await refused(content, kind) == "paper_broken"


FLAT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0"
 xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dom="http://www.w3.org/2001/xml-events"
 xmlns:ooo="http://openoffice.org/2004/office" office:version="1.2"
 office:mimetype="application/vnd.oasis.opendocument.text">
<office:scripts><office:script script:language="ooo:Basic"><ooo:libraries
 xmlns:ooo="http://openoffice.org/2004/office"><ooo:library-embedded ooo:name="Standard">
<ooo:module ooo:name="Module1"><ooo:source-code>Sub Run
  ThisComponent.Text.String = "THE PROGRAM RAN"
End Sub</ooo:source-code></ooo:module></ooo:library-embedded></ooo:libraries></office:script>
<office:event-listeners><script:event-listener script:language="ooo:script"
 script:event-name="dom:load" xlink:type="simple"
 xlink:href="vnd.sun.star.script:Standard.Module1.Run?language=Basic&amp;location=document"/>
</office:event-listeners></office:scripts>
<office:body><office:text><text:p/></office:text></office:body></office:document>"""


async def test_a_program_in_a_document_does_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would write on the page. Not even where the settings had let it."""
    assert await refused(FLAT.encode(), FileType.DOCX) == "paper_broken"
    reads = {FileType.DOC: ("fodt", "OpenDocument Text Flat XML", "writer_pdf_Export")}
    monkeypatch.setattr(office, "_FILTERS", reads)
    monkeypatch.setattr(office, "_CHOSEN", ((office._SECURITY, "MacroSecurityLevel", "0"),))
    paper = await open_paper(FLAT.encode(), FileType.DOC)
    assert (paper.pages, ink(await picture(paper))) == (1, 0)


async def test_it_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "_PATIENCE_S", 0.05)
    assert await refused(docx(["slow"]), FileType.DOCX) == "paper_too_slow"


async def test_nothing_stays_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    made, folder = [], office._folder

    def noted() -> Path:
        made.append(folder())
        return made[-1]

    monkeypatch.setattr(office, "_folder", noted)
    await open_paper(docx(["gone"]), FileType.DOCX)
    assert len(made) == 1
    assert not made[0].exists()
    assert office.sockets(made[0]) == []


def test_who_said_how_a_sheet_fits_is_heard() -> None:
    said = b'<worksheet><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr></worksheet>'
    assert fitted(said) == said
    setup = b'<pageSetup paperSize="9" scale="50" orientation="portrait"/>'
    about = b'<sheetPr><tabColor rgb="FF0000"/><pageSetUpPr/></sheetPr>'
    now = fitted(b"<worksheet>" + about + setup + b"</worksheet>")
    assert now.count(b"pageSetUpPr") == 1
    assert b"scale=" not in now
    assert b'orientation="portrait"' in now
    assert b'<tabColor rgb="FF0000"/><pageSetUpPr fitToPage="1"/></sheetPr>' in now
