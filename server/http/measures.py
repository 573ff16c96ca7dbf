"""What the server counts, for the machines that watch it; see `server.metrics`."""

from __future__ import annotations

import ipaddress
from hmac import compare_digest
from time import perf_counter

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from server import metrics
from server.domain.errors import Refused
from server.http.keys import CTX, FIGURES
from server.http.middleware import SOCKETS
from server.http.who import Route, Who, route_of

PASSED_ON = ("X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "Via", "X-Real-IP")
"""Whoever sends one of these comes through a proxy, which may be on this machine."""


@web.middleware
async def measure(request: web.Request, handler: Handler) -> web.StreamResponse:
    """How long each route takes; a socket is open for hours, and is no request."""
    if request.path.startswith(SOCKETS):
        return await handler(request)
    began, status = perf_counter(), 500
    try:
        response = await handler(request)
        status = response.status
        return response
    finally:
        route = route_of(request)
        method, path = (route.method, route.path) if route else ("", "none")
        labels = metrics.REQUESTS.labels(method, path, f"{status // 100}xx")
        labels.observe(perf_counter() - began)


async def show(request: web.Request) -> web.Response:
    """For others there is no such page."""
    if not _allowed(request):
        raise Refused("not_found")
    figures = await request.app[FIGURES]()
    headers = {hdrs.CONTENT_TYPE: metrics.CONTENT_TYPE}
    return web.Response(body=metrics.text(figures), headers=headers)


def _allowed(request: web.Request) -> bool:
    token = request.app[CTX].settings.metrics_token
    if token:
        given = request.headers.get(hdrs.AUTHORIZATION, "")
        return compare_digest(given.encode(), f"Bearer {token}".encode())
    return _from_here(request.remote) and not any(name in request.headers for name in PASSED_ON)


def _from_here(address: str | None) -> bool:
    try:
        return ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return False


ROUTES = (Route("GET", "/metrics", show, Who.ANYONE),)
