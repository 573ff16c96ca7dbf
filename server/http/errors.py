"""Every refusal and fault as an answer: a page for people, `{code, text}` for our scripts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from server.http.keys import CTX
from server.http.signed_out import Kept
from server.http.templates import render
from server.http.who import route_of
from server.sentences import refusal
from server.words import gettext

# What aiohttp itself refuses.
STATUS = {
    404: "not_found",
    405: "not_found",
    413: "too_large",
    415: "bad_request",
}
CODES = {
    "sign_in_first": 401,
    "no_seat": 401,
    "sign_in_failed": 401,
    "half_over": 401,
    "code_wrong": 401,
    "look_over": 401,
    "not_allowed": 403,
    "not_host": 403,
    "not_writer": 403,
    "not_in_joint": 403,
    "other_origin": 403,
    "link_invalid": 403,
    "link_replaced": 403,
    "link_revoked": 403,
    "not_found": 404,
    "invitation_void": 410,
    "unknown_session": 404,
    "unknown_seat": 404,
    "too_slow": 408,
    "link_expired": 410,
    "recording_gone": 410,
    "session_over": 410,
    "session_cancelled": 410,
    "too_large": 413,
    "file_too_large": 413,
    "report_unusable": 422,
    "too_many": 429,
    "unknown": 500,
    "disk_full": 507,
}
OTHERWISE = 409


def answer(
    request: web.Request,
    code: str,
    status: int | None = None,
    reference: str = "",
    more: Mapping[str, Any] | None = None,
    kept: Kept | None = None,
) -> web.Response:
    """`more`: what our scripts are told besides. `kept`: a form to be sent again from here."""
    status = status or CODES.get(code, OTHERWISE)
    text = gettext(refusal(code))
    route = route_of(request)
    if route is not None and route.json:
        response = web.json_response({"code": code, "text": text, **(more or {})}, status=status)
    else:
        response = render(
            request,
            "error.html",
            status=status,
            number=status,
            code=code,
            text=text,
            reference=reference,
            kept=kept,
            here=request.path_qs,
            session=request.match_info.get("session"),
            help_phone=request.app[CTX].settings.help_phone,
        )
    if status == 429:
        response.headers["Retry-After"] = "60"
    return response
