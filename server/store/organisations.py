"""Organisations, by materialised path."""

from __future__ import annotations

from sqlalchemy import RowMapping, or_, select
from sqlalchemy import insert as insert_into
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.ids import OrganisationId
from server.domain.organisation import Organisation, OrganisationKind
from server.store import tables

_organisation = tables.organisation


async def insert(
    conn: AsyncConnection, organisation: Organisation, parent: OrganisationId | None
) -> None:
    await conn.execute(
        insert_into(_organisation).values(
            id=organisation.id,
            parent=parent,
            path=organisation.path,
            kind=organisation.kind,
            name=organisation.name,
            time_zone=organisation.time_zone,
            phone=organisation.phone,
            email=organisation.email,
            address=organisation.address,
            hours=organisation.hours,
            short=organisation.short,
            number_form=organisation.number_form,
        )
    )


async def find(conn: AsyncConnection, organisation_id: OrganisationId) -> Organisation | None:
    where = _organisation.c.id == organisation_id
    row = (await conn.execute(select(_organisation).where(where))).mappings().first()
    return None if row is None else _to_organisation(row)


async def get(conn: AsyncConnection, organisation_id: OrganisationId) -> Organisation:
    """One that must exist, because something refers to it."""
    found = await find(conn, organisation_id)
    if found is None:
        raise LookupError(organisation_id)
    return found


async def named(conn: AsyncConnection, name_or_id: str) -> list[Organisation]:
    where = or_(_organisation.c.id == name_or_id, _organisation.c.name == name_or_id)
    rows = await conn.execute(select(_organisation).where(where).order_by(_organisation.c.id))
    return [_to_organisation(row) for row in rows.mappings()]


def _to_organisation(row: RowMapping) -> Organisation:
    return Organisation(
        id=OrganisationId(row["id"]),
        path=row["path"],
        kind=OrganisationKind(row["kind"]),
        name=row["name"],
        time_zone=row["time_zone"],
        phone=row["phone"],
        email=row["email"],
        address=row["address"],
        hours=row["hours"],
        short=row["short"],
        number_form=row["number_form"],
    )
