"""The pages of staff. A handler reads the request, asks one service, and shows the answer."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from aiohttp import web

from server.domain.case import SIDES, CaseKind, DisputeType
from server.domain.errors import Refused
from server.domain.ids import CaseId, SeatId, SessionId, UserId
from server.domain.seating import SessionState
from server.http import timeline
from server.http.cookies import keep_seat, seat_cookies
from server.http.forms import GUEST_ROLES, BookingForm, CaseForm
from server.http.invitation import invitation
from server.http.keys import CTX, USER
from server.http.next_step import next_step
from server.http.templates import redirect, render
from server.services import arrivals, bookings, cases, sessions
from server.services.bookings import SessionPage
from server.services.cases import CasePage
from server.services.context import Context


def _case(request: web.Request) -> CaseId:
    return CaseId(request.match_info["case"])


def _session(request: web.Request) -> SessionId:
    return SessionId(request.match_info["session"])


def _asked(request: web.Request) -> Context:
    return request.app[CTX]


async def today(request: web.Request) -> web.Response:
    found = await bookings.today(_asked(request), request[USER])
    order = {SessionState.OPEN: 0, SessionState.PLANNED: 1}
    lines = sorted(found, key=lambda line: (order.get(line.state, 2), line.starts_at))
    return render(request, "today.html", meetings=lines)


async def case_list(request: web.Request) -> web.Response:
    found = await cases.listing(_asked(request), request[USER])
    return render(request, "cases.html", cases=found)


async def case_page(request: web.Request) -> web.Response:
    found = await cases.page(_asked(request), request[USER], _case(request))
    step, lines = next_step(found.sessions), timeline.lines(found.time_line)
    return render(request, "case.html", page=found, step=step, lines=lines)


# ---- a new case -------------------------------------------------------------------------------


async def new_case(request: web.Request) -> web.Response:
    return await _case_form(request, CaseForm())


async def create_case(request: web.Request) -> web.Response:
    form = CaseForm.read(await request.post())  # type: ignore[arg-type]
    good = None if form.more else form.checked()
    if good is None:
        return await _case_form(request, form)
    title, kind, parties = good
    mediator = UserId(form.mediator) if form.mediator else None
    case = await cases.create(
        _asked(request), request[USER], title, CaseKind.MEDIATION, kind, parties, form.key, mediator
    )
    return redirect(f"/cases/{case}")


async def _case_form(request: web.Request, form: CaseForm) -> web.Response:
    return render(
        request,
        "case_new.html",
        status=422 if form.errors else 200,
        form=form,
        types=DisputeType,
        sides=SIDES,
        mediators=await cases.mediators(_asked(request), request[USER]),
    )


# ---- booking a meeting ------------------------------------------------------------------------


async def new_session(request: web.Request) -> web.Response:
    page = await _bookable(request)
    form = BookingForm.fresh(page.case.parties, _suggested(page, _asked(request).clock()))
    return _booking_form(request, page, form)


async def book(request: web.Request) -> web.Response:
    ctx, page = _asked(request), await _bookable(request)
    form = BookingForm.read(await request.post())  # type: ignore[arg-type]
    if form.more:
        return _booking_form(request, page, form)
    starts_at = form.starts_at(page.organisation.zone)
    seats = form.seats(page.case.parties)
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
    page = await cases.page(_asked(request), request[USER], _case(request))
    if not page.may_book:
        raise Refused("not_allowed")
    return page


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
        roles=GUEST_ROLES,
        sides=SIDES,
    )


# ---- a meeting --------------------------------------------------------------------------------


async def session_page(request: web.Request) -> web.Response:
    found = await bookings.page(_asked(request), request[USER], _session(request))
    return render(
        request,
        "session.html",
        page=found,
        done=request.query.get("done", ""),
        renewed=request.query.get("renewed", ""),
        invitations=_invitations(request, found),
    )


def _invitations(request: web.Request, page: SessionPage) -> dict[SeatId, str]:
    host, phone = page.seats[0], page.organisation.phone or _asked(request).settings.help_phone
    return {
        seat.id: invitation(
            to=seat.name,
            mediator=host.name,
            organisation=page.organisation,
            phone=phone,
            at=page.starts_at,
            link=seat.link,
        )
        for seat in page.seats[1:]
        if seat.link
    }


async def enter(request: web.Request) -> web.Response:
    """The mediator's browser gets the host's seat, as if with its link."""
    seat, cookie = await arrivals.enter_as_host(
        _asked(request), request[USER], _session(request), seat_cookies(request)
    )
    response = redirect(f"/j/{seat}")
    keep_seat(request, response, seat, cookie)
    return response


async def cancel(request: web.Request) -> web.Response:
    await sessions.cancel(_asked(request), request[USER], _session(request))
    return redirect(f"/sessions/{_session(request)}?done=cancelled")


async def reissue(request: web.Request) -> web.Response:
    session, seat = _session(request), SeatId(request.match_info["seat"])
    await sessions.reissue(_asked(request), request[USER], session, seat)
    return redirect(f"/sessions/{session}?renewed={seat}#seat-{seat}")
