"""Who may be given matters: how much they have to do, and what names say against them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import OVER, CaseKind
from server.domain.conflict import Ground, Known, plain
from server.domain.ids import CaseId, OrganisationId, UserId
from server.domain.profile import Profile
from server.domain.user import Grant, StaffRole, User
from server.store import tables

_user, _grant, _organisation = tables.user, tables.grant, tables.organisation
_case, _handler = tables.case, tables.case_handler
_party, _representative = tables.party, tables.representative


async def with_roles(
    conn: AsyncConnection, roles: Iterable[StaffRole], *, above: str = "", below: str = ""
) -> list[User]:
    """Who has not left and has one of these roles at or above `above`, or at or below `below`.

    Paths of units; by name, with these roles as their grants. Two questions however many.
    """
    where: list[ColumnElement[bool]] = [_organisation.c.path.in_(_up(above))]
    if below:
        where.append(_organisation.c.path.startswith(below, autoescape=True))
    granted = await conn.execute(
        select(_grant.c.user, _grant.c.role, _organisation.c.path)
        .join(_organisation, _grant.c.organisation == _organisation.c.id)
        .where(_grant.c.role.in_(list(roles)), or_(*where))
    )
    grants = defaultdict(list)
    for row in granted:
        grants[row.user].append(Grant(StaffRole(row.role), row.path))
    home = _user.join(_organisation, _user.c.organisation == _organisation.c.id)
    people = await conn.execute(
        select(_user.c.id, _user.c.name, _user.c.organisation, _organisation.c.path)
        .select_from(home)
        .where(_user.c.id.in_(list(grants)), _user.c.left_at.is_(None))
        .order_by(_user.c.name, _user.c.id)
    )
    return [
        User(UserId(row.id), OrganisationId(row.organisation), row.path, row.name,
             tuple(grants[row.id]))
        for row in people
    ]  # fmt: skip


async def loads(conn: AsyncConnection, user_ids: Collection[UserId]) -> dict[UserId, int]:
    """How many open cases each works on now."""
    rows = await conn.execute(
        select(_handler.c.user, func.count().label("n"))
        .join(_case, _handler.c.case == _case.c.id)
        .where(_handler.c.user.in_(user_ids), _handler.c.until.is_(None))
        .where(_case.c.status.not_in(list(OVER)))
        .group_by(_handler.c.user)
    )
    return {UserId(row.user): row.n for row in rows}


@dataclass(frozen=True, slots=True)
class People:
    """Everybody named in a case, those who have left it too."""

    case: CaseId
    names: tuple[str, ...]

    @property
    def plain(self) -> set[str]:
        return {plain(name) for name in self.names}


async def people(conn: AsyncConnection, case_id: CaseId) -> People:
    parties = select(_party.c.name).where(_party.c.case == case_id)
    speakers = (
        select(_representative.c.name)
        .join(_party, _representative.c.party == _party.c.id)
        .where(_party.c.case == case_id)
    )
    found = [*await conn.scalars(parties), *await conn.scalars(speakers)]
    return People(case_id, tuple(dict.fromkeys(found)))


async def known(
    conn: AsyncConnection, profiles: Collection[Profile], named: People
) -> dict[UserId, Known]:
    """What the names in a case say about these people; four questions however many they are."""
    found = {p.user: Known(p.name, p.organisation_name) for p in profiles}
    colleagues = await _colleagues(conn, profiles, named)
    before = await _handled(conn, profiles, named)
    for user, ground_and_name in (await _represented(conn, profiles, named)).items():
        before[user] += ground_and_name
    return {
        user: replace(it, colleagues=colleagues[user], before=before[user])
        for user, it in found.items()
    }


async def _colleagues(
    conn: AsyncConnection, profiles: Collection[Profile], named: People
) -> dict[UserId, list[str]]:
    """Who of the people named bears the name of somebody else at the mediator's unit."""
    units = {p.organisation for p in profiles}
    rows = await conn.execute(
        select(_user.c.id, _user.c.name, _user.c.organisation)
        .where(_user.c.organisation.in_(units), _user.c.plain_name.in_(named.plain))
        .where(_user.c.left_at.is_(None))
    )
    there = list(rows)
    return defaultdict(
        list,
        {
            p.user: [r.name for r in there if r.organisation == p.organisation and r.id != p.user]
            for p in profiles
        },
    )


async def _handled(
    conn: AsyncConnection, profiles: Collection[Profile], named: People
) -> dict[UserId, list[tuple[Ground, str]]]:
    rows = await conn.execute(
        select(_handler.c.user, _case.c.kind, _party.c.name)
        .join(_case, _handler.c.case == _case.c.id)
        .join(_party, _party.c.case == _case.c.id)
        .where(_party.c.plain_name.in_(named.plain), _case.c.id != named.case)
        .where(_handler.c.user.in_([p.user for p in profiles]))
        .distinct()
        .order_by(_party.c.name, _case.c.kind)
    )
    found = defaultdict(list)
    for row in rows:
        advised = row.kind == CaseKind.CONSULTATION
        found[UserId(row.user)].append((Ground.ADVISED if advised else Ground.HANDLED, row.name))
    return found


async def _represented(
    conn: AsyncConnection, profiles: Collection[Profile], named: People
) -> dict[UserId, list[tuple[Ground, str]]]:
    """For whom of these people somebody with the mediator's name spoke in another matter."""
    elsewhere = and_(_party.c.plain_name.in_(named.plain), _party.c.case != named.case)
    rows = await conn.execute(
        select(_representative.c.plain_name.label("speaker"), _party.c.name)
        .join(_party, _representative.c.party == _party.c.id)
        .where(elsewhere, _representative.c.plain_name.in_({plain(p.name) for p in profiles}))
        .distinct()
        .order_by(_party.c.name)
    )
    spoke = [(row.speaker, row.name) for row in rows]
    return {
        p.user: [(Ground.REPRESENTED, name) for speaker, name in spoke if speaker == plain(p.name)]
        for p in profiles
    }


def _up(path: str) -> list[str]:
    """This unit's path and those of all above it."""
    parts = path.rstrip("/").split("/")
    return ["/".join(parts[: n + 1]) + "/" for n in range(len(parts))]


@dataclass(frozen=True, slots=True)
class Unit:
    """`mediators`: how many may be given its cases."""

    id: OrganisationId
    name: str
    path: str
    mediators: int


async def units(conn: AsyncConnection, path: str, limit: int) -> list[Unit]:
    """This unit and those below it, the nearest first."""
    roles = (StaffRole.MEDIATOR, StaffRole.LAWYER)
    given: dict[str, set[UserId]] = defaultdict(set)
    for user in await with_roles(conn, roles, above=path, below=path):
        for grant in user.grants:
            given[grant.path].add(user.id)
    rows = await conn.execute(
        select(_organisation.c.id, _organisation.c.name, _organisation.c.path)
        .where(_organisation.c.path.startswith(path, autoescape=True))
        .where(_organisation.c.closed_at.is_(None))
        .order_by(func.length(_organisation.c.path), _organisation.c.name, _organisation.c.id)
        .limit(limit)
    )
    return [
        Unit(
            OrganisationId(row.id),
            row.name,
            row.path,
            len(set().union(*(given[above] for above in _up(row.path)))),
        )
        for row in rows
    ]
