"""Who is taken when: the meetings that are planned or under way, by their time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.booking import LONGEST, Span
from server.domain.ids import CaseId, PartyId, SessionId, UserId
from server.domain.rights import Scope
from server.domain.seat import Role
from server.domain.seating import SessionPurpose, SessionState
from server.store import cases, tables

_session, _seat, _case = tables.session, tables.seat, tables.case
_organisation = tables.organisation
_LIVE = (SessionState.PLANNED, SessionState.OPEN)


@dataclass(frozen=True, slots=True)
class Held:
    """A meeting in a calendar. `people` and `parties` have a seat in it; `host` is its host's
    account, `host_name` what stands on the host's seat.
    """

    id: SessionId
    case: CaseId
    number: str
    title: str
    span: Span
    state: SessionState
    purpose: SessionPurpose
    zone: ZoneInfo
    host: UserId | None
    host_name: str
    people: frozenset[UserId]
    parties: frozenset[PartyId]


async def between(
    conn: AsyncConnection, scope: Scope, span: Span, person: UserId | None = None
) -> list[Held]:
    """Meetings in scope that are not cancelled and are going on at any time of the span, the
    earliest first; with `person`, those in which they have a seat.
    """
    where = [cases.in_scope(scope), _session.c.state != SessionState.CANCELLED]
    if person is not None:
        where.append(_seated(_seat.c.user == person))
    return await _held(conn, span, where)


async def taken(
    conn: AsyncConnection,
    span: Span,
    people: Collection[UserId] = (),
    parties: Collection[PartyId] = (),
    but: SessionId | None = None,
) -> list[Held]:
    """Whatever else any of these has a seat in that is planned or under way then, whoever may
    read it.
    """
    who = or_(_seat.c.user.in_(list(people)), _seat.c.party.in_(list(parties)))
    where = [_session.c.state.in_(_LIVE), _seated(who)]
    if but is not None:
        where.append(_session.c.id != but)
    return await _held(conn, span, where)


def _seated(who: ColumnElement[bool]) -> ColumnElement[bool]:
    here = and_(_seat.c.session == _session.c.id, who)
    return exists().where(here, _seat.c.claim_of.is_(None), _seat.c.dropped_at.is_(None))


async def _held(
    conn: AsyncConnection, span: Span, where: Collection[ColumnElement[bool]]
) -> list[Held]:
    near = and_(_session.c.starts_at < span.end, _session.c.starts_at > span.start - LONGEST)
    rows = (await conn.execute(_sessions().where(near, *where))).mappings().all()
    seats = defaultdict(list)
    mine = _seat.c.session.in_([row["id"] for row in rows])
    found = select(_seat.c.session, _seat.c.user, _seat.c.party, _seat.c.role, _seat.c.name)
    sitting = found.where(mine, _seat.c.claim_of.is_(None), _seat.c.dropped_at.is_(None))
    for seat in await conn.execute(sitting):
        seats[seat.session].append(seat)
    held = []
    for row in rows:
        length = timedelta(minutes=row["minutes"])
        host = next(s for s in seats[row["id"]] if s.role == Role.HOST)
        one = Held(
            id=SessionId(row["id"]),
            case=CaseId(row["case"]),
            number=row["number"] or "",
            title=row["title"],
            span=Span.of(row["starts_at"], length),
            state=SessionState(row["state"]),
            purpose=SessionPurpose(row["purpose"]),
            zone=ZoneInfo(row["time_zone"]),
            host=UserId(host.user) if host.user else None,
            host_name=host.name,
            people=frozenset(UserId(s.user) for s in seats[row["id"]] if s.user),
            parties=frozenset(PartyId(s.party) for s in seats[row["id"]] if s.party),
        )
        if one.span.overlaps(span):
            held.append(one)
    return held


def _sessions() -> Select[tuple[object, ...]]:
    return (
        select(
            _session.c.id,
            _session.c.case,
            _session.c.starts_at,
            _session.c.minutes,
            _session.c.state,
            _session.c.purpose,
            _case.c.number,
            _case.c.title,
            _organisation.c.time_zone,
        )
        .join(_case, _session.c.case == _case.c.id)
        .join(_organisation, _case.c.organisation == _organisation.c.id)
        .order_by(_session.c.starts_at, _session.c.id)
    )
