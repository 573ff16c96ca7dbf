"""What was recorded of somebody, for themselves, by the link of their seat."""

from __future__ import annotations

from aiohttp import hdrs, web

from server.domain.ids import RecordingId
from server.http.films import send
from server.http.keys import CTX
from server.http.room.answers import asking
from server.http.templates import render
from server.http.who import Route, Who
from server.services import heard


async def listed(request: web.Request) -> web.Response:
    seat, cookie = asking(request)
    own, zone = await heard.listed(request.app[CTX], seat, cookie)
    return render(request, "heard.html", own=own, zone=zone, seat=seat)


async def film(request: web.Request) -> web.StreamResponse:
    recording = RecordingId(request.match_info["recording"])
    found = await heard.film(request.app[CTX], *asking(request), recording, "video")
    return await send(request, found)


async def receipt(request: web.Request) -> web.Response:
    content = await heard.receipt(request.app[CTX], *asking(request))
    headers = {
        hdrs.CONTENT_TYPE: "application/json",
        hdrs.CONTENT_DISPOSITION: 'attachment; filename="heyi-receipt.json"',
    }
    return web.Response(body=content, headers=headers)


ROUTES = (
    Route("GET", "/j/{seat}/recordings", listed, Who.LINK),
    Route("GET", "/j/{seat}/recordings/{recording}/own.webm", film, Who.LINK),
    Route("GET", "/j/{seat}/receipt.json", receipt, Who.LINK),
)
