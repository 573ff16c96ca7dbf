"""How it stands with the server, counted when a machine asks for it."""

from __future__ import annotations

import asyncio
import shutil
from datetime import timedelta

from server.metrics import Figure, figure
from server.services.context import Context
from server.store import counting

LATE = timedelta(minutes=5)
"""Work that is overdue by more: nobody takes it, or there is more than can be done."""


async def figures(ctx: Context) -> list[Figure]:
    """Raises whatever the database raises: a scrape that fails is a sign, too."""
    now = ctx.clock()
    async with ctx.store.read() as conn:
        found = await counting.counts(conn, now, now - LATE)
    disk = await asyncio.to_thread(shutil.disk_usage, ctx.settings.data_dir)
    return [
        figure("heyi_sessions_open", "Meetings that go on now.", found.sessions_open),
        figure("heyi_notices_waiting", "Notices not sent yet.", found.notices_waiting),
        figure("heyi_jobs_due", "Later work whose time has come.", found.due),
        figure("heyi_jobs_overdue", "Later work late by five minutes and more.", found.overdue),
        figure("heyi_disk_free_bytes", "Room left where the data is.", disk.free),
        figure("heyi_disk_bytes", "Size of the disk where the data is.", disk.total),
    ]
