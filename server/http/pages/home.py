"""The start page: the ways in."""

from __future__ import annotations

from aiohttp import web

from server.http.entrance import AFTER
from server.http.templates import redirect, render
from server.http.who import Route, Who, signed_in


async def home(request: web.Request) -> web.Response:
    if await signed_in(request):
        return redirect(AFTER)
    return render(request, "home.html")


async def ask(request: web.Request) -> web.Response:
    """How a lawyer is asked: by telephone, and what to have at hand."""
    return render(request, "ask.html")


ROUTES = (
    Route("GET", "/", home, Who.ANYONE),
    Route("GET", "/ask", ask, Who.ANYONE),
)
