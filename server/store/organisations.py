"""Organisations, by materialised path."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ColumnElement, RowMapping, false, func, literal, or_, select, update
from sqlalchemy import insert as insert_into
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import OVER
from server.domain.ids import OrganisationId, UserId
from server.domain.organisation import Organisation, OrganisationKind, Particulars
from server.store import tables

_organisation, _user, _case = tables.organisation, tables.user, tables.case


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


async def roots(conn: AsyncConnection) -> list[Organisation]:
    """Every tenant that is not closed, the first made first."""
    top = _organisation.c.parent.is_(None) & _organisation.c.closed_at.is_(None)
    rows = await conn.execute(select(_organisation).where(top).order_by(_organisation.c.id))
    return [_to_organisation(row) for row in rows.mappings()]


async def below(
    conn: AsyncConnection, paths: Iterable[str], *, closed: bool = True
) -> list[Organisation]:
    """Those at these paths and all that is below them, by name; `closed`: those as well."""
    found = select(_organisation).where(_within(paths))
    if not closed:
        found = found.where(_organisation.c.closed_at.is_(None))
    rows = await conn.execute(found.order_by(_organisation.c.name, _organisation.c.id))
    return [_to_organisation(row) for row in rows.mappings()]


async def staff_of(conn: AsyncConnection, paths: Iterable[str]) -> dict[OrganisationId, int]:
    """How many work in each of them now; those where nobody does are left out."""
    rows = await conn.execute(
        select(_user.c.organisation, func.count())
        .join(_organisation, _user.c.organisation == _organisation.c.id)
        .where(_within(paths), _user.c.left_at.is_(None))
        .group_by(_user.c.organisation)
    )
    return {OrganisationId(organisation): count for organisation, count in rows}


async def open_cases(conn: AsyncConnection, organisation_id: OrganisationId) -> int:
    """How many matters of its own are not over."""
    mine = select(func.count()).where(
        _case.c.organisation == organisation_id, _case.c.status.not_in(list(OVER))
    )
    return await conn.scalar(mine) or 0


async def staff(conn: AsyncConnection, organisation_id: OrganisationId) -> list[tuple[UserId, str]]:
    """Who works there now, by name."""
    here = select(_user.c.id, _user.c.name).where(
        _user.c.organisation == organisation_id, _user.c.left_at.is_(None)
    )
    rows = await conn.execute(here.order_by(_user.c.name, _user.c.id))
    return [(UserId(row.id), row.name) for row in rows]


# ---- changes ------------------------------------------------------------------------------------


async def lock_tenant(conn: AsyncConnection, organisation: Organisation) -> None:
    """Until the transaction ends nobody else changes this tenant's tree or administrators.

    Others may go on referring to the tenant meanwhile.
    """
    root = select(_organisation.c.id).where(_organisation.c.id == organisation.tenant)
    await conn.execute(root.with_for_update(key_share=True))


async def change(
    conn: AsyncConnection, organisation_id: OrganisationId, particulars: Particulars
) -> None:
    where = _organisation.c.id == organisation_id
    await conn.execute(update(_organisation).where(where).values(**asdict(particulars)))


async def move(conn: AsyncConnection, organisation: Organisation, path: str) -> None:
    """To `path`, with all that is below it. Rights follow at once: they are read from the paths."""
    rest = func.substr(_organisation.c.path, len(organisation.path) + 1)
    under = OrganisationId(path.split("/")[-3])
    await conn.execute(
        update(_organisation)
        .where(_within([organisation.path]))
        .values(path=literal(path).concat(rest))
    )
    itself = _organisation.c.id == organisation.id
    await conn.execute(update(_organisation).where(itself).values(parent=under))


async def short_taken(conn: AsyncConnection, tenant: OrganisationId, short: str) -> bool:
    """Whether a unit of this tenant has this short name in its case numbers."""
    mine = _organisation.c.path.startswith(f"{tenant}/", autoescape=True)
    found = select(_organisation.c.id).where(mine, _organisation.c.short == short).limit(1)
    return await conn.scalar(found) is not None


async def set_closed(
    conn: AsyncConnection, organisation_id: OrganisationId, at: datetime | None
) -> None:
    where = _organisation.c.id == organisation_id
    await conn.execute(update(_organisation).where(where).values(closed_at=at))


def _within(paths: Iterable[str]) -> ColumnElement[bool]:
    beginnings = (_organisation.c.path.startswith(path, autoescape=True) for path in paths)
    return or_(false(), *beginnings)


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
        closed=row["closed_at"] is not None,
    )
