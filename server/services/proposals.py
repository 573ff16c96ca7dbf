"""Who might be given a matter: proposed with reasons, or set aside and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import Case, HandlerRole
from server.domain.conflict import Conflict, conflicts, serious
from server.domain.errors import Refused
from server.domain.ids import CaseId, UserId
from server.domain.organisation import Organisation
from server.domain.profile import Profile
from server.domain.proposal import Candidate, Proposal, Wanted, propose
from server.domain.rights import Verb
from server.domain.user import StaffRole, User
from server.services import cases as case_pages
from server.services.context import Context
from server.store import cases, mediators, organisations, profiles, users, wishes

SHOWN = 20
"""How many proposals are shown: who wants somebody further down looks for the name."""

MEDIATORS = (StaffRole.MEDIATOR, StaffRole.LAWYER)
ROLES = {
    HandlerRole.MEDIATOR: MEDIATORS,
    HandlerRole.CO_MEDIATOR: MEDIATORS,
    HandlerRole.CLERK: (*MEDIATORS, StaffRole.CLERK),
}


@dataclass(frozen=True, slots=True)
class Aside:
    """Somebody who is not proposed, and why."""

    profile: Profile
    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """`wishes`: the names wished for, by side. `mediator`: who has the case now, if anybody."""

    case: Case
    organisation: Organisation
    role: HandlerRole
    mediator: str | None
    proposals: tuple[Proposal, ...]
    more: int
    aside: tuple[Aside, ...]
    wishes: Mapping[str, str]


async def choice(
    ctx: Context,
    user: User,
    case_id: CaseId,
    role: HandlerRole = HandlerRole.MEDIATOR,
    languages: tuple[str, ...] = (),
    name: str = "",
) -> Choice:
    """`name`: only those whose name has it. Raises Refused for who may not decide."""
    async with ctx.store.read() as conn:
        await case_pages.require(conn, user, Verb.DECIDE, case_id)
        case = await cases.load(conn, case_id)
        assert case is not None
        organisation = await organisations.get(conn, case.organisation)
        wished = await wishes.of_case(conn, case_id)
        roles = dict(await cases.handlers(conn, case_id))
        # Its mediator is nothing less beside; as its mediator anybody else who helps may follow.
        less = role is not HandlerRole.MEDIATOR
        busy = {
            u
            for u, r in roles.items()
            if r is role or role is HandlerRole.CLERK or (less and r is HandlerRole.MEDIATOR)
        }
        candidates = await _candidates(conn, case, organisation.path, role, busy)
        against = await _conflicts(conn, case, [c.profile for c in candidates])
        named = await users.names(conn, [*wished.values(), *roles])
    wanted = Wanted(
        dispute_type=case.dispute_type,
        path=organisation.path,
        sides=frozenset(party.side for party in case.present_parties),
        languages=languages,
        wishes=wished,
    )
    found = [c for c in candidates if name.casefold() in c.profile.name.casefold()]
    ranked = propose(found, wanted, against)
    aside = [
        Aside(c.profile, against[c.profile.user]) for c in found if serious(against[c.profile.user])
    ]
    mediator = next((u for u, r in roles.items() if r is HandlerRole.MEDIATOR), None)
    return Choice(
        case=case,
        organisation=organisation,
        role=role,
        mediator=named.get(mediator) if mediator else None,
        proposals=tuple(ranked[:SHOWN]),
        more=max(0, len(ranked) - SHOWN),
        aside=tuple(aside),
        wishes={side: named[u] for side, u in wished.items() if u in named},
    )


async def checked_taker(
    conn: AsyncConnection, case: Case, user_id: UserId, role: HandlerRole, *, other_person: bool
) -> Profile:
    """Who may be given this case in this role. Raises Refused: mediator_unknown, conflict_found.

    `other_person`: somebody has looked, and it is another person of the same name.
    """
    # Who is leaving at this moment has left, or has to hand this over as well.
    if not await users.stays(conn, user_id):
        raise Refused("mediator_unknown")
    organisation = await organisations.get(conn, case.organisation)
    found = await _candidates(conn, case, organisation.path, role, set())
    profile = next((c.profile for c in found if c.profile.user == user_id), None)
    if profile is None:
        raise Refused("mediator_unknown")
    if not other_person and serious((await _conflicts(conn, case, [profile]))[user_id]):
        raise Refused("conflict_found")
    return profile


async def _candidates(
    conn: AsyncConnection, case: Case, path: str, role: HandlerRole, without: set[UserId]
) -> list[Candidate]:
    """Whose role counts where the case is, and who could therefore open it."""
    found = await mediators.with_roles(conn, ROLES[role], above=path)
    known = {u.id: u for u in found if u.id not in without}
    load = await mediators.loads(conn, list(known))
    people = await profiles.of(conn, list(known))
    return [Candidate(p, known[p.user].path, load.get(p.user, 0)) for p in people]


async def _conflicts(
    conn: AsyncConnection, case: Case, people: list[Profile]
) -> dict[UserId, tuple[Conflict, ...]]:
    named = await mediators.people(conn, case.id)
    known = await mediators.known(conn, people, named)
    return {user: conflicts(it, named.names) for user, it in known.items()}
