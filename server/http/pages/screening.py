"""What a side tells its mediator alone before the first meeting."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from server.domain.rights import Verb
from server.domain.screening import Screening, advice
from server.domain.user import User
from server.http.decisions import CHOICES, ScreeningForm
from server.http.forms import posted
from server.http.keys import USER
from server.http.pages.asked import case_id, context
from server.http.pages.section import Section
from server.http.templates import redirect, render
from server.http.who import About, Route, Who
from server.services import screenings
from server.services.cases import CasePage
from server.services.context import Context
from server.services.screenings import SideLine
from server.words import N_

DONE = {
    "screened": N_("What this side said is kept. Only the mediators of this matter can read it."),
}


async def _load(ctx: Context, user: User, page: CasePage) -> list[SideLine] | None:
    return await screenings.overview(ctx, user, page.case) or None


SCREENING = Section("screening", "case/screening.html", _load)


async def side_page(request: web.Request) -> web.Response:
    found = await screenings.page(context(request), request[USER], case_id(request), _side(request))
    told = found.entries[0].screening if found.entries else Screening()
    return _render(request, found, ScreeningForm(told=told))


async def keep(request: web.Request) -> web.Response:
    ctx, user, case, side = context(request), request[USER], case_id(request), _side(request)
    form = ScreeningForm.read(await posted(request))
    told = form.checked()
    if told is None:
        return _render(request, await screenings.page(ctx, user, case, side), form)
    await screenings.keep(ctx, user, case, side, told, form.key)
    return redirect(f"/cases/{case}/screenings/{side}?done=screened")


def _render(request: web.Request, found: screenings.SidePage, form: ScreeningForm) -> web.Response:
    values: dict[str, Any] = {"page": found, "form": form, "told": form.told}
    return render(
        request,
        "screening.html",
        status=422 if form.errors else 200,
        choices=CHOICES,
        advice=list(advice(found.entries[0].screening)) if found.entries else [],
        done=DONE.get(request.query.get("done", ""), ""),
        **values,
    )


def _side(request: web.Request) -> str:
    return request.match_info["side"]


_MEDIATORS = (Who.STAFF, Verb.HOST, About.CASE)

ROUTES = (
    Route("GET", "/cases/{case}/screenings/{side}", side_page, *_MEDIATORS),
    Route("POST", "/cases/{case}/screenings/{side}", keep, *_MEDIATORS),
)
