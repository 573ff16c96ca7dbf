"""What somebody is asked to take on, and what they answer."""

from __future__ import annotations

from aiohttp import web

from server.domain.assignment import Answer
from server.domain.errors import Refused
from server.domain.ids import OfferId
from server.domain.rights import Verb
from server.http.decisions import AnswerForm, WordsForm
from server.http.forms import Form, posted
from server.http.keys import USER
from server.http.pages.asked import context
from server.http.templates import redirect, render
from server.http.who import About, Route, Who
from server.services import offers
from server.words import N_

DONE = {
    "declined": N_("You declined. Whoever asked you is told so."),
    "disclosed": N_(
        "Thank you for saying so. Whoever asked you decides now; the matter is not yours."
    ),
}


async def listing(request: web.Request) -> web.Response:
    ctx, user = context(request), request[USER]
    return render(
        request,
        "offers.html",
        mine=await offers.mine(ctx, user),
        waiting=await offers.waiting(ctx, user),
        done=DONE.get(request.query.get("done", ""), ""),
    )


async def offer_page(request: web.Request) -> web.Response:
    return await _page(request, AnswerForm())


async def accept(request: web.Request) -> web.Response:
    form = AnswerForm.read(await posted(request))
    if not form.checked():
        return await _page(request, form)
    ctx, user, offer = context(request), request[USER], _offer_id(request)
    try:
        answer = await offers.accept(
            ctx, user, offer, knows_none=form.knows == "nobody", words=form.words
        )
        if answer is Answer.DISCLOSED:
            return redirect("/offers?done=disclosed")
        case = await offers.case_of(ctx, user, offer)
    except Refused as refused:
        if refused.code in ("offer_over", "not_found"):
            raise
        form.refuse(refused.code)
        return await _page(request, form)
    return redirect(f"/cases/{case}?done=taken_on")


async def decline(request: web.Request) -> web.Response:
    form = WordsForm.read(await posted(request))
    words = form.checked()
    if words is None:
        form.errors = {"why": form.errors["words"]}
        return await _page(request, form)
    await offers.decline(context(request), request[USER], _offer_id(request), words)
    return redirect("/offers?done=declined")


async def _page(request: web.Request, form: Form) -> web.Response:
    """The answer that was being given, if one was, and the other one fresh."""
    offer = await offers.to_me(context(request), request[USER], _offer_id(request))
    return render(
        request,
        "offer.html",
        status=422 if form.errors else 200,
        offer=offer,
        form=form if isinstance(form, AnswerForm) else AnswerForm(),
        no=form if isinstance(form, WordsForm) else WordsForm(),
        errors=form.errors,
    )


def _offer_id(request: web.Request) -> OfferId:
    return OfferId(request.match_info["offer"])


ROUTES = (
    Route("GET", "/offers", listing, Who.STAFF, Verb.DECIDE),
    Route("GET", "/offers/{offer}", offer_page, Who.STAFF, Verb.HOST, About.CASE),
    Route("POST", "/offers/{offer}/accept", accept, Who.STAFF, Verb.HOST, About.CASE),
    Route("POST", "/offers/{offer}/decline", decline, Who.STAFF, Verb.HOST, About.CASE),
)
