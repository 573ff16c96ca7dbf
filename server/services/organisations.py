"""Organisations, as the operator and administrators make, change, move and close them.

An administrator does so within the organisations that are theirs and what is below.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.errors import Refused
from server.domain.ids import OrganisationId, UserId
from server.domain.organisation import (
    DEFAULT_ZONE,
    Organisation,
    OrganisationKind,
    Particulars,
    checked_name,
    checked_zone,
    moved,
    path_under,
)
from server.domain.rights import Thing, Verb, may, scope
from server.domain.user import StaffRole, User
from server.security.ids import new_id
from server.services import forms, in_hand
from server.services.context import Context
from server.services.in_hand import InHand
from server.store import audit, mediators, organisations, users

OPERATOR = "operator"
"""The actor in the audit for what was done on the command line."""


@dataclass(frozen=True, slots=True)
class Branch:
    """`staff`: how many work in it itself. `found`: it is what was searched for."""

    organisation: Organisation
    staff: int
    branches: tuple[Branch, ...]
    found: bool = False


@dataclass(frozen=True, slots=True)
class InTheWay:
    """Why an organisation can't be closed yet: nothing of it may be left over."""

    open_cases: int
    staff: tuple[tuple[UserId, str], ...]
    units: tuple[Organisation, ...]

    def __bool__(self) -> bool:
        return bool(self.open_cases or self.staff or self.units)


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """`above`: what this user manages above it, from the top. `units`: directly below it.

    `targets`: what it may be moved under; empty where the user may not move it.
    """

    organisation: Organisation
    above: tuple[Organisation, ...]
    units: tuple[Organisation, ...]
    staff: tuple[tuple[UserId, str], ...]
    in_the_way: InTheWay
    targets: tuple[Organisation, ...]


class HandledFromAbove(Refused):
    """Who works on its matters by a role further up, and could not open them any more.

    `people`: name, how many open cases, how many meetings to host.
    """

    def __init__(self, people: Sequence[tuple[str, int, int]]) -> None:
        super().__init__("organisation_handled")
        self.people = tuple(people)


# ---- on the command line ------------------------------------------------------------------------


async def add(
    ctx: Context,
    name: str,
    kind: OrganisationKind,
    parent: Organisation | None = None,
    time_zone: str = "",
    phone: str = "",
) -> Organisation:
    """A unit below `parent`, or a new root (tenant). Its time zone is the parent's, if not given.

    Raises Refused: name_missing, organisation_name_unusable, time_zone_unknown.
    """
    zone = time_zone or (parent.time_zone if parent else DEFAULT_ZONE)
    new = Particulars(checked_name(name), kind, checked_zone(zone), phone.strip())
    async with ctx.store.write() as conn:
        return await _insert(ctx, conn, new, parent, OPERATOR)


async def named(ctx: Context, name_or_id: str) -> Organisation:
    """The one with this id or exactly this name. Raises Refused: unknown or ambiguous."""
    async with ctx.store.read() as conn:
        found = await organisations.named(conn, name_or_id)
    if not found:
        raise Refused("organisation_unknown")
    if len(found) > 1:
        raise Refused("organisation_ambiguous")
    return found[0]


# ---- by administrators: looking -----------------------------------------------------------------


def managed(user: User) -> list[str]:
    """The paths below which everything is this administrator's, none below another."""
    paths = sorted({clause.path for clause in scope(user, Verb.MANAGE)})
    return [p for p in paths if not any(p != q and p.startswith(q) for q in paths)]


async def require(
    conn: AsyncConnection, user: User, organisation_id: OrganisationId
) -> Organisation:
    """Raises Refused("not_found") for one that isn't there or isn't this administrator's."""
    found = await organisations.find(conn, organisation_id)
    if found is None or not may(user, Verb.MANAGE, Thing(found.path)):
        raise Refused("not_found")
    return found


async def of(ctx: Context, organisation_id: OrganisationId) -> Organisation:
    """One that must exist, because something refers to it."""
    async with ctx.store.read() as conn:
        return await organisations.get(conn, organisation_id)


async def mine(ctx: Context, user: User, *, closed: bool = False) -> list[Organisation]:
    """All that this administrator manages, as in a tree: each after the one it is under."""
    async with ctx.store.read() as conn:
        found = await organisations.below(conn, managed(user), closed=closed)
    return in_order(found)


def in_order(found: Iterable[Organisation]) -> list[Organisation]:
    """Each after the one it is under, neighbours by name."""
    known = list(found)
    names = {unit.id: (unit.name, unit.id) for unit in known}

    def place(unit: Organisation) -> list[tuple[str, str]]:
        return [names[i] for i in (*unit.above, unit.id) if i in names]

    return sorted(known, key=place)


async def tree(ctx: Context, user: User, wanted: str = "") -> list[Branch]:
    """What the user manages; with `wanted` only what has these letters in its name, and the way
    to it.
    """
    paths = managed(user)
    async with ctx.store.read() as conn:
        units = await organisations.below(conn, paths)
        staff = await organisations.staff_of(conn, paths)
    below: dict[OrganisationId | None, list[Organisation]] = {}
    known = {unit.id for unit in units}
    for unit in units:
        above = next((i for i in reversed(unit.above) if i in known), None)
        below.setdefault(above, []).append(unit)
    wanted = wanted.strip().casefold()

    def branches(of: OrganisationId | None) -> tuple[Branch, ...]:
        made = []
        for unit in below.get(of, []):
            inner = branches(unit.id)
            found = bool(wanted) and wanted in unit.name.casefold()
            if not wanted or found or inner:
                made.append(Branch(unit, staff.get(unit.id, 0), inner, found))
        return tuple(made)

    return list(branches(None))


async def page(ctx: Context, user: User, organisation_id: OrganisationId) -> OrganisationPage:
    """Raises Refused("not_found")."""
    async with ctx.store.read() as conn:
        unit = await require(conn, user, organisation_id)
        all_mine = {one.id: one for one in await organisations.below(conn, managed(user))}
        in_the_way = await _in_the_way(conn, unit)
    above = tuple(all_mine[i] for i in unit.above if i in all_mine)
    targets = [one for one in in_order(all_mine.values()) if above and _can_move(unit, one)]
    return OrganisationPage(
        organisation=unit,
        above=above,
        units=tuple(one for one in all_mine.values() if one.above[-1:] == (unit.id,)),
        staff=in_the_way.staff,
        in_the_way=in_the_way,
        targets=tuple(targets),
    )


# ---- by administrators: changing ----------------------------------------------------------------


async def make(
    ctx: Context, user: User, above: OrganisationId, new: Particulars, key: str
) -> OrganisationId:
    """A unit below another. Raises Refused: `not_found`, `organisation_closed`."""

    async def insert(conn: AsyncConnection) -> str:
        parent = await _locked(conn, user, above)
        if parent.closed:
            raise Refused("organisation_closed")
        await _short_is_free(conn, parent, new)
        return (await _insert(ctx, conn, new, parent, user.id)).id

    return OrganisationId(await forms.once(ctx, user.id, key, insert))


async def change(
    ctx: Context, user: User, organisation_id: OrganisationId, new: Particulars
) -> None:
    """The audit names what was changed, not what it says. Raises Refused("not_found")."""
    async with ctx.store.write() as conn:
        unit = await _locked(conn, user, organisation_id)
        changed = [n for n, value in asdict(new).items() if getattr(unit, n) != value]
        if changed:
            if "short" in changed:
                await _short_is_free(conn, unit, new)
            await organisations.change(conn, unit.id, new)
            await _audit(ctx, conn, unit, "organisation.changed", user.id, {"fields": changed})


async def move(
    ctx: Context, user: User, organisation_id: OrganisationId, under: OrganisationId
) -> None:
    """Under another, with all that is below it; its cases stay its own.

    One who may move it manages what it is under now and what it comes under. Raises Refused as
    `domain.organisation.moved`, and `not_found`, `not_allowed`; HandledFromAbove.
    """
    async with ctx.store.write() as conn:
        unit = await _locked(conn, user, organisation_id)
        target = await require(conn, user, under)
        if not unit.above:
            raise Refused("organisation_is_root")
        present = await organisations.get(conn, unit.above[-1])
        if not may(user, Verb.MANAGE, Thing(present.path)):
            raise Refused("not_allowed")
        if present.id == target.id:
            return
        path = moved(unit, target)
        before = await _in_hand_above(conn, present)
        await organisations.move(conn, unit, path)
        await _nothing_lost(conn, before)
        body = {"from": present.id, "under": target.id}
        await _audit(ctx, conn, unit, "organisation.moved", user.id, body)


async def _in_hand_above(conn: AsyncConnection, unit: Organisation) -> dict[User, InHand]:
    """What those have in hand whose role was given in this unit or above it. Until the transaction
    ends they are given nothing more.
    """
    found = {}
    for one in await mediators.with_roles(conn, StaffRole, above=unit.path):
        await users.hold(conn, one.id)
        person = await users.find(conn, one.id)
        assert person is not None
        found[person] = await in_hand.of(conn, person)
    return found


async def _nothing_lost(conn: AsyncConnection, before: Mapping[User, InHand]) -> None:
    """The tree was changed: what somebody had in hand they still can do something about.

    Else a matter would say that it is theirs and they could not open it.
    """
    lost = []
    for person, had in before.items():
        after = await users.find(conn, person.id) if had else None
        if after and (gone := had.without(await in_hand.of(conn, after))):
            lost.append((person.name, len(gone.cases), len(gone.meetings)))
    if lost:
        raise HandledFromAbove(lost)


async def close(ctx: Context, user: User, organisation_id: OrganisationId) -> None:
    """Raises Refused: `not_found`; `organisation_in_use`, see `InTheWay`."""
    async with ctx.store.write() as conn:
        unit = await _locked(conn, user, organisation_id)
        if unit.closed:
            return
        if not unit.above:
            raise Refused("organisation_is_root")
        if await _in_the_way(conn, unit):
            raise Refused("organisation_in_use")
        await organisations.set_closed(conn, unit.id, ctx.clock())
        await _audit(ctx, conn, unit, "organisation.closed", user.id, {})


async def reopen(ctx: Context, user: User, organisation_id: OrganisationId) -> None:
    """Raises Refused: `not_found`; `organisation_closed` when what it is under is."""
    async with ctx.store.write() as conn:
        unit = await _locked(conn, user, organisation_id)
        if not unit.closed:
            return
        if (await organisations.get(conn, unit.above[-1])).closed:
            raise Refused("organisation_closed")
        await organisations.set_closed(conn, unit.id, None)
        await _audit(ctx, conn, unit, "organisation.reopened", user.id, {})


async def _locked(
    conn: AsyncConnection, user: User, organisation_id: OrganisationId
) -> Organisation:
    """As it is once nobody else changes the tree."""
    await organisations.lock_tenant(conn, await require(conn, user, organisation_id))
    return await require(conn, user, organisation_id)


async def _insert(
    ctx: Context,
    conn: AsyncConnection,
    new: Particulars,
    parent: Organisation | None,
    by: str,
) -> Organisation:
    made_id = OrganisationId(new_id())
    made = Organisation(made_id, path_under(parent, made_id), **asdict(new))
    await organisations.insert(conn, made, parent.id if parent else None)
    body = {"parent": parent.id if parent else None, "kind": new.kind}
    await _audit(ctx, conn, made, "organisation.added", by, body)
    return made


async def _short_is_free(conn: AsyncConnection, near: Organisation, new: Particulars) -> None:
    """Two units of one tenant with one short name would give two matters the same number."""
    if new.short and await organisations.short_taken(conn, near.tenant, new.short):
        raise Refused("short_taken")


async def _in_the_way(conn: AsyncConnection, unit: Organisation) -> InTheWay:
    inner = await organisations.below(conn, [unit.path], closed=False)
    return InTheWay(
        open_cases=await organisations.open_cases(conn, unit.id),
        staff=tuple(await organisations.staff(conn, unit.id)),
        units=tuple(one for one in inner if one.above[-1:] == (unit.id,)),
    )


def _can_move(unit: Organisation, target: Organisation) -> bool:
    try:
        moved(unit, target)
    except Refused:
        return False
    return target.id != unit.above[-1]


async def _audit(
    ctx: Context,
    conn: AsyncConnection,
    unit: Organisation,
    verb: str,
    by: str,
    body: dict[str, Any],
) -> None:
    await audit.append(conn, f"org:{unit.id}", verb, ctx.clock(), by, unit.id, body)
