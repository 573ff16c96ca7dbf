"""Joining a case to another, and splitting one in two."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from aiohttp import web

from server.domain.case import OVER
from server.domain.errors import Refused
from server.domain.ids import CaseId, PartyId
from server.domain.link import Goes
from server.domain.rights import Verb
from server.domain.user import User
from server.http.forms import Data, Form, key_of, posted, text
from server.http.keys import USER
from server.http.pages.asked import case_id, context
from server.http.pages.section import Section
from server.http.templates import redirect, render
from server.http.who import About, Route, Who
from server.services import cases, joining
from server.services.cases import CasePage
from server.services.context import Context
from server.words import N_

ID = "links"
DONE = {
    "joined": N_("The cases are one now: this one goes on, with the parties of both."),
    "split": N_("The new case is there. This is it; it waits to be accepted."),
}
_THROUGH = ("not_found", "not_allowed")


@dataclass(slots=True)
class JoinForm(Form):
    fields: ClassVar[dict[str, str]] = {"join_": "other", "too_many_sides": "other", "why_": "why"}
    other: str = ""
    why: str = ""

    @classmethod
    def read(cls, data: Data) -> JoinForm:
        return cls(key=key_of(data), other=text(data, "other"), why=text(data, "why"))


@dataclass(slots=True)
class SplitForm(Form):
    fields: ClassVar[dict[str, str]] = {"split_": "goes", "why_": "why", "title_": "title"}
    title: str = ""
    why: str = ""
    goes: dict[PartyId, Goes] = field(default_factory=dict)

    @classmethod
    def read(cls, data: Data) -> SplitForm:
        said = {name.removeprefix("goes-"): data.get(name) for name in data if "goes-" in name}
        return cls(
            key=key_of(data),
            title=text(data, "title"),
            why=text(data, "why"),
            goes={PartyId(i): Goes(str(v)) for i, v in said.items() if v in set(Goes)},
        )


async def _load(ctx: Context, user: User, page: CasePage) -> dict[str, Any] | None:
    found = await joining.listed(ctx, user, page.case.id)
    changes = page.may_work and page.case.status not in OVER
    if not found and not changes:
        return None
    return {"links": found, "may_change": changes}


LINKS = Section(ID, "case/links.html", _load, side=True)


async def join_form(request: web.Request) -> web.Response:
    return await _join_form(request, JoinForm(other=request.query.get("other", "")))


async def join(request: web.Request) -> web.Response:
    """Shows the other case first; joins when that was seen."""
    ctx, user, case = context(request), request[USER], case_id(request)
    data = await posted(request)
    form = JoinForm.read(data)
    try:
        other = await joining.meant(ctx, user, form.other)
        if text(data, "action") != "join":
            return await _join_form(request, form, other)
        await joining.join(ctx, user, case, other, form.why, form.key)
    except Refused as refused:
        if refused.code in _THROUGH:
            raise
        form.refuse(refused.code)
        return await _join_form(request, form)
    return redirect(f"/cases/{other}?done=joined")


async def split_form(request: web.Request) -> web.Response:
    return await _split_form(request, SplitForm())


async def split(request: web.Request) -> web.Response:
    ctx, user, case = context(request), request[USER], case_id(request)
    form = SplitForm.read(await posted(request))
    try:
        made = await joining.split(ctx, user, case, form.title, form.goes, form.why, form.key)
    except Refused as refused:
        if refused.code in _THROUGH:
            raise
        form.refuse(refused.code)
        return await _split_form(request, form)
    return redirect(f"/cases/{made}?done=split")


async def _join_form(
    request: web.Request, form: JoinForm, other: CaseId | None = None
) -> web.Response:
    ctx, user = context(request), request[USER]
    return render(
        request,
        "case/join.html",
        status=422 if form.errors else 200,
        page=await cases.working_page(ctx, user, case_id(request)),
        other=await cases.page(ctx, user, other) if other else None,
        going=await joining.going(ctx, user, case_id(request), other) if other else [],
        form=form,
    )


async def _split_form(request: web.Request, form: SplitForm) -> web.Response:
    page = await cases.working_page(context(request), request[USER], case_id(request))
    status = 422 if form.errors else 200
    return render(request, "case/split.html", status=status, page=page, form=form, ways=tuple(Goes))


_CASE, _WORK = About.CASE, Verb.WORK
ROUTES = (
    Route("GET", "/cases/{case}/join", join_form, Who.STAFF, _WORK, _CASE),
    Route("POST", "/cases/{case}/join", join, Who.STAFF, _WORK, _CASE),
    Route("GET", "/cases/{case}/split", split_form, Who.STAFF, _WORK, _CASE),
    Route("POST", "/cases/{case}/split", split, Who.STAFF, _WORK, _CASE),
)
