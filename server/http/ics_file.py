"""A meeting as a file for the reader's own calendar."""

from __future__ import annotations

from aiohttp import web

from server.services import ics
from server.services.context import Context
from server.services.ics import Entry, Method


def answer(ctx: Context, entry: Entry) -> web.Response:
    """With the link in it: no cache keeps it."""
    return web.Response(
        text=ics.written(ctx.settings, Method.PUBLISH, entry),
        content_type="text/calendar",
        charset="utf-8",
        headers={
            "Content-Disposition": 'attachment; filename="meeting.ics"',
            "Cache-Control": "no-store",
        },
    )
