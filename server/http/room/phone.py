"""The telephone of somebody in the meeting, for who hosts it."""

from __future__ import annotations

from aiohttp import web

from server.domain.ids import SeatId
from server.http.keys import CTX
from server.http.room.answers import as_json, asking
from server.http.who import Route, Who
from server.services import calling


async def number(request: web.Request) -> web.Response:
    of = SeatId(request.match_info["of"])
    return as_json({"phone": await calling.number(request.app[CTX], *asking(request), of)})


# Looking is written down: not by GET, which may be done for nothing.
ROUTES = (Route("POST", "/j/{seat}/room/phone/{of}", number, Who.LINK, json=True),)
