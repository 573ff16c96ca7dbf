"""A new case, taken in by staff."""

from __future__ import annotations

from datetime import date

from aiohttp import web

from server.domain.case import REFERRED, Difficulty, DisputeType, Regime
from server.domain.errors import Refused
from server.domain.party import SIDES, PartyKind, Sex
from server.domain.rights import Verb
from server.http.forms import MOST_ROWS, posted
from server.http.intake_form import IntakeForm
from server.http.keys import USER
from server.http.pages.asked import context
from server.http.templates import redirect, render
from server.http.who import Route, Who
from server.services import intake, similar
from server.services.intake import KnownReference
from server.services.opening import ReferenceKnown
from server.services.similar import Alike
from server.words import N_


async def new_case(request: web.Request) -> web.Response:
    return await _intake(request, IntakeForm())


async def create_case(request: web.Request) -> web.Response:
    ctx, user = context(request), request[USER]
    form = IntakeForm.read(await posted(request))
    new = None if form.more else form.checked(await _today(request))
    if new is None:
        return await _intake(request, form)
    if before := await intake.made(ctx, user, form.key):
        return redirect(f"/cases/{before}?done=case_made")
    if known := await intake.came_before(ctx, user, new):
        form.errors["reference"] = "reference_known"
        return await _intake(request, form, known=known)
    if not (form.another and form.alike_seen == form.shown_alike(new)):
        try:
            alike = await similar.before_entering(ctx, user, new.parties, new.dispute_type)
        except Refused as refused:
            form.refuse(refused.code)
            return await _intake(request, form)
        if alike:
            form.alike_seen = form.shown_alike(new)
            return await _intake(request, form, alike=alike)
    try:
        case = await intake.create(ctx, user, new, form.key)
    except ReferenceKnown as refused:
        # Somebody else has entered it in this very moment.
        form.errors["reference"] = refused.code
        return await _intake(request, form, known=await intake.known(ctx, user, refused))
    except Refused as refused:
        form.refuse(refused.code)
        return await _intake(request, form)
    return redirect(f"/cases/{case}?done=case_made")


async def _today(request: web.Request) -> date:
    """Where the user works."""
    where = await intake.home(context(request), request[USER])
    return context(request).clock().astimezone(where.zone).date()


async def _intake(
    request: web.Request,
    form: IntakeForm,
    alike: Alike | None = None,
    known: KnownReference | None = None,
) -> web.Response:
    ctx, user = context(request), request[USER]
    return render(
        request,
        "case_new.html",
        status=422 if form.errors or alike else 200,
        form=form,
        alike=alike,
        known=known,
        sources=intake.SOURCES,
        referred=REFERRED,
        types=DisputeType,
        sides=SIDES,
        kinds=PartyKind,
        sexes=Sex,
        difficulties=Difficulty,
        regimes=Regime,
        today=await _today(request),
        organisations=await intake.places(ctx, user),
        usual=await intake.usual(ctx, user),
        most=MOST_ROWS,
        mediators=await intake.mediators(ctx, user),
        own=intake.handles(user),
    )


ROUTES = (
    Route("GET", "/cases/new", new_case, Who.STAFF, Verb.CREATE_CASE),
    Route("POST", "/cases", create_case, Who.STAFF, Verb.CREATE_CASE),
)
DONE = {"case_made": N_("The case is entered.")}
