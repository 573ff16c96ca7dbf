"""Staff, their roles, and their sign-ins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy import insert as insert_into
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.ids import OrganisationId, UserId
from server.domain.user import Grant, StaffRole, User
from server.store import tables

_user, _grant, _organisation = tables.user, tables.grant, tables.organisation
_sign_in = tables.staff_session


async def insert(
    conn: AsyncConnection,
    user_id: UserId,
    organisation: OrganisationId,
    login: str,
    name: str,
    password_hash: str,
    roles: Iterable[tuple[StaffRole, OrganisationId]],
) -> None:
    row = {"id": user_id, "organisation": organisation, "login": login, "name": name}
    await conn.execute(insert_into(_user).values(**row, password_hash=password_hash))
    for role, where in roles:
        grant = {"user": user_id, "organisation": where, "role": role}
        await conn.execute(insert_into(_grant).values(**grant))


async def find(conn: AsyncConnection, user_id: UserId) -> User | None:
    joined = _user.join(_organisation, _user.c.organisation == _organisation.c.id)
    row = (
        await conn.execute(
            select(_user.c.name, _user.c.organisation, _organisation.c.path)
            .select_from(joined)
            .where(_user.c.id == user_id)
        )
    ).first()
    if row is None:
        return None
    granted = await conn.execute(
        select(_grant.c.role, _organisation.c.path)
        .join(_organisation, _grant.c.organisation == _organisation.c.id)
        .where(_grant.c.user == user_id)
        .order_by(_organisation.c.path, _grant.c.role)
    )
    grants = tuple(Grant(StaffRole(role), path) for role, path in granted)
    return User(user_id, OrganisationId(row.organisation), row.path, row.name, grants)


async def password_of(conn: AsyncConnection, login: str) -> tuple[UserId, str] | None:
    """Who signs in with this login, and the hash of their password."""
    found = select(_user.c.id, _user.c.password_hash).where(_user.c.login == login)
    row = (await conn.execute(found)).first()
    return None if row is None else (UserId(row.id), row.password_hash)


async def names(conn: AsyncConnection, user_ids: Iterable[UserId]) -> dict[UserId, str]:
    found = select(_user.c.id, _user.c.name).where(_user.c.id.in_(list(user_ids)))
    return {UserId(row.id): row.name for row in await conn.execute(found)}


async def below(
    conn: AsyncConnection, path: str, roles: Iterable[StaffRole]
) -> list[tuple[UserId, str]]:
    """Who works in this organisation or below it and has one of these roles there; by name."""
    granted = (
        select(_grant.c.user)
        .join(_organisation, _grant.c.organisation == _organisation.c.id)
        .where(_grant.c.role.in_(list(roles)))
        .where(_organisation.c.path.startswith(path, autoescape=True))
    )
    found = (
        select(_user.c.id, _user.c.name)
        .join(_organisation, _user.c.organisation == _organisation.c.id)
        .where(_user.c.id.in_(granted))
        .where(_organisation.c.path.startswith(path, autoescape=True))
        .order_by(_user.c.name, _user.c.id)
    )
    return [(UserId(row.id), row.name) for row in await conn.execute(found)]


async def set_password(conn: AsyncConnection, user_id: UserId, password_hash: str) -> None:
    where = _user.c.id == user_id
    await conn.execute(update(_user).where(where).values(password_hash=password_hash))


# ---- sign-ins ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SignIn:
    user: UserId
    seen_at: datetime
    ends_at: datetime


async def open_sign_in(
    conn: AsyncConnection, secret_hash: str, user_id: UserId, at: datetime, ends_at: datetime
) -> None:
    row = {"secret_hash": secret_hash, "user": user_id, "seen_at": at, "created_at": at}
    await conn.execute(insert_into(_sign_in).values(**row, ends_at=ends_at))


async def find_sign_in(conn: AsyncConnection, secret_hash: str) -> SignIn | None:
    found = select(_sign_in).where(_sign_in.c.secret_hash == secret_hash)
    row = (await conn.execute(found)).mappings().first()
    return None if row is None else SignIn(UserId(row["user"]), row["seen_at"], row["ends_at"])


async def seen(conn: AsyncConnection, secret_hash: str, at: datetime) -> None:
    where = _sign_in.c.secret_hash == secret_hash
    await conn.execute(update(_sign_in).where(where).values(seen_at=at))


async def close_sign_in(conn: AsyncConnection, secret_hash: str) -> None:
    await conn.execute(delete(_sign_in).where(_sign_in.c.secret_hash == secret_hash))


async def sweep_sign_ins(conn: AsyncConnection, now: datetime) -> None:
    """Those that are over are kept for nothing."""
    await conn.execute(delete(_sign_in).where(_sign_in.c.ends_at < now))
