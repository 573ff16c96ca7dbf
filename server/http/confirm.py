"""Asking for the password anew before what must not be done by whoever sits down at a desk."""

from __future__ import annotations

from urllib.parse import quote

from aiohttp import web

from server.http.cookies import staff_token
from server.http.keys import CTX
from server.http.templates import redirect
from server.services import staff


async def confirmed(request: web.Request) -> bool:
    """Whether the password was shown in this sign-in within the last 15 minutes."""
    return await staff.confirmed(request.app[CTX], staff_token(request))


def ask(target: str) -> web.Response:
    """To the page that asks for it, and on to `target`, a page of ours, once it was shown."""
    return redirect(f"/confirm?next={quote(target, safe='/')}")
