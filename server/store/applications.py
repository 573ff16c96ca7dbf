"""Applications that people without an account have begun. What they answered is sealed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, delete, select, update
from sqlalchemy import insert as insert_into
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.application import Unit
from server.domain.ids import CaseId, DocumentId, OrganisationId
from server.domain.organisation import OrganisationKind
from server.store import tables

_application, _organisation = tables.application, tables.organisation
_document = tables.document


@dataclass(frozen=True, slots=True)
class Row:
    """`id` is also the case's, once it is sent. `tenant` is whose key wraps its key."""

    id: CaseId
    tenant: OrganisationId
    answers: str
    saved_at: datetime
    expires_at: datetime
    sent_at: datetime | None


async def insert(conn: AsyncConnection, row: Row, secret_hash: str) -> None:
    values = {"id": row.id, "tenant": row.tenant, "answers": row.answers}
    times = {"saved_at": row.saved_at, "expires_at": row.expires_at, "sent_at": row.sent_at}
    await conn.execute(insert_into(_application).values(secret_hash=secret_hash, **values, **times))


async def find(conn: AsyncConnection, secret_hash: str, *, lock: bool = False) -> Row | None:
    """`lock`: nobody else changes it until the transaction ends."""
    found = select(_application).where(_application.c.secret_hash == secret_hash)
    row = (await conn.execute(found.with_for_update() if lock else found)).mappings().first()
    return None if row is None else _to_row(row)


async def save(
    conn: AsyncConnection, application: CaseId, answers: str, now: datetime, until: datetime
) -> None:
    changed = update(_application).where(_application.c.id == application)
    await conn.execute(changed.values(answers=answers, saved_at=now, expires_at=until))


async def sent(conn: AsyncConnection, application: CaseId, now: datetime) -> None:
    """What was answered is in the case from now on, and only there."""
    changed = update(_application).where(_application.c.id == application)
    await conn.execute(changed.values(answers="", sent_at=now))


async def remove(conn: AsyncConnection, application: CaseId) -> None:
    await conn.execute(delete(_application).where(_application.c.id == application))


async def by_id(conn: AsyncConnection, application: str, *, lock: bool = False) -> Row | None:
    found = select(_application).where(_application.c.id == application)
    row = (await conn.execute(found.with_for_update() if lock else found)).mappings().first()
    return None if row is None else _to_row(row)


async def take_documents(
    conn: AsyncConnection, application: CaseId, only: DocumentId | None = None
) -> list[str]:
    """Its documents go; returns the blobs of their contents, to be deleted after that."""
    mine = _document.c.case == application
    if only is not None:
        mine &= _document.c.id == only
    blobs = await conn.scalars(select(_document.c.blob).where(mine))
    found = [str(blob) for blob in blobs]
    await conn.execute(delete(_document).where(mine))
    return found


async def units(conn: AsyncConnection) -> list[Unit]:
    """Every organisation that isn't closed, by name."""
    found = select(_organisation).where(_organisation.c.closed_at.is_(None))
    rows = await conn.execute(found.order_by(_organisation.c.name, _organisation.c.id))
    return [_to_unit(row) for row in rows.mappings()]


async def unit(conn: AsyncConnection, organisation: OrganisationId) -> Unit | None:
    """None: there is none, or it is closed."""
    this = (_organisation.c.id == organisation) & _organisation.c.closed_at.is_(None)
    row = (await conn.execute(select(_organisation).where(this))).mappings().first()
    return None if row is None else _to_unit(row)


def _to_unit(row: RowMapping) -> Unit:
    return Unit(
        id=OrganisationId(row["id"]),
        path=row["path"],
        kind=OrganisationKind(row["kind"]),
        name=row["name"],
        phone=row["phone"],
        address=row["address"],
        hours=row["hours"],
    )


def _to_row(row: RowMapping) -> Row:
    return Row(
        id=CaseId(row["id"]),
        tenant=OrganisationId(row["tenant"]),
        answers=row["answers"],
        saved_at=row["saved_at"],
        expires_at=row["expires_at"],
        sent_at=row["sent_at"],
    )
