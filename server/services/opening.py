"""How a case comes to be, whoever brought it: one way for all of them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import (
    REFERRED,
    Case,
    CaseKind,
    CaseStatus,
    Difficulty,
    DisputeType,
    Regime,
    Source,
    changed,
    checked_title,
)
from server.domain.errors import Refused
from server.domain.ids import CaseId, OrganisationId, PartyId, UserId
from server.domain.matter_code import ALPHABET, LENGTH
from server.domain.organisation import Organisation
from server.domain.party import Details, Party, PartyKind, checked_party, signs
from server.domain.statement import Statement
from server.security.ids import new_id
from server.services import deadlines, lookups, sealed
from server.services.context import Context
from server.store import (
    audit,
    cases,
    matter_codes,
    organisations,
    parties,
    references,
    search,
    users,
)

MOST_PARTIES = 200
APPLICANT = "applicant"
"""The actor in the audit when it was nobody of the staff."""


class ReferenceKnown(Refused):
    """This very matter has been passed on to us before: it is `case`, of `organisation`."""

    def __init__(self, case: CaseId, organisation: OrganisationId) -> None:
        super().__init__("reference_known")
        self.case = case
        self.organisation = organisation


@dataclass(frozen=True, slots=True)
class NewParty:
    """`details` are checked already (domain.party)."""

    name: str
    side: str
    kind: PartyKind = PartyKind.PERSON
    details: Details = field(default_factory=Details)


@dataclass(frozen=True, slots=True)
class NewCase:
    """`by` is None for an applicant. `handlers` work on it from the start. `id`: what it was
    called as an application, whose key it goes on using.
    """

    organisation: Organisation
    dispute_type: DisputeType
    title: str
    parties: Sequence[NewParty]
    source: Source
    by: UserId | None
    kind: CaseKind = CaseKind.MEDIATION
    statement: Statement = field(default_factory=Statement)
    reference: str = ""
    referred_by: str = ""
    received_on: date | None = None
    difficulty: Difficulty = Difficulty.SIMPLE
    regime: Regime = Regime.PEOPLES
    handlers: frozenset[UserId] = frozenset()
    id: CaseId = field(default_factory=lambda: CaseId(new_id()))


async def prepare(ctx: Context, new: NewCase) -> None:
    """Before the transaction: the key under which its fields are sealed."""
    await sealed.new_key(ctx, new.id, new.organisation.tenant)


async def insert(ctx: Context, conn: AsyncConnection, new: NewCase) -> Case:
    """Within the transaction, after `prepare`. Status `applied`. Raises Refused, and
    ReferenceKnown for what the same body has passed on before.
    """
    if not new.parties:
        raise Refused("parties_missing")
    if len(new.parties) > MOST_PARTIES:
        raise Refused("too_many_parties")
    each_once(new.parties)
    # Read anew: it may have been closed since the page was opened.
    if (await organisations.get(conn, new.organisation.id)).closed:
        raise Refused("organisation_closed")
    await _only_once(conn, new)
    for handler in sorted(new.handlers):
        if not await users.stays(conn, handler):
            raise Refused("mediator_unknown")
    now = ctx.clock()
    people = [checked_party(PartyId(new_id()), p.side, p.name, p.kind) for p in new.parties]
    case = Case(
        id=new.id,
        organisation=new.organisation.id,
        kind=new.kind,
        dispute_type=new.dispute_type,
        title=checked_title(new.title),
        created_at=now,
        handlers=new.handlers,
        parties=tuple(people),
        history=(changed(None, CaseStatus.APPLIED, now, new.by),),
        source=new.source,
        reference=new.reference,
        referred_by=new.referred_by,
        received_on=new.received_on,
        difficulty=new.difficulty,
        regime=new.regime,
    )
    statement = sealed.seal(ctx, case.id, "statement", asdict(new.statement))
    await cases.insert(conn, case, statement)
    for party, given in zip(people, new.parties, strict=True):
        await add_party(ctx, conn, new.organisation, case.id, party, given.details)
    await give_code(ctx, conn, case.id)
    await search.refresh(conn, case.id)
    body = {"organisation": case.organisation, "handlers": sorted(case.handlers)}
    actor = new.by or APPLICANT
    await audit.append(conn, f"case:{case.id}", "case.created", now, actor, case.id, body)
    await deadlines.refresh(ctx, conn, case)
    return case


def each_once(people: Sequence[NewParty]) -> None:
    """Raises Refused("same_person_twice")."""
    known: set[tuple[str, ...]] = set()
    for person in people:
        found = signs(person.name, person.details)
        if known & found:
            raise Refused("same_person_twice")
        known |= found


async def _only_once(conn: AsyncConnection, new: NewCase) -> None:
    if not new.reference or new.source not in REFERRED:
        return
    # Two who enter the same one at once would both find nothing.
    await organisations.lock_tenant(conn, new.organisation)
    tenant = new.organisation.tenant
    found = await references.find(conn, tenant, new.source, new.referred_by, new.reference)
    if found is not None:
        raise ReferenceKnown(*found)


async def add_party(
    ctx: Context,
    conn: AsyncConnection,
    organisation: Organisation,
    case_id: CaseId,
    party: Party,
    details: Details,
) -> None:
    hidden = sealed.seal_details(ctx, case_id, party.id, details)
    found_by = lookups.of(ctx, organisation.tenant, details)
    await parties.insert(conn, case_id, party, hidden, found_by)


async def give_code(ctx: Context, conn: AsyncConnection, case_id: CaseId) -> None:
    """By which parties ask how it stands; in place of the one it has, if it has one."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    hashed = sealed.lookup(ctx, "", "matter_code", code)
    hidden = sealed.seal(ctx, case_id, "matter_code", code)
    if not await matter_codes.replace(conn, case_id, hashed, hidden):
        await matter_codes.insert(conn, case_id, hashed, hidden)
