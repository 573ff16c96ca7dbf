"""The page of one case."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from server.domain.rights import Verb
from server.http import timeline
from server.http.keys import USER
from server.http.next_step import next_step
from server.http.pages.asked import case_id, context
from server.http.pages.section import Section
from server.http.templates import render
from server.http.who import About, Route, Who
from server.services import cases

SECTIONS: tuple[Section, ...] = ()
"""What a case's page is made of, in this order."""

DONE: dict[str, str] = {}
"""What is said at the top after a form: `?done=` and the sentence, not yet translated."""


async def case_page(request: web.Request) -> web.Response:
    ctx, user = context(request), request[USER]
    found = await cases.page(ctx, user, case_id(request))
    sections: list[tuple[Section, Any]] = []
    for section in SECTIONS:
        content = await section.load(ctx, user, found)
        if content is not None:
            sections.append((section, content))
    return render(
        request,
        "case.html",
        page=found,
        step=next_step(found.sessions),
        lines=timeline.lines(found.time_line),
        sections=sections,
        done=DONE.get(request.query.get("done", ""), ""),
    )


ROUTES = (Route("GET", "/cases/{case}", case_page, Who.STAFF, Verb.READ_CASE, About.CASE),)
