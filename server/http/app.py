"""The HTTP side of the server, as one application that run.py serves and hangs the socket on."""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable, Sequence

from aiohttp import web

from server.http.assets import Assets
from server.http.headers import harden
from server.http.keys import ASSETS, CTX, FIGURES, MEDIA_UP, TEMPLATES
from server.http.measures import measure
from server.http.middleware import explain, read_body, same_origin, speak
from server.http.routes import ROUTES
from server.http.slashes import without_slash
from server.http.templates import environment
from server.metrics import Figure
from server.services import measuring
from server.services.context import Context

LARGEST_BODY = 64 * 1024
HEADER_S = 30
"""A connection without a whole request for this long is closed: half a header, or nothing more.

Give it to the runner as `keepalive_timeout`; aiohttp counts it from the connection's start.
"""


UNREAD_S = 60
"""Whoever reads nothing of what was sent to them for so long is cut off."""


def cut_unread(listening: socket.socket, seconds: float = UNREAD_S) -> None:
    """For every connection taken from this socket: aiohttp would wait for ever, holding what is to
    be sent. Where the system has no such option, a proxy in front has to do it.
    """
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(seconds * 1000))


async def nothing() -> list[Figure]:
    return []


def make_app(
    ctx: Context,
    media_up: Callable[[], bool] = lambda: True,
    figures: Callable[[], Awaitable[Sequence[Figure]]] = nothing,
) -> web.Application:
    """`figures`: what `/metrics` shows of the live world, besides what services count."""

    async def all_figures() -> list[Figure]:
        return [*await measuring.figures(ctx), *await figures()]

    app = web.Application(
        middlewares=[measure, speak, explain, without_slash, same_origin, read_body],
        client_max_size=LARGEST_BODY,
    )
    app[CTX], app[MEDIA_UP], app[FIGURES] = ctx, media_up, all_figures
    app[ASSETS], app[TEMPLATES] = Assets(), environment()
    for route in ROUTES:
        app.router.add_route(route.method, route.path, route.guarded())
    app.on_response_prepare.append(harden)
    return app
