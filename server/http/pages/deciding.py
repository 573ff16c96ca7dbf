"""Taking a matter on or refusing it, and giving it to who handles it."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from aiohttp import web
from yarl import URL

from server.domain.case import BOOKABLE, OVER, OWN, HandlerRole
from server.domain.errors import Refused
from server.domain.ids import OfferId, OrganisationId, UserId
from server.domain.refusal import Elsewhere, RefusalGround
from server.domain.rights import Verb, may
from server.domain.user import User
from server.http.decisions import GivingForm, RefusalForm, WordsForm
from server.http.forms import Form, key_of, posted, text
from server.http.keys import USER
from server.http.pages.asked import case_id, context
from server.http.pages.section import Section
from server.http.templates import redirect, render
from server.http.who import About, Route, Who
from server.sentences import refusal as refusal_of
from server.services import cases, deciding, handling, offers, proposals, wishes
from server.services.cases import CasePage
from server.services.context import Context
from server.words import N_

DONE = {
    "accepted": N_("The matter is accepted and has its number. Give it to a mediator now."),
    "refused": N_("The matter is refused, and its applicant is told why and where else to go."),
    "again": N_("The matter can be decided about again."),
    "offered": N_("The offer is made. The answer is due within 3 working days."),
    "assigned": N_("The matter is theirs now."),
    "offer_taken_back": N_("The offer is taken back. You can ask somebody else."),
    "handler_ended": N_("This person works on the matter no more."),
    "taken_on": N_("The matter is yours now. Its parties are told your name and telephone."),
    "status_changed": refusal_of("status_changed"),
    "offer_over": refusal_of("offer_over"),
    "wished": N_("The wish is noted."),
}


# ---- what stands on the case's page -----------------------------------------------------------


async def _load_decide(ctx: Context, user: User, page: CasePage) -> dict[str, Any] | None:
    found = await deciding.decision(ctx, user, page.case)
    again = await deciding.may_think_again(ctx, user, page.case)
    return {"decision": found, "key": Form().key} if found or again else None


async def _load_people(ctx: Context, user: User, page: CasePage) -> dict[str, Any] | None:
    """For those who decide who handles it, as long as there is something to decide."""
    case = page.case
    if not may(user, Verb.DECIDE, page.thing) or case.status in OVER:
        return None
    may_wish = case.status not in BOOKABLE
    choice = await proposals.choice(ctx, user, case.id) if may_wish else None
    lines = await offers.of_case(ctx, user, case)
    return {
        "offers": lines,
        "asked": any(line.offer.answer is None for line in lines),
        "wishes": choice.wishes if choice else {},
        "candidates": [p.candidate.profile for p in choice.proposals] if choice else [],
        "sides": sorted({party.side for party in case.present_parties}),
        "may_wish": may_wish,
        "mediator": any(one.role is HandlerRole.MEDIATOR for one in page.handlers),
        "key": Form().key,
    }


DECIDE = Section("decide", "case/decide.html", _load_decide)
PEOPLE = Section("handlers", "case/handlers.html", _load_people)


# ---- accepting and refusing -------------------------------------------------------------------


async def accept(request: web.Request) -> web.Response:
    data = await posted(request)
    unit = text(data, "unit")
    work = deciding.accept(
        context(request),
        request[USER],
        case_id(request),
        key_of(data),
        OrganisationId(unit) if unit else None,
    )
    return await _done(request, work, "accepted")


async def refusal(request: web.Request) -> web.Response:
    return await _refusal_form(request, RefusalForm())


async def refuse(request: web.Request) -> web.Response:
    form = RefusalForm.read(await posted(request))
    await deciding.require(context(request), request[USER], case_id(request))
    good = form.checked()
    if good is None:
        return await _refusal_form(request, form)
    ground, elsewhere = good
    try:
        await deciding.refuse(
            context(request),
            request[USER],
            case_id(request),
            form.key,
            ground,
            form.words,
            elsewhere,
        )
    except Refused as refused:
        form.refuse(refused.code)
        return await _refusal_form(request, form)
    return redirect(f"/cases/{case_id(request)}?done=refused")


async def _refusal_form(request: web.Request, form: RefusalForm) -> web.Response:
    found = {"grounds": RefusalGround, "remedies": Elsewhere, "own": OWN}
    return await _form(request, "case_refuse.html", form, **found)


async def again(request: web.Request) -> web.Response:
    return await _form(request, "case_again.html", WordsForm())


async def think_again(request: web.Request) -> web.Response:
    form = WordsForm.read(await posted(request))
    await deciding.require(context(request), request[USER], case_id(request))
    words = form.checked()
    if words is None:
        return await _form(request, "case_again.html", form)
    try:
        await deciding.think_again(
            context(request), request[USER], case_id(request), form.key, words
        )
    except Refused as refused:
        form.refuse(refused.code)
        return await _form(request, "case_again.html", form)
    return redirect(f"/cases/{case_id(request)}?done=again#decide")


async def _done(request: web.Request, work: Awaitable[None], done: str) -> web.Response:
    """Back to the case. Where somebody else was quicker, it shows how things stand now."""
    try:
        await work
    except Refused as refused:
        if refused.code not in ("status_changed", "offer_over"):
            raise
        done = refused.code
    return redirect(f"/cases/{case_id(request)}?done={done}#handlers")


async def _form(request: web.Request, template: str, form: Form, **values: Any) -> web.Response:
    ctx, user, case = context(request), request[USER], case_id(request)
    await deciding.require(ctx, user, case)
    page = await cases.page(ctx, user, case)
    status = 422 if form.errors else 200
    return render(request, template, status=status, page=page, form=form, **values)


# ---- who handles it ---------------------------------------------------------------------------


async def choose(request: web.Request) -> web.Response:
    form = GivingForm.read(request.query)
    form.how = "offer"
    return await _choice(request, form)


async def give(request: web.Request) -> web.Response:
    """Ask somebody, or let who is beside one have it at once."""
    ctx, user, case = context(request), request[USER], case_id(request)
    form = GivingForm.read(await posted(request))
    await deciding.require(ctx, user, case)
    taker = form.chosen()
    if taker is None:
        return await _choice(request, form)
    said: dict[str, Any] = {"other_person": form.other_person, "why": form.why, "note": form.note}
    try:
        if form.how == "assign" or form.role is HandlerRole.CLERK:
            await handling.assign(
                ctx, user, case, taker, form.role, form.key, agreed=form.agreed, **said
            )
            done = "assigned"
        else:
            await offers.offer(ctx, user, case, taker, form.role, form.key, **said)
            done = "offered"
    except Refused as refused:
        form.refuse(refused.code)
        return await _choice(request, form)
    if not await deciding.reads(ctx, user, case):
        return redirect("/today")  # handed over, and not theirs to read any more
    return redirect(f"/cases/{case}?done={done}#handlers")


async def _choice(request: web.Request, form: GivingForm) -> web.Response:
    found = await proposals.choice(
        context(request),
        request[USER],
        case_id(request),
        form.role,
        form.languages,
        form.name.strip(),
    )
    handover = form.role is HandlerRole.MEDIATOR and found.mediator is not None
    status = 422 if form.errors else 200
    here = str(URL(request.path).with_query(role=form.role))
    return render(
        request,
        "mediators.html",
        status=status,
        choice=found,
        form=form,
        handover=handover,
        here=here,
    )


async def end(request: web.Request) -> web.Response:
    who = UserId(request.match_info["handler"])
    work = handling.end(context(request), request[USER], case_id(request), who)
    return await _done(request, work, "handler_ended")


async def take_back(request: web.Request) -> web.Response:
    offer = OfferId(request.match_info["offer"])
    work = offers.take_back(context(request), request[USER], case_id(request), offer)
    return await _done(request, work, "offer_taken_back")


async def wish(request: web.Request) -> web.Response:
    data = await posted(request)
    side, user = text(data, "side"), text(data, "user")
    work = wishes.record(
        context(request),
        request[USER],
        case_id(request),
        side,
        UserId(user) if user else None,
        key_of(data),
    )
    return await _done(request, work, "wished")


_DECIDE = (Who.STAFF, Verb.DECIDE, About.CASE)

ROUTES = (
    Route("POST", "/cases/{case}/accept", accept, *_DECIDE),
    Route("GET", "/cases/{case}/refuse", refusal, *_DECIDE),
    Route("POST", "/cases/{case}/refuse", refuse, *_DECIDE),
    Route("GET", "/cases/{case}/again", again, *_DECIDE),
    Route("POST", "/cases/{case}/again", think_again, *_DECIDE),
    Route("GET", "/cases/{case}/mediators", choose, *_DECIDE),
    Route("POST", "/cases/{case}/mediators", give, *_DECIDE),
    Route("POST", "/cases/{case}/handlers/{handler}/end", end, *_DECIDE),
    Route("POST", "/cases/{case}/offers/{offer}/take-back", take_back, *_DECIDE),
    Route("POST", "/cases/{case}/wishes", wish, *_DECIDE),
)
