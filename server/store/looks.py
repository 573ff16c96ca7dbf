"""Who looked at what is sealed, out of the chains of cases, by when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.ids import CaseId
from server.domain.rights import Scope
from server.store import tables
from server.store.cases import in_scope

_entry, _case, _organisation = tables.audit_entry, tables.case, tables.organisation
_user = tables.user

_ABOUT = func.substr(_entry.c.chain, len("case:") + 1)
"""The case of a chain."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What one person did at one moment in one organisation, of `cases` cases; `case`, `thing` and
    `body` are one of theirs.
    """

    at: datetime
    verb: str
    actor: str
    organisation: str
    unit: str
    time_zone: str
    cases: int
    case: CaseId
    thing: str
    body: str

    @property
    def mark(self) -> tuple[str, ...]:
        """Where the next page goes on."""
        return (self.at.isoformat(), self.actor, self.verb, self.organisation)


@dataclass(frozen=True, slots=True)
class Within:
    """`name`: part of the name of who looked. `after`: the mark of the last that was shown."""

    since: datetime
    until: datetime
    verbs: tuple[str, ...]
    name: str = ""
    after: tuple[str, ...] = ()


async def listing(conn: AsyncConnection, scope: Scope, wanted: Within, limit: int) -> list[Seen]:
    """The newest first."""
    who = (_entry.c.at, _entry.c.actor, _entry.c.verb)
    unit = (_organisation.c.id, _organisation.c.name, _organisation.c.time_zone)
    # Those of one export have one reason; of what stands alone there is but one.
    one = (func.min(_case.c.id), func.min(_entry.c.thing), func.min(_entry.c.body))
    asked = (
        select(*who, *unit, func.count(_case.c.id.distinct()).label("cases"), *one)
        .join(_case, _case.c.id == _ABOUT)
        .join(_organisation, _organisation.c.id == _case.c.organisation)
        .where(_entry.c.verb.in_(wanted.verbs), in_scope(scope))
        .where(_entry.c.at >= wanted.since, _entry.c.at < wanted.until)
        .group_by(*who, *unit)
        .order_by(_entry.c.at.desc(), _entry.c.actor, _entry.c.verb, _organisation.c.id)
        .limit(limit)
    )
    if wanted.name:
        # In a meeting it is a seat that looked.
        named = [
            exists().where(
                table.c.id == _entry.c.actor, table.c.name.contains(wanted.name, autoescape=True)
            )
            for table in (_user, tables.seat)
        ]
        asked = asked.where(or_(*named))
    if wanted.after:
        asked = asked.where(_after(wanted.after))
    return [_to_seen(row) for row in await conn.execute(asked)]


async def names(conn: AsyncConnection, actors: set[str]) -> dict[str, str]:
    """Of members of staff, and of those who looked from a seat."""
    found: dict[str, str] = {}
    for table in (tables.seat, _user):
        asked = select(table.c.id, table.c.name).where(table.c.id.in_(actors))
        found |= {row.id: row.name for row in await conn.execute(asked)}
    return found


async def readable(conn: AsyncConnection, scope: Scope, found: list[CaseId]) -> dict[CaseId, str]:
    """Those of these cases that are in scope, with their titles."""
    asked = (
        select(_case.c.id, _case.c.title)
        .join(_organisation, _organisation.c.id == _case.c.organisation)
        .where(_case.c.id.in_(found), in_scope(scope))
    )
    return {CaseId(i): title for i, title in await conn.execute(asked)}


def _after(mark: tuple[str, ...]) -> ColumnElement[bool]:
    at, actor, verb, organisation = datetime.fromisoformat(mark[0]), *mark[1:]
    same_who = and_(_entry.c.actor == actor, _entry.c.verb == verb)
    return or_(
        _entry.c.at < at,
        and_(
            _entry.c.at == at,
            or_(
                _entry.c.actor > actor,
                and_(_entry.c.actor == actor, _entry.c.verb > verb),
                and_(same_who, _organisation.c.id > organisation),
            ),
        ),
    )


def _to_seen(row: Any) -> Seen:
    at, actor, verb, organisation, unit, zone, cases, case, thing, body = row
    return Seen(at, verb, actor, organisation, unit, zone, int(cases), CaseId(case), thing, body)
