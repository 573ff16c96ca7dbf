"""When a meeting fits: into people's days, and into the hours of the house."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from server.domain.errors import Refused
from server.domain.seat import Seat
from server.domain.seating import SessionPurpose
from server.domain.workdays import Calendar

LENGTHS = (30, 60, 90, 120)
"""Minutes a meeting is usually booked for."""

LONGEST = timedelta(hours=8)
"""How long a meeting may be booked for; so far back one looks for what still goes on."""

USUAL_HOURS = ((time(9), time(12)), (time(14), time(17)))
"""When meetings are proposed where nobody has written when the house is open."""

LOOKED_AT = 60
"""How many days ahead a free hour is sought."""

Hours = tuple[tuple[time, time], ...]


class Hint(StrEnum):
    """What speaks against a time without forbidding it."""

    NOT_WORKED = "not_worked"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` until just before `end`; both know their zone."""

    start: datetime
    end: datetime

    @classmethod
    def of(cls, start: datetime, length: timedelta) -> Span:
        return cls(start, start + length)

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end


def checked_length(minutes: int) -> timedelta:
    """Raises Refused("length_unusable")."""
    length = timedelta(minutes=minutes)
    if not timedelta(minutes=10) <= length <= LONGEST:
        raise Refused("length_unusable")
    return length


def checked_purpose(purpose: SessionPurpose, seats: Iterable[Seat]) -> None:
    """In a preparation the host meets one side alone. Raises Refused("one_side_only")."""
    if purpose is SessionPurpose.PREPARATION:
        sides = {seat.side for seat in seats if seat.side}
        if len(sides) != 1:
            raise Refused("one_side_only")


# ---- the hours of the house -------------------------------------------------------------------

_OPEN = re.compile(
    r"(?<!\d)(\d{1,2})[:：.](\d{2})\s*(?:[-–—~～－至到]+|to|until)\s*(\d{1,2})[:：.](\d{2})(?!\d)"
)


def opening(written: str) -> Hours:
    """The hours that stand in an organisation's own words: `8:30–12:00，14:00–17:30`.

    Which of them are for which weekday is not read: the calendar knows what is worked.
    """
    found = []
    for hours in _OPEN.findall(written):
        from_h, from_m, to_h, to_m = map(int, hours)
        if max(from_h, to_h) < 24 and max(from_m, to_m) < 60:
            span = time(from_h, from_m), time(to_h, to_m)
            if span[0] < span[1]:
                found.append(span)
    return tuple(sorted(set(found)))


def hints(span: Span, zone: ZoneInfo, calendar: Calendar, hours: Hours) -> tuple[Hint, ...]:
    """Nothing is said of hours that nobody has written down."""
    start, end = span.start.astimezone(zone), span.end.astimezone(zone)
    found = []
    if not calendar.works(start.date()):
        found.append(Hint.NOT_WORKED)
    one_day = start.date() == end.date()
    if hours and not (one_day and any(a <= start.time() and end.time() <= b for a, b in hours)):
        found.append(Hint.CLOSED)
    return tuple(found)


def next_free(
    after: datetime,
    length: timedelta,
    zone: ZoneInfo,
    calendar: Calendar,
    hours: Hours,
    busy: Sequence[Span],
) -> datetime:
    """The next full hour after `after` at which it fits into a working day and nobody is busy.

    Where there is none for weeks: the next full hour.
    """
    local = after.astimezone(zone)
    day = local.date()
    for _ in range(LOOKED_AT):
        day = calendar.on_or_after(day)
        for start in _starts(day, length, zone, hours or USUAL_HOURS):
            span = Span.of(start, length)
            if start > local and not any(span.overlaps(other) for other in busy):
                return start
        day += timedelta(days=1)
    return local.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def _starts(day: date, length: timedelta, zone: ZoneInfo, hours: Hours) -> list[datetime]:
    """Full hours of a day at which something of this length fits between opening and closing."""
    found = []
    for opens, closes in hours:
        end = datetime.combine(day, closes, zone)
        for hour in range(opens.hour + bool(opens.minute), closes.hour):
            start = datetime.combine(day, time(hour), zone)
            if start + length <= end:
                found.append(start)
    return found
