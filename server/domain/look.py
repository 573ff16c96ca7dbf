"""Look 查看: somebody saw what is sealed of people, and said why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

USUAL = timedelta(days=30)
LONGEST = timedelta(days=366)


class LookKind(StrEnum):
    PARTY = "party"
    """A party and who speaks for them, in full."""
    EXPORT = "export"
    """In a list that left the product as a file."""
    NUMBER = "number"
    """The telephone of who isn't in a meeting, by its host."""


@dataclass(frozen=True, slots=True)
class Period:
    """Both days count."""

    first: date
    last: date

    def within(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """From when, and until before when."""
        after = self.last + timedelta(days=1)
        return datetime.combine(self.first, time.min, zone), datetime.combine(after, time.min, zone)


def period(first: str, last: str, today: date) -> Period:
    """As it was asked for in ISO dates, in either order, a year at most; else the usual one."""
    end = _date(last) or today
    start = _date(first) or max(date.min + USUAL, end) - USUAL
    start, end = min(start, end), max(start, end)
    end = min(end, date.max - timedelta(days=1))
    return Period(max(start, end - LONGEST) if end > date.min + LONGEST else start, end)


def _date(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        return None
