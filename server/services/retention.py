"""How long what was recorded is kept, what holds it, and its end: the key is destroyed.

A key is in no backup, so its end is final. That it was, and what by its hash, stays for ever.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.errors import Refused
from server.domain.ids import CaseId, RecordingId
from server.domain.rights import Verb
from server.domain.text import checked_text
from server.domain.user import User
from server.services import sealed
from server.services.context import Context
from server.services.later import NotNow
from server.services.library import Unreadable
from server.services.playing import found
from server.store import audit, recordings
from server.store.due import Due
from server.store.recordings import Kept

EXPIRE = "recording.expire"
HELD_AGAIN = timedelta(days=1)
"""When one that is held is looked at again."""
WHY_LENGTH = 200
RUN_OUT = "kept for as long as was promised"


async def hold(ctx: Context, user: User, case: CaseId, recording: RecordingId, why: str) -> None:
    """A court or a quarrel needs it: nobody destroys it until that is taken back."""
    why = checked_text(why, WHY_LENGTH, "reason_missing", "reason_unusable")
    async with ctx.store.write() as conn:
        kept = await _held(conn, user, case, recording)
        hidden = sealed.seal(ctx, case, f"hold:{recording}", why)
        now = ctx.clock()
        values = {"held_why": hidden, "held_by": user.id, "held_at": now}
        await recordings.change(conn, recording, **values)
        await _note(ctx, conn, kept, "recording.held", user.id)


async def release(ctx: Context, user: User, case: CaseId, recording: RecordingId) -> None:
    async with ctx.store.write() as conn:
        kept = await _held(conn, user, case, recording)
        nothing = {"held_why": None, "held_by": None, "held_at": None}
        await recordings.change(conn, recording, **nothing)
        await _note(ctx, conn, kept, "recording.released", user.id)


def why_held(ctx: Context, kept: Kept) -> str:
    if kept.file is None or not kept.file.held_why:
        return ""
    of = kept.recording.id
    return sealed.unseal(ctx, kept.case, f"hold:{of}", kept.file.held_why) or ""


async def destroy(ctx: Context, user: User, case: CaseId, recording: RecordingId, why: str) -> None:
    """Final, and done at once. Raises Refused: recording_held, reason_missing."""
    why = checked_text(why, WHY_LENGTH, "reason_missing", "reason_unusable")
    async with ctx.store.read() as conn:
        kept = await _held(conn, user, case, recording)
    await _destroy(ctx, kept, why, user.id)


async def expire(ctx: Context, due: Due) -> None:
    """A job: its time is over. Held, it waits."""
    async with ctx.store.read() as conn:
        kept = await recordings.get(conn, RecordingId(due.thing))
    if kept is None or kept.file is None or kept.file.destroyed_at is not None:
        return
    if kept.file.held_at is not None:
        raise NotNow(ctx.clock() + HELD_AGAIN)
    await _destroy(ctx, kept, RUN_OUT, "clock")


async def _destroy(ctx: Context, kept: Kept, why: str, actor: str) -> None:
    recording = kept.recording.id
    if kept.file is None or kept.file.destroyed_at is not None:
        return
    if kept.file.held_at is not None:
        raise Refused("recording_held")
    now = ctx.clock()
    try:
        stone = await ctx.library.destroy(recording, now, why)
    except Unreadable:
        raise Refused("recording_gone") from None
    async with ctx.store.write() as conn:
        await recordings.change(conn, recording, destroyed_at=now, destroyed_why=why)
        chain = f"case:{kept.case}"
        await audit.append(conn, chain, "recording.destroyed", now, actor, kept.session, stone)


async def certificate(ctx: Context, kept: Kept, organisation: str, title: str, what: str) -> bytes:
    """A page of PDF. Raises Refused("not_found") while it is still there."""
    try:
        return await ctx.library.certificate(kept.recording.id, organisation, title, what)
    except Unreadable:
        raise Refused("not_found") from None


async def _held(conn: AsyncConnection, user: User, case: CaseId, recording: RecordingId) -> Kept:
    kept = await found(conn, user, Verb.DECIDE, case, recording)
    if kept.file is not None and kept.file.destroyed_at is not None:
        raise Refused("recording_gone")
    return kept


async def _note(ctx: Context, conn: AsyncConnection, kept: Kept, verb: str, by: str) -> None:
    body = {"recording": kept.recording.id}
    await audit.append(conn, f"case:{kept.case}", verb, ctx.clock(), by, kept.session, body)
