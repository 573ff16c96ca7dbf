"""The worst calls of the last days, and why, for those who look after the service."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from aiohttp import web

from server.domain.quality import Grade
from server.domain.rights import Verb
from server.http.keys import USER
from server.http.pages.asked import context
from server.http.templates import render
from server.http.who import Route, Who
from server.services import quality

PERIODS = (1, 7, 30, 90)
USUAL = 7


async def show(request: web.Request) -> web.Response:
    days = _days(request.query.get("days", ""))
    found = await quality.worst(context(request), request[USER], days)
    return render(
        request,
        "quality.html",
        found=found,
        periods=PERIODS,
        grades=Grade,
        minutes=sum(found.totals.values()),
        zone=ZoneInfo,
    )


def _days(asked: str) -> int:
    return next((days for days in PERIODS if str(days) == asked), USUAL)


ROUTES = (Route("GET", "/quality", show, Who.STAFF, Verb.SEE_QUALITY),)
