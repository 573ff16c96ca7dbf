"""The helper link's page: how one person's way to their seat goes, and what to say to them."""

from __future__ import annotations

from aiohttp import web

from server.domain.errors import Refused
from server.domain.ids import SeatId
from server.http.address import client_address
from server.http.cookies import keep_visitor, visitor
from server.http.keys import CTX
from server.http.labels.joining import FAULTS, STANDS
from server.http.seat import LONGEST_TOKEN, json_field
from server.http.templates import render
from server.http.who import Route, Who
from server.services import helping
from server.services.helping import Stand

_DAY_S = 24 * 3600
_ON_THE_WAY = (Stand.LANDING, Stand.DEVICES, Stand.NAME, Stand.CONSENT, Stand.LOBBY)


async def page(request: web.Request) -> web.Response:
    """Without the cookie the page only exchanges what stands after the `#` of its address."""
    seat = _seat(request)
    cookie = visitor(request, _cookie(seat))
    if cookie is None:
        return render(request, "helper_opening.html")
    try:
        found = await helping.joining(request.app[CTX], seat, cookie)
    except Refused as refused:
        # A newer link may stand in the address.
        return render(request, "helper_opening.html", status=403, code=refused.code)
    said = found.progress
    fault = said.fault if said and found.stand in _ON_THE_WAY else None
    return render(
        request,
        "helper.html",
        found=found,
        words=STANDS[found.stand],
        fault=FAULTS[fault] if fault else None,
        browser=said.browser if said else "",
        checked=said or found.rehearsal,
    )


async def exchange(request: web.Request) -> web.Response:
    seat, ctx = _seat(request), request.app[CTX]
    token = await json_field(request, "token", LONGEST_TOKEN)
    value = await helping.exchange(ctx, seat, token, client_address(request))
    response = web.json_response({})
    keep_visitor(request, response, _cookie(seat), value, ctx.settings.link_ttl_days * _DAY_S)
    return response


def _seat(request: web.Request) -> SeatId:
    return SeatId(request.match_info["seat"])


def _cookie(seat: SeatId) -> str:
    return f"heyi_helper_{seat}"


ROUTES = (
    Route("GET", "/h/{seat}", page, Who.ANYONE),
    Route("POST", "/h/{seat}/exchange", exchange, Who.LINK, json=True),
)
