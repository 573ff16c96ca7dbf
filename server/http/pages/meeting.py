"""A meeting as staff see it: its state, its people, their links, and what is changed about it."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from server.domain.errors import Refused
from server.domain.ids import SeatId
from server.domain.party import SIDES
from server.domain.rights import Verb
from server.http import ics_file
from server.http.booking_form import GUEST_ROLES, SIGNS, ContactForm, MoveForm, SeatForm
from server.http.cookies import keep_seat, seat_cookie, seat_cookies
from server.http.forms import mendable, posted, text
from server.http.invitation import invitation
from server.http.keys import USER
from server.http.pages.asked import context, session_id
from server.http.templates import redirect, render
from server.http.tried import told
from server.http.who import About, Route, Who
from server.security.ids import new_secret_id
from server.services import (
    arrivals,
    booked,
    calendar,
    entries,
    guests,
    meetings,
    session_texts,
    sessions,
)
from server.services.clashes import Clash
from server.services.meetings import SessionPage


async def session_page(request: web.Request) -> web.Response:
    return await _page(request, await _found(request))


async def _found(request: web.Request) -> SessionPage:
    return await meetings.page(context(request), request[USER], session_id(request))


async def _booked(request: web.Request) -> SessionPage:
    """The same for who may change it. Raises Refused."""
    found = await _found(request)
    if not found.may_book:
        raise Refused("not_allowed")
    return found


async def _page(
    request: web.Request,
    found: SessionPage,
    *,
    move: MoveForm | None = None,
    seat: SeatForm | None = None,
    contact: ContactForm | None = None,
) -> web.Response:
    """`move`, `seat` and `contact`: forms that could not be followed, with what is wrong."""
    zone, query = found.organisation.zone, request.query
    wrong = any(form and form.errors for form in (move, seat, contact))
    if move is None:
        move = MoveForm()
        move.suggest(found.starts_at.astimezone(zone), found.length)
    return render(
        request,
        "session.html",
        status=422 if wrong else 200,
        page=found,
        minutes=await session_texts.minutes_for_staff(context(request), request[USER], found.id),
        done="" if wrong else query.get("done", ""),
        renewed=query.get("renewed", ""),
        sent=query.get("sent", ""),
        invitations=_invitations(request, found),
        tried={line.id: [told(one, zone) for one in line.tried] for line in found.seats},
        hints=await calendar.hints_of(context(request), found.organisation, found.span),
        move=move,
        guest_form=seat or SeatForm(),
        contact_form=contact,
        reached="" if wrong else query.get("reached", ""),
        key=new_secret_id(),
        roles=GUEST_ROLES,
        signs=SIGNS,
        sides=SIDES,
    )


def _invitations(request: web.Request, page: SessionPage) -> Mapping[SeatId, str]:
    host, phone = page.seats[0], page.organisation.phone or context(request).settings.help_phone
    return {
        seat.id: invitation(page, seat, mediator=host.name, phone=phone)
        for seat in page.seats[1:]
        if seat.link
    }


async def enter(request: web.Request) -> web.Response:
    """The mediator's browser gets the host's seat, as if with its link."""
    seat, cookie = await arrivals.enter_as_host(
        context(request), request[USER], session_id(request), seat_cookies(request)
    )
    response = redirect(f"/j/{seat}")
    keep_seat(request, response, seat, cookie)
    return response


# ---- what is changed about it -----------------------------------------------------------------


async def move(request: web.Request) -> web.Response:
    found, form = await _booked(request), MoveForm.read(await posted(request))
    span = form.span(found.organisation.zone)
    if span is None:
        return await _page(request, found, move=form)
    try:
        await booked.reschedule(
            context(request),
            request[USER],
            found.id,
            span.start,
            span.end - span.start,
            form.seen_sessions(),
        )
    except Clash as clash:
        form.clash(clash.conflicts)
        return await _page(request, found, move=form)
    except Refused as refused:
        form.refuse(mendable(refused))
        return await _page(request, found, move=form)
    return redirect(f"/sessions/{found.id}?done=moved")


async def cancel(request: web.Request) -> web.Response:
    reason = text(await posted(request), "reason")
    await booked.cancel(context(request), request[USER], session_id(request), reason)
    return redirect(f"/sessions/{session_id(request)}?done=cancelled")


async def add(request: web.Request) -> web.Response:
    found, form = await _booked(request), SeatForm.read(await posted(request))
    new = form.check("name", form.row.seat)
    if new is None:
        return await _page(request, found, seat=form)
    try:
        seat = await booked.add_seat(context(request), request[USER], found.id, new, form.key)
    except Refused as refused:
        form.refuse(mendable(refused))
        return await _page(request, found, seat=form)
    return redirect(f"/sessions/{found.id}?done=added#seat-{seat}")


async def reissue(request: web.Request) -> web.Response:
    session, seat = session_id(request), _seat(request)
    await sessions.reissue(context(request), request[USER], session, seat)
    return redirect(f"/sessions/{session}?renewed={seat}#seat-{seat}")


async def revoke(request: web.Request) -> web.Response:
    session, seat = session_id(request), _seat(request)
    await booked.revoke(context(request), request[USER], session, seat)
    return redirect(f"/sessions/{session}#seat-{seat}")


async def contact(request: web.Request) -> web.Response:
    """Another telephone or address of a guest."""
    found, form = await _booked(request), ContactForm.read(await posted(request), _seat(request))
    try:
        await guests.change(
            context(request), request[USER], found.id, _seat(request), form.phone, form.email
        )
    except Refused as refused:
        form.refuse(mendable(refused))
        return await _page(request, found, contact=form)
    return redirect(f"/sessions/{found.id}?reached={form.seat}#seat-{form.seat}")


async def send(request: web.Request) -> web.Response:
    session, seat = session_id(request), _seat(request)
    key = text(await posted(request), "key")
    await booked.send_again(context(request), request[USER], session, seat, key)
    return redirect(f"/sessions/{session}?sent={seat}#seat-{seat}")


# ---- for calendars ----------------------------------------------------------------------------


async def calendar_entry(request: web.Request) -> web.Response:
    """For staff to hand on: the entry of one seat."""
    found, seat = await _found(request), _seat(request)
    line = next((one for one in found.seats if one.id == seat), None)
    if line is None or not line.link:
        raise Refused("not_found")
    entry = await entries.of_seat(context(request), session_id(request), seat)
    return ics_file.answer(context(request), entry)


async def own_entry(request: web.Request) -> web.Response:
    """For whoever has the link open."""
    seat = _seat(request)
    entry = await entries.own(context(request), seat, seat_cookie(request, seat))
    return ics_file.answer(context(request), entry)


def _seat(request: web.Request) -> SeatId:
    return SeatId(request.match_info["seat"])


_SEAT = "/sessions/{session}/seats/{seat}"
_BOOKS = (Who.STAFF, Verb.BOOK, About.SESSION)
ROUTES = (
    Route("GET", "/sessions/{session}", session_page, Who.STAFF, Verb.READ_CASE, About.SESSION),
    Route("POST", "/sessions/{session}/enter", enter, Who.STAFF, Verb.HOST, About.SESSION),
    Route("POST", "/sessions/{session}/move", move, *_BOOKS),
    Route("POST", "/sessions/{session}/seats", add, *_BOOKS),
    Route("POST", f"{_SEAT}/send", send, *_BOOKS),
    Route("POST", f"{_SEAT}/contact", contact, *_BOOKS),
    Route("POST", f"{_SEAT}/revoke", revoke, *_BOOKS),
    Route("POST", f"{_SEAT}/reissue", reissue, *_BOOKS),
    Route("POST", "/sessions/{session}/cancel", cancel, *_BOOKS),
    Route(
        "GET",
        f"{_SEAT}/invitation.ics",
        calendar_entry,
        Who.STAFF,
        Verb.SEE_LINKS,
        About.SESSION,
    ),
    Route("GET", "/j/{seat}/calendar.ics", own_entry, Who.LINK),
)
