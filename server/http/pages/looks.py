"""Who looked at what is sealed of people, in the units that somebody oversees."""

from __future__ import annotations

from urllib.parse import urlencode

from aiohttp import web

from server.domain.rights import Verb
from server.http.keys import USER
from server.http.pages.asked import context
from server.http.templates import render
from server.http.who import Route, Who
from server.services import looks

LONGEST_NAME = 100


async def show(request: web.Request) -> web.Response:
    asked = request.query
    name = asked.get("name", "").strip()[:LONGEST_NAME]
    found = await looks.listing(
        context(request),
        request[USER],
        asked.get("first", ""),
        asked.get("last", ""),
        name,
        asked.get("after", ""),
    )
    asked_for = {"first": str(found.period.first), "last": str(found.period.last), "name": name}
    older = f"/looks?{urlencode({**asked_for, 'after': found.older})}" if found.older else ""
    return render(request, "looks.html", found=found, who=name, older=older)


ROUTES = (Route("GET", "/looks", show, Who.STAFF, Verb.READ_AUDIT),)
