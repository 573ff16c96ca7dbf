"""Looking at what is sealed of a person: with a reason, once, and everybody knows who did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import Case
from server.domain.errors import Refused
from server.domain.ids import CaseId, PartyId, UserId
from server.domain.party import Details, Party, Representative, Why, checked_why
from server.domain.rights import Verb
from server.domain.user import User
from server.services import sealed
from server.services.cases import require
from server.services.context import Context
from server.store import audit, cases, parties, users

SEEN = "case.sealed_seen"


@dataclass(frozen=True, slots=True)
class Full:
    """A party with all that is known of them and of who speaks for them."""

    case: Case
    party: Party
    details: Details
    speakers: tuple[tuple[Representative, Details], ...]


@dataclass(frozen=True, slots=True)
class Look:
    """Who has looked at whom, and why; `words` are theirs."""

    at: datetime
    who: str
    party: str
    why: Why
    words: str


async def full(
    ctx: Context, user: User, case_id: CaseId, party_id: PartyId, why: str, words: str
) -> Full:
    """Audited with the reason before anything is shown. Raises Refused: reason_missing, …"""
    async with ctx.store.write() as conn:
        await require(conn, user, Verb.SEE_SEALED, case_id)
        reason, said = checked_why(why, words)
        case = await cases.load(conn, case_id)
        party = next((p for p in case.parties if p.id == party_id), None) if case else None
        if case is None or party is None:
            raise Refused("not_found")
        # The reason may name people: it is sealed with the case.
        body = {"why": reason, "words": sealed.seal(ctx, case_id, SEEN, said) if said else ""}
        now, chain = ctx.clock(), f"case:{case_id}"
        await audit.append(conn, chain, SEEN, now, user.id, party_id, body)
        hidden = await parties.sealed(conn, case_id)
        speakers = [
            r for r in await parties.representatives(conn, case_id) if r[0].party == party_id
        ]
    return Full(
        case,
        party,
        sealed.details(ctx, case_id, party_id, hidden[party_id]),
        tuple((r, sealed.details(ctx, case_id, r.id, text)) for r, text in speakers),
    )


async def listed(ctx: Context, case: Case) -> list[Look]:
    """`looks` by itself."""
    async with ctx.store.read() as conn:
        return await looks(ctx, conn, case)


async def looks(ctx: Context, conn: AsyncConnection, case: Case) -> list[Look]:
    """Newest first. For those who may read the audit."""
    chain = await audit.of_chain(conn, f"case:{case.id}")
    found = [entry for entry in chain if entry.verb == SEEN]
    staff = await users.names(conn, {UserId(entry.actor) for entry in found})
    people = {str(party.id): party.name for party in case.parties}
    return [
        Look(
            at=entry.at,
            who=staff.get(UserId(entry.actor), ""),
            party=people.get(entry.thing, ""),
            why=Why(entry.body["why"]),
            words=sealed.unseal(ctx, case.id, SEEN, entry.body["words"]) or "",
        )
        for entry in reversed(found)
    ]
