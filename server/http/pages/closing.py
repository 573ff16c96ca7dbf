"""Closing a case, and opening it again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from aiohttp import web

from server.domain.case import CaseStatus, Outcome
from server.domain.closing import CHOSEN, CLOSABLE, Remedy, checked_outcome
from server.domain.errors import Refused
from server.domain.rights import Verb
from server.domain.seating import SessionState
from server.domain.user import User
from server.http.forms import Data, Form, key_of, mendable, posted, text
from server.http.keys import USER
from server.http.pages.asked import case_id, context
from server.http.pages.section import Section
from server.http.templates import redirect, render
from server.http.who import About, Route, Who
from server.services import cases, closing, statuses
from server.services.cases import CasePage
from server.services.context import Context
from server.words import N_

ID = "closing"
DONE = {
    "closed": N_("The case is closed."),
    "reopened": N_("The case is open again. Its limits begin anew."),
}
COMING = (SessionState.PLANNED, SessionState.OPEN)


@dataclass(slots=True)
class ClosingForm(Form):
    fields: ClassVar[dict[str, str]] = {
        "outcome_": "outcome",
        "remedies_": "told",
        "why_": "why",
    }
    outcome: str = ""
    why: str = ""
    told: set[str] = field(default_factory=set)

    @classmethod
    def read(cls, data: Data) -> ClosingForm:
        return cls(
            key=key_of(data),
            outcome=text(data, "outcome"),
            why=text(data, "why"),
            told=set(data.getall("told", [])),
        )


async def _load(ctx: Context, user: User, page: CasePage) -> dict[str, Any] | None:
    """How it ended; for who works on it, the way to close it or to open it again."""
    case = page.case
    closes = page.may_work and case.status in CLOSABLE
    over = case.status is CaseStatus.CLOSED
    if not closes and not over:
        return None
    return {
        "closes": closes,
        "reopens": page.may_work and over and case.outcome is not Outcome.JOINED,
        "why": statuses.why(ctx, case) if over else "",
    }


CLOSING = Section(ID, "case/closing.html", _load, side=True)


async def close_form(request: web.Request) -> web.Response:
    return await _close_form(request, ClosingForm())


async def close(request: web.Request) -> web.Response:
    ctx, user, case = context(request), request[USER], case_id(request)
    form = ClosingForm.read(await posted(request))
    outcome = form.check("outcome", lambda: checked_outcome(form.outcome))
    if outcome is None:
        return await _close_form(request, form)
    try:
        await closing.close(ctx, user, case, outcome, form.why, form.told, form.key)
    except Refused as refused:
        form.refuse(mendable(refused))
        return await _close_form(request, form)
    return redirect(f"/cases/{case}?done=closed")


async def reopen_form(request: web.Request) -> web.Response:
    return await _reopen_form(request, ClosingForm())


async def reopen(request: web.Request) -> web.Response:
    ctx, user, case = context(request), request[USER], case_id(request)
    form = ClosingForm.read(await posted(request))
    try:
        await closing.reopen(ctx, user, case, form.why, form.key)
    except Refused as refused:
        form.refuse(mendable(refused))
        return await _reopen_form(request, form)
    return redirect(f"/cases/{case}?done=reopened")


async def _close_form(request: web.Request, form: ClosingForm) -> web.Response:
    page = await cases.working_page(context(request), request[USER], case_id(request))
    return render(
        request,
        "case/close.html",
        status=422 if form.errors else 200,
        page=page,
        form=form,
        outcomes=CHOSEN,
        remedies=tuple(Remedy),
        coming=[meeting for meeting in page.sessions if meeting.state in COMING],
    )


async def _reopen_form(request: web.Request, form: ClosingForm) -> web.Response:
    page = await cases.working_page(context(request), request[USER], case_id(request))
    status = 422 if form.errors else 200
    return render(request, "case/reopen.html", status=status, page=page, form=form)


_CASE, _WORK = About.CASE, Verb.WORK
ROUTES = (
    Route("GET", "/cases/{case}/close", close_form, Who.STAFF, _WORK, _CASE),
    Route("POST", "/cases/{case}/close", close, Who.STAFF, _WORK, _CASE),
    Route("GET", "/cases/{case}/reopen", reopen_form, Who.STAFF, _WORK, _CASE),
    Route("POST", "/cases/{case}/reopen", reopen, Who.STAFF, _WORK, _CASE),
)
