"""What is known of staff besides their account: how to reach them, what they are good at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import DisputeType
from server.domain.conflict import plain
from server.domain.ids import OrganisationId, UserId
from server.domain.profile import Profile
from server.domain.user import StaffRole
from server.store import tables

_user, _grant, _organisation = tables.user, tables.grant, tables.organisation
_here = _user.c.left_at.is_(None)

_FOUND = (
    select(
        _user.c.id,
        _user.c.name,
        _user.c.organisation,
        _organisation.c.name.label("organisation_name"),
        _user.c.expertise,
        _user.c.languages,
        _user.c.licence,
        _user.c.introduction,
        _user.c.listed,
        _user.c.phone,
        _user.c.email,
        _user.c.photo,
    )
    .join(_organisation, _user.c.organisation == _organisation.c.id)
    .order_by(_user.c.name, _user.c.id)
)


async def get(conn: AsyncConnection, user_id: UserId) -> Profile | None:
    """Also of somebody who has left."""
    found = await _those(conn, _user.c.id == user_id)
    return found[0] if found else None


async def listed(conn: AsyncConnection, tenant: OrganisationId) -> list[Profile]:
    """Those whom visitors may see: they wish it, handle cases and have not left; by name."""
    return await below(conn, f"{tenant}/", (StaffRole.MEDIATOR, StaffRole.LAWYER), _user.c.listed)


async def below(
    conn: AsyncConnection,
    path: str,
    roles: Iterable[StaffRole],
    *more: ColumnElement[bool],
) -> list[Profile]:
    """Who works in this organisation or below it and has one of these roles there; by name."""
    granted = (
        select(_grant.c.user)
        .join(_organisation, _grant.c.organisation == _organisation.c.id)
        .where(_grant.c.role.in_(list(roles)))
        .where(_organisation.c.path.startswith(path, autoescape=True))
    )
    within = _organisation.c.path.startswith(path, autoescape=True)
    return await _those(conn, _user.c.id.in_(granted), within, _here, *more)


async def of(conn: AsyncConnection, user_ids: Iterable[UserId]) -> list[Profile]:
    """Of these, also of those who have left; by name."""
    return await _those(conn, _user.c.id.in_(list(user_ids)))


async def set_fields(conn: AsyncConnection, user_id: UserId, values: Mapping[str, Any]) -> None:
    named = {"plain_name": plain(values["name"])} if "name" in values else {}
    await conn.execute(update(_user).where(_user.c.id == user_id).values(**values, **named))


async def _those(conn: AsyncConnection, *where: ColumnElement[bool]) -> list[Profile]:
    rows = await conn.execute(_FOUND.where(*where))
    return [_to_profile(row) for row in rows.mappings()]


def _to_profile(row: RowMapping) -> Profile:
    return Profile(
        user=UserId(row["id"]),
        name=row["name"],
        organisation=OrganisationId(row["organisation"]),
        organisation_name=row["organisation_name"],
        expertise=frozenset(map(DisputeType, row["expertise"])),
        languages=tuple(row["languages"]),
        licence=row["licence"],
        introduction=row["introduction"],
        listed=row["listed"],
        phone=row["phone"],
        email=row["email"],
        photo=row["photo"],
    )
