"""The time line of a case: its newest entries on the case's page, all of them on its own."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from server.domain.rights import Verb
from server.domain.user import User
from server.http import timeline
from server.http.keys import USER
from server.http.pages.asked import case_id, context
from server.http.pages.section import Section
from server.http.templates import render
from server.http.who import About, Route, Who
from server.services import cases, time_line
from server.services.cases import CasePage
from server.services.context import Context
from server.services.time_line import TimeKind

ID = "timeline"
FIRST = 12
"""How many stand on the case's page."""


async def _load(ctx: Context, user: User, page: CasePage) -> dict[str, Any]:
    found = await time_line.of_case(ctx, user, page.case)
    return {"lines": timeline.lines(found[:FIRST]), "more": max(0, len(found) - FIRST)}


TIME_LINE = Section(ID, "case/timeline.html", _load)


async def whole(request: web.Request) -> web.Response:
    ctx, user = context(request), request[USER]
    page = await cases.page(ctx, user, case_id(request))
    asked = request.query.get("kind", "")
    kind = TimeKind(asked) if asked in set(TimeKind) else None
    found = await time_line.of_case(ctx, user, page.case, kind)
    oldest_first = request.query.get("order") == "old"
    if oldest_first:
        found.reverse()
    return render(
        request,
        "case/timeline_page.html",
        page=page,
        lines=timeline.lines(found),
        kind=kind,
        kinds=tuple(TimeKind),
        oldest_first=oldest_first,
    )


ROUTES = (Route("GET", "/cases/{case}/timeline", whole, Who.STAFF, Verb.READ_CASE, About.CASE),)
