"""The calendar: a week of meetings, somebody's day, and when the next one fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from server.domain.booking import USUAL_HOURS, Hint, Hours, Span, hints, next_free, opening
from server.domain.case import BOOKABLE
from server.domain.ids import SessionId, UserId
from server.domain.listing import Wanted
from server.domain.organisation import Organisation
from server.domain.rights import Verb, scope
from server.domain.user import User
from server.domain.workdays import Calendar
from server.services import clashes, finding, workdays
from server.services.context import Context
from server.store import calendar, listing, organisations, users
from server.store.calendar import Held
from server.store.listing import ListLine

WEEK = timedelta(days=7)
_DAY = timedelta(days=1)
MOST_CASES = 20


@dataclass(frozen=True, slots=True)
class Entry:
    """`title` is empty for a meeting whose case one may not read: somebody is taken, no more."""

    id: SessionId
    title: str
    held: Held


@dataclass(frozen=True, slots=True)
class Slot:
    """An hour of a day. `begin`: what begins in it; `taken`: something goes on. `bookable`: it is
    still to come.
    """

    at: datetime
    begin: tuple[Entry, ...]
    taken: bool
    open: bool
    bookable: bool


@dataclass(frozen=True, slots=True)
class Day:
    on: date
    works: bool
    today: bool
    slots: tuple[Slot, ...]

    @property
    def free(self) -> list[Slot]:
        """Those in which one can book and the house is open."""
        return [slot for slot in self.slots if slot.bookable and slot.open and not slot.taken]


@dataclass(frozen=True, slots=True)
class Week:
    """`people`: whose calendars one may look at, by name; `person`: whose this is, if one's."""

    monday: date
    days: tuple[Day, ...]
    hours: tuple[int, ...]
    zone: ZoneInfo
    people: tuple[tuple[UserId, str], ...]
    person: UserId | None
    may_book: bool
    this_week: bool


async def week(ctx: Context, user: User, monday: date | None, person: str = "") -> Week:
    """The meetings that one may read; of one person all the times at which they are taken.

    The week begins on the Monday on or before `monday`; None: this week.
    """
    async with ctx.store.read() as conn:
        home = await organisations.get(conn, user.organisation)
        today = ctx.clock().astimezone(home.zone).date()
        first = monday or today
        first -= timedelta(days=first.weekday())
        start = datetime.combine(first, time(0), home.zone)
        span = Span(start, datetime.combine(first + WEEK, time(0), home.zone))
        mine = scope(user, Verb.READ_CASE) + scope(user, Verb.HOST)
        found = await calendar.between(conn, mine, span)
        people = await _people(conn, user, found)
        chosen = UserId(person) if person in dict(people) else None
        entries = await _entries(conn, user, found, span, chosen)
        worked = await workdays.calendar(ctx, conn, home)
    hours = opening(home.hours) or USUAL_HOURS
    shown = _hours(hours, entries, home.zone)
    now = ctx.clock()
    return Week(
        monday=first,
        days=tuple(
            _day(first + n * _DAY, entries, shown, hours, worked, home.zone, now) for n in range(7)
        ),
        hours=shown,
        zone=home.zone,
        people=people,
        person=chosen,
        may_book=bool(scope(user, Verb.BOOK)),
        this_week=first <= today < first + WEEK,
    )


async def _people(
    conn: AsyncConnection, user: User, found: Sequence[Held]
) -> tuple[tuple[UserId, str], ...]:
    """Who sits in what one sees, and oneself."""
    seated = {person for held in found for person in held.people} | {user.id}
    names = await users.names(conn, seated)
    return tuple(sorted(names.items(), key=lambda one: (one[0] != user.id, one[1])))


async def _entries(
    conn: AsyncConnection, user: User, found: Sequence[Held], span: Span, person: UserId | None
) -> list[Entry]:
    entries = [Entry(held.id, held.number or held.title, held) for held in found]
    if person is not None:
        entries = [entry for entry in entries if person in entry.held.people]
        seen = {entry.id for entry in entries}
        others = await calendar.taken(conn, span, [person])
        entries += [Entry(held.id, "", held) for held in others if held.id not in seen]
    return sorted(entries, key=lambda entry: (entry.held.span.start, entry.id))


def _hours(hours: Hours, entries: Sequence[Entry], zone: ZoneInfo) -> tuple[int, ...]:
    """From opening to closing, and whatever meetings lie outside."""
    first = min(opens.hour for opens, _ in hours)
    last = max(closes.hour + bool(closes.minute) for _, closes in hours)
    for entry in entries:
        start = entry.held.span.start.astimezone(zone)
        first, last = min(first, start.hour), max(last, start.hour + 1)
    return tuple(range(first, last))


def _day(
    on: date,
    entries: Sequence[Entry],
    shown: Sequence[int],
    hours: Hours,
    worked: Calendar,
    zone: ZoneInfo,
    now: datetime,
) -> Day:
    slots = []
    for hour in shown:
        span = Span.of(datetime.combine(on, time(hour), zone), timedelta(hours=1))
        inside = not hints(span, zone, worked, hours)
        slots.append(
            Slot(
                at=span.start,
                begin=tuple(e for e in entries if span.start <= e.held.span.start < span.end),
                taken=any(e.held.span.overlaps(span) for e in entries),
                open=inside,
                bookable=span.start > now,
            )
        )
    return Day(on, worked.works(on), on == now.astimezone(zone).date(), tuple(slots))


# ---- when one is booked -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Busy:
    """`title` is empty where one may not read it."""

    span: Span
    title: str


async def propose(
    ctx: Context, organisation: Organisation, host: UserId, length: timedelta, after: datetime
) -> datetime:
    """The next full hour at which the house is open and the host is free."""
    zone = organisation.zone
    async with ctx.store.read() as conn:
        worked = await workdays.calendar(ctx, conn, organisation)
        far = Span(after, after + timedelta(days=60))
        busy = [held.span for held in await calendar.taken(conn, far, [host])]
    return next_free(after, length, zone, worked, opening(organisation.hours), busy)


async def hints_of(ctx: Context, organisation: Organisation, span: Span) -> tuple[Hint, ...]:
    async with ctx.store.read() as conn:
        worked = await workdays.calendar(ctx, conn, organisation)
    return hints(span, organisation.zone, worked, opening(organisation.hours))


async def day_of(
    ctx: Context, user: User, host: UserId, on: date, zone: ZoneInfo
) -> tuple[Busy, ...]:
    """When somebody is taken on a day, the earliest first."""
    start = datetime.combine(on, time(0), zone)
    span = Span(start, datetime.combine(on + _DAY, time(0), zone))
    async with ctx.store.read() as conn:
        found = await calendar.taken(conn, span, [host])
        return tuple(
            [
                Busy(
                    held.span,
                    held.number or held.title if await clashes.readable(conn, user, held) else "",
                )
                for held in found
            ]
        )


async def cases_to_book(ctx: Context, user: User, text: str) -> list[ListLine]:
    """The newest cases for which this user may book a meeting, with these words in them."""
    async with ctx.store.read() as conn:
        me = await finding.reader(ctx, conn, user)
        where = await listing.where(conn, scope(user, Verb.BOOK), Wanted(text=text), me)
        where.append(listing.with_status(BOOKABLE))
        page = await listing.page(conn, where, Wanted().sort, "", MOST_CASES)
    return page.lines
