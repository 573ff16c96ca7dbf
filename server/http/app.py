"""The HTTP side of the server, as one application that run.py serves and hangs the socket on."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from server.http.assets import Assets
from server.http.headers import harden
from server.http.keys import ASSETS, CTX, MEDIA_UP, TEMPLATES
from server.http.middleware import explain, read_body, same_origin, speak
from server.http.routes import ROUTES
from server.http.templates import environment
from server.services.context import Context

LARGEST_BODY = 64 * 1024
HEADER_S = 30
"""A connection without a whole request for this long is closed: half a header, or nothing more.

Give it to the runner as `keepalive_timeout`; aiohttp counts it from the connection's start.
"""


def make_app(ctx: Context, media_up: Callable[[], bool] = lambda: True) -> web.Application:
    app = web.Application(
        middlewares=[speak, explain, same_origin, read_body], client_max_size=LARGEST_BODY
    )
    app[CTX], app[MEDIA_UP] = ctx, media_up
    app[ASSETS], app[TEMPLATES] = Assets(), environment()
    for route in ROUTES:
        app.router.add_route(route.method, route.path, route.guarded())
    app.on_response_prepare.append(harden)
    return app
