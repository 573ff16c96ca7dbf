"""Every route, tried by everyone, on their own, on a colleague's and on another station's matters.

What each may do is written here once more, in words, and not taken from the routes: a row that
declares too little is found by it, as is a service that doesn't keep what its row declares.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession

from server.domain.ids import CaseId, SeatId, SessionId
from server.http.app import make_app
from server.http.routes import ROUTES
from server.http.who import About, Route, Who
from server.security.ids import new_secret_id
from tests.gateway.plane import PaperPlane
from tests.http.house import House
from tests.http.library import PaperLibrary
from tests.http.may import (
    applying,
    deciding,
    exhibits,
    files,
    finding,
    general,
    helping,
    living,
    matters,
    meetings,
    notices,
    parties,
    people,
    recordings,
    talk,
    words,
)

THINGS = words.THINGS
STAFF = words.STAFF
EVERYONE = words.EVERYONE

AREAS = (
    applying,
    general,
    matters,
    meetings,
    files,
    finding,
    notices,
    deciding,
    exhibits,
    talk,
    people,
    parties,
    living,
    helping,
    recordings,
)
MAY: dict[str, words.May] = {name: may for area in AREAS for name, may in area.MAY.items()}
FORMS: dict[str, dict[str, str]] = {
    name: form for area in AREAS for name, form in area.FORMS.items()
}
MAKES: dict[str, words.Make] = {name: make for area in AREAS for name, make in area.MAKES.items()}
"""What stands in an address besides case, session and seat, and how one is made in that case."""

LAST: dict[str, int] = {name: n for area in AREAS for name, n in area.LAST.items()}
"""These end what the others need."""


def name(route: Route) -> str:
    return f"{route.method} {route.path}"


async def test_there_is_no_route_beside_the_table(house: House) -> None:
    made = {
        (route.method, resource.canonical.replace("{name}", "{name:.+}"))
        for resource in make_app(house.ctx).router.resources()
        for route in resource
        if route.method != "HEAD"
    }
    assert made == {(route.method, route.path) for route in ROUTES}
    assert set(MAY) == {name(route) for route in ROUTES}


async def test_everyone_gets_exactly_as_far_as_they_may(house: House) -> None:
    wrong = []
    for role in EVERYONE:
        for thing in THINGS:
            visit = await Visit.prepared(house, role, thing)
            async with house.browser(visit.staff, visit.seat) as browser:
                for route in sorted(ROUTES, key=lambda route: LAST.get(name(route), 0)):
                    status, location = await visit.ask(browser, route)
                    if not visit.expected(route, status, location):
                        wrong.append(f"{role}: {name(route)} ({thing}): {status} {location}")
    assert wrong == []


@dataclass
class Visit:
    """Somebody, and a case with a meeting that is theirs, a colleague's or another station's.

    `target` is a seat of that meeting, `seat` the one whose link this person has opened.
    """

    house: House
    role: str
    thing: str
    case: CaseId
    session: SessionId
    target: SeatId
    mine: SeatId
    others: dict[str, str]
    """Whatever else stands in addresses: `{note}`, `{party}`…"""

    @classmethod
    async def prepared(cls, house: House, role: str, thing: str) -> Visit:
        house.ctx.gate, house.ctx.library = PaperPlane(), PaperLibrary()
        handler = house.staff[_handler(role, thing)]
        case = await house.case_of(handler, elsewhere=thing == "elsewhere")
        session, *seats = await house.session_of(case, handler)
        _, *others = await house.session_of(case, handler)
        which = 0 if role == "host" else 1
        mine = seats if thing == "own" else others
        made = {name: await make(house, case, handler) for name, make in MAKES.items()}
        return cls(house, role, thing, case, session, seats[which], mine[which], made)

    @property
    def staff(self) -> str | None:
        return self.role if self.role in STAFF else None

    @property
    def seat(self) -> SeatId | None:
        return self.mine if self.role in ("party", "host") else None

    async def ask(self, browser: ClientSession, route: Route) -> tuple[int, str]:
        path = route.path.replace("{name:.+}", "assets/main-1.js")
        things = {"case": self.case, "session": self.session, "seat": self.target}
        path = path.format(**things, **self.others)
        sent: dict[str, Any] = {}
        if route.method == "POST":
            sent = {"json": self._body()} if route.json else {"data": self.form(route)}
        async with browser.request(route.method, path, allow_redirects=False, **sent) as answer:
            return answer.status, answer.headers.get("Location", "")

    def form(self, route: Route) -> dict[str, str]:
        return {"key": new_secret_id(), **FORMS.get(name(route), {})}

    def _body(self) -> dict[str, str]:
        token = self.house.token(self.seat) if self.seat else "x" * 24
        return {"token": token, "sdp": "v=0\r\n"}

    def expected(self, route: Route, status: int, location: str) -> bool:
        to_sign_in = location.startswith("/sign-in")
        if self.thing in MAY[name(route)].get(self.role, ()):
            # A form that is not filled in right is no refusal of the person.
            return status in (200, 303, 401, 422) and not to_sign_in
        if route.who is Who.LINK:
            return status in (401, 403)
        if self.role not in STAFF:
            return (status == 303 and to_sign_in) if route.method == "GET" else status == 401
        reads = self.thing in words.READ.get(self.role, ())
        # What one may not even read isn't there; a role that never may is told so at once.
        ever = bool(MAY[name(route)].get(self.role))
        if not ever or reads or route.about is About.NOTHING:
            return status == 403
        return status == 404


def _handler(role: str, thing: str) -> str:
    """Whose case and meeting it is: one's own, if one handles any, else a mediator's."""
    if thing == "own":
        return "lawyer" if role == "lawyer" else "mediator"
    return thing
