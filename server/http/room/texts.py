"""The agenda and the minutes, as they are now."""

from __future__ import annotations

from aiohttp import web

from server.domain.session_text import TextKind
from server.http.keys import CTX
from server.http.room.answers import as_json, asking
from server.http.who import Route, Who
from server.services import session_texts


async def agenda(request: web.Request) -> web.Response:
    return await _text(request, TextKind.AGENDA)


async def minutes(request: web.Request) -> web.Response:
    return await _text(request, TextKind.MINUTES)


async def _text(request: web.Request, kind: TextKind) -> web.Response:
    return as_json(await session_texts.read(request.app[CTX], *asking(request), kind))


ROUTES = (
    Route("GET", "/j/{seat}/room/agenda", agenda, Who.LINK, json=True),
    Route("GET", "/j/{seat}/room/minutes", minutes, Who.LINK, json=True),
)
