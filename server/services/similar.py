"""Matters with the same people, shown before a double is made, within what the user may know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import Case, DisputeType
from server.domain.errors import Refused
from server.domain.ids import CaseId, OrganisationId
from server.domain.organisation import Organisation
from server.domain.rights import Verb, may
from server.domain.user import User
from server.services import lookups, sealed
from server.services.context import Context
from server.services.opening import NewParty
from server.store import audit, cases, organisations, parties
from server.store import similar as stored
from server.store.similar import Match

NAMES_WITHIN = timedelta(days=730)
MOST_SHOWN = 10
LIMIT = "120/hour;600/day"
"""How often one user may enter numbers of people: more than anybody types."""

__all__ = [
    "Alike",
    "Known",
    "Match",
    "alike",
    "at_office",
    "before_entering",
    "similar",
    "to_case",
]


@dataclass(frozen=True, slots=True)
class Known:
    """A matter that the user may read. `people`: who is in both; `exact`: by number, not name."""

    case: Case
    organisation: Organisation
    people: tuple[str, ...]
    exact: bool


@dataclass(frozen=True, slots=True)
class Alike:
    """`elsewhere`: organisations that have such a matter which this user may not read: that there
    is one, and whom to call.
    """

    known: tuple[Known, ...] = ()
    elsewhere: tuple[Organisation, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.known or self.elsewhere)


async def similar(ctx: Context, conn: AsyncConnection, case_id: CaseId) -> list[Match]:
    """What is like this case in its tenant; `alike` says what of it somebody may know."""
    case = await cases.load(conn, case_id)
    if case is None:
        return []
    organisation = await organisations.get(conn, case.organisation)
    hidden = await parties.sealed(conn, case_id)
    people = [
        NewParty(p.name, p.side, p.kind, sealed.details(ctx, case_id, p.id, hidden[p.id]))
        for p in case.present_parties
    ]
    return await _matches(ctx, conn, organisation.tenant, people, case.dispute_type, case_id)


async def to_case(ctx: Context, user: User, case_id: CaseId) -> Alike:
    """What of that this user may know."""
    async with ctx.store.read() as conn:
        return await alike(conn, user, await similar(ctx, conn, case_id))


async def before_entering(
    ctx: Context, user: User, people: Sequence[NewParty], dispute_type: DisputeType
) -> Alike:
    """What there is already with these people, before another matter is made of them.

    That somebody's number was found where this user may not read is audited, the number is not.
    Raises Refused("too_many"): numbers can be tried out by entering them.
    """
    tenant = OrganisationId(user.path.partition("/")[0])
    by_number = any(lookups.of(ctx, tenant, person.details) for person in people)
    if by_number and not ctx.limiter.allowed(LIMIT, "alike by", user.id):
        raise Refused("too_many")
    async with ctx.store.read() as conn:
        found = await _matches(ctx, conn, tenant, people, dispute_type, None)
        known = await alike(conn, user, found)
        hidden = await _hidden(conn, user, {match.case for match in found if match.exact})
    if hidden:
        async with ctx.store.write() as conn:
            chain, body = f"org:{user.organisation}", {"found": hidden}
            await audit.append(conn, chain, "cases.sought", ctx.clock(), user.id, user.id, body)
    return known


async def at_office(
    ctx: Context, user: User, people: Sequence[NewParty], dispute_type: DisputeType, but: CaseId
) -> bool:
    """Whether the user's own office has a matter like this one already: that, and nothing of it."""
    tenant = OrganisationId(user.path.partition("/")[0])
    async with ctx.store.read() as conn:
        for match in await _matches(ctx, conn, tenant, people, dispute_type, but):
            thing = await cases.thing(conn, match.case)
            if thing is not None and thing.path == user.path:
                return True
    return False


async def _hidden(conn: AsyncConnection, user: User, found: set[CaseId]) -> int:
    """How many of them this user may not read."""
    things = [await cases.thing(conn, case) for case in found]
    return sum(thing is not None and not may(user, Verb.READ_CASE, thing) for thing in things)


async def alike(conn: AsyncConnection, user: User, found: Sequence[Match]) -> Alike:
    known: list[Known] = []
    elsewhere: dict[OrganisationId, Organisation] = {}
    for case_id in dict.fromkeys(match.case for match in found):
        case, thing = await cases.load(conn, case_id), await cases.thing(conn, case_id)
        assert case is not None
        assert thing is not None
        where = await organisations.get(conn, case.organisation)
        if not may(user, Verb.READ_CASE, thing):
            elsewhere.setdefault(where.id, where)
        elif len(known) < MOST_SHOWN:
            mine = [match for match in found if match.case == case_id]
            names = tuple(dict.fromkeys(match.name for match in mine))
            known.append(Known(case, where, names, any(match.exact for match in mine)))
    return Alike(tuple(known), tuple(list(elsewhere.values())[:MOST_SHOWN]))


async def _matches(
    ctx: Context,
    conn: AsyncConnection,
    tenant: OrganisationId,
    people: Sequence[NewParty],
    dispute_type: DisputeType,
    but: CaseId | None,
) -> list[Match]:
    hashes = {h for person in people for h in lookups.of(ctx, tenant, person.details).values()}
    names = {" ".join(person.name.split()) for person in people}
    since = ctx.clock() - NAMES_WITHIN
    return await stored.matches(conn, tenant, hashes, names, dispute_type, since, but)
