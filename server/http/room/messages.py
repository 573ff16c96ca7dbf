"""What was said where this seat was."""

from __future__ import annotations

from aiohttp import web

from server.http.keys import CTX
from server.http.room.answers import as_json, asking
from server.http.who import Route, Who
from server.services import messages


async def listed(request: web.Request) -> web.Response:
    return as_json(await messages.listed(request.app[CTX], *asking(request)))


ROUTES = (Route("GET", "/j/{seat}/room/messages", listed, Who.LINK, json=True),)
