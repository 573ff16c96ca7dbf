"""Offers: a matter is offered to somebody, who takes it on or doesn't."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.assignment import ANSWER_WITHIN, Answer, Offer, checked_offer, checked_words
from server.domain.case import OVER, Case, DisputeType, HandlerRole
from server.domain.errors import Refused
from server.domain.ids import CaseId, OfferId, UserId
from server.domain.rights import Verb, may, scope
from server.domain.user import User
from server.security.ids import new_id
from server.services import cases as case_pages
from server.services import deadlines, forms, handling, notices, sealed, unseating, workdays
from server.services.context import Context
from server.services.proposals import checked_taker
from server.store import audit, cases, mediators, offers, organisations
from server.store.offers import Asked


@dataclass(frozen=True, slots=True)
class OfferToMe:
    """All that somebody who was asked may see of a matter that is not yet theirs: whom it is
    about, what kind of matter it is, and where.
    """

    id: OfferId
    case: CaseId
    role: HandlerRole
    title: str
    dispute_type: DisputeType
    place: str
    people: tuple[str, ...]
    answer_by: date
    overdue: bool


@dataclass(frozen=True, slots=True)
class OfferLine:
    """As those see it who decide. `why`: what was said with the answer."""

    offer: Offer
    title: str
    name: str
    overdue: bool
    why: str = ""


async def offer(
    ctx: Context,
    user: User,
    case_id: CaseId,
    taker: UserId,
    role: HandlerRole,
    key: str,
    *,
    other_person: bool = False,
    why: str = "",
    note: str = "",
) -> OfferId:
    """Ask somebody to take it on, within 3 working days. `key`: sent twice, it is asked once.

    Raises Refused: status_changed, mediator_unknown, conflict_found, offered_already …
    """

    async def make(conn: AsyncConnection) -> str:
        case, _ = await handling.checked(
            ctx, conn, user, case_id, taker, role, other_person=other_person, why=why, note=note
        )
        for other in await offers.of_case(conn, case_id):
            if other.answer is None and other.role is role:
                raise Refused("offered_already")
        now = ctx.clock()
        organisation = await organisations.get(conn, case.organisation)
        calendar = await workdays.calendar(ctx, conn, organisation)
        until = calendar.add(now.astimezone(organisation.zone).date(), ANSWER_WITHIN)
        made = Offer(OfferId(new_id()), case_id, taker, role, user.id, now, until)
        await offers.insert(conn, made)
        body = {"user": taker, "role": role, "until": str(until), "namesake": other_person}
        await audit.append(conn, f"case:{case_id}", "case.offered", now, user.id, made.id, body)
        await deadlines.refresh_of(ctx, conn, case_id)
        values = {"title": case.title, "until": until.isoformat()}
        await notices.to_staff(
            ctx, conn, taker, "mediator_offered", values, f"offer {made.id}", case
        )
        return made.id

    return OfferId(await forms.once(ctx, user.id, key, make))


async def mine(ctx: Context, user: User) -> list[OfferToMe]:
    """What this user is asked to take on, the newest first."""
    async with ctx.store.read() as conn:
        return [await _to_me(ctx, conn, asked) for asked in await offers.asked_of(conn, user.id)]


async def to_me(ctx: Context, user: User, offer_id: OfferId) -> OfferToMe:
    """Raises Refused: not_found for who was not asked, offer_over."""
    async with ctx.store.read() as conn:
        await _asked(conn, user, offer_id)
        asked = await offers.asked(conn, offer_id)
        assert asked is not None
        return await _to_me(ctx, conn, asked)


async def waiting(ctx: Context, user: User) -> list[OfferLine]:
    """What others have not answered yet, of the cases that this user gives away."""
    mine = tuple(clause for clause in scope(user, Verb.DECIDE) if clause.everybodys)
    async with ctx.store.read() as conn:
        return [_line(ctx, asked) for asked in await offers.asked_within(conn, mine)]


async def of_case(ctx: Context, user: User, case: Case) -> list[OfferLine]:
    """Everything that was asked about a case, for who may decide about it; else nothing."""
    async with ctx.store.read() as conn:
        thing = await cases.thing(conn, case.id)
        if thing is None or not may(user, Verb.DECIDE, thing):
            return []
        return [_line(ctx, asked) for asked in await offers.asked_of_case(conn, case.id)]


async def accept(
    ctx: Context, user: User, offer_id: OfferId, *, knows_none: bool, words: str
) -> Answer:
    """The matter is theirs, if they know none of these people.

    Else what they say goes back to who decides. Accepted twice is accepted once. Raises Refused.
    """
    words = "" if knows_none else checked_words(words)
    async with ctx.store.write() as conn:
        case = await _held(conn, offer_id)
        found = await _asked(conn, user, offer_id, answered=True)
        if found.answer is Answer.ACCEPTED:
            return Answer.ACCEPTED
        checked_offer(found)
        if not knows_none:
            await _answer(ctx, conn, found, Answer.DISCLOSED, user.id, words)
            return Answer.DISCLOSED
        handling.checked_open(case, found.role, await cases.handlers(conn, case.id))
        profile = await checked_taker(conn, case, user.id, found.role, other_person=True)
        if found.role is HandlerRole.MEDIATOR:
            await handling.meeting_is_not_open(conn, case.id)
        await _answer(ctx, conn, found, Answer.ACCEPTED, user.id)
        await handling.put(ctx, conn, case, profile, found.role, user.id)
    await unseating.now(ctx, case.id)
    return Answer.ACCEPTED


async def decline(ctx: Context, user: User, offer_id: OfferId, why: str) -> None:
    """Raises Refused: words_missing, offer_over."""
    words = checked_words(why)
    async with ctx.store.write() as conn:
        await _held(conn, offer_id)
        found = await _asked(conn, user, offer_id)
        await _answer(ctx, conn, found, Answer.DECLINED, user.id, words)


async def case_of(ctx: Context, user: User, offer_id: OfferId) -> CaseId:
    """Of an offer that was made to this user. Raises Refused("not_found")."""
    async with ctx.store.read() as conn:
        return (await _asked(conn, user, offer_id, answered=True)).case


async def take_back(ctx: Context, user: User, case_id: CaseId, offer_id: OfferId) -> None:
    """By who decides about the case; overdue or not. Raises Refused: offer_over."""
    async with ctx.store.write() as conn:
        await case_pages.require(conn, user, Verb.DECIDE, case_id)
        await cases.load(conn, case_id, lock=True)
        found = await offers.find(conn, offer_id)
        if found is None or found.case != case_id:
            raise Refused("not_found")
        await _answer(ctx, conn, checked_offer(found), Answer.TAKEN_BACK, user.id)


async def _held(conn: AsyncConnection, offer_id: OfferId) -> Case:
    """The case of an offer: who holds it, and nobody else, answers what is asked about it."""
    found = await offers.find(conn, offer_id)
    case = await cases.load(conn, found.case, lock=True) if found else None
    if case is None:
        raise Refused("not_found")
    return case


async def _asked(
    conn: AsyncConnection,
    user: User,
    offer_id: OfferId,
    *,
    answered: bool = False,
) -> Offer:
    found = await offers.find(conn, offer_id)
    if found is None or found.user != user.id:
        raise Refused("not_found")
    if found.answer is not Answer.ACCEPTED:
        case = await cases.load(conn, found.case)
        if case is None or case.status in OVER:
            # It is nobody's any more, and was never theirs.
            raise Refused("not_found")
    return found if answered else checked_offer(found)


async def _answer(
    ctx: Context,
    conn: AsyncConnection,
    offer: Offer,
    answer: Answer,
    by: UserId,
    words: str = "",
) -> None:
    now = ctx.clock()
    hidden = sealed.seal(ctx, offer.case, f"offer:{offer.id}", words) if words else ""
    await offers.answer(conn, offer.id, answer, now, hidden)
    verb, body = f"case.offer_{answer}", {"user": offer.user, "role": offer.role}
    await audit.append(conn, f"case:{offer.case}", verb, now, by, offer.id, body)
    await deadlines.refresh_of(ctx, conn, offer.case)


async def _to_me(ctx: Context, conn: AsyncConnection, asked: Asked) -> OfferToMe:
    people = await mediators.people(conn, asked.offer.case)
    return OfferToMe(
        id=asked.offer.id,
        case=asked.offer.case,
        role=asked.offer.role,
        title=asked.title,
        dispute_type=asked.dispute_type,
        place=asked.organisation,
        people=people.names,
        answer_by=asked.offer.answer_by,
        overdue=asked.offer.overdue(_today(ctx, asked)),
    )


def _line(ctx: Context, asked: Asked) -> OfferLine:
    offer = asked.offer
    return OfferLine(
        offer=offer,
        title=asked.title,
        name=asked.name,
        overdue=offer.overdue(_today(ctx, asked)),
        why=sealed.unseal(ctx, offer.case, f"offer:{offer.id}", offer.why) or "",
    )


def _today(ctx: Context, asked: Asked) -> date:
    return ctx.clock().astimezone(ZoneInfo(asked.time_zone)).date()
