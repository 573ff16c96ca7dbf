"""That judicial confirmation was applied for: on the case's page, and a form to write it down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from aiohttp import web

from server.domain.confirmation import checked_court, may_apply
from server.domain.deadlines import DeadlineKind
from server.domain.errors import Refused
from server.domain.ids import ConfirmationId
from server.domain.rights import Verb
from server.domain.user import User
from server.http.forms import Data, Form, key_of, mendable, posted, text
from server.http.keys import USER
from server.http.pages.asked import case_id, context
from server.http.pages.section import Section
from server.http.templates import redirect, render
from server.http.who import About, Route, Who
from server.services import cases, confirmations, due_next
from server.services.cases import CasePage
from server.services.context import Context
from server.words import N_

ID = "confirmation"
DONE = {
    "confirmation_applied": N_("It is written down. Nobody is reminded of it any more."),
    "confirmation_taken_back": N_("It is taken back: the parties may still apply."),
}


@dataclass(slots=True)
class ConfirmationForm(Form):
    fields: ClassVar[dict[str, str]] = {"confirmation_": "on", "date_": "on", "court_": "court"}
    on: str = ""
    court: str = ""

    @classmethod
    def read(cls, data: Data) -> ConfirmationForm:
        return cls(key=key_of(data), on=text(data, "on"), court=text(data, "court"))

    def checked(self) -> date | None:
        """The day, or None with `errors` filled."""
        day = self.check("on", lambda: _date(self.on))
        self.check("court", lambda: checked_court(self.court))
        return None if self.errors else day


def _date(typed: str) -> date:
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        raise Refused("date_missing") from None


async def _load(ctx: Context, user: User, page: CasePage) -> dict[str, Any] | None:
    """Where there is an agreement: what is known, and for who works on it the way to the form."""
    if not may_apply(page.case):
        return None
    line = await confirmations.current(ctx, page.case)
    if line is None and not page.may_work:
        return None
    return {"line": line, "may_work": page.may_work}


CONFIRMATION = Section(ID, "case/confirmation.html", _load, side=True)


async def form(request: web.Request) -> web.Response:
    return await _form(request, ConfirmationForm())


async def apply(request: web.Request) -> web.Response:
    ctx, user, case = context(request), request[USER], case_id(request)
    typed = ConfirmationForm.read(await posted(request))
    day = typed.checked()
    if day is None:
        return await _form(request, typed)
    try:
        await confirmations.apply(ctx, user, case, day, typed.court, typed.key)
    except Refused as refused:
        typed.refuse(mendable(refused))
        return await _form(request, typed)
    return redirect(f"/cases/{case}?done=confirmation_applied#{ID}")


async def take_back(request: web.Request) -> web.Response:
    case, which = case_id(request), ConfirmationId(request.match_info["confirmation"])
    await confirmations.take_back(context(request), request[USER], case, which)
    return redirect(f"/cases/{case}?done=confirmation_taken_back#{ID}")


async def _form(request: web.Request, form: ConfirmationForm) -> web.Response:
    ctx = context(request)
    page = await cases.working_page(ctx, request[USER], case_id(request))
    due = [x for x in await due_next.listed(ctx, page.case) if x.kind is DeadlineKind.CONFIRM]
    return render(
        request,
        "case/confirmation_new.html",
        status=422 if form.errors else 200,
        page=page,
        form=form,
        due=due[0] if due else None,
        possible=may_apply(page.case),
    )


_CASE, _WORK = About.CASE, Verb.WORK
ROUTES = (
    Route("GET", "/cases/{case}/confirmation", form, Who.STAFF, _WORK, _CASE),
    Route("POST", "/cases/{case}/confirmation", apply, Who.STAFF, _WORK, _CASE),
    Route(
        "POST",
        "/cases/{case}/confirmation/{confirmation}/take-back",
        take_back,
        Who.STAFF,
        _WORK,
        _CASE,
    ),
)
