"""The mediator's photo, for whoever was invited, if everyone may see it."""

from __future__ import annotations

from aiohttp import hdrs, web

from server.domain.ids import SeatId
from server.http.cookies import seat_cookie
from server.http.keys import CTX
from server.http.who import Route, Who
from server.services import mediator


async def photo(request: web.Request) -> web.Response:
    seat = SeatId(request.match_info["seat"])
    found = await mediator.photo(request.app[CTX], seat, seat_cookie(request, seat))
    headers = {hdrs.CACHE_CONTROL: "private, max-age=300"}
    return web.Response(body=found.content, content_type=found.type, headers=headers)


ROUTES = (Route("GET", "/j/{seat}/mediator.jpg", photo, Who.LINK, json=True),)
