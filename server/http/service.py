"""For machines: is it alive, is it ready, whom it trusts, and the built files."""

from __future__ import annotations

from aiohttp import hdrs, web

from server.domain.errors import Refused
from server.http import tls
from server.http.keys import ASSETS, CTX, MEDIA_UP
from server.http.who import Route, Who
from server.services import health
from server.settings import SELF_SIGNED

FOR_EVER = "public, max-age=31536000, immutable"


async def healthz(request: web.Request) -> web.Response:
    """The process answers. Nothing else is looked at: restarting would not mend a database."""
    return web.json_response({"status": "ok"})


async def readyz(request: web.Request) -> web.Response:
    """A meeting can be held: there is a database to read, and voice and picture are forwarded."""
    if request.app[MEDIA_UP]() and await health.ready(request.app[CTX]):
        return web.json_response({"status": "ready"})
    return web.json_response({"status": "not_ready"}, status=503)


async def static(request: web.Request) -> web.Response:
    asset = request.app[ASSETS].get(request.match_info["name"])
    if asset is None:
        raise Refused("not_found")
    headers = {hdrs.CACHE_CONTROL: FOR_EVER, hdrs.VARY: hdrs.ACCEPT_ENCODING}
    packed = "gzip" in request.headers.get(hdrs.ACCEPT_ENCODING, "") and asset.packed
    if packed:
        headers[hdrs.CONTENT_ENCODING] = "gzip"
    return web.Response(body=packed or asset.body, content_type=asset.content_type, headers=headers)


async def authority(request: web.Request) -> web.Response:
    """The authority of a self-signed certificate, for phones that shall trust it; else there is
    nothing to fetch."""
    settings = request.app[CTX].settings
    if settings.tls != SELF_SIGNED:
        raise web.HTTPSeeOther("/")
    pem = tls.files(settings).authority.read_bytes()
    return web.Response(body=pem, content_type="application/x-x509-ca-cert")


ROUTES = (
    Route("GET", "/healthz", healthz, Who.ANYONE, json=True),
    Route("GET", "/readyz", readyz, Who.ANYONE, json=True),
    Route("GET", "/authority.crt", authority, Who.ANYONE),
    Route("GET", "/static/{name:.+}", static, Who.ANYONE),
)
