"""Parties of cases and who speaks for them. What is sealed of them comes and goes as it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import RowMapping, delete, select, update
from sqlalchemy import insert as insert_into
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.conflict import plain as plain_name
from server.domain.ids import CaseId, PartyId, RepresentativeId
from server.domain.party import Party, PartyKind, Power, Representative, RepresentativeKind
from server.store import tables

_party, _lookup = tables.party, tables.party_lookup
_representative = tables.representative


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
    await set_lookups(conn, party.id, lookups or {})


async def replace(
    conn: AsyncConnection, party: Party, details: str, lookups: Mapping[str, str]
) -> None:
    """All that is said of a party, anew."""
    row = {"side": party.side, "name": party.name, "kind": party.kind, "details": details}
    row["plain_name"] = plain_name(party.name)
    await conn.execute(update(_party).where(_party.c.id == party.id).values(**row))
    await set_lookups(conn, party.id, lookups)


async def set_lookups(conn: AsyncConnection, party_id: PartyId, lookups: Mapping[str, str]) -> None:
    await conn.execute(delete(_lookup).where(_lookup.c.party == party_id))
    for kind, hashed in lookups.items():
        found = {"party": party_id, "kind": kind, "hash": hashed}
        await conn.execute(insert_into(_lookup).values(**found))


async def leave(conn: AsyncConnection, party_id: PartyId, at: datetime, why: str) -> None:
    """`why` is sealed. What they were stays."""
    left = {"left_at": at, "left_why": why}
    await conn.execute(update(_party).where(_party.c.id == party_id).values(**left))


async def come_back(conn: AsyncConnection, party_id: PartyId) -> None:
    back = {"left_at": None, "left_why": ""}
    await conn.execute(update(_party).where(_party.c.id == party_id).values(**back))


async def of_cases(conn: AsyncConnection, case_ids: Iterable[CaseId]) -> dict[str, list[Party]]:
    rows = await conn.execute(
        select(_party).where(_party.c.case.in_(list(case_ids))).order_by(_party.c.id)
    )
    found = defaultdict(list)
    for row in rows.mappings():
        found[row["case"]].append(_to_party(row))
    return found


async def sealed(conn: AsyncConnection, case_id: CaseId) -> dict[PartyId, str]:
    """The sealed details of everyone in a case."""
    found = select(_party.c.id, _party.c.details).where(_party.c.case == case_id)
    return {PartyId(row.id): row.details for row in await conn.execute(found)}


async def why_left(conn: AsyncConnection, case_id: CaseId) -> dict[PartyId, str]:
    """Why those left who did, sealed."""
    left = (_party.c.case == case_id) & (_party.c.left_why != "")
    found = await conn.execute(select(_party.c.id, _party.c.left_why).where(left))
    return {PartyId(row.id): row.left_why for row in found}


def _to_party(row: RowMapping) -> Party:
    party_id, kind = PartyId(row["id"]), PartyKind(row["kind"])
    return Party(party_id, row["side"], row["name"], kind, row["left_at"])


# ---- from before fields were sealed -------------------------------------------------------------


async def plain(conn: AsyncConnection, limit: int) -> list[tuple[CaseId, PartyId, str, str]]:
    """Parties whose contact is still readable: case, party, contact, and what is sealed already."""
    found = (
        select(_party.c.case, _party.c.id, _party.c.contact, _party.c.details)
        .where(_party.c.contact != "")
        .order_by(_party.c.id)
        .limit(limit)
    )
    rows = await conn.execute(found)
    return [(CaseId(r.case), PartyId(r.id), r.contact, r.details) for r in rows]


async def seal_plain(
    conn: AsyncConnection, party_id: PartyId, details: str, lookups: Mapping[str, str]
) -> None:
    done = update(_party).where(_party.c.id == party_id).values(contact="", details=details)
    await conn.execute(done)
    await set_lookups(conn, party_id, lookups)


# ---- representatives ----------------------------------------------------------------------------


async def insert_representative(
    conn: AsyncConnection, representative: Representative, details: str
) -> None:
    await conn.execute(
        insert_into(_representative).values(
            id=representative.id,
            party=representative.party,
            name=representative.name,
            kind=representative.kind,
            power=representative.power,
            details=details,
            since=representative.since,
            until=representative.until,
        )
    )


async def replace_representative(
    conn: AsyncConnection, representative: Representative, details: str
) -> None:
    row = {
        "name": representative.name,
        "plain_name": plain_name(representative.name),
        "kind": representative.kind,
        "power": representative.power,
        "until": representative.until,
        "details": details,
    }
    mine = _representative.c.id == representative.id
    await conn.execute(update(_representative).where(mine).values(**row))


async def end_representative(
    conn: AsyncConnection, representative_id: RepresentativeId, at: datetime
) -> None:
    mine = _representative.c.id == representative_id
    await conn.execute(update(_representative).where(mine).values(until=at))


async def representatives(
    conn: AsyncConnection, case_id: CaseId
) -> list[tuple[Representative, str]]:
    """Everyone who speaks or spoke for a party of the case, with their sealed details."""
    found = (
        select(_representative)
        .join(_party, _party.c.id == _representative.c.party)
        .where(_party.c.case == case_id)
        .order_by(_representative.c.since, _representative.c.id)
    )
    return [
        (_to_representative(row), row["details"]) for row in (await conn.execute(found)).mappings()
    ]


def _to_representative(row: RowMapping) -> Representative:
    return Representative(
        id=RepresentativeId(row["id"]),
        party=PartyId(row["party"]),
        name=row["name"],
        kind=RepresentativeKind(row["kind"]),
        power=Power(row["power"]),
        since=row["since"],
        until=row["until"],
    )
