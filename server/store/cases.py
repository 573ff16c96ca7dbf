"""Cases with their parties, handlers and status history; a `Scope` becomes a WHERE here."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy import insert as insert_into
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import Case, CaseKind, CaseStatus, DisputeType, Party, StatusChange
from server.domain.ids import CaseId, OrganisationId, PartyId, UserId
from server.domain.rights import Clause, Scope, Thing
from server.domain.seat import Role
from server.security.ids import new_id
from server.store import tables

_case, _status, _handler = tables.case, tables.case_status, tables.case_handler
_party, _organisation = tables.party, tables.organisation
_session, _seat = tables.session, tables.seat

_NEWEST = (_case.c.created_at.desc(), _case.c.id.desc())


async def insert(conn: AsyncConnection, case: Case) -> None:
    await conn.execute(
        insert_into(_case).values(
            id=case.id,
            organisation=case.organisation,
            kind=case.kind,
            dispute_type=case.dispute_type,
            title=case.title,
            created_at=case.created_at,
        )
    )
    for party in case.parties:
        row = {"id": party.id, "side": party.side, "name": party.name, "contact": party.contact}
        await conn.execute(insert_into(_party).values(case=case.id, **row))
    for user_id in case.handlers:
        row = {"id": new_id(), "case": case.id, "user": user_id}
        await conn.execute(insert_into(_handler).values(**row, since=case.created_at))
    for n, change in enumerate(case.history, start=1):
        await conn.execute(
            insert_into(_status).values(
                case=case.id,
                n=n,
                before=change.before,
                status=change.status,
                at=change.at,
                by=change.by,
                why=change.why,
            )
        )


async def load(conn: AsyncConnection, case_id: CaseId) -> Case | None:
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
    parties = await _parties(conn, case_ids)
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
            parties=tuple(parties[row["id"]]),
            history=tuple(history[row["id"]]),
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
    handlers = await _handlers(conn, [case_id])
    return None if path is None else Thing(path, frozenset(handlers[case_id]))


def in_scope(scope: Scope) -> ColumnElement[bool]:
    """For a query over cases, joined with their organisations (and with sessions, for hosts)."""
    return or_(false(), *(_holds(clause) for clause in scope))


def _holds(clause: Clause) -> ColumnElement[bool]:
    conditions = [_organisation.c.path.startswith(clause.path, autoescape=True)]
    if clause.handler is not None:
        mine = and_(_handler.c.user == clause.handler, _handler.c.until.is_(None))
        conditions.append(_case.c.id.in_(select(_handler.c.case).where(mine)))
    if clause.host is not None:
        hosts = and_(_seat.c.role == Role.HOST, _seat.c.user == clause.host)
        conditions.append(_session.c.id.in_(select(_seat.c.session).where(hosts)))
    return and_(*conditions)


async def _parties(conn: AsyncConnection, case_ids: list[CaseId]) -> dict[str, list[Party]]:
    rows = await conn.execute(
        select(_party).where(_party.c.case.in_(case_ids)).order_by(_party.c.id)
    )
    found = defaultdict(list)
    for row in rows.mappings():
        party = Party(PartyId(row["id"]), row["side"], row["name"], row["contact"])
        found[row["case"]].append(party)
    return found


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
