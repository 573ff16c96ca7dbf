"""Many new cases at once: the rows that `cases.insert` and the rest make one by one, in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Table, and_, or_, select
from sqlalchemy import insert as insert_into
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import Case, HandlerRole
from server.domain.ids import OrganisationId, PartyId, UserId
from server.domain.search import in_order, tokens
from server.security.ids import new_id
from server.store import audit, tables

_case, _user = tables.case, tables.user


@dataclass(frozen=True, slots=True)
class Record:
    """What the audit of a new case says, in order."""

    verb: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case that was elsewhere before, ready to be written. What is sealed comes sealed:
    `statement`, `details` by party; `lookups` are hashes by kind. `code`: the hash of its matter
    code and the code sealed, if it has one.
    """

    case: Case
    statement: str
    details: Mapping[PartyId, str]
    lookups: Mapping[PartyId, Mapping[str, str]]
    records: Sequence[Record]
    code: tuple[str, str] | None = None
    rows: list[tuple[Table, dict[str, Any]]] = field(default_factory=list)


async def insert(
    conn: AsyncConnection, new: Sequence[NewCase], at: datetime, actor: UserId
) -> None:
    """All of them with handlers, history, parties, codes, search words and audit chains."""
    for one in new:
        _case_rows(one)
        _party_rows(one)
        _chain(one, at, actor)
    by_table: dict[Table, list[dict[str, Any]]] = {}
    for one in new:
        for table, row in one.rows:
            by_table.setdefault(table, []).append(row)
    for table, rows in by_table.items():
        await conn.execute(insert_into(table), rows)


async def numbers_in_use(
    conn: AsyncConnection, asked: Iterable[tuple[OrganisationId, str]]
) -> set[tuple[str, str]]:
    """Which of these numbers of organisations are a case's already."""
    places: dict[OrganisationId, list[str]] = {}
    for organisation, number in asked:
        places.setdefault(organisation, []).append(number)
    if not places:
        return set()
    where = or_(
        *(
            and_(_case.c.organisation == place, _case.c.number.in_(numbers))
            for place, numbers in places.items()
        )
    )
    rows = await conn.execute(select(_case.c.organisation, _case.c.number).where(where))
    return {(row.organisation, row.number) for row in rows}


async def users_named(conn: AsyncConnection, logins: Iterable[str]) -> dict[str, UserId]:
    """Whose logins these are; also of those who have left."""
    found = select(_user.c.login, _user.c.id).where(_user.c.login.in_(list(logins)))
    return {row.login: UserId(row.id) for row in await conn.execute(found)}


def _case_rows(new: NewCase) -> None:
    case = new.case
    words = [case.number, case.title, case.reference, *(party.name for party in case.parties)]
    row = {
        "id": case.id,
        "organisation": case.organisation,
        "kind": case.kind,
        "dispute_type": case.dispute_type,
        "title": case.title,
        "status": case.status,
        "number": case.number,
        "number_order": in_order(case.number),
        "source": case.source,
        "reference": case.reference,
        "referred_by": case.referred_by,
        "received_on": case.received_on,
        "difficulty": case.difficulty,
        "regime": case.regime,
        "statement": new.statement,
        "outcome": case.outcome,
        "accepted_on": case.accepted_on,
        "closed_on": case.closed_on,
        "search": " ".join(tokens("\n".join(words))),
        "created_at": case.created_at,
    }
    new.rows.append((_case, row))
    for n, step in enumerate(case.history, start=1):
        line = {"before": step.before, "status": step.status, "at": step.at, "by": step.by}
        new.rows.append((tables.case_status, {"case": case.id, "n": n, "why": step.why, **line}))
    for user in sorted(case.handlers):
        handles = {"user": user, "role": HandlerRole.MEDIATOR, "since": case.history[-1].at}
        new.rows.append((tables.case_handler, {"id": new_id(), "case": case.id, **handles}))
    if new.code:
        hashed, sealed = new.code
        row = {"case": case.id, "hash": hashed, "sealed": sealed}
        new.rows.append((tables.matter_code, row))


def _party_rows(new: NewCase) -> None:
    for party in new.case.parties:
        row = {"side": party.side, "name": party.name, "kind": party.kind}
        row["details"] = new.details.get(party.id, "")
        new.rows.append((tables.party, {"id": party.id, "case": new.case.id, **row}))
        for kind, hashed in new.lookups.get(party.id, {}).items():
            found = {"party": party.id, "kind": kind, "hash": hashed}
            new.rows.append((tables.party_lookup, found))


def _chain(new: NewCase, at: datetime, actor: UserId) -> None:
    """A whole chain: there is no other entry yet that it could follow."""
    chain, previous = f"case:{new.case.id}", audit.START
    for n, record in enumerate(new.records, start=1):
        entry = {
            "at": at,
            "verb": record.verb,
            "actor": actor,
            "thing": new.case.id,
            "body": audit.canonical(record.body),
            "alg": audit.ALG,
        }
        hashed = audit.entry_hash(chain, previous, entry)
        line = {"chain": chain, "n": n, "previous": previous, "hash": hashed}
        new.rows.append((tables.audit_entry, {**line, **entry}))
        previous = hashed
    head = {"chain": chain, "n": len(new.records), "hash": previous}
    new.rows.append((tables.audit_head, head))
