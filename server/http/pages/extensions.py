"""What is due in a case, and more time for it, on the case's page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from aiohttp import web

from server.domain.deadlines import DeadlineKind
from server.domain.errors import Refused
from server.domain.extension import How
from server.domain.ids import ExtensionId
from server.domain.rights import Verb
from server.domain.user import User
from server.http.forms import Data, Form, key_of, posted, text
from server.http.keys import USER
from server.http.pages.asked import case_id, context
from server.http.pages.section import Section
from server.http.templates import redirect, render
from server.http.who import About, Route, Who
from server.services import cases, due_next, extensions
from server.services.cases import CasePage
from server.services.context import Context
from server.words import N_

DUE_ID, ID = "due", "extensions"
DONE = {
    "extension_asked": N_("Write down what each side answers. The limit moves when all consent."),
    "extension_answered": N_("The answer is written down."),
    "extension_granted": N_("Every side consents: the limit has moved."),
    "extension_refused": N_("A side does not consent: the limit stays."),
    "extension_taken_back": N_("More time is not asked for any more: the limit stays."),
}


@dataclass(slots=True)
class ExtensionForm(Form):
    fields: ClassVar[dict[str, str]] = {
        "extension_why": "why",
        "extension_too": "until",
        "date_": "until",
    }
    until: str = ""
    why: str = ""

    @classmethod
    def read(cls, data: Data) -> ExtensionForm:
        return cls(key=key_of(data), until=text(data, "until"), why=text(data, "why"))

    def date(self) -> date | None:
        return self.check("until", lambda: _date(self.until))


def _date(typed: str) -> date:
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        raise Refused("date_missing") from None


async def _load_due(ctx: Context, user: User, page: CasePage) -> dict[str, Any] | None:
    found = await due_next.listed(ctx, page.case)
    extends = page.may_work and any(x.kind is DeadlineKind.CONCLUDE for x in found)
    return {"due": found, "may_extend": extends} if found else None


async def _load(ctx: Context, user: User, page: CasePage) -> dict[str, Any] | None:
    found = await extensions.listed(ctx, page.case)
    return {"extensions": found, "ways": tuple(How)} if found else None


DUE = Section(DUE_ID, "case/due.html", _load_due, side=True)
EXTENSIONS = Section(ID, "case/extensions.html", _load)


async def new(request: web.Request) -> web.Response:
    return await _form(request, ExtensionForm())


async def ask(request: web.Request) -> web.Response:
    form = ExtensionForm.read(await posted(request))
    until = form.date()
    if until is None:
        return await _form(request, form)
    ctx, user, case = context(request), request[USER], case_id(request)
    try:
        await extensions.ask(ctx, user, case, until, form.why, form.key)
    except Refused as refused:
        if not refused.code.startswith(("extension_", "nothing_to_extend")):
            raise
        form.refuse(refused.code)
        return await _form(request, form)
    return redirect(f"/cases/{case}?done=extension_asked#{ID}")


async def answer(request: web.Request) -> web.Response:
    case, data = case_id(request), await posted(request)
    said, how = data.get("yes"), data.get("how")
    if said not in ("yes", "no") or how not in set(How):
        raise Refused("extension_answer_missing")
    verdict = await extensions.answer(
        context(request),
        request[USER],
        case,
        ExtensionId(request.match_info["extension"]),
        str(data.get("side", "")),
        said == "yes",
        How(str(how)),
    )
    done = {None: "extension_answered", True: "extension_granted", False: "extension_refused"}
    return redirect(f"/cases/{case}?done={done[verdict]}#{ID}")


async def take_back(request: web.Request) -> web.Response:
    case, asked = case_id(request), ExtensionId(request.match_info["extension"])
    await extensions.take_back(context(request), request[USER], case, asked)
    return redirect(f"/cases/{case}?done=extension_taken_back#{ID}")


async def _form(request: web.Request, form: ExtensionForm) -> web.Response:
    ctx = context(request)
    page = await cases.working_page(ctx, request[USER], case_id(request))
    due = await extensions.limit(ctx, page.case.id)
    return render(
        request,
        "case/extension_new.html",
        status=422 if form.errors else 200,
        page=page,
        form=form,
        due=due,
        sides=extensions.sides(page.case),
    )


_CASE, _WORK = About.CASE, Verb.WORK
_ONE = "/cases/{case}/extensions/{extension}"
ROUTES = (
    Route("GET", "/cases/{case}/extensions/new", new, Who.STAFF, _WORK, _CASE),
    Route("POST", "/cases/{case}/extensions/new", ask, Who.STAFF, _WORK, _CASE),
    Route("POST", f"{_ONE}/answer", answer, Who.STAFF, _WORK, _CASE),
    Route("POST", f"{_ONE}/take-back", take_back, Who.STAFF, _WORK, _CASE),
)
