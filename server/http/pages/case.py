"""The page of one case."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from server.domain.rights import Verb
from server.http.keys import USER
from server.http.pages import (
    answering,
    closing,
    confirming,
    deciding,
    documents,
    extensions,
    intake,
    joining,
    notes,
    notices,
    overview,
    parties,
    recordings,
    reports,
    screening,
    statement,
    status,
    timeline,
)
from server.http.pages.asked import case_id, context
from server.http.pages.section import Section
from server.http.templates import render
from server.http.who import About, Route, Who
from server.services import cases, due_next, stepping
from server.words import N_

SECTIONS: tuple[Section, ...] = (
    statement.ALIKE,
    parties.PARTIES,
    statement.ABOUT,
    deciding.DECIDE,
    deciding.PEOPLE,
    screening.SCREENING,
    documents.PAPERS,
    reports.REPORTED,
    status.SECTION,
    notices.SECTION,
    overview.MEETINGS,
    recordings.SECTION,
    overview.FACTS,
    answering.ANSWER,
    extensions.DUE,
    extensions.EXTENSIONS,
    notes.NOTES,
    closing.CLOSING,
    confirming.CONFIRMATION,
    joining.LINKS,
    timeline.TIME_LINE,
    reports.DANGER,
)
"""What a case's page is made of; `LAYOUT` says in which order."""

DONE: dict[str, str] = {
    **intake.DONE,
    **parties.DONE,
    **statement.DONE,
    **deciding.DONE,
    **documents.DONE,
    **notices.DONE,
    **closing.DONE,
    **confirming.DONE,
    **extensions.DONE,
    **joining.DONE,
    **notes.DONE,
}
"""What is said at the top after a form: `?done=` and the sentence, not yet translated."""

LAYOUT: dict[str, str] = {
    "danger": "",
    "similar": "",
    "decide": N_("Decision"),
    "about": N_("What it is about"),
    "parties": N_("Parties"),
    "handlers": N_("Mediator"),
    "screening": N_("Talks beforehand"),
    "meetings": N_("Meetings"),
    "recordings": N_("Recordings"),
    "extensions": N_("Extension"),
    "papers": N_("Papers"),
    "notes": N_("Notes and calls"),
    "notices": N_("Notices"),
    "timeline": N_("Timeline"),
    "due": N_("Due"),
    "closing": "",
    "confirmation": "",
    "links": "",
    "code": "",
    "facts": "",
    "answer": "",
    "reported": "",
}
"""The sections in their order, and how the page leads to those that are long."""


async def case_page(request: web.Request) -> web.Response:
    ctx, user = context(request), request[USER]
    found = await cases.page(ctx, user, case_id(request))
    order = {name: n for n, name in enumerate(LAYOUT)}
    shown: list[tuple[Section, Any]] = []
    for section in sorted(SECTIONS, key=lambda section: order.get(section.id, len(order))):
        content = await section.load(ctx, user, found)
        if content is not None:
            shown.append((section, content))
    step = await stepping.of_page(ctx, found)
    ids = frozenset(section.id for section, _ in shown)
    return render(
        request,
        "case.html",
        page=found,
        step=step,
        actions=overview.actions(step, found, ids),
        due=await due_next.first(ctx, found.case),
        jumps=[(i, title) for i, title in LAYOUT.items() if title and i in ids],
        sections=[(part, section) for part, section in shown if not part.side],
        beside=[(part, section) for part, section in shown if part.side],
        done=DONE.get(request.query.get("done", ""), ""),
    )


ROUTES = (Route("GET", "/cases/{case}", case_page, Who.STAFF, Verb.READ_CASE, About.CASE),)
