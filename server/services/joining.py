"""Two cases that are one, and one that is two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import OVER, Case, HandlerRole, Outcome, checked_title
from server.domain.closing import checked_why
from server.domain.errors import Refused
from server.domain.ids import CaseId, PartyId, RepresentativeId, UserId
from server.domain.link import Goes, Link, LinkKind, checked_split, same_person, sides_there
from server.domain.organisation import Organisation
from server.domain.party import Details, Party
from server.domain.rights import Thing, Verb, may, scope
from server.domain.statement import Statement
from server.domain.user import User
from server.security.ids import new_id
from server.services import closing, extensions, forms, opening, screenings, sealed, unseating
from server.services.cases import require
from server.services.context import Context
from server.services.opening import MOST_PARTIES, NewCase, NewParty
from server.services.proposals import checked_taker
from server.store import audit, cases, links, organisations, parties, search
from server.store import screenings as kept

Known = list[tuple[Party, Details]]


@dataclass(frozen=True, slots=True)
class LinkLine:
    """`other` is the case at the other end, None for who may not read it; `outward`: from here.

    `why` is for those who may read both.
    """

    link: Link
    outward: bool
    other: Case | None
    why: str


async def meant(ctx: Context, user: User, typed: str) -> CaseId:
    """The case with this number, or at this address, that the user may work on.

    Raises Refused: join_missing, join_unknown, join_several.
    """
    typed = typed.strip()
    if not typed:
        raise Refused("join_missing")
    async with ctx.store.read() as conn:
        if "/cases/" in typed:
            typed = typed.partition("/cases/")[2].split("/")[0].split("?")[0].split("#")[0]
            thing = await cases.thing(conn, CaseId(typed))
            found = [CaseId(typed)] if thing and may(user, Verb.WORK, thing) else []
        else:
            found = await links.numbered(conn, scope(user, Verb.WORK), typed)
    if len(found) != 1:
        raise Refused("join_several" if found else "join_unknown")
    return found[0]


@dataclass(frozen=True, slots=True)
class Plan:
    """Who is `here`, in the case that is joined; who of them is who there; and which side of the
    other case each side of this one is.
    """

    here: Known
    same: Mapping[PartyId, Party]
    sides: Mapping[str, str]

    def side(self, party: Party) -> str:
        return self.same[party.id].side if party.id in self.same else self.sides[party.side]


async def going(ctx: Context, user: User, case_id: CaseId, into: CaseId) -> list[Party]:
    """Everyone of the case, on the side they will have in the other one. Raises Refused."""
    async with ctx.store.read() as conn:
        found = []
        for end in (case_id, into):
            await require(conn, user, Verb.WORK, end)
            case = await cases.load(conn, end)
            assert case is not None
            found.append(case)
        plan = await _plan(ctx, conn, *found)
    return [replace(party, side=plan.side(party)) for party, _ in plan.here]


async def join(ctx: Context, user: User, case_id: CaseId, into: CaseId, why: str, key: str) -> None:
    """The case goes on in the other one: its parties are added there, and what they told their
    mediator alone; and it is closed. If its sides were kept apart, those of the other one are.

    Papers and notes stay where they are. Raises Refused.
    """
    why = checked_why(why)
    if case_id == into:
        raise Refused("join_itself")

    async def make(conn: AsyncConnection) -> str:
        for end in (case_id, into):
            await require(conn, user, Verb.WORK, end)
        # Always in the same order, so that two who join crosswise don't wait for each other.
        held = {i: await closing.locked(conn, i) for i in sorted((case_id, into))}
        case, other = held[case_id], held[into]
        here, there = [await organisations.get(conn, c.organisation) for c in (case, other)]
        if here.tenant != there.tenant or case.kind is not other.kind:
            raise Refused("join_apart")
        if case.status in OVER or other.status in OVER:
            raise Refused("join_over")
        plan = await _plan(ctx, conn, case, other)
        added = await _bring(ctx, conn, plan, case, other, there)
        await screenings.carry(ctx, conn, case, other, plan.sides, user.id)
        link = Link(case_id, into, LinkKind.JOINED_INTO, ctx.clock(), user.id)
        await _link(ctx, conn, link, why)
        body = {"outcome": Outcome.JOINED, "into": into}
        await closing.end(ctx, conn, case, Outcome.JOINED, user.id, why, body)
        told = {"case": case_id, "parties": added}
        await _happened(ctx, conn, into, "case.joined", user.id, told)
        return into

    await forms.once(ctx, user.id, key, make)
    await screenings.meetings_follow(ctx, into, user.id)


async def split(
    ctx: Context,
    user: User,
    case_id: CaseId,
    title: str,
    goes: Mapping[PartyId, Goes],
    why: str,
    key: str,
) -> CaseId:
    """A new case, applied for, of the parties that go there, with what it is about copied.

    Who splits a case they mediate mediates the new one too. Sides that are kept apart stay so.
    Raises Refused.
    """
    why, title = checked_why(why), checked_title(title)
    async with ctx.store.read() as conn:
        new = await _part(ctx, conn, user, case_id, title, goes)
    await opening.prepare(ctx, new)

    async def make(conn: AsyncConnection) -> str:
        await require(conn, user, Verb.WORK, case_id)
        case = await closing.locked(conn, case_id)
        if case.status in OVER:
            raise Refused("split_over")
        checked_split(case.present_parties, goes)
        made = await opening.insert(ctx, conn, new)
        for handler in new.handlers:
            await _may_mediate(conn, made, handler)
        sides = {p.side: p.side for p in case.present_parties if _goes(goes, p)}
        await screenings.carry(ctx, conn, case, made, sides, user.id)
        await _leave(ctx, conn, case, goes, why)
        await extensions.people_changed(ctx, conn, case_id, user.id)
        now = ctx.clock()
        link = Link(made.id, case_id, LinkKind.SPLIT_FROM, now, user.id)
        await _link(ctx, conn, link, why)
        await _happened(ctx, conn, case_id, "case.split", user.id, {"into": made.id})
        await _happened(ctx, conn, made.id, "case.split_from", user.id, {"case": case_id})
        return made.id

    made_id = CaseId(await forms.once(ctx, user.id, key, make))
    await unseating.now(ctx, case_id)
    return made_id


async def listed(ctx: Context, user: User, case_id: CaseId) -> list[LinkLine]:
    """`of_case` by itself."""
    async with ctx.store.read() as conn:
        return await of_case(ctx, conn, user, case_id)


async def of_case(
    ctx: Context, conn: AsyncConnection, user: User, case_id: CaseId
) -> list[LinkLine]:
    found = []
    for link, hidden in await links.of_case(conn, case_id):
        outward = link.case == case_id
        other_id = link.other if outward else link.case
        thing = await cases.thing(conn, other_id)
        readable = thing is not None and may(user, Verb.READ_CASE, thing)
        other = await cases.load(conn, other_id) if readable else None
        why = sealed.unseal(ctx, link.case, _field(link), hidden) if readable else ""
        found.append(LinkLine(link, outward, other, why or ""))
    return found


async def _link(ctx: Context, conn: AsyncConnection, link: Link, why: str) -> None:
    await links.insert(conn, link, sealed.seal(ctx, link.case, _field(link), why))


def _field(link: Link) -> str:
    return f"link:{link.case}:{link.other}"


# ---- joining ----------------------------------------------------------------------------------


async def _plan(ctx: Context, conn: AsyncConnection, case: Case, other: Case) -> Plan:
    """Raises Refused("too_many_sides")."""
    there, here = await _known(ctx, conn, other), await _known(ctx, conn, case)
    same = {mine[0].id: theirs[0] for mine in here for theirs in there if same_person(mine, theirs)}
    told = {x.side for x in await kept.of_case(conn, case.id)}
    meets = {
        side: frozenset(same[p.id].side for p, _ in here if p.side == side and p.id in same)
        for side in told | {p.side for p, _ in here}
    }
    grows = {p.side for p, _ in here if p.id not in same}
    # Also those that nobody is on any more: who left may come back.
    used = {p.side for p in other.parties} | {x.side for x in await kept.of_case(conn, other.id)}
    return Plan(here, same, sides_there(meets, grows, used))


async def _bring(
    ctx: Context,
    conn: AsyncConnection,
    plan: Plan,
    case: Case,
    other: Case,
    where: Organisation,
) -> int:
    """Add who is not there yet, with who speaks for them. Returns how many were added."""
    added: dict[PartyId, PartyId] = {}
    for party, details in plan.here:
        if party.id not in plan.same:
            fresh = replace(party, id=PartyId(new_id()), side=plan.side(party))
            await opening.add_party(ctx, conn, where, other.id, fresh, details)
            added[party.id] = fresh.id
    if len(other.present_parties) + len(added) > MOST_PARTIES:
        raise Refused("too_many_parties")
    await _copy_speakers(ctx, conn, case.id, other.id, added)
    return len(added)


async def _known(ctx: Context, conn: AsyncConnection, case: Case) -> Known:
    hidden = await parties.sealed(conn, case.id)
    return [(p, sealed.details(ctx, case.id, p.id, hidden[p.id])) for p in case.present_parties]


async def _copy_speakers(
    ctx: Context,
    conn: AsyncConnection,
    source: CaseId,
    target: CaseId,
    people: Mapping[PartyId, PartyId],
) -> None:
    """Who speaks for these people now does so there too, sealed under the other case's key."""
    now = ctx.clock()
    for speaker, hidden in await parties.representatives(conn, source):
        if speaker.party in people and speaker.speaks(now):
            known = sealed.details(ctx, source, speaker.id, hidden)
            fresh_id = RepresentativeId(new_id())
            fresh = replace(speaker, id=fresh_id, party=people[speaker.party])
            again = sealed.seal_details(ctx, target, fresh_id, known)
            await parties.insert_representative(conn, fresh, again)


# ---- splitting --------------------------------------------------------------------------------


async def _part(
    ctx: Context,
    conn: AsyncConnection,
    user: User,
    case_id: CaseId,
    title: str,
    goes: Mapping[PartyId, Goes],
) -> NewCase:
    thing = await require(conn, user, Verb.WORK, case_id)
    if not may(user, Verb.CREATE_CASE, Thing(thing.path)):
        raise Refused("not_allowed")
    mediator = frozenset({user.id} & thing.mediators)
    # Who only helps with the case would else be the mediator of the new one.
    if not mediator and not may(user, Verb.READ_CASE, Thing(thing.path)):
        raise Refused("split_by_another")
    case = await cases.load(conn, case_id)
    assert case is not None
    checked_split(case.present_parties, goes)
    told = sealed.unseal(ctx, case_id, "statement", await cases.statement(conn, case_id))
    return NewCase(
        organisation=await organisations.get(conn, case.organisation),
        dispute_type=case.dispute_type,
        title=title,
        parties=[
            NewParty(party.name, party.side, party.kind, details)
            for party, details in await _known(ctx, conn, case)
            if _goes(goes, party)
        ],
        source=case.source,
        by=user.id,
        kind=case.kind,
        statement=Statement(**(told or {})),
        reference=case.reference,
        referred_by=case.referred_by,
        difficulty=case.difficulty,
        regime=case.regime,
        handlers=mediator,
    )


def _goes(goes: Mapping[PartyId, Goes], party: Party) -> bool:
    return goes.get(party.id, Goes.STAYS) is not Goes.STAYS


async def _may_mediate(conn: AsyncConnection, made: Case, user: UserId) -> None:
    try:
        await checked_taker(conn, made, user, HandlerRole.MEDIATOR, other_person=False)
    except Refused:
        raise Refused("split_by_another") from None


async def _leave(
    ctx: Context, conn: AsyncConnection, case: Case, goes: Mapping[PartyId, Goes], why: str
) -> None:
    for party in case.present_parties:
        if goes.get(party.id) is Goes.MOVES:
            hidden = sealed.seal(ctx, case.id, f"left:{party.id}", why)
            await parties.leave(conn, party.id, ctx.clock(), hidden)
            await unseating.party(ctx, conn, case.id, party.id)


async def _happened(
    ctx: Context,
    conn: AsyncConnection,
    case_id: CaseId,
    verb: str,
    by: UserId,
    body: Mapping[str, object],
) -> None:
    """`thing` is this very case; the other one is in the body."""
    await audit.append(conn, f"case:{case_id}", verb, ctx.clock(), by, case_id, body)
    await search.refresh(conn, case_id)
