"""A film by ranges of bytes, as browsers ask for it: any piece is made when it is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from aiohttp import hdrs, web

from server.services.library import Film

TYPE = "video/webm"
MOST = 4 * 1024 * 1024
"""Bytes of one answer: the browser asks for the next ones when it needs them."""


async def send(request: web.Request, film: Film) -> web.StreamResponse:
    first, end, partly = _wanted(request, film.size)
    headers = {hdrs.CONTENT_TYPE: TYPE, hdrs.ACCEPT_RANGES: "bytes"}
    if first >= film.size:
        headers[hdrs.CONTENT_RANGE] = f"bytes */{film.size}"
        return web.Response(status=416, headers=headers)
    if partly:
        headers[hdrs.CONTENT_RANGE] = f"bytes {first}-{end - 1}/{film.size}"
    response = web.StreamResponse(status=206 if partly else 200, headers=headers)
    response.content_length = end - first
    await response.prepare(request)
    pieces = film.read(first, end)
    while (piece := await asyncio.to_thread(_next, pieces)) is not None:
        await response.write(piece)
    await response.write_eof()
    return response


def _next(pieces: Iterator[bytes]) -> bytes | None:
    return next(pieces, None)


def _wanted(request: web.Request, size: int) -> tuple[int, int, bool]:
    """From where until where, and whether less than all was asked for."""
    try:
        asked = request.http_range
    except ValueError:
        return 0, size, False
    if asked.start is None and asked.stop is None:
        return 0, size, False
    first = asked.start or 0
    if first < 0:
        first = max(0, size + first)
    end = min(asked.stop or size, size, first + MOST)
    return first, end, True
