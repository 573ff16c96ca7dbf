"""The cookies: staff's session, one for each seat a device has, a visitor's application and matter,
and the language.

With TLS their names begin with `__Host-`, which browsers accept only from this very host over TLS.
On plain HTTP (a demo on one machine) they can't, and have no prefix.
"""

from __future__ import annotations

from aiohttp import web

from server.domain.ids import SeatId
from server.http.keys import CTX

STAFF = "heyi_staff"
SEAT = "heyi_seat_"
APPLICATION = "heyi_application"
STATUS = "heyi_status"
LANGUAGE = "lang"
YEAR_S = 365 * 24 * 3600


def secure(request: web.Request) -> bool:
    return request.app[CTX].settings.origin.startswith("https://")


def _name(request: web.Request, name: str) -> str:
    return f"__Host-{name}" if secure(request) else name


def staff_token(request: web.Request) -> str | None:
    return request.cookies.get(_name(request, STAFF))


def keep_staff(request: web.Request, response: web.StreamResponse, token: str) -> None:
    _set(request, response, STAFF, token)


def forget_staff(request: web.Request, response: web.StreamResponse) -> None:
    # Deleted with the flags it was set with, or a `__Host-` cookie would stay.
    _set(request, response, STAFF, "", max_age=0)


def seat_cookie(request: web.Request, seat: SeatId) -> str | None:
    """What a device shows to prove that it was given this seat. Also for the socket."""
    return request.cookies.get(_name(request, f"{SEAT}{seat}"))


def seat_cookies(request: web.Request) -> dict[SeatId, str]:
    prefix = _name(request, SEAT)
    return {
        SeatId(name.removeprefix(prefix)): value
        for name, value in request.cookies.items()
        if name.startswith(prefix)
    }


def keep_seat(
    request: web.Request, response: web.StreamResponse, seat: SeatId, value: str | None
) -> None:
    if value is not None:
        days = request.app[CTX].settings.link_ttl_days
        _set(request, response, f"{SEAT}{seat}", value, max_age=days * 24 * 3600)


def visitor(request: web.Request, name: str) -> str | None:
    """What somebody without an account was given: `APPLICATION` or `STATUS`."""
    return request.cookies.get(_name(request, name))


def keep_visitor(
    request: web.Request, response: web.StreamResponse, name: str, value: str, max_age: int
) -> None:
    """`max_age` in seconds; 0: it is forgotten."""
    _set(request, response, name, value, max_age=max_age)


def keep_language(request: web.Request, response: web.StreamResponse, language: str) -> None:
    """Scripts write this one too (a language after the `#` is never sent here)."""
    response.set_cookie(
        LANGUAGE, language, max_age=YEAR_S, path="/", samesite="Lax", secure=secure(request)
    )


def _set(
    request: web.Request,
    response: web.StreamResponse,
    name: str,
    value: str,
    max_age: int | None = None,
) -> None:
    response.set_cookie(
        _name(request, name),
        value,
        max_age=max_age,
        path="/",
        httponly=True,
        samesite="Lax",
        secure=secure(request),
    )
