"""Who speaks for a party: a lawyer, a relative, a legal representative; with which power."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import Case
from server.domain.errors import Refused
from server.domain.identity import checked_details
from server.domain.ids import CaseId, PartyId, RepresentativeId
from server.domain.organisation import Organisation
from server.domain.party import (
    Details,
    PartyKind,
    Power,
    Representative,
    RepresentativeKind,
    checked_name,
)
from server.domain.rights import Verb
from server.domain.user import User
from server.security.ids import new_id
from server.services import editing, forms, sealed
from server.services.cases import require
from server.services.context import Context
from server.services.parties import Typed, merged
from server.store import audit, cases, organisations, parties, search


@dataclass(frozen=True, slots=True)
class TypedSpeaker:
    """What was typed, not yet checked. `until`: the last day of the power, or empty."""

    typed: Typed
    kind: str
    power: str
    until: str = ""


async def add(
    ctx: Context, user: User, case_id: CaseId, party_id: PartyId, new: TypedSpeaker, key: str
) -> RepresentativeId:
    """Raises Refused, DetailsRefused."""

    async def make(conn: AsyncConnection) -> str:
        case, where = await _held(conn, user, case_id, party_id)
        now = ctx.clock()
        made = Representative(
            id=RepresentativeId(new_id()),
            party=party_id,
            name=checked_name(new.typed.name),
            kind=_kind(new.kind),
            power=_power(new.power),
            since=now,
            until=_until(new.until, where, now),
        )
        details = _checked(new, Details(), now.astimezone(where.zone).date())
        hidden = sealed.seal_details(ctx, case.id, made.id, details)
        await parties.insert_representative(conn, made, hidden)
        await _happened(ctx, conn, user, case_id, "case.speaker_added", made)
        return made.id

    return RepresentativeId(await forms.once(ctx, user.id, key, make))


async def change(
    ctx: Context,
    user: User,
    case_id: CaseId,
    party_id: PartyId,
    speaker: RepresentativeId,
    new: TypedSpeaker,
    seen: str,
) -> None:
    """Raises Refused (edited_meanwhile too, by the stamp `seen`), DetailsRefused."""
    async with ctx.store.write() as conn:
        before, hidden = await _known(conn, user, case_id, party_id, speaker)
        _, where = await _held(conn, user, case_id, party_id)
        now = ctx.clock()
        if not before.speaks(now):
            raise Refused("power_has_ended")
        stamp = editing.stamp(before.name, before.kind, before.power, before.until, hidden)
        editing.still(seen, stamp)
        after = Representative(
            id=speaker,
            party=before.party,
            name=checked_name(new.typed.name),
            kind=_kind(new.kind),
            power=_power(new.power),
            since=before.since,
            until=_until(new.until, where, now),
        )
        known = sealed.details(ctx, case_id, speaker, hidden)
        details = _checked(new, known, now.astimezone(where.zone).date())
        if (after, details) == (before, known):
            return
        again = sealed.seal_details(ctx, case_id, speaker, details)
        await parties.replace_representative(conn, after, again)
        await _happened(ctx, conn, user, case_id, "case.speaker_changed", after)


async def end(
    ctx: Context, user: User, case_id: CaseId, party_id: PartyId, speaker: RepresentativeId
) -> None:
    """They speak for nobody from now on; that they did stays. Twice is once."""
    async with ctx.store.write() as conn:
        before, _ = await _known(conn, user, case_id, party_id, speaker)
        now = ctx.clock()
        if before.speaks(now):
            await parties.end_representative(conn, speaker, now)
            await _happened(ctx, conn, user, case_id, "case.speaker_ended", before)


async def _held(
    conn: AsyncConnection, user: User, case_id: CaseId, party_id: PartyId
) -> tuple[Case, Organisation]:
    await require(conn, user, Verb.WORK, case_id)
    case = await cases.load(conn, case_id, lock=True)
    assert case is not None
    if party_id not in {party.id for party in case.present_parties}:
        known = party_id in {party.id for party in case.parties}
        raise Refused("party_has_left" if known else "not_found")
    return case, await organisations.get(conn, case.organisation)


async def _known(
    conn: AsyncConnection,
    user: User,
    case_id: CaseId,
    party_id: PartyId,
    speaker: RepresentativeId,
) -> tuple[Representative, str]:
    await require(conn, user, Verb.WORK, case_id)
    await cases.load(conn, case_id, lock=True)
    for found, hidden in await parties.representatives(conn, case_id):
        if (found.id, found.party) == (speaker, party_id):
            return found, hidden
    raise Refused("not_found")


def _checked(new: TypedSpeaker, known: Details, today: date) -> Details:
    return checked_details(PartyKind.PERSON, today=today, **merged(new.typed, known))


def _kind(typed: str) -> RepresentativeKind:
    if typed not in set(RepresentativeKind):
        raise Refused("speaker_kind_missing")
    return RepresentativeKind(typed)


def _power(typed: str) -> Power:
    if typed not in set(Power):
        raise Refused("power_missing")
    return Power(typed)


def _until(typed: str, where: Organisation, now: datetime) -> datetime | None:
    """The end of the day that was typed, there."""
    if not typed.strip():
        return None
    try:
        last = date.fromisoformat(typed.strip())
        ends = datetime.combine(last + timedelta(days=1), time(0), where.zone)
    except (ValueError, OverflowError):
        raise Refused("until_unusable") from None
    if ends <= now:
        raise Refused("until_unusable")
    return ends


async def _happened(
    ctx: Context, conn: AsyncConnection, user: User, case_id: CaseId, verb: str, who: Representative
) -> None:
    chain, body = f"case:{case_id}", {"party": who.party, "power": who.power}
    await audit.append(conn, chain, verb, ctx.clock(), user.id, who.id, body)
    await search.refresh(conn, case_id)
