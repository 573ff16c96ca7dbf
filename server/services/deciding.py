"""Whether a matter is taken on: accepted with a number, refused with a reason, thought over."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.assignment import WORDS_LENGTH, checked_words
from server.domain.case import OWN, Case, CaseStatus
from server.domain.errors import Refused
from server.domain.ids import CaseId, OrganisationId
from server.domain.refusal import Elsewhere, Refusal, RefusalGround
from server.domain.rights import Thing, Verb, may
from server.domain.text import checked_lines
from server.domain.user import User
from server.services import cases as case_pages
from server.services import forms, notices, statuses
from server.services.context import Context
from server.store import cases, mediators, organisations

APPLICANTS = "A"
"""The side of whoever brought the matter."""

MOST_UNITS = 200


@dataclass(frozen=True, slots=True)
class Unit:
    """Where a matter might be handled. `mediators`: how many there may be given it."""

    id: OrganisationId
    name: str
    mediators: int


@dataclass(frozen=True, slots=True)
class Decision:
    """`units` begin with the one it came to; `usual` is the nearest that has somebody for it."""

    units: tuple[Unit, ...]
    usual: OrganisationId


async def decision(ctx: Context, user: User, case: Case) -> Decision | None:
    """What accepting it asks for; None for who may not decide, and when there is nothing to."""
    async with ctx.store.read() as conn:
        thing = await cases.thing(conn, case.id)
        if case.status is not CaseStatus.APPLIED or not thing or not may(user, Verb.DECIDE, thing):
            return None
        units = await _units(conn, user, thing)
    usual = next((unit for unit in units if unit.mediators), units[0])
    return Decision(units, usual.id)


async def may_think_again(ctx: Context, user: User, case: Case) -> bool:
    if case.status not in (CaseStatus.DECLINED, CaseStatus.WITHDRAWN):
        return False
    async with ctx.store.read() as conn:
        thing = await cases.thing(conn, case.id)
    return thing is not None and may(user, Verb.DECIDE, thing)


async def require(ctx: Context, user: User, case_id: CaseId) -> None:
    """Raises Refused for who may not decide about this case."""
    async with ctx.store.read() as conn:
        await case_pages.require(conn, user, Verb.DECIDE, case_id)


async def reads(ctx: Context, user: User, case_id: CaseId) -> bool:
    """Whether it is still this user's to read: what was handed over may not be."""
    async with ctx.store.read() as conn:
        thing = await cases.thing(conn, case_id)
    return thing is not None and may(user, Verb.READ_CASE, thing)


async def accept(
    ctx: Context, user: User, case_id: CaseId, key: str, unit: OrganisationId | None = None
) -> None:
    """With the next number of the unit that is to handle it: its own, or one below.

    Raises Refused: status_changed when somebody else has decided meanwhile, unit_unknown.
    """

    async def decide(conn: AsyncConnection, case: Case) -> None:
        # Others come back to `accepted` too, from a mediator or from being closed: not by this.
        if case.status is not CaseStatus.APPLIED:
            raise Refused("status_changed")
        if unit is not None and unit != case.organisation:
            case = await _move(conn, user, case, unit)
        after = await statuses.change(ctx, conn, case, CaseStatus.ACCEPTED, user.id)
        await _tell(ctx, conn, after, "case_accepted", {"number": after.number})

    await _decide(ctx, user, case_id, key, decide, moves=unit is not None)


async def refuse(
    ctx: Context,
    user: User,
    case_id: CaseId,
    key: str,
    ground: RefusalGround,
    words: str,
    elsewhere: list[Elsewhere],
) -> None:
    """Raises Refused: words_missing (for another reason), words_unusable, elsewhere_missing."""
    why = Refusal(checked_refusal(ground, words, elsewhere), ground, tuple(elsewhere))

    async def decide(conn: AsyncConnection, case: Case) -> None:
        body = {"ground": ground, "elsewhere": [str(place) for place in elsewhere]}
        after = await statuses.change(ctx, conn, case, CaseStatus.DECLINED, user.id, why, body)
        values = {"ground": ground, "reason": why.words, "elsewhere": " ".join(elsewhere)}
        await _tell(ctx, conn, after, "case_declined", values)

    await _decide(ctx, user, case_id, key, decide)


def checked_refusal(ground: RefusalGround, words: str, elsewhere: list[Elsewhere]) -> str:
    """The words, tidied: empty ones only where the ground says enough."""
    if not elsewhere:
        raise Refused("elsewhere_missing")
    if not words.strip() and ground is not RefusalGround.OTHER:
        return ""
    return checked_lines(words, WORDS_LENGTH, "words_missing", "words_unusable")


async def think_again(ctx: Context, user: User, case_id: CaseId, key: str, why: str) -> None:
    """A matter that was refused or withdrawn is looked at again. Raises Refused."""
    why = checked_words(why)

    async def decide(conn: AsyncConnection, case: Case) -> None:
        await statuses.change(ctx, conn, case, CaseStatus.APPLIED, user.id, why)

    await _decide(ctx, user, case_id, key, decide)


async def _decide(
    ctx: Context,
    user: User,
    case_id: CaseId,
    key: str,
    decide: Callable[[AsyncConnection, Case], Awaitable[None]],
    *,
    moves: bool = False,
) -> None:
    """`moves`: to another unit, which nobody may close meanwhile."""

    async def make(conn: AsyncConnection) -> str:
        await case_pages.require(conn, user, Verb.DECIDE, case_id)
        if moves and (found := await cases.load(conn, case_id)):
            here = await organisations.get(conn, found.organisation)
            await organisations.lock_tenant(conn, here)
        case = await cases.load(conn, case_id, lock=True)
        assert case is not None
        await decide(conn, case)
        return case_id

    await forms.once(ctx, user.id, key, make)


async def _units(conn: AsyncConnection, user: User, thing: Thing) -> tuple[Unit, ...]:
    found = await mediators.units(conn, thing.path, MOST_UNITS)
    mine = [u for u in found if may(user, Verb.DECIDE, replace(thing, path=u.path))]
    return tuple(Unit(u.id, u.name, u.mediators) for u in mine)


async def _move(conn: AsyncConnection, user: User, case: Case, unit: OrganisationId) -> Case:
    """To a unit below: whose number it gets, and whose mediators may be given it."""
    here = await organisations.get(conn, case.organisation)
    there = await organisations.find(conn, unit)
    if there is None or there.closed or not there.path.startswith(here.path):
        raise Refused("unit_unknown")
    thing = await cases.thing(conn, case.id)
    if thing is None or not may(user, Verb.DECIDE, replace(thing, path=there.path)):
        raise Refused("unit_unknown")
    await cases.set_fields(conn, case.id, organisation=unit)
    moved = await cases.load(conn, case.id)
    assert moved is not None
    return moved


async def _tell(
    ctx: Context, conn: AsyncConnection, case: Case, template: str, values: dict[str, str]
) -> None:
    """Whoever asked for it. Of what was found or passed on, the parties hear when they have a
    mediator: until then it would be an answer to what they never asked.
    """
    if case.source not in OWN:
        return
    for party in case.present_parties:
        if party.side == APPLICANTS:
            key = f"{template} {case.id} {len(case.history)} {party.id}"
            await notices.to_party(ctx, conn, case, party.id, template, values, key)
