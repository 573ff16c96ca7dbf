"""Staff accounts, as the operator and administrators make them, and the roles given to them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.errors import Refused
from server.domain.ids import OrganisationId, UserId
from server.domain.organisation import Organisation
from server.domain.party import NAME_LENGTH
from server.domain.rights import Thing, Verb, manages, may, still_administered
from server.domain.text import checked_text
from server.domain.user import StaffRole, User
from server.security import passwords
from server.security.ids import new_id
from server.services import forms, in_hand, organisations, second_factor
from server.services.context import Context
from server.services.organisations import OPERATOR
from server.store import accounts, audit, profiles, users
from server.store import organisations as stored_organisations
from server.store.users import Given, Member

LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")


@dataclass(frozen=True, slots=True)
class Line:
    member: Member
    roles: tuple[Given, ...]


@dataclass(frozen=True, slots=True)
class PersonPage:
    """`may_manage`: the account itself, and not only the roles within what is the user's.

    `revocable`: the roles this user may take away. `invited_until`: there is an open invitation.
    """

    user: User
    login: str
    organisation: Organisation
    phone: str
    email: str
    roles: tuple[Given, ...]
    revocable: frozenset[tuple[StaffRole, OrganisationId]]
    may_manage: bool
    invited: bool
    invited_until: datetime | None
    second_factor: bool


@dataclass(frozen=True, slots=True)
class Known:
    """Of an account that is there: what an administrator may put right."""

    name: str
    organisation: OrganisationId
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class NewPerson:
    login: str
    name: str
    organisation: OrganisationId
    roles: tuple[StaffRole, ...]
    phone: str = ""
    email: str = ""


# ---- what may be typed --------------------------------------------------------------------------


def checked_login(login: str) -> str:
    login = login.strip().lower()
    if not LOGIN.fullmatch(login):
        raise Refused("login_unusable")
    return login


def checked_name(name: str) -> str:
    return checked_text(name, NAME_LENGTH, "name_missing", "name_unusable")


def checked_roles(roles: Iterable[str]) -> tuple[StaffRole, ...]:
    wanted = set(roles)
    given = tuple(role for role in StaffRole if role in wanted)
    if not given:
        raise Refused("roles_missing")
    return given


# ---- on the command line ------------------------------------------------------------------------


async def add(
    ctx: Context,
    login: str,
    name: str,
    password: str,
    organisation: Organisation,
    roles: Iterable[StaffRole],
) -> UserId:
    """An account with these roles in this organisation and what is below it.

    Raises Refused: login_unusable, login_taken, name_missing, name_unusable, password_too_short,
    password_too_long, roles_missing.
    """
    granted = checked_roles(roles)
    new = NewPerson(checked_login(login), checked_name(name), organisation.id, granted)
    hashed = await passwords.hash_password(password)
    try:
        async with ctx.store.write() as conn:
            return await _insert(ctx, conn, new, hashed, OPERATOR)
    except IntegrityError:
        raise Refused("login_taken") from None


# ---- by administrators --------------------------------------------------------------------------


async def listing(
    ctx: Context, user: User, words: str = "", role: StaffRole | None = None, page: int = 1
) -> tuple[list[Line], bool]:
    """Who works in what this administrator manages, or has a role there; whether there are more.

    Only the roles given there are shown.
    """
    paths = organisations.managed(user)
    async with ctx.store.read() as conn:
        members, more = await users.search(conn, paths, words, role, page)
        roles = await users.roles_of(conn, [member.id for member in members])
    lines = [
        Line(member, tuple(r for r in roles.get(member.id, []) if _is_mine(user, r.path)))
        for member in members
    ]
    return lines, more


async def require(conn: AsyncConnection, user: User, person_id: UserId) -> User:
    """Raises Refused("not_found") for whom this administrator has nothing to do with."""
    person = await users.find(conn, person_id)
    if person is not None:
        places = [person.path, *(grant.path for grant in person.grants)]
        if any(_is_mine(user, path) for path in places):
            return person
    raise Refused("not_found")


async def require_managed(conn: AsyncConnection, user: User, person_id: UserId) -> User:
    """Raises Refused also with `not_allowed` for who is more elsewhere."""
    person = await require(conn, user, person_id)
    if not manages(user, person):
        raise Refused("not_allowed")
    return person


async def page(ctx: Context, user: User, person_id: UserId) -> PersonPage:
    """Raises Refused("not_found")."""
    async with ctx.store.read() as conn:
        person = await require(conn, user, person_id)
        account = await accounts.find(conn, person_id)
        profile = await profiles.get(conn, person_id)
        roles = (await users.roles_of(conn, [person_id])).get(person_id, [])
        organisation = await stored_organisations.get(conn, person.organisation)
        invited_until = await accounts.invitation_of(conn, person_id)
    assert account is not None
    assert profile is not None
    shown = tuple(r for r in roles if manages(user, person) or _is_mine(user, r.path))
    open_still = invited_until is not None and invited_until > ctx.clock()
    return PersonPage(
        user=person,
        login=account.login,
        organisation=organisation,
        phone=profile.phone,
        email=profile.email,
        roles=shown,
        revocable=frozenset((r.role, r.organisation) for r in shown if _is_mine(user, r.path)),
        may_manage=manages(user, person),
        invited=not account.password_hash,
        invited_until=invited_until if open_still else None,
        second_factor=account.second_factor,
    )


async def make(ctx: Context, user: User, new: NewPerson, key: str) -> UserId:
    """An account nobody can sign in with before they are invited.

    Raises Refused: `login_taken`, `organisation_closed`, `not_found`.
    """

    async def insert(conn: AsyncConnection) -> str:
        where = await organisations.require(conn, user, new.organisation)
        if where.closed:
            raise Refused("organisation_closed")
        return await _insert(ctx, conn, new, "", user.id)

    try:
        return UserId(await forms.once(ctx, user.id, key, insert))
    except IntegrityError:
        raise Refused("login_taken") from None


async def change(ctx: Context, user: User, person_id: UserId, known: Known) -> None:
    """Their name, where they work and how they are reached: a newcomer whose number was mistyped
    can't sign in to correct it. The audit names what was changed, not what it says.

    Raises Refused: `organisation_closed`, and as above.
    """
    async with ctx.store.write() as conn:
        person = await require_managed(conn, user, person_id)
        where = await organisations.require(conn, user, known.organisation)
        if where.closed and where.id != person.organisation:
            raise Refused("organisation_closed")
        if where.tenant != person.path.partition("/")[0]:
            raise Refused("organisation_elsewhere")
        before = await profiles.get(conn, person_id)
        said = {"name": known.name, "phone": known.phone, "email": known.email}
        changed = {field: value for field, value in said.items() if getattr(before, field) != value}
        if changed:
            await profiles.set_fields(conn, person_id, changed)
        await users.transfer(conn, person_id, where.id)
        body: dict[str, Any] = {"fields": list(changed)}
        if where.id != person.organisation:
            body |= {"from": person.organisation, "to": where.id}
        if body != {"fields": []}:
            await _audit(ctx, conn, where.id, "user.changed", user.id, person_id, body)


async def give(
    ctx: Context, user: User, person_id: UserId, role: StaffRole, where: OrganisationId
) -> None:
    """Never to oneself: whoever looks after accounts would read cases by it. Twice is once.

    Raises Refused: `not_yourself`, `organisation_closed`, `has_left`, `not_found`,
    `organisation_elsewhere`.
    """
    async with ctx.store.write() as conn:
        person = await require(conn, user, person_id)
        unit = await organisations.require(conn, user, where)
        if person_id == user.id:
            raise Refused("not_yourself")
        await stored_organisations.lock_tenant(conn, unit)
        if person.left:
            raise Refused("has_left")
        if unit.closed:
            raise Refused("organisation_closed")
        if unit.tenant != person.path.partition("/")[0]:
            raise Refused("organisation_elsewhere")
        known = (await users.roles_of(conn, [person_id])).get(person_id, [])
        if any((r.role, r.organisation) == (role, where) for r in known):
            return
        await users.give(conn, person_id, role, where)
        await _audit(ctx, conn, where, "user.role_given", user.id, person_id, {"role": role})


async def revoke(
    ctx: Context, user: User, person_id: UserId, role: StaffRole, where: OrganisationId
) -> None:
    """Twice is once. Raises Refused: `last_administrator`, `role_at_work`, `not_found`."""
    async with ctx.store.write() as conn:
        before = await require(conn, user, person_id)
        unit = await organisations.require(conn, user, where)
        await stored_organisations.lock_tenant(conn, unit)
        if role is StaffRole.ADMINISTRATOR:
            await keep_administered(conn, person_id, unit)
        await users.hold(conn, person_id)
        if await users.take(conn, person_id, role, where):
            await _nothing_left(conn, before)
            await _audit(ctx, conn, where, "user.role_taken", user.id, person_id, {"role": role})


async def _nothing_left(conn: AsyncConnection, before: User) -> None:
    """A role was taken away: what they could do by it, and no more, has been handed over.

    Else nobody would know whose it is. Raises Refused("role_at_work").
    """
    after = await users.find(conn, before.id)
    assert after is not None
    if (await in_hand.of(conn, before)).without(await in_hand.of(conn, after)):
        raise Refused("role_at_work")


async def keep_administered(conn: AsyncConnection, person_id: UserId, unit: Organisation) -> None:
    """With the tenant locked: without this person somebody else must administer the unit.

    Raises Refused("last_administrator").
    """
    others = await users.administered(conn, unit.tenant, person_id)
    own = (await users.roles_of(conn, [person_id])).get(person_id, [])
    is_one = any(r.role is StaffRole.ADMINISTRATOR and r.organisation == unit.id for r in own)
    if is_one and not still_administered(unit.path, others):
        raise Refused("last_administrator")


async def reset_second_factor(ctx: Context, user: User, person_id: UserId) -> None:
    """For somebody who has lost their telephone. Raises Refused: `not_found`, `not_allowed`."""
    async with ctx.store.write() as conn:
        await require_managed(conn, user, person_id)
        await second_factor.switch_off(ctx, conn, person_id, user.id)


async def _insert(
    ctx: Context, conn: AsyncConnection, new: NewPerson, hashed: str, by: str
) -> UserId:
    """Raises IntegrityError when the login is taken."""
    user_id, where = UserId(new_id()), [(role, new.organisation) for role in new.roles]
    await users.insert(conn, user_id, new.organisation, new.login, new.name, hashed, where)
    reached = {"phone": new.phone, "email": new.email}
    await profiles.set_fields(conn, user_id, reached)
    body = {"roles": [str(role) for role in new.roles]}
    await _audit(ctx, conn, new.organisation, "user.added", by, user_id, body)
    return user_id


async def _audit(
    ctx: Context,
    conn: AsyncConnection,
    where: OrganisationId,
    verb: str,
    by: str,
    person: UserId,
    body: dict[str, Any],
) -> None:
    await audit.append(conn, f"org:{where}", verb, ctx.clock(), by, person, body)


def _is_mine(user: User, path: str) -> bool:
    return may(user, Verb.MANAGE, Thing(path))
