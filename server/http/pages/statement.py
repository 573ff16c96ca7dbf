"""What a matter is about, shown and changed; and what is like it, while it is new."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aiohttp import web

from server.domain.case import (
    CaseStatus,
    Difficulty,
    DisputeType,
    Regime,
    checked_title,
)
from server.domain.errors import Refused
from server.domain.rights import Verb
from server.domain.statement import Statement, checked_statement
from server.domain.user import User
from server.http.forms import Data, Form, key_of, mendable, posted, text
from server.http.keys import USER
from server.http.pages.asked import case_id, context
from server.http.pages.section import Section
from server.http.templates import redirect, render
from server.http.who import About, Route, Who
from server.services import cases, similar, statements
from server.services.cases import CasePage
from server.services.context import Context
from server.services.editing import MEANWHILE
from server.words import N_

ID = "about"
DONE = {"about_changed": N_("The change was saved.")}


async def _load(ctx: Context, user: User, page: CasePage) -> dict[str, Any]:
    found, _ = await statements.saved(ctx, page.case)
    return {"about": found, "may_work": page.may_work}


async def _load_alike(ctx: Context, user: User, page: CasePage) -> Any:
    """Only as long as it is not too late to say that it is not a new matter."""
    if page.case.status is not CaseStatus.APPLIED:
        return None
    return await similar.to_case(ctx, user, page.case.id) or None


ABOUT = Section(ID, "case/about.html", _load)
ALIKE = Section("similar", "case/alike.html", _load_alike)


@dataclass(slots=True)
class AboutForm(Form):
    stamp: str = ""
    title: str = ""
    dispute_type: str = ""
    difficulty: str = ""
    regime: str = ""
    facts: str = ""
    request: str = ""
    place: str = ""

    @classmethod
    def fresh(cls, found: statements.About, stamp: str) -> AboutForm:
        return cls(
            stamp=stamp,
            title=found.title,
            dispute_type=found.dispute_type,
            difficulty=found.difficulty,
            regime=found.regime,
            facts=found.statement.facts,
            request=found.statement.request,
            place=found.statement.place,
        )

    @classmethod
    def read(cls, data: Data) -> AboutForm:
        return cls(
            key=key_of(data),
            stamp=text(data, "stamp"),
            title=text(data, "title"),
            dispute_type=text(data, "dispute_type"),
            difficulty=text(data, "difficulty"),
            regime=text(data, "regime"),
            facts=text(data, "facts").replace("\r\n", "\n"),
            request=text(data, "request").replace("\r\n", "\n"),
            place=text(data, "place"),
        )

    def checked(self) -> statements.About | None:
        title = self.check("title", lambda: checked_title(self.title))
        facts = self.check("facts", lambda: checked_statement(facts=self.facts))
        request = self.check("request", lambda: checked_statement(request=self.request))
        place = self.check("place", lambda: checked_statement(place=self.place))
        if self.dispute_type not in set(DisputeType):
            self.errors["dispute_type"] = "dispute_type_missing"
        if self.difficulty not in set(Difficulty) or self.regime not in set(Regime):
            raise Refused("bad_request")
        if self.errors or not (title and facts and request and place):
            return None
        return statements.About(
            title,
            DisputeType(self.dispute_type),
            Difficulty(self.difficulty),
            Regime(self.regime),
            Statement(facts.facts, request.request, place.place),
        )


async def edit(request: web.Request) -> web.Response:
    return await _page(request, None)


async def save(request: web.Request) -> web.Response:
    ctx, user, case = context(request), request[USER], case_id(request)
    form = AboutForm.read(await posted(request))
    await _working(request)
    new = form.checked()
    if new is None:
        return await _page(request, form)
    try:
        await statements.change(ctx, user, case, new, form.stamp)
    except Refused as refused:
        code = mendable(refused)
        form.errors["regime" if code == "regime_numbered" else "form"] = code
        return await _page(request, form)
    return redirect(f"/cases/{case}?done=about_changed#{ID}")


async def _working(request: web.Request) -> CasePage:
    return await cases.working_page(context(request), request[USER], case_id(request))


async def _page(request: web.Request, form: AboutForm | None) -> web.Response:
    page = await _working(request)
    saved, stamp = await statements.saved(context(request), page.case)
    shown = form or AboutForm.fresh(saved, stamp)
    meanwhile = shown.errors.get("form") == MEANWHILE
    if meanwhile:
        # Both are on the page now: who saves again has seen them.
        shown.stamp = stamp
    return render(
        request,
        "about.html",
        status=422 if shown.errors else 200,
        case=page.case,
        form=shown,
        meanwhile=meanwhile,
        saved=AboutForm.fresh(saved, stamp),
        types=DisputeType,
        difficulties=Difficulty,
        regimes=Regime,
    )


ROUTES = (
    Route("GET", "/cases/{case}/about", edit, Who.STAFF, Verb.WORK, About.CASE),
    Route("POST", "/cases/{case}/about", save, Who.STAFF, Verb.WORK, About.CASE),
)
