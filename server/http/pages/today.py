"""What a member of staff has before them today."""

from __future__ import annotations

from aiohttp import web

from server.domain.seating import SessionState
from server.http import nav
from server.http.keys import USER
from server.http.pages.asked import context
from server.http.templates import redirect, render
from server.http.who import Route, Who
from server.services import due_next, meetings, offers, reports, workdays


async def today(request: web.Request) -> web.Response:
    ctx, user = context(request), request[USER]
    if nav.only_reports(user):
        return redirect("/reports")
    found = await meetings.today(ctx, user)
    order = {SessionState.OPEN: 0, SessionState.PLANNED: 1}
    lines = sorted(found, key=lambda line: (order.get(line.state, 2), line.starts_at))
    asked, dues = await offers.mine(ctx, user), await due_next.soon(ctx, user)
    late = sum(line.overdue for line in await offers.waiting(ctx, user))
    return render(
        request,
        "today.html",
        meetings=lines,
        offers=asked,
        late=late,
        dues=dues,
        dangers=await reports.dangers(ctx, user),
        unknown_year=await workdays.unknown_year(ctx, user, ctx.clock().date()),
    )


ROUTES = (Route("GET", "/today", today, Who.STAFF),)
