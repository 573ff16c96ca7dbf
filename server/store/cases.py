"""Cases with their parties, handlers and status history; a `Scope` becomes a WHERE here."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, update
from sqlalchemy import insert as insert_into
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import (
    Case,
    CaseKind,
    CaseStatus,
    Difficulty,
    DisputeType,
    HandlerRole,
    Outcome,
    Regime,
    Source,
    StatusChange,
)
from server.domain.ids import CaseId, OrganisationId, UserId
from server.domain.rights import Clause, Scope, Thing
from server.domain.seat import Role
from server.security.ids import new_id
from server.store import parties, search, tables

_case, _status, _handler = tables.case, tables.case_status, tables.case_handler
_organisation = tables.organisation
_session, _seat = tables.session, tables.seat

_NEWEST = (_case.c.created_at.desc(), _case.c.id.desc())


async def insert(conn: AsyncConnection, case: Case, statement: str = "") -> None:
    """A new case with its handlers and history; its parties follow by `parties.insert`.

    `statement` is sealed.
    """
    await conn.execute(
        insert_into(_case).values(
            id=case.id,
            organisation=case.organisation,
            kind=case.kind,
            dispute_type=case.dispute_type,
            title=case.title,
            created_at=case.created_at,
            status=case.status,
            source=case.source,
            reference=case.reference,
            referred_by=case.referred_by,
            received_on=case.received_on,
            difficulty=case.difficulty,
            regime=case.regime,
            statement=statement,
        )
    )
    for user_id in sorted(case.handlers):
        await add_handler(conn, case.id, user_id, HandlerRole.MEDIATOR, case.created_at)
    for n, change in enumerate(case.history, start=1):
        await add_status(conn, case.id, n, change)
    await search.refresh(conn, case.id)


async def add_status(conn: AsyncConnection, case_id: CaseId, n: int, change: StatusChange) -> None:
    """Raises IntegrityError when somebody else has added the `n`th change meanwhile."""
    row = {"before": change.before, "status": change.status, "at": change.at, "by": change.by}
    await conn.execute(insert_into(_status).values(case=case_id, n=n, why=change.why, **row))
    await set_fields(conn, case_id, status=change.status)


async def add_handler(
    conn: AsyncConnection, case_id: CaseId, user_id: UserId, role: HandlerRole, at: datetime
) -> None:
    row = {"id": new_id(), "case": case_id, "user": user_id, "role": role, "since": at}
    await conn.execute(insert_into(_handler).values(**row))


async def end_handler(
    conn: AsyncConnection, case_id: CaseId, user_id: UserId, at: datetime
) -> None:
    """They don't work on it any more; that they did stays."""
    now = and_(_handler.c.case == case_id, _handler.c.user == user_id, _handler.c.until.is_(None))
    await conn.execute(update(_handler).where(now).values(until=at))


async def handlers(conn: AsyncConnection, case_id: CaseId) -> list[tuple[UserId, HandlerRole]]:
    """Who works on it now and as what, the longest first."""
    now = and_(_handler.c.case == case_id, _handler.c.until.is_(None))
    found = select(_handler.c.user, _handler.c.role).where(now)
    rows = await conn.execute(found.order_by(_handler.c.since, _handler.c.id))
    return [(UserId(row.user), HandlerRole(row.role)) for row in rows]


async def set_fields(conn: AsyncConnection, case_id: CaseId, **values: Any) -> None:
    """Change columns of the case, and count its version up."""
    changed = update(_case).where(_case.c.id == case_id)
    await conn.execute(changed.values(version=_case.c.version + 1, **values))


async def statement(conn: AsyncConnection, case_id: CaseId) -> str:
    """What it is about, sealed; empty if nothing was written down."""
    return await conn.scalar(select(_case.c.statement).where(_case.c.id == case_id)) or ""


async def load(conn: AsyncConnection, case_id: CaseId, *, lock: bool = False) -> Case | None:
    """`lock`: nobody else changes it until the transaction ends."""
    if lock:
        await conn.execute(select(_case.c.id).where(_case.c.id == case_id).with_for_update())
    found = await _load_all(conn, [case_id])
    return found[0] if found else None


async def listing(conn: AsyncConnection, scope: Scope, limit: int = 200) -> list[Case]:
    """The newest cases in scope."""
    ids = await conn.scalars(
        select(_case.c.id)
        .join(_organisation, _case.c.organisation == _organisation.c.id)
        .where(in_scope(scope))
        .order_by(*_NEWEST)
        .limit(limit)
    )
    return await _load_all(conn, [CaseId(i) for i in ids])


async def _load_all(conn: AsyncConnection, case_ids: list[CaseId]) -> list[Case]:
    """Those that exist, newest first; five questions however many they are."""
    rows = await conn.execute(select(_case).where(_case.c.id.in_(case_ids)).order_by(*_NEWEST))
    handlers = await _handlers(conn, case_ids)
    people = await parties.of_cases(conn, case_ids)
    history = await _history(conn, case_ids)
    return [
        Case(
            id=CaseId(row["id"]),
            organisation=OrganisationId(row["organisation"]),
            kind=CaseKind(row["kind"]),
            dispute_type=DisputeType(row["dispute_type"]),
            title=row["title"],
            created_at=row["created_at"],
            handlers=frozenset(handlers[row["id"]]),
            parties=tuple(people[row["id"]]),
            history=tuple(history[row["id"]]),
            number=row["number"],
            source=Source(row["source"]),
            reference=row["reference"],
            referred_by=row["referred_by"],
            received_on=row["received_on"],
            difficulty=Difficulty(row["difficulty"]),
            regime=Regime(row["regime"]),
            outcome=Outcome(row["outcome"]) if row["outcome"] else None,
            accepted_on=row["accepted_on"],
            closed_on=row["closed_on"],
            due_kind=row["due_kind"] or "",
            due_on=row["due_on"],
            shuttle_only=row["shuttle_only"],
            version=row["version"],
        )
        for row in rows.mappings()
    ]


async def thing(conn: AsyncConnection, case_id: CaseId) -> Thing | None:
    """What `may` is asked about a case."""
    path = await conn.scalar(
        select(_organisation.c.path)
        .join(_case, _case.c.organisation == _organisation.c.id)
        .where(_case.c.id == case_id)
    )
    if path is None:
        return None
    found = await handlers(conn, case_id)
    return Thing(
        path,
        frozenset(user for user, _ in found),
        mediators=frozenset(user for user, role in found if role is HandlerRole.MEDIATOR),
    )


def in_scope(scope: Scope) -> ColumnElement[bool]:
    """For a query over cases, joined with their organisations (and with sessions, for hosts)."""
    return or_(false(), *(_holds(clause) for clause in scope))


def _holds(clause: Clause) -> ColumnElement[bool]:
    conditions = [_organisation.c.path.startswith(clause.path, autoescape=True)]
    if clause.handler is not None:
        mine = and_(_handler.c.user == clause.handler, _handler.c.until.is_(None))
        conditions.append(_case.c.id.in_(select(_handler.c.case).where(mine)))
    if clause.mediator is not None:
        own = and_(_handler.c.user == clause.mediator, _handler.c.until.is_(None))
        own = and_(own, _handler.c.role == HandlerRole.MEDIATOR)
        conditions.append(_case.c.id.in_(select(_handler.c.case).where(own)))
    if clause.host is not None:
        hosts = and_(_seat.c.role == Role.HOST, _seat.c.user == clause.host)
        conditions.append(_session.c.id.in_(select(_seat.c.session).where(hosts)))
    return and_(*conditions)


async def _handlers(conn: AsyncConnection, case_ids: list[CaseId]) -> dict[str, list[UserId]]:
    now = and_(_handler.c.case.in_(case_ids), _handler.c.until.is_(None))
    found = defaultdict(list)
    for row in await conn.execute(select(_handler.c.case, _handler.c.user).where(now)):
        found[row.case].append(UserId(row.user))
    return found


async def _history(conn: AsyncConnection, case_ids: list[CaseId]) -> dict[str, list[StatusChange]]:
    rows = await conn.execute(
        select(_status).where(_status.c.case.in_(case_ids)).order_by(_status.c.n)
    )
    found = defaultdict(list)
    for row in rows.mappings():
        change = StatusChange(
            CaseStatus(row["before"]) if row["before"] else None,
            CaseStatus(row["status"]),
            row["at"],
            UserId(row["by"]) if row["by"] else None,
            row["why"],
        )
        found[row["case"]].append(change)
    return found
