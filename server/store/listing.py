"""Lists of cases: filtered, sorted, a page at a time.

A page begins after the last row of the page before (its place in the order), not at a number of
rows: the hundredth page is as quick as the first, and nothing is shown twice when cases come in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, false, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.case import OVER, CaseStatus, Difficulty, DisputeType, HandlerRole, Source
from server.domain.deadlines import DeadlineKind
from server.domain.ids import CaseId, OrganisationId, PartyId, UserId
from server.domain.listing import ME, NOBODY, Due, Sort, Wanted
from server.domain.rights import Scope
from server.domain.search import asked
from server.domain.user import StaffRole
from server.store import cases, search, sessions, tables

_case, _handler, _party = tables.case, tables.case_handler, tables.party
_organisation, _user, _report = tables.organisation, tables.user, tables.report

Where = list[ColumnElement[bool]]
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ListLine:
    """`parties` are those who have not left, by name; `zone` is the organisation's.

    `next_meeting`: when its next planned meeting starts, or its open one has started. `danger`:
    whoever reported it said that it may become dangerous, and it is not over.
    """

    id: CaseId
    number: str
    title: str
    dispute_type: DisputeType
    status: CaseStatus
    difficulty: Difficulty
    source: Source
    organisation: OrganisationId
    place: str
    zone: ZoneInfo
    came_in: datetime
    accepted_on: date | None
    due_kind: DeadlineKind | None
    due_on: date | None
    parties: tuple[str, ...]
    handlers: tuple[str, ...]
    next_meeting: datetime | None
    danger: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose `me`, and whose `today` it is."""

    id: UserId
    today: date
    zone: ZoneInfo


async def where(conn: AsyncConnection, scope: Scope, wanted: Wanted, reader: Reader) -> Where:
    """What holds for every case of the list, for a query over cases."""
    if conn.dialect.name == "postgresql":
        # A plan for any county and any word would be a bad one for most of them.
        await conn.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))
    found = await _within(conn, scope, wanted.organisation)
    for column, word in (
        (_case.c.status, wanted.status),
        (_case.c.dispute_type, wanted.type),
        (_case.c.source, wanted.source),
        (_case.c.difficulty, wanted.difficulty),
    ):
        if word:
            found.append(column == word)
    if wanted.handler:
        found.append(_handled(wanted.handler, reader))
    if wanted.due:
        found += _due(wanted.due, reader.today)
    if wanted.since:
        found.append(_case.c.created_at >= _midnight(wanted.since, reader.zone))
    if wanted.until:
        found.append(_case.c.created_at < _midnight(wanted.until + timedelta(days=1), reader.zone))
    if wanted.text:
        words = asked(wanted.text)
        # Signs alone are no word: nothing has them.
        found.append(await search.has(conn, words) if words else false())
    return found


def with_lookups(hashes: Iterable[str]) -> ColumnElement[bool]:
    """That one of its parties has an ID number or a telephone of one of these hashes."""
    lookup = tables.party_lookup
    of_party = select(_party.c.case).join(lookup, lookup.c.party == _party.c.id)
    return _case.c.id.in_(of_party.where(lookup.c.hash.in_(list(hashes))))


def with_status(among: Iterable[CaseStatus]) -> ColumnElement[bool]:
    return _case.c.status.in_(list(among))


@dataclass(frozen=True, slots=True)
class Page:
    """`after`: where the next page begins; empty: there is none. `seen`: how many there are from
    this page's beginning, as far as was looked.
    """

    lines: list[ListLine]
    after: str
    seen: int


async def page(
    conn: AsyncConnection,
    where: Where,
    sort: Sort,
    after: str = "",
    limit: int = 50,
    look: int = 0,
) -> Page:
    """The rows after a place in the order; a place that isn't one begins at the beginning.

    `look`: how far to look for `seen`, if farther than this page.
    """
    most = max(look, limit + 1)
    found: list[Any] = []
    for part in _parts(sort, after):
        if len(found) < most:
            # Only what stands in the index of lists; the rest is read of those found.
            rows = select(_case.c.id, _COLUMN[sort]).where(*where, *part.where)
            found += await conn.execute(rows.order_by(*part.order).limit(most - len(found)))
    more = _place(sort, found[limit - 1]) if len(found) > limit else ""
    lines = await _lines(conn, [CaseId(row.id) for row in found[:limit]])
    return Page(lines, more, len(found))


async def count(conn: AsyncConnection, where: Where, most: int) -> int:
    """How many there are, up to `most`."""
    some = select(_case.c.id).where(*where).limit(most).subquery()
    return await conn.scalar(select(func.count()).select_from(some)) or 0


async def places(conn: AsyncConnection, scope: Scope) -> list[tuple[OrganisationId, str, str]]:
    """The organisations whose cases these may be: id, name and path."""
    below = (_organisation.c.path.startswith(c.path, autoescape=True) for c in scope)
    rows = select(_organisation.c.id, _organisation.c.name, _organisation.c.path)
    found = await conn.execute(rows.where(or_(false(), *below)).order_by(_organisation.c.path))
    return [(OrganisationId(row.id), row.name, row.path) for row in found]


@dataclass(frozen=True, slots=True)
class SealedParty:
    case: CaseId
    party: PartyId
    name: str
    details: str


async def people(conn: AsyncConnection, scope: Scope, ids: list[CaseId]) -> list[SealedParty]:
    """Those who have not left, of those of these cases that are in scope; `details` sealed."""
    there = and_(_party.c.case.in_(ids), _party.c.left_at.is_(None))
    rows = (
        select(_party.c.case, _party.c.id, _party.c.name, _party.c.details)
        .join(_case, _party.c.case == _case.c.id)
        .join(_organisation, _case.c.organisation == _organisation.c.id)
        .where(cases.in_scope(scope), there)
        .order_by(_party.c.case, _party.c.side, _party.c.id)
    )
    return [
        SealedParty(CaseId(row.case), PartyId(row.id), row.name, row.details)
        for row in await conn.execute(rows)
    ]


async def staff_named(
    conn: AsyncConnection, paths: list[str], roles: Iterable[StaffRole], typed: str, most: int
) -> list[tuple[UserId, str]]:
    """Who works below one of these paths, has one of these roles, and is called like this."""
    place = func.strpos if conn.dialect.name == "postgresql" else func.instr
    below = (_organisation.c.path.startswith(path, autoescape=True) for path in paths)
    granted = select(tables.grant.c.user).where(tables.grant.c.role.in_(list(roles)))
    rows = (
        select(_user.c.id, _user.c.name)
        .join(_organisation, _user.c.organisation == _organisation.c.id)
        .where(or_(false(), *below), _user.c.left_at.is_(None), _user.c.id.in_(granted))
        .where(place(func.lower(_user.c.name), typed.lower()) > 0)
        .order_by(_user.c.name, _user.c.id)
    )
    return [(UserId(row.id), row.name) for row in await conn.execute(rows.limit(most))]


# ---- what is left out ---------------------------------------------------------------------------


async def _within(conn: AsyncConnection, scope: Scope, organisation: str) -> Where:
    """The scope (as `cases.in_scope`), and what is below an organisation.

    By the ids of organisations: there are few of them, and an index of cases begins with them.
    """
    rows = await conn.execute(select(_organisation.c.id, _organisation.c.path))
    paths = {row.id: row.path for row in rows}
    chosen = (paths.get(organisation) or "?") if organisation else ""
    any_of = []
    for clause in scope:
        below = [i for i, p in paths.items() if p.startswith(clause.path) and p.startswith(chosen)]
        conditions: Where = [] if len(below) == len(paths) else [_case.c.organisation.in_(below)]
        if clause.handler is not None:
            conditions.append(_handled_by(clause.handler))
        if clause.mediator is not None:
            conditions.append(_handled_by(clause.mediator, HandlerRole.MEDIATOR))
        if not conditions:
            return []
        any_of.append(and_(*conditions))
    return [or_(false(), *any_of)]


def _handled(handler: str, reader: Reader) -> ColumnElement[bool]:
    if handler == NOBODY:
        mine = and_(_handler.c.until.is_(None), _handler.c.case == _case.c.id)
        somebody = select(_handler.c.id).where(mine).limit(1).correlate(_case).scalar_subquery()
        # Of what is over nobody asks; and so it is looked up for few. As `NOT EXISTS` PostgreSQL
        # would first read who works on all the cases there are.
        return and_(_case.c.status.not_in(sorted(OVER)), somebody.is_(None))
    return _handled_by(reader.id if handler == ME else handler)


def _handled_by(user: str, role: HandlerRole | None = None) -> ColumnElement[bool]:
    now = and_(_handler.c.until.is_(None), _handler.c.user == user)
    if role is not None:
        now = and_(now, _handler.c.role == role)
    return _case.c.id.in_(select(_handler.c.case).where(now))


def _due(due: Due, today: date) -> Where:
    if due is Due.OVERDUE:
        return [_case.c.due_on < today]
    return [_case.c.due_on >= today, _case.c.due_on <= today + WEEK]


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)


# ---- the order ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Part:
    """The rows with a value, or those without one, in their order."""

    where: Where
    order: list[Any]


_DESCENDING = (Sort.CAME_IN, Sort.ACCEPTED)
_COLUMN = {
    Sort.CAME_IN: _case.c.created_at,
    Sort.OLDEST: _case.c.created_at,
    Sort.ACCEPTED: _case.c.accepted_on,
    Sort.DUE: _case.c.due_on,
    Sort.NUMBER: _case.c.number_order,
}


def _parts(sort: Sort, after: str) -> list[_Part]:
    """Two questions and not one: an index answers each of them in order."""
    column, down = _COLUMN[sort], sort in _DESCENDING
    value, last = _read_place(sort, after)
    id_order = _case.c.id.desc() if down else _case.c.id.asc()
    beyond = (_case.c.id < last) if down else (_case.c.id > last)
    without = column == "" if sort is Sort.NUMBER else column.is_(None)
    parts = []
    if value or not last:
        with_value: Where = [] if sort in (Sort.CAME_IN, Sort.OLDEST) else [~without]
        if value:
            reached = column <= value if down else column >= value
            passed = column < value if down else column > value
            with_value += [reached, or_(passed, beyond)]
        parts.append(_Part(with_value, [column.desc() if down else column.asc(), id_order]))
    if sort not in (Sort.CAME_IN, Sort.OLDEST):
        rest = [without] if value or not last else [without, beyond]
        parts.append(_Part(rest, [id_order]))
    return parts


def _place(sort: Sort, row: Any) -> str:
    value = row._mapping[_COLUMN[sort].name]
    written = value.isoformat() if isinstance(value, date) else value or ""
    return f"{written}~{row.id}"


def _read_place(sort: Sort, after: str) -> tuple[Any, str]:
    """The value (None: the row has none) and the id of the last row; both empty at the start."""
    value, _, last = after.rpartition("~")
    if not last or not value:
        return None, last
    try:
        if sort in (Sort.CAME_IN, Sort.OLDEST):
            at = datetime.fromisoformat(value)
            return (at, last) if at.tzinfo else (None, "")
        if sort is Sort.NUMBER:
            return value, last
        return date.fromisoformat(value), last
    except ValueError:
        return None, ""


# ---- the rows -----------------------------------------------------------------------------------


def _shown() -> list[Any]:
    names = (
        "id number title dispute_type status difficulty source organisation "
        "created_at accepted_on due_kind due_on"
    )
    place = _organisation.c.name.label("place")
    danger = and_(_report.c.danger.is_(True), _case.c.status.not_in(sorted(OVER)))
    more = [place, _organisation.c.time_zone, danger.label("danger")]
    return [*(_case.c[name] for name in names.split()), *more]


async def _lines(conn: AsyncConnection, ids: list[CaseId]) -> list[ListLine]:
    """In the order of the ids."""
    if not ids:
        return []
    shown = select(*_shown()).join(_organisation)
    shown = shown.outerjoin(_report, _report.c.id == _case.c.id)
    rows = {row.id: row for row in await conn.execute(shown.where(_case.c.id.in_(ids)))}
    people, handlers = await _names(conn, ids), await _handlers(conn, ids)
    coming = await sessions.next_of(conn, ids)
    return [
        ListLine(
            id=CaseId(row.id),
            number=row.number,
            title=row.title,
            dispute_type=DisputeType(row.dispute_type),
            status=CaseStatus(row.status),
            difficulty=Difficulty(row.difficulty),
            source=Source(row.source),
            organisation=OrganisationId(row.organisation),
            place=row.place,
            zone=ZoneInfo(row.time_zone),
            came_in=row.created_at,
            accepted_on=row.accepted_on,
            due_kind=DeadlineKind(row.due_kind) if row.due_kind else None,
            due_on=row.due_on,
            parties=tuple(people[row.id]),
            handlers=tuple(handlers[row.id]),
            next_meeting=coming.get(CaseId(row.id)),
            danger=bool(row.danger),
        )
        for row in (rows[case_id] for case_id in ids)
    ]


async def _names(conn: AsyncConnection, ids: list[CaseId]) -> dict[str, list[str]]:
    there = and_(_party.c.case.in_(ids), _party.c.left_at.is_(None))
    rows = select(_party.c.case, _party.c.name).where(there)
    found = defaultdict(list)
    for row in await conn.execute(rows.order_by(_party.c.side, _party.c.id)):
        found[row.case].append(row.name)
    return found


async def _handlers(conn: AsyncConnection, ids: list[CaseId]) -> dict[str, list[str]]:
    now = and_(_handler.c.case.in_(ids), _handler.c.until.is_(None))
    rows = select(_handler.c.case, _user.c.name).join(_user, _handler.c.user == _user.c.id)
    found = defaultdict(list)
    for row in await conn.execute(rows.where(now).order_by(_handler.c.since, _handler.c.id)):
        found[row.case].append(row.name)
    return found
