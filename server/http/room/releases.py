"""What a side is asked to let the mediator pass on, and what it has said."""

from __future__ import annotations

from aiohttp import web

from server.http.keys import CTX
from server.http.room.answers import as_json, asking
from server.http.who import Route, Who
from server.services import releases


async def listed(request: web.Request) -> web.Response:
    return as_json(await releases.listed(request.app[CTX], *asking(request)))


ROUTES = (Route("GET", "/j/{seat}/room/releases", listed, Who.LINK, json=True),)
