"""A new case, taken in by staff."""

from __future__ import annotations

from aiohttp import web

from server.domain.case import CaseKind, DisputeType
from server.domain.ids import UserId
from server.domain.party import SIDES
from server.domain.rights import Verb
from server.http.forms import CaseForm
from server.http.keys import USER
from server.http.pages.asked import context
from server.http.templates import redirect, render
from server.http.who import Route, Who
from server.services import cases


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
        context(request),
        request[USER],
        title,
        CaseKind.MEDIATION,
        kind,
        parties,
        form.key,
        mediator,
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
        mediators=await cases.mediators(context(request), request[USER]),
    )


ROUTES = (
    Route("GET", "/cases/new", new_case, Who.STAFF, Verb.CREATE_CASE),
    Route("POST", "/cases", create_case, Who.STAFF, Verb.CREATE_CASE),
)
