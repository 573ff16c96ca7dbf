"""Staff take a matter in: a visitor's, a caller's, or one that a court or the police pass on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import (
    REFERRED,
    Case,
    CaseKind,
    CaseStatus,
    Difficulty,
    DisputeType,
    HandlerRole,
    Regime,
    Source,
)
from server.domain.errors import Refused
from server.domain.ids import CaseId, OrganisationId, UserId
from server.domain.organisation import Organisation
from server.domain.referral import Referral
from server.domain.rights import Thing, Verb, may, scope
from server.domain.statement import Statement
from server.domain.user import User
from server.services import forms, handling, opening, statuses
from server.services.cases import HANDLERS
from server.services.context import Context
from server.services.deciding import MOST_UNITS
from server.services.opening import NewCase, NewParty, ReferenceKnown
from server.services.proposals import checked_taker
from server.store import audit, cases, organisations, references, users
from server.store import forms as stored_forms
from server.store import mediators as stored_mediators

SOURCES = (Source.VISIT, Source.CALL, Source.HOTLINE, *REFERRED)
"""How a matter comes to staff; the public and grid workers have pages of their own."""


@dataclass(frozen=True, slots=True)
class Intake:
    """All of it checked by the domain. `referral` of those sources that have one.

    `other_person`: who takes it in for themself has looked, and knows nobody in it but by name.

    `accept`: at once, where the user may decide about it; `mediator`: then also given to them.
    """

    title: str
    dispute_type: DisputeType
    parties: Sequence[NewParty]
    kind: CaseKind = CaseKind.MEDIATION
    source: Source = Source.VISIT
    referral: Referral | None = None
    statement: Statement = field(default_factory=Statement)
    difficulty: Difficulty = Difficulty.SIMPLE
    regime: Regime = Regime.PEOPLES
    organisation: OrganisationId | None = None
    mediator: UserId | None = None
    accept: bool = True
    other_person: bool = False


async def create(ctx: Context, user: User, new: Intake, key: str) -> CaseId:
    """A case of the user, if they are one who handles cases; else of the mediator, if given.

    Without an organisation it belongs to that of whose case it is, else to the `usual` one. `key`
    is the form's own: sent twice, it makes one case. Raises Refused (mediator_may_know: by names,
    the mediator may know somebody in it), and ReferenceKnown for what has come in before.
    """
    if not scope(user, Verb.CREATE_CASE):
        raise Refused("not_allowed")
    async with ctx.store.read() as conn:
        handler = user if handles(user) else await _chosen(conn, user, new.mediator)
        where = await _where(conn, user, handler, new.organisation)
    if handler and not _may_handle(handler, where):
        raise Refused("mediator_elsewhere")
    accept = new.accept and _may_accept(user, where)
    if new.mediator and handler is not user and not accept:
        raise Refused("accept_first")
    made = _case(user, where, handler, new)
    await opening.prepare(ctx, made)

    async def make(conn: AsyncConnection) -> str:
        case = await opening.insert(ctx, conn, made)
        if handler is user:
            await _own(ctx, conn, case, user.id, new.other_person)
        if accept:
            case = await statuses.change(ctx, conn, case, CaseStatus.ACCEPTED, user.id)
        if accept and handler is user:
            await statuses.change(ctx, conn, case, CaseStatus.ASSIGNED, user.id)
        elif handler and handler is not user:
            await _give(ctx, conn, case, handler.id, user.id)
        return case.id

    return CaseId(await forms.once(ctx, user.id, key, make))


async def _own(
    ctx: Context, conn: AsyncConnection, case: Case, user: UserId, other_person: bool
) -> None:
    """Who takes it in for themself knows nobody in it either, as far as names tell."""
    role = HandlerRole.MEDIATOR
    try:
        await checked_taker(conn, case, user, role, other_person=other_person)
    except Refused as refused:
        known = refused.code == "conflict_found"
        raise Refused("you_may_know" if known else "mediator_elsewhere") from None
    if other_person:
        said = {"user": user, "role": role, "how": "taken_in", "namesake": True}
        await audit.append(conn, f"case:{case.id}", "case.given", ctx.clock(), user, user, said)


async def _give(
    ctx: Context, conn: AsyncConnection, case: Case, mediator: UserId, by: UserId
) -> None:
    """To whom has said yes by word of mouth, and knows nobody in it as far as names tell."""
    role = HandlerRole.MEDIATOR
    try:
        taker = await checked_taker(conn, case, mediator, role, other_person=False)
    except Refused as refused:
        # On the case's page there is a way to say that it is a namesake; here there is none.
        if refused.code == "conflict_found":
            raise Refused("mediator_may_know") from None
        raise
    said = {"user": mediator, "role": role, "how": "by_word_of_mouth", "namesake": False}
    await audit.append(conn, f"case:{case.id}", "case.given", ctx.clock(), by, mediator, said)
    await handling.put(ctx, conn, case, taker, role, by)


async def made(ctx: Context, user: User, key: str) -> CaseId | None:
    """The case that this very form has made before, if it was sent already."""
    async with ctx.store.read() as conn:
        before = await stored_forms.made(conn, user.id, key)
    return CaseId(before) if before else None


def _case(user: User, where: Organisation, handler: User | None, new: Intake) -> NewCase:
    referral = new.referral if new.source in REFERRED else None
    return NewCase(
        organisation=where,
        dispute_type=new.dispute_type,
        title=new.title,
        parties=new.parties,
        source=new.source,
        by=user.id,
        kind=new.kind,
        statement=new.statement,
        reference=referral.reference if referral else "",
        referred_by=referral.body if referral else "",
        received_on=referral.received_on if referral else None,
        difficulty=new.difficulty,
        regime=new.regime,
        handlers=frozenset({user.id} if handler is user else ()),
    )


async def mediators(ctx: Context, user: User) -> list[tuple[UserId, str]]:
    """Whom this user may give a new case to, by name; empty for who handles their own cases."""
    if handles(user):
        return []
    async with ctx.store.read() as conn:
        known = await stored_mediators.with_roles(conn, HANDLERS, below=user.path)
    return [(u.id, u.name) for u in known if _may_give(user, u)]


async def home(ctx: Context, user: User) -> Organisation:
    """Where this user works."""
    async with ctx.store.read() as conn:
        return await organisations.get(conn, user.organisation)


async def usual(ctx: Context, user: User) -> Organisation:
    """Where a case of theirs belongs for which neither a place nor a mediator was chosen."""
    async with ctx.store.read() as conn:
        return await organisations.get(conn, await _usual(conn, user))


async def places(ctx: Context, user: User) -> list[Organisation]:
    """Where this user may enter a case, by name; none when there is but one."""
    async with ctx.store.read() as conn:
        paths = [clause.path for clause in scope(user, Verb.CREATE_CASE)]
        found = await organisations.below(conn, paths, closed=False)
    return found if len(found) > 1 else []


@dataclass(frozen=True, slots=True)
class KnownReference:
    """The case that has come in before: `case` only for who may read it."""

    case: CaseId | None
    number: str
    title: str
    organisation: Organisation


async def came_before(ctx: Context, user: User, new: Intake) -> KnownReference | None:
    """Whether this very matter has been passed on before, told before anything else is."""
    referral = new.referral if new.source in REFERRED else None
    if referral is None:
        return None
    tenant = OrganisationId(user.path.partition("/")[0])
    async with ctx.store.read() as conn:
        found = await references.find(conn, tenant, new.source, referral.body, referral.reference)
    return await known(ctx, user, ReferenceKnown(*found)) if found else None


async def known(ctx: Context, user: User, reference: ReferenceKnown) -> KnownReference:
    """What this user may know of it."""
    async with ctx.store.read() as conn:
        where = await organisations.get(conn, reference.organisation)
        case, thing = (
            await cases.load(conn, reference.case),
            await cases.thing(conn, reference.case),
        )
    if case is None or thing is None or not may(user, Verb.READ_CASE, thing):
        return KnownReference(None, "", "", where)
    return KnownReference(case.id, case.number, case.title, where)


def handles(user: User) -> bool:
    """Whether their own cases are theirs to read, so that they are their handler from the start."""
    mine = Thing(user.path, handlers=frozenset({user.id}))
    return may(user, Verb.HOST, Thing(user.path, host=user.id)) and may(user, Verb.BOOK, mine)


def _may_give(user: User, handler: User) -> bool:
    return handles(handler) and may(user, Verb.CREATE_CASE, Thing(handler.path))


def _may_handle(handler: User, where: Organisation) -> bool:
    return may(handler, Verb.WORK, Thing(where.path, handlers=frozenset({handler.id})))


def _may_accept(user: User, where: Organisation) -> bool:
    return may(user, Verb.DECIDE, Thing(where.path, mediators=frozenset({user.id})))


async def _chosen(conn: AsyncConnection, user: User, mediator: UserId | None) -> User | None:
    if mediator is None:
        return None
    handler = await users.find(conn, mediator)
    if handler is None or handler.left or not _may_give(user, handler):
        raise Refused("mediator_unknown")
    return handler


async def _where(
    conn: AsyncConnection, user: User, handler: User | None, chosen: OrganisationId | None
) -> Organisation:
    where = await organisations.find(
        conn, chosen or (handler.organisation if handler else await _usual(conn, user))
    )
    if where is None or not may(user, Verb.CREATE_CASE, Thing(where.path)):
        raise Refused("organisation_not_yours" if chosen else "not_allowed")
    return where


async def _usual(conn: AsyncConnection, user: User) -> OrganisationId:
    """The nearest from where they work that has somebody for it; where nobody is, their own."""
    if handles(user):
        return user.organisation
    for unit in await stored_mediators.units(conn, user.path, MOST_UNITS):
        if unit.mediators and may(user, Verb.CREATE_CASE, Thing(unit.path)):
            return unit.id
    return user.organisation
