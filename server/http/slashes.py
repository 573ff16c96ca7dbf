"""An address with a slash too many at its end leads to the page without it."""

from __future__ import annotations

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler
from yarl import URL


@web.middleware
async def without_slash(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Only where nothing is at the address as it is, and a page of ours without the slash."""
    wrong = request.match_info.http_exception is not None and request.path.endswith("/")
    if request.method == hdrs.METH_GET and wrong:
        # Built anew with one slash in front: to `//elsewhere` a browser would leave this house.
        there = URL.build(path="/" + request.path.strip("/"), query=request.query)
        if await _is_page(request, there):
            return web.Response(status=308, headers={hdrs.LOCATION: str(there)})
    return await handler(request)


async def _is_page(request: web.Request, there: URL) -> bool:
    found = await request.app.router.resolve(request.clone(rel_url=there))
    return found.http_exception is None
