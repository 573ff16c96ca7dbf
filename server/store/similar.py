"""Cases with the same people in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import DisputeType
from server.domain.ids import CaseId, OrganisationId
from server.store import tables

_case, _party, _lookup = tables.case, tables.party, tables.party_lookup
_organisation = tables.organisation


@dataclass(frozen=True, slots=True)
class Match:
    """`exact`: by an ID number or telephone; else by name and type. `name`: as it is there."""

    case: CaseId
    name: str
    exact: bool


async def matches(
    conn: AsyncConnection,
    tenant: OrganisationId,
    hashes: Iterable[str],
    names: Iterable[str],
    dispute_type: DisputeType,
    since: datetime,
    but: CaseId | None = None,
    limit: int = 50,
) -> list[Match]:
    """In the whole tenant, newest first. Names count in cases of this type since then only."""
    by_hash = select(_lookup.c.party).where(_lookup.c.hash.in_(list(hashes)))
    named = and_(
        _party.c.name.in_(list(names)),
        _case.c.dispute_type == dispute_type,
        _case.c.created_at >= since,
    )
    exact = [
        Match(CaseId(row.case), row.name, True)
        for row in await conn.execute(_found(tenant, _party.c.id.in_(by_hash), but, limit))
    ]
    known = {(match.case, match.name) for match in exact}
    by_name = [
        Match(CaseId(row.case), row.name, False)
        for row in await conn.execute(_found(tenant, named, but, limit))
        if (row.case, row.name) not in known
    ]
    return exact + by_name


def _found(
    tenant: OrganisationId, which: ColumnElement[bool], but: CaseId | None, limit: int
) -> Select[tuple[str, str]]:
    found = (
        select(_party.c.case, _party.c.name)
        .join(_case, _case.c.id == _party.c.case)
        .join(_organisation, _organisation.c.id == _case.c.organisation)
        .where(which, _organisation.c.path.startswith(f"{tenant}/", autoescape=True))
        .order_by(_case.c.created_at.desc(), _case.c.id.desc(), _party.c.id)
        .limit(limit)
    )
    return found if but is None else found.where(_case.c.id != but)
