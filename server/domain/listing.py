"""What a list of cases shows: which cases, which columns, in which order.

It travels in addresses and is kept in saved filters, as names and values. What isn't understood
there (an old bookmark, a mistyped date) is left out and never an error.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TypeVar

from server.domain.case import CaseStatus, Difficulty, DisputeType, Source

TEXT_LENGTH = 200
ID_LENGTH = 36
FIRST_YEAR, LAST_YEAR = 1900, 2999

E = TypeVar("E", bound=StrEnum)
Pairs = list[tuple[str, str]]


class Column(StrEnum):
    NUMBER = "number"
    PARTIES = "parties"
    TYPE = "type"
    STATUS = "status"
    DIFFICULTY = "difficulty"
    SOURCE = "source"
    HANDLERS = "handlers"
    ORGANISATION = "organisation"
    CAME_IN = "came_in"
    ACCEPTED = "accepted"
    DUE = "due"
    MEETING = "meeting"


USUAL = (
    Column.NUMBER,
    Column.PARTIES,
    Column.TYPE,
    Column.STATUS,
    Column.HANDLERS,
    Column.CAME_IN,
    Column.DUE,
    Column.MEETING,
)
"""What is shown beside the title, unless somebody chooses."""


class Sort(StrEnum):
    CAME_IN = "came_in"
    """The newest first."""
    OLDEST = "oldest"
    ACCEPTED = "accepted"
    """The newest first; what isn't accepted last."""
    DUE = "due"
    """What is due first; what has no term last."""
    NUMBER = "number"
    """Counting; what has no number last."""


class Due(StrEnum):
    OVERDUE = "overdue"
    WEEK = "week"
    """Within seven days from today."""


ME = "me"
NOBODY = "nobody"
"""Instead of a handler: the reader's own cases; those not over that nobody works on."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Empty: everything. `organisation` means it and what is below it."""

    status: CaseStatus | None = None
    type: DisputeType | None = None
    source: Source | None = None
    difficulty: Difficulty | None = None
    organisation: str = ""
    handler: str = ""
    due: Due | None = None
    since: date | None = None
    until: date | None = None
    text: str = ""
    sort: Sort = Sort.CAME_IN
    columns: tuple[Column, ...] = USUAL

    @property
    def narrowed(self) -> bool:
        """Whether anything is left out."""
        return replace(self, sort=Sort.CAME_IN, columns=USUAL) != Wanted()


def read(pairs: Iterable[tuple[str, str]]) -> Wanted:
    given = [(name, value.strip()) for name, value in pairs if value.strip()]
    first = dict(reversed(given))
    chosen = {value for name, value in given if name == "column"}
    return Wanted(
        status=_word(CaseStatus, first.get("status")),
        type=_word(DisputeType, first.get("type")),
        source=_word(Source, first.get("source")),
        difficulty=_word(Difficulty, first.get("difficulty")),
        organisation=first.get("organisation", "")[:ID_LENGTH],
        handler=first.get("handler", "")[:ID_LENGTH],
        due=_word(Due, first.get("due")),
        since=_day(first.get("since", "")),
        until=_day(first.get("until", "")),
        text=" ".join(first.get("text", "").split())[:TEXT_LENGTH],
        sort=_word(Sort, first.get("sort")) or Sort.CAME_IN,
        columns=tuple(column for column in Column if column in chosen) or USUAL,
    )


def written(wanted: Wanted) -> Pairs:
    """What `read` understands, without what says nothing."""
    names = ("status", "type", "source", "difficulty", "organisation", "handler", "due")
    found = [(name, str(getattr(wanted, name) or "")) for name in names]
    days = {"since": wanted.since, "until": wanted.until}
    found += [(name, day.isoformat() if day else "") for name, day in days.items()]
    found.append(("text", wanted.text))
    if wanted.sort is not Sort.CAME_IN:
        found.append(("sort", str(wanted.sort)))
    if wanted.columns != USUAL:
        found += [("column", str(column)) for column in wanted.columns]
    return [(name, value) for name, value in found if value]


BUILT_IN: dict[str, Wanted] = {
    "mine": Wanted(handler=ME),
    "to_decide": Wanted(status=CaseStatus.APPLIED, sort=Sort.OLDEST),
    "overdue": Wanted(due=Due.OVERDUE, sort=Sort.DUE),
    "without_mediator": Wanted(status=CaseStatus.ACCEPTED, handler=NOBODY),
}
"""Saved filters that everybody has."""


def _word(kind: type[E], value: str | None) -> E | None:
    return kind(value) if value in set(kind) else None


def _day(written: str) -> date | None:
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return None
    # Near the calendar's ends there is no day before or after, nor the moment in every zone.
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None
