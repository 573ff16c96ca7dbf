"""Somebody leaves: what they still have to do, to whom it goes; and coming back."""

from __future__ import annotations

from aiohttp import web

from server.domain.errors import Refused
from server.domain.ids import UserId
from server.domain.rights import Verb
from server.http.cookies import forget_staff
from server.http.forms import mendable, posted, text
from server.http.keys import USER
from server.http.pages.asked import context
from server.http.pages.people import user_id
from server.http.templates import redirect, render
from server.http.who import About, Route, Who
from server.services import leaving, organisations
from server.services.leaving import SuccessorUnfit


async def leaving_page(request: web.Request) -> web.Response:
    return await _page(request)


async def leave(request: web.Request) -> web.Response:
    who, data = user_id(request), await posted(request)
    successor = text(data, "successor")
    try:
        await leaving.leave(
            context(request), request[USER], who, UserId(successor) if successor else None
        )
    except Refused as refused:
        mendable(refused)
        return await _page(request, refused, successor)
    if who == request[USER].id:
        response = redirect("/")
        forget_staff(request, response)
        return response
    return redirect(f"/people/{who}?done=left")


async def come_back(request: web.Request) -> web.Response:
    who = user_id(request)
    await leaving.come_back(context(request), request[USER], who)
    return redirect(f"/people/{who}?done=back")


async def _page(
    request: web.Request, refused: Refused | None = None, successor: str = ""
) -> web.Response:
    ctx, user = context(request), request[USER]
    found = await leaving.look(ctx, user, user_id(request))
    return render(
        request,
        "people/leaving.html",
        status=422 if refused else 200,
        left=found,
        zone=(await organisations.of(ctx, found.person.organisation)).zone,
        refusal=refused.code if refused else "",
        unfit={one.case for one in refused.unfit} if isinstance(refused, SuccessorUnfit) else set(),
        successor=successor,
    )


ROUTES = tuple(
    Route(method, path, handler, Who.STAFF, Verb.MANAGE, About.PERSON)
    for method, path, handler in (
        ("GET", "/people/{user}/leave", leaving_page),
        ("POST", "/people/{user}/leave", leave),
        ("POST", "/people/{user}/back", come_back),
    )
)
