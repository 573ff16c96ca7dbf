"""Where a link leads: the page that loads the room, its token's exchange for a cookie, and what
the page asks before it sits down."""

from __future__ import annotations

from aiohttp import hdrs, web

from server.domain.errors import Refused
from server.domain.ids import SeatId
from server.domain.text import keepable
from server.http import errors
from server.http.address import client_address
from server.http.cookies import keep_seat, seat_cookie
from server.http.forms import sent
from server.http.keys import CTX, LANGUAGE
from server.http.templates import render
from server.http.who import Route, Who
from server.services import arrivals

LONGEST_TOKEN = 200
LONGEST_SDP = 60_000
"""A browser's offer of one line has 3,000 characters, and 100 for each of its addresses."""


def _seat(request: web.Request) -> SeatId:
    return SeatId(request.match_info["seat"])


async def shell(request: web.Request) -> web.Response:
    """The same page for every seat, right or wrong: without the token it knows nobody."""
    return render(request, "seat.html")


async def exchange(request: web.Request) -> web.Response:
    seat, cookie = _seat(request), seat_cookie(request, _seat(request))
    token = await json_field(request, "token", LONGEST_TOKEN)
    where = (client_address(request), request[LANGUAGE])
    try:
        arrival = await arrivals.exchange(request.app[CTX], seat, token, cookie, *where)
    except arrivals.TurnedAway as away:
        return _turned_away(request, away)
    response = web.json_response(arrival.welcome)
    keep_seat(request, response, seat, arrival.cookie)
    return response


async def welcome(request: web.Request) -> web.Response:
    cookie = seat_cookie(request, _seat(request))
    ctx, lang = request.app[CTX], request[LANGUAGE]
    try:
        return web.json_response(await arrivals.welcome(ctx, _seat(request), cookie, lang))
    except arrivals.TurnedAway as away:
        return _turned_away(request, away)


def _turned_away(request: web.Request, away: arrivals.TurnedAway) -> web.Response:
    """With the meeting's time, and whom to call."""
    return errors.answer(request, away.code, more={"meeting": away.meeting})


async def echo(request: web.Request) -> web.Response:
    seat = _seat(request)
    answer = await arrivals.echo(
        request.app[CTX],
        seat,
        seat_cookie(request, seat),
        client_address(request),
        await json_field(request, "sdp", LONGEST_SDP),
    )
    return web.json_response({"sdp": answer})


async def json_field(request: web.Request, name: str, longest: int) -> str:
    """`{"name": "…"}`; a form from another site can't have this type."""
    if request.headers.get(hdrs.CONTENT_TYPE, "").partition(";")[0] != "application/json":
        raise Refused("bad_request")
    value = (await sent(request)).get(name)
    if not isinstance(value, str) or len(value) > longest or not keepable(value):
        raise Refused("bad_request")
    return value


ROUTES = (
    Route("GET", "/j/{seat}", shell, Who.ANYONE),
    Route("POST", "/j/{seat}/exchange", exchange, Who.LINK, json=True),
    Route("GET", "/j/{seat}/welcome", welcome, Who.LINK, json=True),
    Route("POST", "/j/{seat}/echo", echo, Who.LINK, json=True),
)
