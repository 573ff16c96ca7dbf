"""The page that asks somebody who is signed in for their password once more."""

from __future__ import annotations

from aiohttp import web

from server.domain.errors import Refused
from server.http.cookies import staff_token
from server.http.entrance import safe
from server.http.errors import CODES
from server.http.forms import posted, text
from server.http.keys import USER
from server.http.pages.asked import context
from server.http.templates import redirect, render
from server.http.who import Route, Who
from server.services import staff


async def confirm_page(request: web.Request) -> web.Response:
    return _form(request, request.query.get("next", ""))


async def confirm(request: web.Request) -> web.Response:
    data = await posted(request)
    target, password = text(data, "next"), text(data, "password")
    token = staff_token(request) or ""
    try:
        await staff.confirm(context(request), token, request[USER], password)
    except Refused as refused:
        return _form(request, target, refused.code)
    return redirect(safe(target))


def _form(request: web.Request, target: str, error: str = "") -> web.Response:
    status = CODES.get(error, 422) if error else 200
    return render(request, "confirm.html", status=status, next_page=target, error=error)


ROUTES = (
    Route("GET", "/confirm", confirm_page, Who.STAFF),
    Route("POST", "/confirm", confirm, Who.STAFF),
)
