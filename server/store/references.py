"""Matters by the reference of whoever passed them on."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import Source
from server.domain.ids import CaseId, OrganisationId
from server.domain.text import plain
from server.store import tables

_case, _organisation = tables.case, tables.organisation


async def find(
    conn: AsyncConnection, tenant: OrganisationId, source: Source, body: str, reference: str
) -> tuple[CaseId, OrganisationId] | None:
    """The case and its organisation, if this body has passed on this reference in this tenant.

    Spaces and capital letters of the name don't count; `reference` is as domain.referral writes it.
    """
    rows = await conn.execute(
        select(_case.c.id, _case.c.organisation, _case.c.referred_by)
        .join(_organisation, _case.c.organisation == _organisation.c.id)
        .where(_case.c.reference == reference)
        .where(_case.c.source == source)
        .where(_organisation.c.path.startswith(f"{tenant}/", autoescape=True))
        .order_by(_case.c.id)
    )
    for row in rows:
        if plain(row.referred_by) == plain(body):
            return CaseId(row.id), OrganisationId(row.organisation)
    return None
