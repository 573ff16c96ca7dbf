"""What was recorded, once it is over: what lies on the disk, for how long it is kept, its end.

Also what the recorder says while it runs (`Told`, for run.py).
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain import recording
from server.domain.ids import RecordingId, SessionId
from server.domain.recorded import Trouble
from server.security.keys import recording_key
from server.services.context import Context, Reel
from server.services.live import carry_out
from server.services.retention import EXPIRE
from server.store import audit, due, recordings

RECORDER = "recorder"
"""The actor in the audit."""

log = structlog.get_logger()


class Told:
    """What the recorder tells: carried out as commands of the meeting, or kept."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    async def trouble(self, of: RecordingId, trouble: Trouble | None) -> None:
        session = await _session(self._ctx, of)
        if session is not None:
            await carry_out(self._ctx, session, lambda s, now: recording.tell(s, of, trouble, now))

    async def failed(self, of: RecordingId) -> None:
        session = await _session(self._ctx, of)
        if session is not None:
            await carry_out(self._ctx, session, lambda s, now: recording.fail(s, of, now))

    async def kept(self, of: RecordingId) -> None:
        await keep(self._ctx, of)


async def keep(ctx: Context, of: RecordingId) -> None:
    """A recording is over: remember what lies on the disk, in the audit too. Again is once."""
    async with ctx.store.read() as conn:
        found = await recordings.get(conn, of)
    if found is None or found.file is not None:
        return
    if found.recording.began_at is None:
        await asyncio.to_thread(ctx.keys.data.destroy, recording_key(of))
        return
    reel = await ctx.recorder.reel(of)
    if reel is not None:
        async with ctx.store.write() as conn:
            await _remember(ctx, conn, found, reel)


async def _remember(
    ctx: Context, conn: AsyncConnection, found: recordings.Kept, reel: Reel
) -> None:
    again = await recordings.get(conn, found.recording.id)
    if again is None or again.file is not None:
        return
    now = ctx.clock()
    size = {"head": reel.head, "segments": reel.segments, "bytes": reel.bytes}
    until = now + timedelta(days=ctx.settings.recording_days)
    of = found.recording.id
    await recordings.keep(conn, of, **size, ms=reel.ms, keep_until=until)
    await due.add(conn, at=until, kind=EXPIRE, thing=of, key=f"{EXPIRE} {of}")
    body = {**size, "recording": of}
    chain = f"case:{found.case}"
    await audit.append(conn, chain, "recording.kept", now, RECORDER, found.session, body)


async def restart(ctx: Context) -> None:
    """At start, when everyone is lost and every recording over: what was broken off is made whole.

    One that can't be read stops nobody: it is tried again at the next start.
    """
    async with ctx.store.read() as conn:
        broken = await recordings.unfinished(conn)
    for one in broken:
        try:
            await keep(ctx, one)
        except OSError as wrong:
            log.error("recording_unreadable", error=type(wrong).__name__)


async def _session(ctx: Context, of: RecordingId) -> SessionId | None:
    async with ctx.store.read() as conn:
        found = await recordings.get(conn, of)
    return found.session if found else None
