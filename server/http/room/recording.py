"""What the recorder asks: a host before everybody is, and everybody in the space."""

from __future__ import annotations

from aiohttp import web

from server.domain.errors import Refused
from server.http.keys import CTX, LANGUAGE
from server.http.room.answers import as_json, asking
from server.http.who import Route, Who
from server.services import recording


async def offer(request: web.Request) -> web.Response:
    query = request.query
    try:
        minutes = int(query.get("minutes", recording.USUAL_MINUTES))
    except ValueError:
        raise Refused("minutes_unusable") from None
    ctx, language = request.app[CTX], request[LANGUAGE]
    purpose = query.get("purpose", "")
    return as_json(await recording.offer(ctx, *asking(request), purpose, minutes, language))


async def question(request: web.Request) -> web.Response:
    return as_json(await recording.question(request.app[CTX], *asking(request), request[LANGUAGE]))


ROUTES = (
    Route("GET", "/j/{seat}/room/recording", question, Who.LINK, json=True),
    Route("GET", "/j/{seat}/room/recording/offer", offer, Who.LINK, json=True),
)
