"""The units that take matters in, as somebody finds theirs who knows only where they live."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.application import Unit
from server.domain.errors import Refused
from server.domain.ids import OrganisationId
from server.domain.organisation import Organisation, OrganisationKind
from server.services.context import Context
from server.store import applications, organisations

TAKING = frozenset(
    {
        OrganisationKind.COUNTY,
        OrganisationKind.STATION,
        OrganisationKind.COMMITTEE,
        OrganisationKind.STUDIO,
    }
)
FEW = 30
"""So many can be looked through; of more, people say first in which part of the tree."""


@dataclass(frozen=True, slots=True)
class Choice:
    """`units` can be chosen; `parts` lead further down. `inside`: where in the tree this is.

    `more`: a search found more than are shown.
    """

    units: tuple[Unit, ...]
    parts: tuple[Unit, ...] = ()
    inside: Unit | None = None
    more: bool = False


async def choice(ctx: Context, inside: str, words: str) -> Choice:
    """What is shown below `inside` (an id), or what has all of these words in name or address."""
    async with ctx.store.read() as conn:
        every = await applications.units(conn)
    return _found(every, words) if words.strip() else _below(every, inside)


async def named(ctx: Context, organisation: OrganisationId) -> Unit | None:
    async with ctx.store.read() as conn:
        return await applications.unit(conn, organisation)


async def first_tenant(conn: AsyncConnection) -> OrganisationId:
    """Where an application belongs until a unit is chosen. Raises Refused("apply_nowhere")."""
    takers = [unit for unit in await applications.units(conn) if unit.kind in TAKING]
    if not takers:
        raise Refused("apply_nowhere")
    return OrganisationId(takers[0].path.partition("/")[0])


async def taking(conn: AsyncConnection, organisation: OrganisationId) -> Organisation:
    """Raises Refused("apply_where_missing") for one that takes no matters (any more)."""
    unit = await applications.unit(conn, organisation)
    if unit is None or unit.kind not in TAKING:
        raise Refused("apply_where_missing")
    return await organisations.get(conn, organisation)


def _found(every: Sequence[Unit], words: str) -> Choice:
    wanted = words.casefold().split()
    found = [
        unit
        for unit in every
        if unit.kind in TAKING
        and all(word in f"{unit.name} {unit.address}".casefold() for word in wanted)
    ]
    return Choice(tuple(found[:FEW]), more=len(found) > FEW)


def _below(every: Sequence[Unit], inside: str) -> Choice:
    """Few are shown at once; of many, what stands directly below, the larger ones to be opened."""
    here = next((unit for unit in every if unit.id == inside), None)
    path = here.path if here else ""
    takers = [unit for unit in every if unit.kind in TAKING and unit.path.startswith(path)]
    if len(takers) <= FEW:
        return Choice(tuple(takers), inside=here)
    depth = path.count("/") + 1
    children = [u for u in every if u.path.startswith(path) and u.path.count("/") == depth]
    if here is None and len(children) == 1:
        return _below(every, children[0].id)
    parts = [c for c in children if any(t.path.startswith(c.path) and t != c for t in takers)]
    units = [c for c in children if c in takers and c not in parts]
    if here in takers:
        units.insert(0, here)
    return Choice(tuple(units), tuple(parts), here)
