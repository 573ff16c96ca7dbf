"""Sign-in and sign-out."""

from __future__ import annotations

from aiohttp import web

from server.domain.errors import Refused
from server.http.address import client_address
from server.http.cookies import forget_staff, keep_staff, staff_token
from server.http.device import device
from server.http.errors import CODES
from server.http.forms import posted, text
from server.http.keys import CTX
from server.http.templates import redirect, render
from server.http.who import Route, Who, signed_in
from server.services import staff

AFTER = "/today"


def safe(target: str) -> str:
    """Only a page of ours: `//elsewhere` and `/\\elsewhere` are other hosts to a browser."""
    ours = target.startswith("/") and not target.startswith(("//", "/\\")) and target.isprintable()
    return target if ours else AFTER


async def sign_in_page(request: web.Request) -> web.Response:
    if await signed_in(request):
        return redirect(safe(request.query.get("next", "")))
    return _form(request, next_page=request.query.get("next", ""))


async def sign_in(request: web.Request) -> web.Response:
    data = await posted(request)
    login, next_page = text(data, "login").strip(), text(data, "next")
    password = text(data, "password")
    ctx, where = request.app[CTX], (client_address(request), device(request))
    try:
        token = await staff.sign_in(ctx, login, password, *where)
    except staff.CodeNeeded as needed:
        return _code_form(request, needed.half, next_page)
    except Refused as refused:
        return _form(request, login=login, next_page=next_page, error=refused.code)
    return _in(request, token, next_page)


async def sign_in_code(request: web.Request) -> web.Response:
    """The second step. Whoever took too long begins again."""
    data = await posted(request)
    half, next_page = text(data, "half"), text(data, "next")
    ctx, where = request.app[CTX], (client_address(request), device(request))
    code = text(data, "code")
    try:
        token = await staff.sign_in_with_code(ctx, half, code, *where)
    except Refused as refused:
        if refused.code == "half_over":
            return _form(request, next_page=next_page, error=refused.code)
        return _code_form(request, half, next_page, refused.code)
    return _in(request, token, next_page)


def _in(request: web.Request, token: str, next_page: str) -> web.Response:
    response = redirect(safe(next_page))
    keep_staff(request, response, token)
    return response


async def sign_out(request: web.Request) -> web.Response:
    token = staff_token(request)
    if token:
        await staff.sign_out(request.app[CTX], token)
    response = redirect("/")
    forget_staff(request, response)
    return response


def _form(
    request: web.Request, *, login: str = "", next_page: str = "", error: str = ""
) -> web.Response:
    status = CODES.get(error, 422) if error else 200
    return render(
        request, "sign_in.html", status=status, login=login, next_page=next_page, error=error
    )


def _code_form(request: web.Request, half: str, next_page: str, error: str = "") -> web.Response:
    values = {"half": half, "next_page": next_page, "error": error}
    status = CODES.get(error, 422) if error else 200
    return render(request, "sign_in_code.html", status=status, **values)


ROUTES = (
    Route("GET", "/sign-in", sign_in_page, Who.ANYONE),
    Route("POST", "/sign-in", sign_in, Who.ANYONE),
    Route("POST", "/sign-in/code", sign_in_code, Who.ANYONE),
    Route("POST", "/sign-out", sign_out, Who.ANYONE),
)
