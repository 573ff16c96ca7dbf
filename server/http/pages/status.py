"""How a matter stands, for whoever has its code. The code is in no address."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from server.domain.errors import Refused
from server.domain.ids import CaseId
from server.domain.matter_code import written
from server.domain.rights import Verb
from server.domain.user import User
from server.http import uploads
from server.http.address import client_address
from server.http.cookies import STATUS, keep_visitor, visitor
from server.http.errors import CODES
from server.http.forms import key_of, posted, text
from server.http.keys import USER
from server.http.pages.asked import case_id, context
from server.http.pages.section import Section
from server.http.templates import redirect, render
from server.http.who import About, Route, Who
from server.security.ids import new_secret_id
from server.services import cases, status
from server.services.cases import CasePage
from server.services.context import Context
from server.services.status import Stage
from server.words import N_

AGAIN = "/status?over=1"
"""Where the code is asked for again: it was shown for long enough, or never."""

SAID = {
    "withdrawn": N_("Your application is withdrawn. Nobody will go on with it."),
    "told": N_("Your wish to stop was passed on. Whoever handles the matter calls you."),
    "added": N_("Your files have arrived. Whoever handles the matter sees them."),
}


async def code_page(request: web.Request) -> web.Response:
    error = "status_over" if "over" in request.query else ""
    return render(request, "status.html", error=error, typed="")


async def enter(request: web.Request) -> web.Response:
    data = await posted(request)
    typed = text(data, "code")
    ctx = context(request)
    try:
        token = await status.enter(ctx, typed, client_address(request))
    except Refused as refused:
        number = CODES.get(refused.code, 422)
        return render(request, "status.html", status=number, error=refused.code, typed=typed)
    response = redirect("/status/view")
    keep_visitor(request, response, STATUS, token, int(status.SHOWN_FOR.total_seconds()))
    return response


async def view(request: web.Request) -> web.Response:
    case = await _entered(request)
    return redirect(AGAIN) if case is None else await _view(request, case)


async def leave(request: web.Request) -> web.Response:
    """So that nobody else sees it on this device."""
    response = redirect("/status")
    keep_visitor(request, response, STATUS, "", 0)
    return response


async def withdraw_page(request: web.Request) -> web.Response:
    case = await _entered(request)
    if case is None:
        return redirect(AGAIN)
    return await _withdraw_form(request, case)


async def withdraw(request: web.Request) -> web.Response:
    case = await _entered(request)
    if case is None:
        return redirect(AGAIN)
    reason = text(await posted(request), "reason")
    try:
        at_once = await status.withdraw(context(request), case, reason)
    except Refused as refused:
        if refused.code != "withdraw_reason_unusable":
            raise
        return await _withdraw_form(request, case, reason, refused.code)
    return redirect(f"/status/view?done={'withdrawn' if at_once else 'told'}")


async def add_files(request: web.Request) -> web.Response:
    case = await _entered(request)
    if case is None:
        return redirect(AGAIN)
    _, files = await uploads.read(request)
    try:
        if not files:
            raise Refused("file_missing")
        for file in files:
            await status.add_file(context(request), case, file.name, file.media_type, file.chunks())
    except Refused as refused:
        return await _view(request, case, refused.code)
    return redirect("/status/view?done=added")


async def slip(request: web.Request) -> web.Response:
    """For staff: the code once more, to read it out or print it. That it was shown is audited."""
    ctx, user, case = context(request), request[USER], case_id(request)
    code = await status.code(ctx, user, case)
    page = await cases.page(ctx, user, case)
    address = f"{ctx.settings.origin}/status"
    return render(
        request,
        "status/slip.html",
        code=written(code),
        page=page,
        address=address,
        key=new_secret_id(),
    )


async def renew(request: web.Request) -> web.Response:
    """Shows the new one at once, for the party to be told it."""
    ctx, user, case = context(request), request[USER], case_id(request)
    key = key_of(await posted(request))
    await status.renew(ctx, user, case, key)
    return await slip(request)


# ---- inside -----------------------------------------------------------------------------------


async def _entered(request: web.Request) -> CaseId | None:
    try:
        return await status.entered(context(request), visitor(request, STATUS))
    except Refused:
        return None


async def _view(request: web.Request, case: CaseId, error: str = "") -> web.Response:
    return render(
        request,
        "status/view.html",
        status=CODES.get(error, 422) if error else 200,
        standing=await status.standing(context(request), case),
        stages=Stage,
        error=error,
        done=SAID.get(request.query.get("done", ""), ""),
    )


async def _withdraw_form(
    request: web.Request, case: CaseId, reason: str = "", error: str = ""
) -> web.Response:
    found = await status.standing(context(request), case)
    if not found.may_write:
        return redirect("/status/view")
    return render(
        request,
        "status/withdraw.html",
        status=422 if error else 200,
        standing=found,
        reason=reason,
        error=error,
    )


async def _section(ctx: Context, user: User, page: CasePage) -> Any:
    may_tell = await status.may_tell(ctx, user, page.case.id)
    return {"key": new_secret_id()} if may_tell else None


SECTION = Section("code", "case/code.html", _section, side=True)

ROUTES = (
    Route("GET", "/status", code_page, Who.ANYONE),
    Route("POST", "/status", enter, Who.ANYONE),
    Route("GET", "/status/view", view, Who.ANYONE),
    Route("POST", "/status/leave", leave, Who.ANYONE),
    Route("GET", "/status/withdraw", withdraw_page, Who.ANYONE),
    Route("POST", "/status/withdraw", withdraw, Who.ANYONE),
    Route("POST", "/status/files", add_files, Who.ANYONE, upload=True),
    Route("POST", "/cases/{case}/code", slip, Who.STAFF, Verb.WORK, About.CASE),
    Route("POST", "/cases/{case}/code/renew", renew, Who.STAFF, Verb.WORK, About.CASE),
)
