"""The pages of exhibits as pictures: drawn when somebody looks, then kept, sealed."""

from __future__ import annotations

import asyncio
from weakref import WeakValueDictionary

from server.documents.paper import PICTURE_TYPE, WIDEST, WIDTH, page_picture
from server.domain.errors import Refused
from server.domain.exhibit import Exhibit
from server.domain.ids import ExhibitId, SeatId
from server.services import exhibits as services
from server.services.context import Context
from server.store import exhibits

__all__ = ["PICTURE_TYPE", "picture"]

WIDTHS = (WIDTH // 2, WIDTH, WIDEST)
"""Few, so that most who look at a page look at the same picture."""

_Page = tuple[ExhibitId, int, int]
_drawing: WeakValueDictionary[_Page, asyncio.Lock] = WeakValueDictionary()


async def picture(
    ctx: Context, seat_id: SeatId, cookie: str | None, wanted: ExhibitId, page: int, width: int
) -> bytes:
    """A page as PICTURE_TYPE, at least so many pixels across where there are as many.

    Raises Refused.
    """
    async with ctx.store.read() as conn:
        who, found = await services.readable(ctx, conn, seat_id, cookie, wanted)
    if not 1 <= page <= found.pages:
        raise Refused("page_missing")
    key = ctx.keys.data.get(who.session.case)
    if key is None:
        raise Refused("exhibit_missing")
    across = next((w for w in WIDTHS if w >= width), WIDEST)
    lock = _drawing.setdefault((found.id, page, across), asyncio.Lock())
    async with lock:
        kept = await _kept(ctx, key, found, page, across)
        return kept or await _drawn(ctx, key, found, page, across)


async def _kept(ctx: Context, key: bytes, found: Exhibit, page: int, width: int) -> bytes | None:
    async with ctx.store.read() as conn:
        blob = await exhibits.page_blob(conn, found.id, page, width)
    return None if blob is None else await _whole(ctx, key, blob)


async def _drawn(ctx: Context, key: bytes, found: Exhibit, page: int, width: int) -> bytes:
    source = await _whole(ctx, key, found.pdf or found.blob)
    drawn = await page_picture(source, page, width)
    stored = await ctx.blobs.put_bytes(key, drawn.content)
    async with ctx.store.write() as conn:
        if await exhibits.page_blob(conn, found.id, page, width) is None:
            await exhibits.insert_page(conn, found.id, page, width, stored.id)
    return drawn.content


async def _whole(ctx: Context, key: bytes, blob: str) -> bytes:
    return b"".join([chunk async for chunk in ctx.blobs.get(key, blob)])
