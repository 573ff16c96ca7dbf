"""Deadlines of cases, and the facts from which they follow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import RowMapping, select, update
from sqlalchemy import insert as insert_into
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.deadlines import Deadline, DeadlineKind, Offered
from server.domain.ids import CaseId, UserId
from server.domain.note import CONTACTS
from server.domain.notice import NoticeState, ToKind
from server.domain.rights import Scope
from server.store import tables
from server.store.cases import in_scope

_deadline, _case, _organisation = tables.deadline, tables.case, tables.organisation
_offer, _wish, _note, _session, _notice = (
    tables.case_offer,
    tables.case_wish,
    tables.note,
    tables.session,
    tables.notice,
)


@dataclass(frozen=True, slots=True)
class DueLine:
    """A case in which something is due."""

    case: CaseId
    number: str
    title: str
    kind: DeadlineKind
    due_on: date


async def of_case(conn: AsyncConnection, case_id: CaseId) -> list[Deadline]:
    """By date."""
    found = select(_deadline).where(_deadline.c.case == case_id)
    rows = await conn.execute(found.order_by(_deadline.c.due_on, _deadline.c.kind, _deadline.c.n))
    return [_to_deadline(row) for row in rows.mappings()]


async def save(
    conn: AsyncConnection, case_id: CaseId, found: Iterable[Deadline], now: datetime
) -> list[Deadline]:
    """Write what is different from what is kept; what there is no more is dropped.

    Returns those whose date is new.
    """
    kept = {(x.kind, x.n): x for x in await of_case(conn, case_id)}
    wanted = {(x.kind, x.n): x for x in found}
    for key, deadline in wanted.items():
        if key not in kept:
            row = _from_deadline(deadline)
            await conn.execute(insert_into(_deadline).values(case=case_id, **row))
        elif kept[key] != deadline:
            await _update(conn, case_id, deadline)
    for key in kept.keys() - wanted.keys():
        if kept[key].open:
            gone = Deadline(kept[key].kind, kept[key].n, kept[key].due_on, dropped_at=now)
            await _update(conn, case_id, gone)
    return [x for key, x in wanted.items() if key not in kept or kept[key].due_on != x.due_on]


async def set_next(conn: AsyncConnection, case_id: CaseId, due: Deadline | None) -> None:
    """What lists show. Nobody edits it, so the case's version stays."""
    where = _case.c.id == case_id
    values = {"due_kind": due.kind if due else None, "due_on": due.due_on if due else None}
    await conn.execute(update(_case).where(where).values(**values))


async def due_in(conn: AsyncConnection, scope: Scope, until: date, limit: int) -> list[DueLine]:
    """What is due in the cases in scope until then, the most urgent first."""
    found = (
        select(
            _case.c.id,
            _case.c.number,
            _case.c.title,
            _case.c.due_kind,
            _case.c.due_on,
        )
        .join(_organisation, _case.c.organisation == _organisation.c.id)
        .where(in_scope(scope), _case.c.due_on <= until)
        .order_by(_case.c.due_on, _case.c.id)
        .limit(limit)
    )
    return [
        DueLine(
            CaseId(row.id),
            row.number,
            row.title,
            DeadlineKind(row.due_kind),
            row.due_on,
        )
        for row in await conn.execute(found)
    ]


async def open_from(conn: AsyncConnection, after: CaseId | None, limit: int) -> list[CaseId]:
    """Cases in which something is due, by id: to go through all of them part by part."""
    found = select(_case.c.id).where(_case.c.due_on.is_not(None)).order_by(_case.c.id)
    if after is not None:
        found = found.where(_case.c.id > after)
    return [CaseId(i) for i in await conn.scalars(found.limit(limit))]


# ---- facts ------------------------------------------------------------------------------------


async def offers(conn: AsyncConnection, case_id: CaseId) -> list[Offered]:
    """In the order they were made."""
    found = select(_offer).where(_offer.c.case == case_id).order_by(_offer.c.at, _offer.c.id)
    return [
        Offered(row["answer_by"], row["answered_at"], row["answer"] == "taken_back")
        for row in (await conn.execute(found)).mappings()
    ]


async def wishes(conn: AsyncConnection, case_id: CaseId) -> dict[str, tuple[UserId, datetime]]:
    """Whom each side wishes, and when it said so."""
    found = select(_wish.c.side, _wish.c.user, _wish.c.at).where(_wish.c.case == case_id)
    return {row.side: (UserId(row.user), row.at) for row in await conn.execute(found)}


async def contacts(conn: AsyncConnection, case_id: CaseId) -> list[datetime]:
    """When somebody was spoken or written to by a person, or a meeting was booked."""
    of_notes = select(_note.c.at).where(
        _note.c.case == case_id, _note.c.kind.in_(CONTACTS), _note.c.struck_at.is_(None)
    )
    booked = select(_session.c.created_at).where(_session.c.case == case_id)
    told = select(_notice.c.settled_at).where(
        _notice.c.case == case_id,
        _notice.c.state == NoticeState.BY_HAND,
        _notice.c.to_kind.in_([ToKind.PARTY, ToKind.REPRESENTATIVE]),
    )
    return [
        *await conn.scalars(of_notes),
        *await conn.scalars(booked),
        *await conn.scalars(told),
    ]


def _from_deadline(deadline: Deadline) -> dict[str, object]:
    return {
        "kind": deadline.kind,
        "n": deadline.n,
        "due_on": deadline.due_on,
        "met_at": deadline.met_at,
        "dropped_at": deadline.dropped_at,
    }


def _to_deadline(row: RowMapping) -> Deadline:
    kind = DeadlineKind(row["kind"])
    return Deadline(kind, row["n"], row["due_on"], row["met_at"], row["dropped_at"])


async def _update(conn: AsyncConnection, case_id: CaseId, deadline: Deadline) -> None:
    where = (
        (_deadline.c.case == case_id)
        & (_deadline.c.kind == deadline.kind)
        & (_deadline.c.n == deadline.n)
    )
    await conn.execute(update(_deadline).where(where).values(**_from_deadline(deadline)))
