"""Offers of matters to those who might take them on; what they answered is sealed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, RowMapping, and_, select, update
from sqlalchemy import insert as insert_into
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.assignment import Answer, Offer
from server.domain.case import DisputeType, HandlerRole
from server.domain.ids import CaseId, OfferId, UserId
from server.domain.rights import Scope
from server.store import cases, tables

_offer, _case, _organisation = tables.case_offer, tables.case, tables.organisation
_user = tables.user
_OPEN = _offer.c.answer.is_(None)


async def insert(conn: AsyncConnection, offer: Offer) -> None:
    row = {"id": offer.id, "case": offer.case, "user": offer.user, "role": offer.role}
    when = {"at": offer.at, "answer_by": offer.answer_by}
    await conn.execute(insert_into(_offer).values(by=offer.by, **row, **when))


async def find(conn: AsyncConnection, offer_id: OfferId) -> Offer | None:
    """As it is now; it stays so for who holds its case."""
    found = select(_offer).where(_offer.c.id == offer_id)
    row = (await conn.execute(found)).mappings().first()
    return _to_offer(row) if row else None


async def answer(
    conn: AsyncConnection, offer_id: OfferId, answer: Answer, at: datetime, why: str = ""
) -> None:
    values = {"answer": answer, "answered_at": at, "why": why}
    await conn.execute(update(_offer).where(_offer.c.id == offer_id).values(**values))


@dataclass(frozen=True, slots=True)
class Asked:
    """An offer, who was asked, and what may be known of the matter by whoever was."""

    offer: Offer
    name: str
    title: str
    dispute_type: DisputeType
    organisation: str
    time_zone: str


async def of_case(conn: AsyncConnection, case_id: CaseId) -> list[Offer]:
    """The newest first, as all of these."""
    return [asked.offer for asked in await asked_of_case(conn, case_id)]


async def open_to(conn: AsyncConnection, user_id: UserId) -> list[Offer]:
    return [asked.offer for asked in await asked_of(conn, user_id)]


async def asked(conn: AsyncConnection, offer_id: OfferId) -> Asked | None:
    found = await _those(conn, _offer.c.id == offer_id)
    return found[0] if found else None


async def asked_of_case(conn: AsyncConnection, case_id: CaseId) -> list[Asked]:
    return await _those(conn, _offer.c.case == case_id)


async def asked_of(conn: AsyncConnection, user_id: UserId) -> list[Asked]:
    """What they have not answered yet."""
    return await _those(conn, and_(_offer.c.user == user_id, _OPEN))


async def asked_within(conn: AsyncConnection, scope: Scope) -> list[Asked]:
    """Those that are not answered yet, of cases in scope."""
    return await _those(conn, and_(_OPEN, cases.in_scope(scope)))


async def _those(conn: AsyncConnection, where: ColumnElement[bool]) -> list[Asked]:
    found = (
        select(
            _offer,
            _user.c.name.label("asked"),
            _case.c.title,
            _case.c.dispute_type,
            _organisation.c.name.label("place"),
            _organisation.c.time_zone,
        )
        .join(_case, _offer.c.case == _case.c.id)
        .join(_organisation, _case.c.organisation == _organisation.c.id)
        .join(_user, _offer.c.user == _user.c.id)
        .where(where)
        .order_by(_offer.c.at.desc(), _offer.c.id.desc())
    )
    return [
        Asked(
            _to_offer(row),
            row["asked"],
            row["title"],
            DisputeType(row["dispute_type"]),
            row["place"],
            row["time_zone"],
        )
        for row in (await conn.execute(found)).mappings()
    ]


def _to_offer(row: RowMapping) -> Offer:
    return Offer(
        id=OfferId(row["id"]),
        case=CaseId(row["case"]),
        user=UserId(row["user"]),
        role=HandlerRole(row["role"]),
        by=UserId(row["by"]) if row["by"] else None,
        at=row["at"],
        answer_by=row["answer_by"],
        answered_at=row["answered_at"],
        answer=Answer(row["answer"]) if row["answer"] else None,
        why=row["why"],
    )
