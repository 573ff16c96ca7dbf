"""The mediators whom visitors may get to know: those who wish to be listed."""

from __future__ import annotations

from aiohttp import web

from server.domain.case import DisputeType
from server.http.pages.asked import context
from server.http.templates import render
from server.http.who import Route, Who
from server.services import profiles


async def page(request: web.Request) -> web.Response:
    typed, language = request.query.get("type", ""), request.query.get("language", "")
    wanted = DisputeType(typed) if typed in set(DisputeType) else None
    found = await profiles.listed(context(request), wanted, language)
    return render(
        request,
        "people/mediators.html",
        people=found.people,
        types=DisputeType,
        wanted=wanted or "",
        languages=found.languages,
        spoken=language,
    )


ROUTES = (Route("GET", "/mediators", page, Who.ANYONE),)
