"""The week's meetings, and from a free hour to a booking."""

from __future__ import annotations

from datetime import date, datetime

from aiohttp import web

from server.domain.rights import Verb
from server.http.keys import USER
from server.http.pages.asked import context
from server.http.templates import render
from server.http.who import Route, Who
from server.services import calendar
from server.services.calendar import WEEK

LONGEST_TEXT = 100


async def week(request: web.Request) -> web.Response:
    """`?week=2026-W48&person=…`; what is no week, or nobody's, is this week and everybody's."""
    asked = _monday(request.query.get("week", ""))
    person = request.query.get("person", "")
    found = await calendar.week(context(request), request[USER], asked, person)
    return render(
        request,
        "calendar.html",
        found=found,
        before=_written(found.monday - WEEK),
        this=_written(found.monday),
        after=_written(found.monday + WEEK),
    )


async def pick(request: web.Request) -> web.Response:
    """For which case: the way from a free hour to the form that books."""
    text = request.query.get("q", "").strip()[:LONGEST_TEXT]
    found = await calendar.cases_to_book(context(request), request[USER], text)
    at = _at(request.query.get("at", ""))
    return render(request, "calendar_pick.html", found=found, text=text, at=at)


def _monday(asked: str) -> date | None:
    try:
        return datetime.strptime(f"{asked}-1", "%G-W%V-%u").date()  # noqa: DTZ007
    except ValueError:
        return None


def _written(monday: date) -> str:
    return f"{monday:%G-W%V}"


def _at(asked: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(asked)
    except ValueError:
        return None
    return at if at.tzinfo else None


ROUTES = (
    Route("GET", "/calendar", week, Who.STAFF, Verb.READ_CASE),
    Route("GET", "/calendar/book", pick, Who.STAFF, Verb.BOOK),
)
