"""Quiet hours: when people are not written to, in the zone in which they live."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` until just before `end`; across midnight if it ends earlier than it starts."""

    start: time
    end: time

    @classmethod
    def read(cls, written: str) -> QuietHours | None:
        """Of `21:00-08:00`; None of nothing, and of hours that never end."""
        if not written:
            return None
        start, _, end = written.partition("-")
        hours = cls(time.fromisoformat(start), time.fromisoformat(end))
        return None if hours.start == hours.end else hours

    def over(self, at: datetime, zone: ZoneInfo) -> datetime:
        """`at` itself where it is not quiet, else the moment when it is over."""
        local = at.astimezone(zone)
        now = local.time()
        if self.start < self.end:
            quiet, days = self.start <= now < self.end, 0
        else:
            quiet, days = now >= self.start or now < self.end, int(now >= self.start)
        if not quiet:
            return at
        day = local.date() + timedelta(days=days)
        # Where clocks are put back the end comes twice: it is over the first time. Where they are
        # put forward past it, this is the moment after.
        return max(at, datetime.combine(day, self.end, zone).astimezone(UTC))
