"""The page behind an invitation's link: somebody chooses the password of their account."""

from __future__ import annotations

from aiohttp import web

from server.domain.errors import Refused
from server.http.address import client_address
from server.http.forms import posted, text
from server.http.pages.asked import context
from server.http.templates import render
from server.http.who import Route, Who
from server.services import invitations


async def page(request: web.Request) -> web.Response:
    return await _page(request)


async def accept(request: web.Request) -> web.Response:
    data = await posted(request)
    password, again = text(data, "password"), text(data, "again")
    if password != again:
        return await _page(request, "passwords_differ")
    secret = request.match_info["secret"]
    try:
        joined = await invitations.accept(
            context(request), secret, password, client_address(request)
        )
    except Refused as refused:
        if not refused.code.startswith("password_"):
            raise
        return await _page(request, refused.code)
    return render(request, "people/joined.html", joined=joined)


async def _page(request: web.Request, error: str = "") -> web.Response:
    secret = request.match_info["secret"]
    invited = await invitations.opened(context(request), secret, client_address(request))
    status = 422 if error else 200
    return render(request, "people/invite.html", status=status, invited=invited, error=error)


ROUTES = (
    Route("GET", "/invite/{secret}", page, Who.ANYONE),
    Route("POST", "/invite/{secret}", accept, Who.ANYONE),
)
