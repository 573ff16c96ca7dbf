"""Parties of cases. What is sealed of them comes and goes as it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlalchemy import insert as insert_into
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.ids import CaseId, PartyId
from server.domain.party import Party, PartyKind
from server.store import tables

_party, _lookup = tables.party, tables.party_lookup


async def insert(
    conn: AsyncConnection,
    case_id: CaseId,
    party: Party,
    details: str = "",
    lookups: Mapping[str, str] | None = None,
) -> None:
    """`details` are sealed; `lookups` are the hashes by which they are found, by kind."""
    row = {"id": party.id, "side": party.side, "name": party.name, "kind": party.kind}
    await conn.execute(
        insert_into(_party).values(case=case_id, left_at=party.left_at, details=details, **row)
    )
    for kind, hashed in (lookups or {}).items():
        found = {"party": party.id, "kind": kind, "hash": hashed}
        await conn.execute(insert_into(_lookup).values(**found))


async def of_cases(conn: AsyncConnection, case_ids: Iterable[CaseId]) -> dict[str, list[Party]]:
    rows = await conn.execute(
        select(_party).where(_party.c.case.in_(list(case_ids))).order_by(_party.c.id)
    )
    found = defaultdict(list)
    for row in rows.mappings():
        party = Party(
            PartyId(row["id"]), row["side"], row["name"], PartyKind(row["kind"]), row["left_at"]
        )
        found[row["case"]].append(party)
    return found


async def sealed(conn: AsyncConnection, case_id: CaseId) -> dict[PartyId, str]:
    """The sealed details of everyone in a case."""
    found = select(_party.c.id, _party.c.details).where(_party.c.case == case_id)
    return {PartyId(row.id): row.details for row in await conn.execute(found)}
