"""The working days of a year, for administrators."""

from __future__ import annotations

from aiohttp import web

from server.domain.errors import Refused
from server.domain.rights import Verb
from server.domain.workdays import checked_exceptions
from server.http.forms import posted, text
from server.http.keys import USER
from server.http.pages.asked import context
from server.http.templates import redirect, render
from server.http.who import Route, Who
from server.services import workdays
from server.words import N_

YEARS = 3
"""How many years can be chosen: the last, this and the next."""

DONE = {
    "entered": N_("The days are saved. All open limits are counted anew."),
    "removed": N_("What was entered for the year is removed. All open limits are counted anew."),
}


async def show(request: web.Request) -> web.Response:
    return await _page(request, _asked(request), "", "")


async def enter(request: web.Request) -> web.Response:
    data, ctx, user = await posted(request), context(request), request[USER]
    year, days = _asked(request), text(data, "days")
    removes = text(data, "action") == "remove"
    try:
        given = {} if removes else checked_exceptions(days, year)
    except Refused as refused:
        return await _page(request, year, days, refused.code)
    await workdays.enter(ctx, user, year, given)
    return redirect(f"/workdays?year={year}&done={'removed' if removes else 'entered'}")


def _asked(request: web.Request) -> int:
    now = context(request).clock().year
    typed = request.query.get("year", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) == 4 else now


async def _page(request: web.Request, year: int, typed: str, wrong: str) -> web.Response:
    ctx = context(request)
    found = await workdays.year(ctx, request[USER], year)
    entered = "\n".join(
        f"{day} {'work' if works else 'off'} {why}".rstrip() for day, works, why in found.days
    )
    now = ctx.clock().year
    return render(
        request,
        "workdays.html",
        status=422 if wrong else 200,
        found=found,
        years=sorted({*range(now - 1, now - 1 + YEARS), year}),
        typed=typed if wrong else entered,
        wrong=wrong,
        done=DONE.get(request.query.get("done", ""), ""),
    )


ROUTES = (
    Route("GET", "/workdays", show, Who.STAFF, Verb.MANAGE),
    Route("POST", "/workdays", enter, Who.STAFF, Verb.MANAGE),
)
