"""Paper 文件: a file that has pages, and a picture of each."""

from __future__ import annotations

import json
from dataclasses import dataclass

from server.documents import office
from server.documents.confined import TooSlow, run
from server.documents.limits import Limits
from server.domain.document import FileType
from server.domain.errors import Refused

WIDTH = 1600
"""Pixels across a page: small print is sharp on a PC, and readable on a phone when zoomed in."""
NARROWEST, WIDEST = 64, 3200
PICTURE_TYPE = "image/webp"

CODES = frozenset(
    {
        "paper_locked",
        "paper_broken",
        "paper_too_long",
        "paper_too_large",
        "paper_too_slow",
        "paper_needs_office",
        "paper_no_pages",
        "page_missing",
    }
)
"""What opening a paper or looking at a page can be refused with."""

_PHOTOS = {FileType.JPEG, FileType.PNG, FileType.WEBP, FileType.HEIC}
_DRAWING = Limits(memory=1536 * 1024 * 1024, seconds=20)
_PATIENCE_S = 40


@dataclass(frozen=True, slots=True)
class Paper:
    """`pdf`: what was made of the file, to draw its pages from; None: draw from the file itself."""

    pages: int
    pdf: bytes | None = None


@dataclass(frozen=True, slots=True)
class PagePicture:
    """`content` is a WebP; `width` and `height` in pixels."""

    content: bytes
    width: int
    height: int


async def open_paper(content: bytes, kind: FileType) -> Paper:
    """`kind`: what `file_types.found` says. Raises Refused: CODES without page_missing."""
    if kind is FileType.PDF or kind in _PHOTOS:
        return Paper(await _pages(content))
    if kind in office.KINDS:
        pdf = await office.to_pdf(content, kind)
        return Paper(await _pages(pdf), pdf)
    raise Refused("paper_no_pages")


async def page_picture(content: bytes, number: int, width: int = WIDTH) -> PagePicture:
    """One page, counted from 1, of a PDF or photograph. Raises Refused: CODES.

    `width` is held between NARROWEST and WIDEST; a photograph is not made larger than it is, and a
    page that is a long strip becomes narrower.
    """
    width = max(NARROWEST, min(width, WIDEST))
    said, picture = await _asked(content, "draw", str(number), str(width))
    if picture[:4] != b"RIFF" or picture[8:12] != b"WEBP":
        raise Refused("paper_broken")
    return PagePicture(picture, _number(said, "width"), _number(said, "height"))


async def _pages(content: bytes) -> int:
    said, _ = await _asked(content, "count")
    return _number(said, "pages")


async def _asked(content: bytes, *work: str) -> tuple[dict[str, object], bytes]:
    try:
        ended = await run(work, _DRAWING, _PATIENCE_S, content)
    except TooSlow:
        raise Refused("paper_too_slow") from None
    line, _, picture = ended.out.partition(b"\n")
    try:
        said = json.loads(line)
    except ValueError:
        raise Refused("paper_broken") from None
    if ended.code != 0 or not isinstance(said, dict):
        raise Refused("paper_broken")
    if "refused" in said:
        code = str(said["refused"])
        raise Refused(code if code in CODES else "paper_broken")
    return said, picture


def _number(said: dict[str, object], name: str) -> int:
    number = said.get(name)
    if not isinstance(number, int) or not 1 <= number <= 20_000:
        raise Refused("paper_broken")
    return number
