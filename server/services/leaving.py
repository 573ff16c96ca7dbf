"""Somebody leaves: what they still have to do goes to a successor, and nothing opens any more.

All in one go or not at all. They stay named wherever they acted, and can come back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.assignment import Answer
from server.domain.case import HandlerRole
from server.domain.errors import Refused
from server.domain.ids import CaseId, UserId
from server.domain.rights import Thing, Verb, may
from server.domain.seating import SessionState
from server.domain.user import User
from server.services import deadlines, handling, organisations, proposals, unseating
from server.services.context import Context
from server.services.users import keep_administered, require_managed
from server.store import (
    accounts,
    audit,
    cases,
    leaving,
    offers,
    profiles,
    sessions,
    sign_ins,
    users,
)
from server.store import organisations as stored_organisations
from server.store.leaving import Handled, Hosted
from server.store.store import again

TRIES = 3
"""How often somebody is let go anew, when something is given to them at the same moment."""

SUCCESSORS = 200
"""As many are offered; of more, those who can take on everything are among the first."""


@dataclass(frozen=True, slots=True)
class Left:
    """What has to be handed over, and to whom that is possible (of all of it, as far as known)."""

    person: User
    cases: tuple[Handled, ...]
    meetings: tuple[Hosted, ...]
    successors: tuple[User, ...]

    @property
    def nothing(self) -> bool:
        return not self.cases and not self.meetings


class SuccessorUnfit(Refused):
    """The successor can't take on these cases: their roles don't reach there, or a name of a
    party or a colleague of theirs speaks against it.
    """

    def __init__(self, unfit: Sequence[Handled]) -> None:
        super().__init__("successor_unfit")
        self.unfit = tuple(unfit)


class _GivenMeanwhile(Exception):
    """Somebody has given them a matter while what they have was being handed over."""


async def look(ctx: Context, user: User, person_id: UserId) -> Left:
    """Before they leave. Raises Refused: `not_found`, `not_allowed`, `has_left`."""
    async with ctx.store.read() as conn:
        person = await require_managed(conn, user, person_id)
        if person.left:
            raise Refused("has_left")
        handled = await leaving.handled(conn, person_id)
        hosted = await leaving.hosted(conn, person_id)
        things = [t for case in handled if (t := await cases.thing(conn, case.case))]
        found: list[User] = []
        for path in organisations.managed(user) if handled or hosted else []:
            for other, _ in await users.below(conn, path, proposals.ROLES[HandlerRole.CLERK]):
                known = await users.find(conn, other)
                if known and known.id != person_id and _reaches(known, things):
                    found.append(known)
    return Left(person, tuple(handled), tuple(hosted), tuple(found[:SUCCESSORS]))


async def leave(
    ctx: Context, user: User, person_id: UserId, successor: UserId | None = None
) -> None:
    """Sign-ins, invitation, password, second factor and roles end; what is open is handed over.

    Twice is once. Raises Refused: `not_found`, `not_allowed`, `last_administrator`,
    `successor_missing`, `meeting_open`, and SuccessorUnfit.
    """
    for _ in range(TRIES):
        try:
            # It holds many cases, in no order that others could keep to.
            handed_over = await again(partial(_let_go, ctx, user, person_id, successor))
        except _GivenMeanwhile:
            continue
        for case_id in handed_over:
            await unseating.now(ctx, case_id)
        return
    raise Refused("successor_missing")


async def _let_go(
    ctx: Context, user: User, person_id: UserId, successor: UserId | None
) -> list[CaseId]:
    """In one transaction. Returns the cases they had to do with."""
    async with ctx.store.write() as conn:
        person = await require_managed(conn, user, person_id)
        where = await stored_organisations.get(conn, person.organisation)
        await stored_organisations.lock_tenant(conn, where)
        person = await require_managed(conn, user, person_id)
        if person.left:
            return []
        for role in (await users.roles_of(conn, [person_id])).get(person_id, []):
            unit = await stored_organisations.get(conn, role.organisation)
            await keep_administered(conn, person_id, unit)
        handled = await leaving.handled(conn, person_id)
        await _hand_over(ctx, conn, user, person, successor)
        await _decline(ctx, conn, user, person_id)
        await users.hold(conn, person_id)
        if await leaving.anything(conn, person_id) or await offers.open_to(conn, person_id):
            raise _GivenMeanwhile
        await _end_account(ctx, conn, user, person)
    return [one.case for one in handled]


async def come_back(ctx: Context, user: User, person_id: UserId) -> None:
    """Without roles and password: both are given anew. Twice is once. Raises Refused."""
    async with ctx.store.write() as conn:
        person = await require_managed(conn, user, person_id)
        if person.left:
            await users.set_left(conn, person_id, None)
            chain, verb = f"org:{person.organisation}", "user.came_back"
            await audit.append(conn, chain, verb, ctx.clock(), user.id, person_id, {})


async def _hand_over(
    ctx: Context, conn: AsyncConnection, user: User, person: User, successor: UserId | None
) -> None:
    handled = await leaving.handled(conn, person.id)
    hosted = await leaving.hosted(conn, person.id)
    if any(meeting.state is SessionState.OPEN for meeting in hosted):
        raise Refused("meeting_open")
    if not handled and not hosted:
        return
    taker = await users.find(conn, successor) if successor else None
    if taker is None or taker.left or taker.id == person.id:
        raise Refused("successor_missing")
    unfit = []
    for one in handled:
        try:
            await _hand_over_case(ctx, conn, user, person, taker, one)
        except Refused as refused:
            if refused.code == "meeting_open":
                raise
            unfit.append(one)
    if unfit:
        raise SuccessorUnfit(unfit)
    for meeting in await leaving.hosted(conn, person.id):
        await _hand_over_meeting(ctx, conn, user, taker, meeting)


async def _hand_over_case(
    ctx: Context, conn: AsyncConnection, user: User, person: User, taker: User, one: Handled
) -> None:
    case = await cases.load(conn, one.case, lock=True)
    assert case is not None
    current = dict(await cases.handlers(conn, one.case))
    # The mediator of a case is more than its co-mediator or clerk: one person is only one of them.
    if current.get(taker.id) is not None and one.role is not HandlerRole.MEDIATOR:
        role = current[taker.id]
    else:
        role = one.role
    profile = await proposals.checked_taker(conn, case, taker.id, role, other_person=False)
    await handling.meeting_is_not_open(conn, one.case)
    await handling.put(ctx, conn, case, profile, role, user.id)
    if one.role is not HandlerRole.MEDIATOR:
        now, body = ctx.clock(), {"user": person.id, "role": one.role}
        await cases.end_handler(conn, one.case, person.id, now)
        await unseating.co_mediator(ctx, conn, one.case, person.id)
        chain = f"case:{one.case}"
        await audit.append(conn, chain, "case.handler_ended", now, user.id, person.id, body)


async def _hand_over_meeting(
    ctx: Context, conn: AsyncConnection, user: User, taker: User, meeting: Hosted
) -> None:
    """One that was not handed over with its case: its host is a co-mediator's."""
    thing = await cases.thing(conn, meeting.case)
    if thing is None or not may(taker, Verb.HOST, Thing(thing.path, host=taker.id)):
        raise Refused("meetings_left")
    session = await sessions.load(conn, meeting.session, lock=True)
    assert session is not None
    seat = session.main_host.id
    session.new_host(taker.name, ctx.clock())
    await sessions.save(conn, session)
    await sessions.set_person(conn, seat, taker.id)
    chain, body = f"case:{meeting.case}", {"seat": seat, "host": taker.id}
    verb = "session.host_changed"
    await audit.append(conn, chain, verb, ctx.clock(), user.id, meeting.session, body)


async def _decline(ctx: Context, conn: AsyncConnection, user: User, person_id: UserId) -> None:
    """Matters offered to them are offered to nobody, so that somebody else is asked."""
    now = ctx.clock()
    for asked in await offers.open_to(conn, person_id):
        # It may be answered at this moment: by who holds its case, as here.
        await cases.load(conn, asked.case, lock=True)
        offer = await offers.find(conn, asked.id)
        if offer is None or offer.answer is not None:
            continue
        await offers.answer(conn, offer.id, Answer.TAKEN_BACK, now)
        chain, verb = f"case:{offer.case}", "case.offer_taken_back"
        body = {"user": person_id, "role": offer.role}
        await audit.append(conn, chain, verb, now, user.id, offer.id, body)
        await deadlines.refresh_of(ctx, conn, offer.case)


async def _end_account(ctx: Context, conn: AsyncConnection, user: User, person: User) -> None:
    roles = (await users.roles_of(conn, [person.id])).get(person.id, [])
    await users.take_all(conn, person.id)
    await sign_ins.close_all(conn, person.id)
    await accounts.void_invitations(conn, person.id)
    await accounts.set_password(conn, person.id, "")
    await accounts.set_totp(conn, person.id, None, None)
    await profiles.set_fields(conn, person.id, {"listed": False})
    await users.set_left(conn, person.id, ctx.clock())
    body = {"roles": [{"role": r.role, "organisation": r.organisation} for r in roles]}
    chain = f"org:{person.organisation}"
    await audit.append(conn, chain, "user.left", ctx.clock(), user.id, person.id, body)


def _reaches(user: User, things: Sequence[Thing]) -> bool:
    """Whether they could read each case once it is theirs."""
    return all(
        may(user, Verb.WORK, Thing(thing.path, thing.handlers | {user.id})) for thing in things
    )
