"""The papers of a meeting, for who sits in it: brought, listed, looked at page by page, saved."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from aiohttp import hdrs, web

from server.domain.errors import Refused
from server.domain.ids import ExhibitId, SeatId
from server.http import uploads
from server.http.cookies import seat_cookie
from server.http.keys import CTX
from server.http.pages.documents import SANDBOX, attachment
from server.http.who import Route, Who
from server.services import exhibit_case, exhibit_pages, exhibits, strokes

_MOST_DIGITS = 5


def _who(request: web.Request) -> tuple[SeatId, str | None]:
    seat = SeatId(request.match_info["seat"])
    return seat, seat_cookie(request, seat)


def _lines(lines: list[Any]) -> web.Response:
    return web.json_response([_plain(asdict(line)) for line in lines])


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {n: v.isoformat() if hasattr(v, "isoformat") else v for n, v in row.items()}


async def listed(request: web.Request) -> web.Response:
    return _lines(await exhibits.listed(request.app[CTX], *_who(request)))


async def add(request: web.Request) -> web.Response:
    """One file; whether it may come at all is known before the first byte of it is read."""
    ctx, who = request.app[CTX], _who(request)
    into = await exhibits.ready(ctx, *who)
    _, files = await uploads.read(request)
    if len(files) != 1:
        raise Refused("too_many_files" if files else "file_missing")
    made = await exhibits.add(ctx, *who, files[0].name, files[0].chunks(), into)
    return web.json_response({"id": made})


async def page(request: web.Request) -> web.Response:
    exhibit, number = _page(request)
    width = _number(request.query.get("w", ""))
    content = await exhibit_pages.picture(request.app[CTX], *_who(request), exhibit, number, width)
    headers = {
        hdrs.CONTENT_TYPE: exhibit_pages.PICTURE_TYPE,
        hdrs.CONTENT_SECURITY_POLICY: SANDBOX,
    }
    return web.Response(body=content, headers=headers)


async def drawn(request: web.Request) -> web.Response:
    return _lines(await strokes.listed(request.app[CTX], *_who(request), *_page(request)))


async def file(request: web.Request) -> web.StreamResponse:
    """To be saved: never shown as a page of ours, whatever is in it."""
    exhibit = ExhibitId(request.match_info["exhibit"])
    found = await exhibits.saved(request.app[CTX], *_who(request), exhibit)
    response = web.StreamResponse(headers=attachment(found.name, found.type))
    response.content_length = found.size
    await response.prepare(request)
    async for chunk in found.chunks:
        await response.write(chunk)
    await response.write_eof()
    return response


async def papers(request: web.Request) -> web.Response:
    return _lines(await exhibit_case.papers(request.app[CTX], *_who(request)))


def _page(request: web.Request) -> tuple[ExhibitId, int]:
    return ExhibitId(request.match_info["exhibit"]), _number(request.match_info["page"])


def _number(typed: str) -> int:
    """0 for what is none."""
    plain = typed.isascii() and typed.isdigit() and len(typed) <= _MOST_DIGITS
    return int(typed) if plain else 0


_ALL = "/j/{seat}/room/exhibits"
_ONE = _ALL + "/{exhibit}"
ROUTES = (
    Route("GET", _ALL, listed, Who.LINK, json=True),
    Route("POST", _ALL, add, Who.LINK, json=True, upload=True),
    Route("GET", _ONE + "/file", file, Who.LINK, json=True),
    Route("GET", _ONE + "/{page}", page, Who.LINK, json=True),
    Route("GET", _ONE + "/{page}/strokes", drawn, Who.LINK, json=True),
    Route("GET", "/j/{seat}/room/papers", papers, Who.LINK, json=True),
)
