"""How long it takes until a paper can be shown, and what each of its pages costs.

    .venv/bin/python -m bench.papers [--quick] [--json]

Each file is opened and each of its pages drawn as the meeting room does it, one after another: a
child process for each, LibreOffice for Word and Excel, left out where there is none.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import os
import platform
import random
import resource
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass

import openpyxl
from PIL import Image

from server.documents import office
from server.documents.paper import open_paper, page_picture
from server.domain.document import FileType
from tests.documents.making import docx, pdf, stream

SENTENCE = "双方确认，因房屋漏水所致损失共计人民币三千元，于十日内付清，逾期按日计息。"


@dataclass(frozen=True, slots=True)
class Figures:
    """Seconds: until the first page is there; and, by the clock and of processors, for each page
    with its share of the opening. KB of a page as it is sent.
    """

    pages: int
    first_page: float
    per_page: float
    cpu_per_page: float
    kb: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="under 20 seconds")
    parser.add_argument("--json", action="store_true", help="the last line is one JSON object")
    wanted = parser.parse_args()
    most = 5 if wanted.quick else 50
    found = {name: asyncio.run(measured(content, kind, most)) for name, content, kind in files()}
    if wanted.json:
        print(json.dumps(summary(found)))
        return 0
    for name, f in found.items():
        print(
            f"{name:26} {f.pages:4} pages  first {f.first_page:5.2f} s  each {f.per_page:5.2f} s "
            f"({f.cpu_per_page:.2f} s of a processor)  {f.kb:5.0f} KB"
        )
    print(
        f"{platform.system()} {platform.release()}, {os.cpu_count()} cores, Python "
        f"{platform.python_version()}, load {os.getloadavg()[0]:.1f}"
    )
    return 0


def summary(found: dict[str, Figures]) -> dict[str, object]:
    """`s_per_page`: of a processor, so that it is the same on a busy machine; `s_first_page`: by
    the clock. Both of the slowest kind.
    """
    return {
        "s_per_page": round(max(f.cpu_per_page for f in found.values()), 2),
        "s_first_page": round(max(f.first_page for f in found.values()), 2),
        "papers": {name: round(f.cpu_per_page, 2) for name, f in found.items()},
    }


async def measured(content: bytes, kind: FileType, most: int) -> Figures:
    """At most so many of its pages are drawn."""
    cpu, began = _cpu(), time.perf_counter()
    paper = await open_paper(content, kind)
    source = paper.pdf or content
    opening, opening_cpu = time.perf_counter() - began, _cpu() - cpu
    sizes, first_page, drawn = [], 0.0, min(paper.pages, most)
    for number in range(1, drawn + 1):
        sizes.append(len((await page_picture(source, number)).content))
        first_page = first_page or time.perf_counter() - began
    drawing, drawing_cpu = time.perf_counter() - began - opening, _cpu() - cpu - opening_cpu
    return Figures(
        pages=paper.pages,
        first_page=first_page,
        per_page=opening / paper.pages + drawing / drawn,
        cpu_per_page=opening_cpu / paper.pages + drawing_cpu / drawn,
        kb=sum(sizes) / drawn / 1024,
    )


def files() -> Iterable[tuple[str, bytes, FileType]]:
    yield "PDF of text", pdf([_lines(n) for n in range(10)]), FileType.PDF
    yield "PDF of 800 pages", pdf([_lines(n) for n in range(800)]), FileType.PDF
    yield "PDF of photographs", _scanned(5), FileType.PDF
    yield "photograph, 12 megapixels", _photo(4000, 3000), FileType.JPEG
    if office.program() is None:
        print("LibreOffice is not installed: Word and Excel are left out", file=sys.stderr)
        return
    yield "Word", docx([SENTENCE * 5] * 100), FileType.DOCX
    yield "Excel", _workbook(400), FileType.XLSX


def _lines(page: int) -> bytes:
    words = b"the parties agree as follows "
    return b"".join(
        b"BT /F1 10 Tf 50 %d Td (%d.%d %s) Tj ET\n" % (800 - 14 * n, page, n, words * 3)
        for n in range(52)
    )


def _photo(width: int, height: int) -> bytes:
    """Soft shapes with the grain of a camera."""
    pick = random.Random(7)
    shapes = Image.frombytes("RGB", (40, 30), pick.randbytes(40 * 30 * 3))
    grain = Image.frombytes("RGB", (500, 400), pick.randbytes(500 * 400 * 3))
    size = (width, height)
    picture = Image.blend(shapes.resize(size, Image.Resampling.BICUBIC), grain.resize(size), 0.08)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()


def _scanned(pages: int) -> bytes:
    """At 200 dots an inch, as a scanner of an office makes them."""
    head = b"/Type/XObject/Subtype/Image/Width 1654/Height 2339/ColorSpace/DeviceRGB"
    image = stream(_photo(1654, 2339), head + b"/BitsPerComponent 8/Filter/DCTDecode")
    page = b"595 0 0 842 0 0 cm /I Do"
    return pdf([page] * pages, more=[image], resources=b"/XObject<</I 4 0 R>>")


def _workbook(rows: int) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in range(rows):
        sheet.append([f"第{row}期", "租金", *range(10_000 + row, 10_012 + row)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(main())
