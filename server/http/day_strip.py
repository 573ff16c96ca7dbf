"""Somebody's day as a row of hours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from server.domain.booking import USUAL_HOURS, Span, opening
from server.services.calendar import Busy


@dataclass(frozen=True, slots=True)
class Hour:
    hour: int
    taken: bool


def strip(on: date, zone: ZoneInfo, hours: str, busy: Iterable[Busy]) -> list[Hour]:
    """From opening to closing, and as far as it is taken."""
    known, busy = opening(hours) or USUAL_HOURS, list(busy)
    first = min(opens.hour for opens, _ in known)
    last = max(closes.hour + bool(closes.minute) for _, closes in known)
    for one in busy:
        start = one.span.start.astimezone(zone)
        if start.date() == on:
            first, last = min(first, start.hour), max(last, start.hour + 1)
    found = []
    for hour in range(first, last):
        span = Span.of(datetime.combine(on, time(hour), zone), timedelta(hours=1))
        found.append(Hour(hour, any(one.span.overlaps(span) for one in busy)))
    return found
