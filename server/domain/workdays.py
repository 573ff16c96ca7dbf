"""Which days are worked: what every limit in working days counts by.

Monday to Friday, but for the exceptions: holidays, and the weekends worked in their stead (调休).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from server.domain.errors import Refused
from server.domain.text import visible

_SATURDAY = 5
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """`exceptions`: whether a day is worked that the weekday would not tell.

    `known`: the years whose exceptions are known; None: all of them. What a calendar says about
    other years is provisional: `exceptions` may have the days that are off in every year.
    """

    country: str
    exceptions: Mapping[date, bool] = field(default_factory=dict)
    known: frozenset[int] | None = None

    def works(self, day: date) -> bool:
        return self.exceptions.get(day, day.weekday() < _SATURDAY)

    def on_or_after(self, day: date) -> date:
        """The day itself if it is worked, else the next that is."""
        while not self.works(day):
            day += _DAY
        return day

    def add(self, day: date, n: int) -> date:
        """The `n`th working day after a day, or before it where `n` is negative."""
        step = _DAY if n >= 0 else -_DAY
        for _ in range(abs(n)):
            day += step
            while not self.works(day):
                day += step
        return day

    def certain(self, day: date) -> bool:
        """Whether the holidays of its year are known."""
        return self.known is None or day.year in self.known


def always_off(year: int, qingming: date) -> tuple[date, ...]:
    """Days off in China whatever is decreed for the year, but for those that follow the moon.

    全国年节及纪念日放假办法 (2024) art. 2: New Year, Qingming, 1 and 2 May, 1 to 3 October.
    Qingming is a solar term, on 4 or 5 April.
    """
    fixed = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))
    return tuple(sorted((qingming, *(date(year, month, day) for month, day in fixed))))


def checked_exceptions(typed: str, year: int) -> dict[date, tuple[bool, str]]:
    """What was pasted for a year: a line each of date, `off` or `work` (休, 班), and why.

    `2027-02-06 off Spring Festival`. Raises Refused: workdays_missing, workdays_unusable.
    """
    found = {}
    for line in typed.strip().splitlines():
        words = line.replace(",", " ").replace("，", " ").replace("\t", " ").split(maxsplit=2)
        if not words:
            continue
        day, works, why = _line(words)
        if day.year != year or day in found:
            raise Refused("workdays_unusable")
        found[day] = (works, why)
    if not found:
        raise Refused("workdays_missing")
    return found


_WORDS = {"off": False, "休": False, "work": True, "班": True}
WHY_LENGTH = 60


def _line(words: list[str]) -> tuple[date, bool, str]:
    why = words[2] if len(words) == 3 else ""
    works = _WORDS.get(words[1].lower()) if len(words) > 1 else None
    if works is None or len(why) > WHY_LENGTH or not visible(why):
        raise Refused("workdays_unusable")
    try:
        return date.fromisoformat(words[0].replace("/", "-")), works, why
    except ValueError:
        raise Refused("workdays_unusable") from None
