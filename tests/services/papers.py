"""Papers in a meeting, made up: opening and drawing real ones is what tests/documents is about."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from server.documents.paper import PagePicture, Paper
from server.domain.document import FileType
from server.domain.errors import Refused
from server.domain.ids import ExhibitId, SeatId
from server.domain.stroke import Colour
from server.services import exhibit_pages, exhibits, strokes
from server.services.exhibits import ExhibitLine
from server.store import audit
from tests.services.seated import Seated

PDF = b"%PDF-1.7 a paper"
PICTURE = b"RIFF....WEBP"

Drawn = list[tuple[bytes, int, int]]
"""From what a page was drawn, which one, and how wide."""


def made_up_papers(
    monkeypatch: pytest.MonkeyPatch, pages: int = 3, drawn: Drawn | None = None
) -> None:
    """Every paper has so many pages. `drawn`: where it is written down which were looked at."""

    async def open_paper(content: bytes, kind: FileType) -> Paper:
        return Paper(pages, b"%PDF-1.7 made" if kind is FileType.TEXT else None)

    async def page_picture(content: bytes, number: int, width: int) -> PagePicture:
        if drawn is not None:
            drawn.append((content, number, width))
        return PagePicture(PICTURE, width, width)

    monkeypatch.setattr(exhibits, "open_paper", open_paper)
    monkeypatch.setattr(exhibit_pages, "page_picture", page_picture)


async def pieces(*content: bytes) -> AsyncIterator[bytes]:
    for piece in content:
        yield piece


async def add(
    meeting: Seated, seat: SeatId, content: bytes = PDF, name: str = "欠条.pdf"
) -> ExhibitId:
    cookie = meeting.cookies[seat]
    into = await exhibits.ready(meeting.ctx, seat, cookie)
    return await exhibits.add(meeting.ctx, seat, cookie, name, pieces(content), into)


async def lines(meeting: Seated, seat: SeatId) -> list[ExhibitLine]:
    return await exhibits.listed(meeting.ctx, seat, meeting.cookies[seat])


async def may_read(meeting: Seated, exhibit: ExhibitId) -> set[SeatId]:
    """Who gets its first page."""
    found = set()
    for seat, cookie in meeting.cookies.items():
        with suppress(Refused):
            await exhibit_pages.picture(meeting.ctx, seat, cookie, exhibit, 1, 800)
            found.add(seat)
    return found


async def show(meeting: Seated, seat: SeatId, exhibit: ExhibitId | None, page: int = 1) -> None:
    await exhibits.show(meeting.ctx, meeting.by(seat), exhibit, page)


async def audited(meeting: Seated) -> list[str]:
    async with meeting.ctx.store.read() as conn:
        entries = await audit.of_chain(conn, f"case:{meeting.world.case.id}")
    return [e.verb for e in entries if "exhibit" in e.verb or "document" in e.verb]


async def draw(
    meeting: Seated, seat: SeatId, exhibit: ExhibitId, page: int = 1, colour: Colour = Colour.RED
) -> None:
    points = [4321, 2, 3, 4]
    await strokes.draw(meeting.ctx, meeting.by(seat), exhibit, page, points, colour, 2)
