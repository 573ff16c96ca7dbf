"""A meeting as staff see it: its state, its people, their links."""

from __future__ import annotations

from aiohttp import web

from server.domain.ids import SeatId
from server.domain.rights import Verb
from server.http.cookies import keep_seat, seat_cookies
from server.http.invitation import invitation
from server.http.keys import USER
from server.http.pages.asked import context, session_id
from server.http.templates import redirect, render
from server.http.who import About, Route, Who
from server.services import arrivals, bookings, sessions
from server.services.bookings import SessionPage


async def session_page(request: web.Request) -> web.Response:
    found = await bookings.page(context(request), request[USER], session_id(request))
    return render(
        request,
        "session.html",
        page=found,
        done=request.query.get("done", ""),
        renewed=request.query.get("renewed", ""),
        invitations=_invitations(request, found),
    )


def _invitations(request: web.Request, page: SessionPage) -> dict[SeatId, str]:
    host, phone = page.seats[0], page.organisation.phone or context(request).settings.help_phone
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
        context(request), request[USER], session_id(request), seat_cookies(request)
    )
    response = redirect(f"/j/{seat}")
    keep_seat(request, response, seat, cookie)
    return response


async def cancel(request: web.Request) -> web.Response:
    await sessions.cancel(context(request), request[USER], session_id(request))
    return redirect(f"/sessions/{session_id(request)}?done=cancelled")


async def reissue(request: web.Request) -> web.Response:
    session, seat = session_id(request), SeatId(request.match_info["seat"])
    await sessions.reissue(context(request), request[USER], session, seat)
    return redirect(f"/sessions/{session}?renewed={seat}#seat-{seat}")


ROUTES = (
    Route("GET", "/sessions/{session}", session_page, Who.STAFF, Verb.READ_CASE, About.SESSION),
    Route("POST", "/sessions/{session}/enter", enter, Who.STAFF, Verb.HOST, About.SESSION),
    Route("POST", "/sessions/{session}/cancel", cancel, Who.STAFF, Verb.BOOK, About.SESSION),
    Route(
        "POST",
        "/sessions/{session}/seats/{seat}/reissue",
        reissue,
        Who.STAFF,
        Verb.BOOK,
        About.SESSION,
    ),
)
