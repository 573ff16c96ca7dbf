"""How far people have come on the way to their seats: told by their pages, read by the hosts."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from server.domain.ids import SeatId
from server.http.address import client_address
from server.http.cookies import seat_cookie
from server.http.forms import sent
from server.http.keys import CTX
from server.http.who import Route, Who
from server.services import progress
from server.services.progress import Line


def _who(request: web.Request) -> tuple[SeatId, str | None]:
    seat = SeatId(request.match_info["seat"])
    return seat, seat_cookie(request, seat)


async def report(request: web.Request) -> web.Response:
    address, said = client_address(request), await sent(request)
    await progress.report(request.app[CTX], *_who(request), address, said)
    return web.json_response({})


async def listed(request: web.Request) -> web.Response:
    found = await progress.seen_by(request.app[CTX], *_who(request))
    return web.json_response([_plain(line) for line in found])


def _plain(line: Line) -> dict[str, Any]:
    said = line.progress
    return {
        "seat": line.seat,
        "rehearsal": said.rehearsal,
        "second": line.second,
        "step": said.step,
        "fault": said.fault,
        "browser": said.browser,
        "microphone": said.microphone,
        "camera": said.camera,
        "speaker": said.speaker,
        "transport": said.network.transport,
        "rtt_ms": said.network.rtt_ms,
        "loss": said.network.loss,
        "at": said.at.isoformat(),
    }


ROUTES = (
    Route("POST", "/j/{seat}/progress", report, Who.LINK, json=True),
    Route("GET", "/j/{seat}/room/progress", listed, Who.LINK, json=True),
)
