"""Booking a meeting."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from aiohttp import web

from server.domain.booking import checked_length
from server.domain.errors import Refused
from server.domain.party import SIDES
from server.domain.rights import Verb
from server.http.booking_form import GUEST_ROLES, SIGNS, BookingForm
from server.http.day_strip import strip
from server.http.forms import MOST_ROWS, mendable, posted
from server.http.keys import USER
from server.http.pages.asked import case_id, context
from server.http.templates import redirect, render
from server.http.who import About, Route, Who
from server.services import bookable, bookings, calendar
from server.services.bookable import Bookable
from server.services.calendar import Busy
from server.services.clashes import Clash

ALONE = timedelta(minutes=30)
TOGETHER = timedelta(minutes=60)


async def new_session(request: web.Request) -> web.Response:
    about = await bookable.of_case(context(request), request[USER], case_id(request))
    form = BookingForm.fresh(about, request.query.get("only", ""))
    length = _asked_length(request) or (ALONE if form.only else TOGETHER)
    at = _asked(request, about)
    if at is None:
        after = _from_when(about, context(request).clock())
        at = await calendar.propose(context(request), about.organisation, about.host, length, after)
    form.suggest(at.astimezone(about.organisation.zone), length)
    return await _booking_form(request, about, form)


async def book(request: web.Request) -> web.Response:
    ctx = context(request)
    about = await bookable.of_case(ctx, request[USER], case_id(request))
    form = BookingForm.read(await posted(request))
    if form.asks:
        return await _booking_form(request, about, form)
    span, seats = form.span(about.organisation.zone), form.seats(about)
    if form.errors or span is None:
        return await _booking_form(request, about, form)
    try:
        session = await bookings.book(
            ctx,
            request[USER],
            about.case.id,
            starts_at=span.start,
            seats=seats,
            key=form.key,
            purpose=form.purpose,
            length=span.end - span.start,
            seen=form.seen_sessions(),
        )
    except Clash as clash:
        form.clash(clash.conflicts)
        return await _booking_form(request, about, form)
    except Refused as refused:
        form.refuse(mendable(refused))
        return await _booking_form(request, about, form)
    return redirect(f"/sessions/{session}?done=booked")


def _asked(request: web.Request, about: Bookable) -> datetime | None:
    """The time that was clicked in the calendar, `?at=2026-11-24T09:00`."""
    try:
        at = datetime.fromisoformat(request.query.get("at", ""))
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=about.organisation.zone)


def _asked_length(request: web.Request) -> timedelta | None:
    asked = request.query.get("minutes", "")
    try:
        return checked_length(int(asked)) if asked.isascii() and asked.isdecimal() else None
    except (Refused, ValueError, OverflowError):
        return None


def _from_when(about: Bookable, now: datetime) -> datetime:
    """From the date it was adjourned to, else from now."""
    results = [s.result for s in about.page.sessions if s.result is not None]
    until: date | None = results[-1].until if results else None
    if until is None:
        return now
    return max(now, datetime.combine(until, time(0), about.organisation.zone))


async def _booking_form(request: web.Request, about: Bookable, form: BookingForm) -> web.Response:
    ctx, zone, on = context(request), about.organisation.zone, form.on()
    busy: tuple[Busy, ...] = ()
    if on is not None:
        busy = await calendar.day_of(ctx, request[USER], about.host, on, zone)
    span = form.asked(zone)
    return render(
        request,
        "session_new.html",
        status=422 if form.errors else 200,
        form=form,
        about=about,
        on=on,
        hints=await calendar.hints_of(ctx, about.organisation, span) if span else (),
        busy=busy,
        strip=strip(on, zone, about.organisation.hours, busy) if on else [],
        present=[p for p in about.case.present_parties if p.side == form.only or not form.only],
        roles=GUEST_ROLES,
        signs=SIGNS,
        sides=SIDES,
        most=MOST_ROWS,
        own_sides=sorted({party.side for party in about.case.present_parties}),
    )


ROUTES = (
    Route("GET", "/cases/{case}/sessions/new", new_session, Who.STAFF, Verb.BOOK, About.CASE),
    Route("POST", "/cases/{case}/sessions/new", book, Who.STAFF, Verb.BOOK, About.CASE),
)
