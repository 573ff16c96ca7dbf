"""Booking a meeting."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from aiohttp import web

from server.domain.case import HandlerRole
from server.domain.errors import Refused
from server.domain.party import SIDES
from server.domain.rights import Verb
from server.http.forms import GUEST_ROLES, BookingForm, posted
from server.http.keys import USER
from server.http.pages.asked import case_id, context
from server.http.templates import redirect, render
from server.http.who import About, Route, Who
from server.services import bookings, cases
from server.services.cases import CasePage, Handling


async def new_session(request: web.Request) -> web.Response:
    page = await _bookable(request)
    suggested = _suggested(page, context(request).clock())
    together = [one.user for one in _co_mediators(page)]
    form = BookingForm.fresh(page.case.present_parties, suggested, together)
    return _booking_form(request, page, form)


async def book(request: web.Request) -> web.Response:
    ctx, page = context(request), await _bookable(request)
    form = BookingForm.read(await posted(request))
    if form.more:
        return _booking_form(request, page, form)
    starts_at = form.starts_at(page.organisation.zone)
    seats = form.seats(page.case.present_parties, _co_mediators(page))
    if form.errors or starts_at is None:
        return _booking_form(request, page, form)
    try:
        session = await bookings.book(
            ctx, request[USER], page.case.id, starts_at=starts_at, seats=seats, key=form.key
        )
    except Refused as refused:
        form.refuse(refused.code)
        return _booking_form(request, page, form)
    return redirect(f"/sessions/{session}?done=booked")


async def _bookable(request: web.Request) -> CasePage:
    page = await cases.page(context(request), request[USER], case_id(request))
    if not page.may_book:
        raise Refused("not_allowed")
    return page


def _co_mediators(page: CasePage) -> list[Handling]:
    return [one for one in page.handlers if one.role is HandlerRole.CO_MEDIATOR]


def _suggested(page: CasePage, now: datetime) -> datetime:
    """The date it was adjourned to, in the morning; else the next half hour."""
    results = [s.result for s in page.sessions if s.result is not None]
    if results and results[-1].until:
        return datetime.combine(results[-1].until, time(9), page.organisation.zone)
    local = now.astimezone(page.organisation.zone)
    return local + timedelta(minutes=30 - local.minute % 30)


def _booking_form(request: web.Request, page: CasePage, form: BookingForm) -> web.Response:
    status = 422 if form.errors else 200
    return render(
        request,
        "session_new.html",
        status=status,
        form=form,
        page=page,
        co_mediators=_co_mediators(page),
        roles=GUEST_ROLES,
        sides=SIDES,
    )


ROUTES = (
    Route("GET", "/cases/{case}/sessions/new", new_session, Who.STAFF, Verb.BOOK, About.CASE),
    Route("POST", "/cases/{case}/sessions/new", book, Who.STAFF, Verb.BOOK, About.CASE),
)
