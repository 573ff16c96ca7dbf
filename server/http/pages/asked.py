"""What a request is about."""

from __future__ import annotations

from aiohttp import web

from server.domain.ids import CaseId, SessionId
from server.http.keys import CTX
from server.services.context import Context


def context(request: web.Request) -> Context:
    return request.app[CTX]


def case_id(request: web.Request) -> CaseId:
    return CaseId(request.match_info["case"])


def session_id(request: web.Request) -> SessionId:
    return SessionId(request.match_info["session"])
