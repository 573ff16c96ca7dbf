"""What was recorded of somebody, for themselves: to see and hear it, and a receipt to take home.

By the link of their seat, also when the meeting is over; and only what this very device's person
said and showed, whoever sat in that seat before or after.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.attendance import Attendance
from server.domain.consent import Purpose
from server.domain.errors import Refused
from server.domain.ids import RecordingId, SeatId
from server.domain.session import Session
from server.domain.space import SpaceKind
from server.services import arrivals
from server.services.context import Context
from server.services.library import Film, Unreadable
from server.store import attendance, organisations, recordings
from server.store.recordings import Kept


@dataclass(frozen=True, slots=True)
class Own:
    """`gone`: destroyed; that it was there is told all the same."""

    id: RecordingId
    purpose: Purpose
    at: datetime
    ms: int
    keep_until: datetime
    gone: bool


async def listed(ctx: Context, seat: SeatId, cookie: str | None) -> tuple[list[Own], ZoneInfo]:
    """And the zone in which its times are read. Raises Refused("no_seat")."""
    async with ctx.store.read() as conn:
        session, _, _, kept = await _theirs(ctx, conn, seat, cookie)
        unit = await organisations.get(conn, session.organisation)
    own = [
        Own(
            one.recording.id,
            one.recording.purpose,
            one.recording.began_at,
            one.file.ms,
            one.file.keep_until,
            one.file.destroyed_at is not None,
        )
        for one in kept
        if one.file is not None and one.recording.began_at is not None
    ]
    return own, unit.zone


async def film(
    ctx: Context, seat: SeatId, cookie: str | None, recording: RecordingId, kind: str
) -> Film:
    """Their own voice and picture. Raises Refused: no_seat, recording_gone."""
    async with ctx.store.read() as conn:
        *_, kept = await _theirs(ctx, conn, seat, cookie)
    if recording not in {one.recording.id for one in kept}:
        raise Refused("no_seat")
    try:
        return await ctx.library.film(recording, seat, kind)
    except Unreadable:
        raise Refused("recording_gone") from None


async def receipt(ctx: Context, seat_id: SeatId, cookie: str | None) -> bytes:
    """Who could hear them and when, and what was recorded of them; signed. Raises no_seat."""
    async with ctx.store.read() as conn:
        session, stays, own, kept = await _theirs(ctx, conn, seat_id, cookie)
        unit = await organisations.get(conn, session.organisation)
    now = ctx.clock()
    heard = [row for stay in own for row in _heard(session, stay, stays, now)]
    recorded = [
        {
            "recording": one.recording.id,
            "purpose": one.recording.purpose.value,
            "since": one.recording.began_at.isoformat(timespec="seconds"),
            "until": one.recording.ended_at.isoformat(timespec="seconds"),
            "head": one.file.head,
        }
        for one in kept
        if one.file and one.recording.began_at and one.recording.ended_at
    ]
    who = session.seats[seat_id].name
    meeting = f"{unit.name} · {session.starts_at.astimezone(unit.zone):%Y-%m-%d %H:%M}"
    return ctx.library.receipt(who, meeting, heard, recorded, now)


def _heard(
    session: Session, stay: Attendance, stays: list[Attendance], now: datetime
) -> list[Mapping[str, str]]:
    """Who was in the same space meanwhile."""
    if stay.kind is SpaceKind.LOBBY:
        return []
    found: list[Mapping[str, str]] = []
    for other in stays:
        if other.space != stay.space or other.seat == stay.seat:
            continue
        since = max(stay.entered_at, other.entered_at)
        until = min(stay.left_at or now, other.left_at or now)
        seat = session.seats.get(other.seat)
        if since < until and seat is not None:
            found.append(
                {
                    "who": seat.name,
                    "role": seat.role.value,
                    "space": stay.kind.value,
                    "since": since.isoformat(timespec="seconds"),
                    "until": until.isoformat(timespec="seconds"),
                }
            )
    return found


async def _theirs(
    ctx: Context, conn: AsyncConnection, seat_id: SeatId, cookie: str | None
) -> tuple[Session, list[Attendance], list[Attendance], list[Kept]]:
    """Everybody's stays, those of this device in this seat, and what was recorded meanwhile."""
    session, device = await arrivals.known(ctx, conn, seat_id, cookie)
    stays = await attendance.of_session(conn, session.id)
    own = [s for s in stays if s.seat == seat_id and s.device == device.id]
    kept = await recordings.of_session(conn, session.id)
    return session, stays, own, [one for one in kept if _in(one, own, ctx.clock())]


def _in(kept: Kept, own: list[Attendance], now: datetime) -> bool:
    """Whether one of these stays was in its space while it ran."""
    recording = kept.recording
    begun, ended = recording.began_at, recording.ended_at or now
    return begun is not None and any(
        stay.space == recording.space
        and stay.entered_at < ended
        and (stay.left_at is None or stay.left_at > begun)
        for stay in own
    )
