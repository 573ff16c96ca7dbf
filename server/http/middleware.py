"""Around every request: the language, the error page, and who may send what from where."""

from __future__ import annotations

import asyncio
import secrets
from itertools import chain

import structlog
from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from server.domain.errors import Refused
from server.domain.text import keepable
from server.http import cookies, forms, uploads
from server.http.errors import STATUS, answer
from server.http.keys import CTX, LANGUAGE, NONCE
from server.http.signed_out import SignedOut
from server.http.who import route_of
from server.services import faults
from server.words import LANGUAGES, choose, speaking

log = structlog.get_logger()

SAFE = {hdrs.METH_GET, hdrs.METH_HEAD, hdrs.METH_OPTIONS}
SOCKETS = "/socket.io"
BODY_S = 10
"""A body that takes longer is given up: nobody types over the network."""


@web.middleware
async def speak(request: web.Request, handler: Handler) -> web.StreamResponse:
    """`?lang=` chooses and stays; else the cookie, the browser's language, the setting."""
    asked = request.query.get("lang", "")
    request[LANGUAGE] = choose(
        asked,
        request.cookies.get(cookies.LANGUAGE),
        accept=request.headers.get(hdrs.ACCEPT_LANGUAGE, ""),
        default=request.app[CTX].settings.default_language,
    )
    request[NONCE] = secrets.token_urlsafe(16)
    speaking.set(request[LANGUAGE])
    response = await handler(request)
    if asked in LANGUAGES and not response.prepared:
        cookies.keep_language(request, response, asked)
    return response


@web.middleware
async def explain(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The one place where what went wrong becomes an answer."""
    try:
        return await handler(request)
    except SignedOut as out:
        return answer(request, out.code, kept=out.kept)
    except Refused as refused:
        return answer(request, refused.code)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return answer(request, STATUS.get(error.status, "bad_request"), error.status)
    except TimeoutError:
        return answer(request, "too_slow")
    except Exception as wrong:
        reference, code = secrets.token_hex(4), faults.code(wrong)
        log.exception("request_failed", request=reference, method=request.method, code=code)
        return answer(request, code, reference=reference)


@web.middleware
async def same_origin(request: web.Request, handler: Handler) -> web.StreamResponse:
    """What changes something comes from our own pages only.

    Browsers say where a request comes from; a request that says nothing is not a browser's, and
    carries nobody's cookies against their will.
    """
    if request.method not in SAFE and not _ours(request):
        raise Refused("other_origin")
    return await handler(request)


def _ours(request: web.Request) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get(hdrs.ORIGIN)
    if site is not None and site not in ("same-origin", "none"):
        return False
    if origin is None:
        return True
    public = request.app[CTX].settings.public_url
    return origin == (public or f"{request.scheme}://{request.host}")


@web.middleware
async def read_body(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Small bodies, read whole and in time, before anything is looked up; files as they come."""
    route = route_of(request)
    if route is not None and route.upload:
        try:
            return await handler(request)
        finally:
            await uploads.forget(request)
    if request.path.startswith(SOCKETS):
        return await _read_by_the_library(request, handler)
    if request.method not in SAFE:
        async with asyncio.timeout(BODY_S):
            await request.read()
            await forms.read_form(request)
    if not all(map(keepable, (request.path, *chain(*request.query.items())))):
        raise Refused("bad_request")
    return await handler(request)


async def _read_by_the_library(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Sockets; where a network lets none through, their messages come in bodies of requests."""
    if request.method in SAFE:
        return await handler(request)
    async with asyncio.timeout(BODY_S):
        return await handler(request)
