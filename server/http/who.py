"""Who may come to a route: declared in one row, kept at one place, tested from the same row."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote

from aiohttp import hdrs, web

from server.domain.errors import Refused
from server.domain.rights import Verb, scope
from server.domain.user import User
from server.http import signed_out
from server.http.cookies import staff_token
from server.http.keys import CTX, USER
from server.http.templates import redirect
from server.services import staff

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Who(StrEnum):
    ANYONE = "anyone"
    LINK = "link"
    """Whoever has the seat's link, or the cookie it was exchanged for."""
    STAFF = "staff"


class About(StrEnum):
    """What the `verb` of a staff route is asked of; the services decide about the thing itself."""

    NOTHING = "nothing"
    CASE = "case"
    SESSION = "session"
    ORGANISATION = "organisation"
    PERSON = "person"
    """A member of staff."""


@dataclass(frozen=True, slots=True)
class Route:
    """`json`: refusals are `{code, text}`, for our scripts. `upload`: its form has files, and the
    handler reads it with `uploads.read`.
    """

    method: str
    path: str
    handler: Handler
    who: Who
    verb: Verb | None = None
    about: About = About.NOTHING
    json: bool = False
    upload: bool = False

    def guarded(self) -> Handler:
        """The handler, behind what the row says."""

        @functools.wraps(self.handler)
        async def handle(request: web.Request) -> web.StreamResponse:
            if self.who is Who.STAFF:
                user = await signed_in(request)
                if user is None:
                    return await self._to_sign_in(request)
                # A role without the verb anywhere is told so before anything is looked up.
                if self.verb is not None and not scope(user, self.verb):
                    raise Refused("not_allowed")
            return await self.handler(request)

        handle.__dict__["route"] = self
        return handle

    async def _to_sign_in(self, request: web.Request) -> web.Response:
        if request.method == hdrs.METH_GET:
            return redirect(f"/sign-in?next={quote(request.path_qs, safe='/')}")
        if self.json:
            raise Refused("sign_in_first")
        # A form's content would be lost by sending them away.
        raise await signed_out.refusal(request, upload=self.upload)


def route_of(request: web.Request) -> Route | None:
    """The row of this request; None where there is none (a wrong address, the socket)."""
    found = getattr(request.match_info.handler, "route", None)
    return found if isinstance(found, Route) else None


async def signed_in(request: web.Request) -> User | None:
    """The member of staff who sent this, looked up once a request."""
    if USER not in request:
        token = staff_token(request)
        user = await staff.who(request.app[CTX], token) if token else None
        if user is None:
            return None
        request[USER] = user
    return request[USER]
