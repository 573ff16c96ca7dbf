"""Staff and their roles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, false, func, or_, select, update
from sqlalchemy import insert as insert_into
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.ids import OrganisationId, UserId
from server.domain.user import Grant, StaffRole, User
from server.store import tables

_PAGE = 50

_user, _grant, _organisation = tables.user, tables.grant, tables.organisation


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
            select(_user.c.name, _user.c.organisation, _user.c.left_at, _organisation.c.path)
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
    return User(
        id=user_id,
        organisation=OrganisationId(row.organisation),
        path=row.path,
        name=row.name,
        grants=grants,
        left=row.left_at is not None,
    )


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
        .where(_user.c.id.in_(granted), _user.c.left_at.is_(None))
        .where(_organisation.c.path.startswith(path, autoescape=True))
        .order_by(_user.c.name, _user.c.id)
    )
    return [(UserId(row.id), row.name) for row in await conn.execute(found)]


# ---- roles --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Given:
    """A role, and where it was given."""

    role: StaffRole
    organisation: OrganisationId
    name: str
    path: str


async def roles_of(conn: AsyncConnection, user_ids: Iterable[UserId]) -> dict[UserId, list[Given]]:
    """By the organisation's name; those without a role are left out."""
    rows = await conn.execute(
        select(_grant.c.user, _grant.c.role, _organisation)
        .join(_organisation, _grant.c.organisation == _organisation.c.id)
        .where(_grant.c.user.in_(list(user_ids)))
        .order_by(_organisation.c.name, _grant.c.role)
    )
    found: dict[UserId, list[Given]] = {}
    for row in rows:
        given = Given(StaffRole(row.role), OrganisationId(row.id), row.name, row.path)
        found.setdefault(UserId(row.user), []).append(given)
    return found


async def give(
    conn: AsyncConnection, user_id: UserId, role: StaffRole, where: OrganisationId
) -> None:
    """Raises IntegrityError when they have it."""
    row = {"user": user_id, "organisation": where, "role": role}
    await conn.execute(insert_into(_grant).values(**row))


async def take(
    conn: AsyncConnection, user_id: UserId, role: StaffRole, where: OrganisationId
) -> bool:
    """False when they had no such role."""
    taken = delete(_grant).where(
        _grant.c.user == user_id, _grant.c.role == role, _grant.c.organisation == where
    )
    return (await conn.execute(taken)).rowcount == 1


async def take_all(conn: AsyncConnection, user_id: UserId) -> None:
    await conn.execute(delete(_grant).where(_grant.c.user == user_id))


async def administered(conn: AsyncConnection, tenant: OrganisationId, but: UserId) -> list[str]:
    """The paths that have an administrator who can sign in, other than `but`."""
    found = await conn.scalars(
        select(_organisation.c.path)
        .join(_grant, _grant.c.organisation == _organisation.c.id)
        .join(_user, _grant.c.user == _user.c.id)
        .where(
            _grant.c.role == StaffRole.ADMINISTRATOR,
            _organisation.c.path.startswith(f"{tenant}/", autoescape=True),
            _user.c.id != but,
            _user.c.left_at.is_(None),
            _user.c.password_hash != "",
        )
    )
    return list(found)


# ---- lists --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Member:
    """`invited`: they can't sign in yet."""

    id: UserId
    login: str
    name: str
    organisation: OrganisationId
    organisation_name: str
    invited: bool
    left: bool


async def search(
    conn: AsyncConnection,
    paths: Iterable[str],
    words: str = "",
    role: StaffRole | None = None,
    page: int = 1,
) -> tuple[list[Member], bool]:
    """Who works below these paths or has a role there, by name; whether there are more pages."""
    beginnings = [_organisation.c.path.startswith(path, autoescape=True) for path in paths]
    within = or_(false(), *beginnings)
    granted = select(_grant.c.user).join(_organisation, _grant.c.organisation == _organisation.c.id)
    where: list[ColumnElement[bool]] = [or_(within, _user.c.id.in_(granted.where(within)))]
    if role is not None:
        where.append(_user.c.id.in_(granted.where(within, _grant.c.role == role)))
    for word in words.split():
        found = _user.c.name.contains(word, autoescape=True)
        where.append(or_(found, _user.c.login.contains(word.lower(), autoescape=True)))
    rows = await conn.execute(
        select(_user, _organisation.c.name.label("organisation_name"))
        .join(_organisation, _user.c.organisation == _organisation.c.id)
        .where(*where)
        .order_by(_user.c.left_at.is_not(None), func.lower(_user.c.name), _user.c.id)
        .limit(_PAGE + 1)
        .offset(_PAGE * (page - 1))
    )
    members = [
        Member(
            id=UserId(row["id"]),
            login=row["login"],
            name=row["name"],
            organisation=OrganisationId(row["organisation"]),
            organisation_name=row["organisation_name"],
            invited=not row["password_hash"],
            left=row["left_at"] is not None,
        )
        for row in rows.mappings()
    ]
    return members[:_PAGE], len(members) > _PAGE


# ---- changes ------------------------------------------------------------------------------------


async def transfer(conn: AsyncConnection, user_id: UserId, where: OrganisationId) -> None:
    """They work there from now on; their roles stay."""
    await conn.execute(update(_user).where(_user.c.id == user_id).values(organisation=where))


async def stays(conn: AsyncConnection, user_id: UserId) -> bool:
    """Whether they work here; if so, they neither leave nor lose a role before the transaction
    ends.
    """
    here = select(_user.c.id).where(_user.c.id == user_id, _user.c.left_at.is_(None))
    return await conn.scalar(here.with_for_update(read=True)) is not None


async def hold(conn: AsyncConnection, user_id: UserId) -> None:
    """Nobody gives them anything to do until the transaction ends; whoever is about to is waited
    for. So cases and offers are locked before, and none after.
    """
    found = select(_user.c.id).where(_user.c.id == user_id)
    await conn.execute(found.with_for_update(key_share=True))


async def set_left(conn: AsyncConnection, user_id: UserId, at: datetime | None) -> None:
    await conn.execute(update(_user).where(_user.c.id == user_id).values(left_at=at))
