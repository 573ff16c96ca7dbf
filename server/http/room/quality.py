"""How well one is connected; for hosts, how well everybody is."""

from __future__ import annotations

from aiohttp import web

from server.http.keys import CTX
from server.http.room.answers import as_json, asking
from server.http.who import Route, Who
from server.services import quality


async def listed(request: web.Request) -> web.Response:
    return as_json(await quality.seen_by(request.app[CTX], *asking(request)))


ROUTES = (Route("GET", "/j/{seat}/room/quality", listed, Who.LINK, json=True),)
