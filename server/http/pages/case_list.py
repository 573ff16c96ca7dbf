"""The list of cases."""

from __future__ import annotations

from aiohttp import web

from server.domain.rights import Verb
from server.http.keys import USER
from server.http.pages.asked import context
from server.http.templates import render
from server.http.who import Route, Who
from server.services import cases


async def case_list(request: web.Request) -> web.Response:
    found = await cases.listing(context(request), request[USER])
    return render(request, "cases.html", cases=found)


ROUTES = (Route("GET", "/cases", case_list, Who.STAFF, Verb.READ_CASE),)
