"""How well seats were connected, a row a seat and minute."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.ids import SeatId, SessionId
from server.domain.quality import Carried, Cause, Grade, Judgement, Minute, Pictures, Shown
from server.domain.rights import Scope
from server.domain.seat import Role
from server.store import cases, tables

_quality, _seat, _session = tables.seat_quality, tables.seat, tables.session
_case, _organisation = tables.case, tables.organisation

_BAD = _quality.c.grade != Grade.GOOD
_BARE = _quality.c.grade == Grade.AUDIO_ONLY


@dataclass(frozen=True, slots=True)
class Kept:
    """A minute of a seat, and what it was judged to be."""

    seat: SeatId
    at: datetime
    minute: Minute
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Worst:
    """A meeting that went badly. `minutes`: of all seats together; so many were not good, so many
    of them without moving pictures."""

    session: SessionId
    starts_at: datetime
    organisation: str
    time_zone: str
    minutes: int
    bad: int
    bare: int


@dataclass(frozen=True, slots=True)
class Blamed:
    """Whose connection it was for how many minutes, and why."""

    role: Role
    side: str | None
    cause: Cause
    minutes: int


async def keep(conn: AsyncConnection, found: Sequence[Kept]) -> None:
    """A second row for the same minute of a seat, after a rebuild, is let go."""
    engine = postgresql if conn.dialect.name == "postgresql" else sqlite
    rows = [_row(one) for one in found]
    await conn.execute(engine.insert(_quality).on_conflict_do_nothing(), rows)


async def of_session(conn: AsyncConnection, session: SessionId, since: datetime) -> list[Kept]:
    """The oldest first."""
    return await _kept(conn, _seat.c.session == session, since)


async def of_seat(conn: AsyncConnection, seat: SeatId, since: datetime) -> list[Kept]:
    return await _kept(conn, _quality.c.seat == seat, since)


async def totals(conn: AsyncConnection, scope: Scope, since: datetime) -> dict[Grade, int]:
    """Minutes by grade."""
    asked = select(_quality.c.grade, func.count()).group_by(_quality.c.grade)
    rows = await conn.execute(_within(asked, scope, since))
    return {Grade(grade): int(n) for grade, n in rows}


async def causes(conn: AsyncConnection, scope: Scope, since: datetime) -> dict[Cause, int]:
    """Minutes by cause, the most first."""
    n = func.count()
    asked = select(_quality.c.cause, n).where(_quality.c.cause.is_not(None))
    asked = asked.group_by(_quality.c.cause).order_by(n.desc(), _quality.c.cause)
    rows = await conn.execute(_within(asked, scope, since))
    return {Cause(cause): int(n) for cause, n in rows}


async def worst(conn: AsyncConnection, scope: Scope, since: datetime, limit: int) -> list[Worst]:
    """Those with the most minutes that were not good."""
    bad, bare = func.sum(case((_BAD, 1), else_=0)), func.sum(case((_BARE, 1), else_=0))
    meeting = (_session.c.id, _session.c.starts_at)
    where = (_organisation.c.name, _organisation.c.time_zone)
    asked = select(*meeting, *where, func.count(), bad, bare)
    asked = asked.group_by(*meeting, *where).having(bad > 0)
    asked = asked.order_by(bad.desc(), _session.c.starts_at.desc(), _session.c.id)
    rows = await conn.execute(_within(asked, scope, since).limit(limit))
    return [
        Worst(SessionId(i), at, name, zone, int(n), int(b), int(a))
        for i, at, name, zone, n, b, a in rows
    ]


async def blamed(
    conn: AsyncConnection, sessions: Sequence[SessionId], since: datetime
) -> dict[SessionId, Blamed]:
    """Of each meeting the seat and cause with the most minutes."""
    n = func.count()
    asked = (
        select(_seat.c.session, _seat.c.id, _seat.c.role, _seat.c.side, _quality.c.cause, n)
        .join(_seat, _seat.c.id == _quality.c.seat)
        .where(_seat.c.session.in_(sessions), _quality.c.at >= since, _BAD)
        .group_by(_seat.c.session, _seat.c.id, _seat.c.role, _seat.c.side, _quality.c.cause)
        .order_by(n, _seat.c.id, _quality.c.cause)
    )
    found = {}
    for session, _, role, side, cause, minutes in await conn.execute(asked):
        found[SessionId(session)] = Blamed(Role(role), side, Cause(cause), int(minutes))
    return found


async def readable(
    conn: AsyncConnection, scope: Scope, sessions: Sequence[SessionId]
) -> dict[SessionId, str]:
    """Those of them whose cases are in scope, with the cases' titles."""
    asked = (
        select(_session.c.id, _case.c.title)
        .join(_case, _case.c.id == _session.c.case)
        .join(_organisation, _organisation.c.id == _case.c.organisation)
        .where(_session.c.id.in_(sessions), cases.in_scope(scope))
    )
    return {SessionId(i): title for i, title in await conn.execute(asked)}


def _within(asked: Select[Any], scope: Scope, since: datetime) -> Select[Any]:
    return (
        asked.select_from(_quality)
        .join(_seat, _seat.c.id == _quality.c.seat)
        .join(_session, _session.c.id == _seat.c.session)
        .join(_case, _case.c.id == _session.c.case)
        .join(_organisation, _organisation.c.id == _case.c.organisation)
        .where(_quality.c.at >= since, cases.in_scope(scope))
    )


async def _kept(conn: AsyncConnection, which: ColumnElement[bool], since: datetime) -> list[Kept]:
    asked = select(_quality).join(_seat, _seat.c.id == _quality.c.seat)
    asked = asked.where(which, _quality.c.at >= since).order_by(_quality.c.at, _quality.c.seat)
    return [_to_kept(row) for row in await conn.execute(asked)]


def _row(one: Kept) -> dict[str, Any]:
    return {
        "seat": one.seat,
        "at": one.at,
        **asdict(one.minute.carried),
        **asdict(one.minute.shown),
        "breaks": one.minute.breaks,
        "grade": one.judgement.grade,
        "cause": one.judgement.cause,
    }


def _to_kept(row: Row[Any]) -> Kept:
    it = row._mapping
    carried = Carried(
        up_loss=it["up_loss"],
        down_loss=it["down_loss"],
        jitter_ms=it["jitter_ms"],
        round_trip_ms=it["round_trip_ms"],
        up_kbits=it["up_kbits"],
        down_kbits=it["down_kbits"],
        pictures=Pictures(it["pictures"]),
        held_ms=it["held_ms"],
    )
    names = ("freezes", "frozen_ms", "concealed_ms", "dropped", "starved_s")
    shown = Shown(**{name: it[name] for name in names})
    cause = Cause(it["cause"]) if it["cause"] else None
    judgement = Judgement(Grade(it["grade"]), cause)
    return Kept(SeatId(it["seat"]), it["at"], Minute(carried, shown, it["breaks"]), judgement)
