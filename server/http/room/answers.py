"""How the room's lists are asked for and given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import datetime
from typing import Any

from aiohttp import web

from server.domain.ids import SeatId
from server.http.cookies import seat_cookie


def asking(request: web.Request) -> tuple[SeatId, str | None]:
    """The seat in the address, and the cookie that is shown for it."""
    seat = SeatId(request.match_info["seat"])
    return seat, seat_cookie(request, seat)


def as_json(found: Any) -> web.Response:
    """A dataclass, or a list of them; moments in ISO 8601."""
    return web.json_response(_plain(found))


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value
