"""Parties of a case: who they are, as far as it is shown; added, changed, gone and come back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import Case
from server.domain.errors import Refused
from server.domain.identity import checked_details
from server.domain.ids import CaseId, PartyId
from server.domain.masking import Masked, masked
from server.domain.organisation import Organisation
from server.domain.party import (
    REASON_LENGTH,
    Details,
    Party,
    PartyKind,
    Representative,
    checked_party,
    signs,
)
from server.domain.rights import Verb, may
from server.domain.text import checked_text
from server.domain.user import User
from server.security.ids import new_id
from server.services import editing, extensions, forms, lookups, opening, sealed, unseating
from server.services.cases import require
from server.services.context import Context
from server.services.opening import MOST_PARTIES
from server.store import audit, cases, organisations, parties, search, seats

KEPT = ("phone", "id_number", "address", "email", "born")
"""What isn't shown while it is changed: left empty, it stays."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed about a party or representative, not yet checked.

    `details`: by the names of `Details`. Of the `KEPT` ones an empty one stays as it is, unless
    it is in `removed`.
    """

    name: str
    details: Mapping[str, str]
    side: str = ""
    kind: PartyKind = PartyKind.PERSON
    removed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SpeakerLine:
    """`last_day` of the power, if it ends; `stamp`: services.editing."""

    representative: Representative
    details: Masked
    speaks: bool
    last_day: date | None
    stamp: str


@dataclass(frozen=True, slots=True)
class PartyLine:
    """`why_left`: in the words of who took them out; empty for those who are there."""

    party: Party
    details: Masked
    speakers: tuple[SpeakerLine, ...]
    why_left: str
    stamp: str


@dataclass(frozen=True, slots=True)
class PartyPage:
    """`may_look`: at what is sealed of them."""

    case: Case
    organisation: Organisation
    line: PartyLine
    may_work: bool
    may_look: bool


async def page(ctx: Context, user: User, case_id: CaseId, party_id: PartyId) -> PartyPage:
    """Raises Refused("not_found")."""
    async with ctx.store.read() as conn:
        thing = await require(conn, user, Verb.READ_CASE, case_id)
        case, organisation, line = await one(ctx, conn, user, case_id, party_id)
    allowed = (may(user, verb, thing) for verb in (Verb.WORK, Verb.SEE_SEALED))
    return PartyPage(case, organisation, line, *allowed)


async def listed(ctx: Context, case: Case, organisation: Organisation) -> list[PartyLine]:
    """`of_case` by itself."""
    async with ctx.store.read() as conn:
        return await of_case(ctx, conn, case, organisation)


async def of_case(
    ctx: Context, conn: AsyncConnection, case: Case, organisation: Organisation
) -> list[PartyLine]:
    """Everyone, also who has left. Whether one may read the case is the caller's to know."""
    hidden = await parties.sealed(conn, case.id)
    left = await parties.why_left(conn, case.id)
    speakers = await _speakers(ctx, conn, case.id, organisation)
    today = _today(ctx, organisation)
    return [
        PartyLine(
            party=party,
            details=masked(sealed.details(ctx, case.id, party.id, hidden[party.id]), today),
            speakers=tuple(s for s in speakers if s.representative.party == party.id),
            why_left=_unsealed_why(ctx, case.id, party.id, left),
            stamp=stamp(party, hidden[party.id]),
        )
        for party in case.parties
    ]


async def one(
    ctx: Context, conn: AsyncConnection, user: User, case_id: CaseId, party_id: PartyId
) -> tuple[Case, Organisation, PartyLine]:
    """Of a case that this user may read. Raises Refused("not_found")."""
    await require(conn, user, Verb.READ_CASE, case_id)
    case = await cases.load(conn, case_id)
    assert case is not None
    organisation = await organisations.get(conn, case.organisation)
    for line in await of_case(ctx, conn, case, organisation):
        if line.party.id == party_id:
            return case, organisation, line
    raise Refused("not_found")


async def add(ctx: Context, user: User, case_id: CaseId, typed: Typed, key: str) -> PartyId:
    """Raises Refused, and DetailsRefused field by field."""

    async def make(conn: AsyncConnection) -> str:
        case, organisation = await _held(conn, user, case_id)
        if len(case.present_parties) >= MOST_PARTIES:
            raise Refused("too_many_parties")
        details = _checked(ctx, organisation, typed, Details())
        party = checked_party(PartyId(new_id()), typed.side, typed.name, typed.kind)
        await _is_new(ctx, conn, case, party, details)
        await opening.add_party(ctx, conn, organisation, case_id, party, details)
        await _happened(ctx, conn, user, case_id, "case.party_added", party.id, {})
        return party.id

    return PartyId(await forms.once(ctx, user.id, key, make))


class LineRefused(Refused):
    """Of several, what is wrong with one: the `line`th, from 1."""

    def __init__(self, line: int, code: str) -> None:
        super().__init__(code)
        self.line = line


async def add_several(
    ctx: Context, user: User, case_id: CaseId, several: Sequence[Typed], key: str
) -> None:
    """All of them or none. Raises Refused, and LineRefused for the first that is not right."""

    async def make(conn: AsyncConnection) -> str:
        case, organisation = await _held(conn, user, case_id)
        if not several:
            raise Refused("parties_missing")
        if len(case.present_parties) + len(several) > MOST_PARTIES:
            raise Refused("too_many_parties")
        known = await _signs(ctx, conn, case)
        for line, typed in enumerate(several, start=1):
            try:
                details = _checked(ctx, organisation, typed, Details())
                party = checked_party(PartyId(new_id()), typed.side, typed.name, typed.kind)
                if known & signs(party.name, details):
                    raise Refused("same_person_twice")
            except Refused as refused:
                raise LineRefused(line, refused.code) from None
            known |= signs(party.name, details)
            await opening.add_party(ctx, conn, organisation, case_id, party, details)
        body = {"count": len(several)}
        await _happened(ctx, conn, user, case_id, "case.party_added", case_id, body)
        return case_id

    await forms.once(ctx, user.id, key, make)


async def change(
    ctx: Context, user: User, case_id: CaseId, party_id: PartyId, typed: Typed, seen: str
) -> None:
    """`seen`: the stamp of what the form was filled from. Raises DetailsRefused, and
    Refused: edited_meanwhile when somebody else has changed this party since, party_booked for
    another side while they have a seat in a meeting, and others.
    """
    async with ctx.store.write() as conn:
        case, organisation = await _held(conn, user, case_id)
        before, hidden = await _present(conn, case, party_id)
        editing.still(seen, stamp(before, hidden))
        known = sealed.details(ctx, case_id, party_id, hidden)
        details = _checked(ctx, organisation, typed, known)
        after = checked_party(party_id, typed.side, typed.name, typed.kind)
        if (after, details) == (before, known):
            return
        if after.side != before.side and await seats.of_party(conn, case_id, party_id):
            raise Refused("party_booked")
        await _is_new(ctx, conn, case, after, details)
        again = sealed.seal_details(ctx, case_id, party_id, details)
        await parties.replace(conn, after, again, lookups.of(ctx, organisation.tenant, details))
        if after.side != before.side:
            moved = {"from": before.side, "to": after.side}
            await _happened(ctx, conn, user, case_id, "case.party_moved", party_id, moved)
            await extensions.people_changed(ctx, conn, case_id, user.id)
        if (replace(after, side=before.side), details) != (before, known):
            body = {"fields": _differing(before, known, after, details)}
            await _happened(ctx, conn, user, case_id, "case.party_changed", party_id, body)


async def leave(ctx: Context, user: User, case_id: CaseId, party_id: PartyId, why: str) -> None:
    """They are no party of it any more; that they were, and why not, stays. Twice is once.

    The links they were given to meetings open nothing from now on.
    """
    why = checked_text(why, REASON_LENGTH, "reason_missing", "reason_unusable")
    async with ctx.store.write() as conn:
        case, _ = await _held(conn, user, case_id)
        if party_id not in {party.id for party in case.present_parties}:
            if party_id in {party.id for party in case.parties}:
                return
            raise Refused("not_found")
        if len(case.present_parties) == 1:
            raise Refused("last_party")
        hidden = sealed.seal(ctx, case_id, f"left:{party_id}", why)
        await parties.leave(conn, party_id, ctx.clock(), hidden)
        await unseating.party(ctx, conn, case_id, party_id)
        await _happened(ctx, conn, user, case_id, "case.party_left", party_id, {})
        await extensions.people_changed(ctx, conn, case_id, user.id)
    await unseating.now(ctx, case_id)


async def come_back(ctx: Context, user: User, case_id: CaseId, party_id: PartyId) -> None:
    """They had left, and are a party again. Twice is once."""
    async with ctx.store.write() as conn:
        case, _ = await _held(conn, user, case_id)
        party = next((p for p in case.parties if p.id == party_id), None)
        if party is None:
            raise Refused("not_found")
        if party.left_at is None:
            return
        hidden = (await parties.sealed(conn, case_id))[party_id]
        known = sealed.details(ctx, case_id, party_id, hidden)
        await _is_new(ctx, conn, case, party, known)
        await parties.come_back(conn, party_id)
        await _happened(ctx, conn, user, case_id, "case.party_back", party_id, {})


def stamp(party: Party, hidden: str) -> str:
    return editing.stamp(party.side, party.name, party.kind, party.left_at, hidden)


def merged(typed: Typed, known: Details) -> dict[str, str]:
    """All the details as they would be: what is typed, and what stays."""
    found: dict[str, str] = {}
    for name in Details.__dataclass_fields__:
        value = typed.details.get(name, "").strip()
        before = getattr(known, name)
        stays = name in KEPT and not value and name not in typed.removed
        found[name] = str(before or "") if stays else value
    return found


def _checked(ctx: Context, organisation: Organisation, typed: Typed, known: Details) -> Details:
    found = merged(typed, known)
    if typed.kind is PartyKind.ORGANISATION and not typed.details.get("born"):
        # They were a person's by mistake.
        found["born"] = ""
    return checked_details(typed.kind, today=_today(ctx, organisation), **found)


async def _held(conn: AsyncConnection, user: User, case_id: CaseId) -> tuple[Case, Organisation]:
    """The case, which nobody else changes meanwhile, if this user may work on it."""
    await require(conn, user, Verb.WORK, case_id)
    case = await cases.load(conn, case_id, lock=True)
    assert case is not None
    return case, await organisations.get(conn, case.organisation)


async def _present(conn: AsyncConnection, case: Case, party_id: PartyId) -> tuple[Party, str]:
    for party in case.parties:
        if party.id == party_id:
            if party.left_at is not None:
                raise Refused("party_has_left")
            return party, (await parties.sealed(conn, case.id))[party_id]
    raise Refused("not_found")


async def _is_new(
    ctx: Context, conn: AsyncConnection, case: Case, party: Party, details: Details
) -> None:
    """Raises Refused("same_person_twice") if somebody else in the case is this very person."""
    if signs(party.name, details) & await _signs(ctx, conn, case, but=party.id):
        raise Refused("same_person_twice")


async def _signs(
    ctx: Context, conn: AsyncConnection, case: Case, but: PartyId | None = None
) -> frozenset[tuple[str, ...]]:
    """By what everybody is known who is in it."""
    hidden = await parties.sealed(conn, case.id)
    return frozenset().union(
        *(
            signs(other.name, sealed.details(ctx, case.id, other.id, hidden[other.id]))
            for other in case.present_parties
            if other.id != but
        )
    )


async def _happened(
    ctx: Context,
    conn: AsyncConnection,
    user: User,
    case_id: CaseId,
    verb: str,
    thing: str,
    body: Mapping[str, object],
) -> None:
    chain = f"case:{case_id}"
    await audit.append(conn, chain, verb, ctx.clock(), user.id, thing, body)
    await search.refresh(conn, case_id)


def _differing(before: Party, known: Details, after: Party, details: Details) -> list[str]:
    """The names of what is different now: which, never what."""
    own = [name for name in ("name", "kind") if getattr(before, name) != getattr(after, name)]
    names: Iterable[str] = Details.__dataclass_fields__
    return own + [name for name in names if getattr(known, name) != getattr(details, name)]


async def _speakers(
    ctx: Context, conn: AsyncConnection, case_id: CaseId, organisation: Organisation
) -> list[SpeakerLine]:
    now, today = ctx.clock(), _today(ctx, organisation)
    return [
        SpeakerLine(
            representative=found,
            details=masked(sealed.details(ctx, case_id, found.id, hidden), today),
            speaks=found.speaks(now),
            last_day=_last_day(found, organisation),
            stamp=editing.stamp(found.name, found.kind, found.power, found.until, hidden),
        )
        for found, hidden in await parties.representatives(conn, case_id)
    ]


def _last_day(found: Representative, organisation: Organisation) -> date | None:
    """It ends with the day, so at the first moment of the next."""
    if found.until is None:
        return None
    return (found.until - timedelta(seconds=1)).astimezone(organisation.zone).date()


def _unsealed_why(
    ctx: Context, case_id: CaseId, party_id: PartyId, left: Mapping[PartyId, str]
) -> str:
    return sealed.unseal(ctx, case_id, f"left:{party_id}", left.get(party_id, "")) or ""


def _today(ctx: Context, organisation: Organisation) -> date:
    return ctx.clock().astimezone(organisation.zone).date()
