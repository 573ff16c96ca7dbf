"""Which cases were joined and split."""

from __future__ import annotations

from sqlalchemy import RowMapping, or_, select
from sqlalchemy import insert as insert_into
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.ids import CaseId, UserId
from server.domain.link import Link, LinkKind
from server.domain.rights import Scope
from server.security.ids import new_id
from server.store import tables
from server.store.cases import in_scope

_link, _case, _organisation = tables.case_link, tables.case, tables.organisation


async def insert(conn: AsyncConnection, link: Link, why: str) -> None:
    """`why` is sealed; the status history of a case that ends by it says it too."""
    row = {"case": link.case, "other": link.other, "kind": link.kind, "by": link.by}
    await conn.execute(insert_into(_link).values(id=new_id(), at=link.at, why=why, **row))


async def numbered(conn: AsyncConnection, scope: Scope, number: str) -> list[CaseId]:
    """Cases in scope with this very number."""
    found = (
        select(_case.c.id)
        .join(_organisation, _case.c.organisation == _organisation.c.id)
        .where(in_scope(scope), _case.c.number == number)
        .order_by(_case.c.id)
    )
    return [CaseId(i) for i in await conn.scalars(found.limit(2))]


async def of_case(conn: AsyncConnection, case_id: CaseId) -> list[tuple[Link, str]]:
    """Of both ends, oldest first, with why, sealed."""
    either = or_(_link.c.case == case_id, _link.c.other == case_id)
    rows = await conn.execute(select(_link).where(either).order_by(_link.c.at, _link.c.id))
    return [(_to_link(row), row["why"]) for row in rows.mappings()]


def _to_link(row: RowMapping) -> Link:
    return Link(
        CaseId(row["case"]),
        CaseId(row["other"]),
        LinkKind(row["kind"]),
        row["at"],
        UserId(row["by"]),
    )
