"""Extension 延期: a later end of the mediation, when every side consents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from server.domain.errors import Refused
from server.domain.ids import ExtensionId, UserId
from server.domain.text import checked_lines

WHY_LENGTH = 1000
FURTHEST = timedelta(days=366)


class How(StrEnum):
    """How somebody said it."""

    PHONE = "phone"
    PAPER = "paper"
    MEETING = "meeting"


@dataclass(frozen=True, slots=True)
class Answer:
    """`by`: who wrote it down."""

    yes: bool
    how: How
    at: datetime
    by: UserId


@dataclass(frozen=True, slots=True)
class Extension:
    """`answers` by side. `why` is sealed where it is kept. `decided_at` is None while it waits.

    Taken back, it is decided and `granted` is None.
    """

    id: ExtensionId
    until_on: date
    why: str
    by: UserId
    at: datetime
    answers: Mapping[str, Answer] = field(default_factory=dict)
    decided_at: datetime | None = None
    granted: bool | None = None

    @property
    def taken_back(self) -> bool:
        return self.decided_at is not None and self.granted is None

    def verdict(self, sides: Iterable[str]) -> bool | None:
        """Granted when every side consents, refused when one does not; None: not yet known."""
        said = [self.answers[side].yes if side in self.answers else None for side in sides]
        if False in said:
            return False
        return True if said and None not in said else None


def checked_until(until: date, due: date) -> date:
    """Raises Refused: extension_too_early, extension_too_far."""
    if until <= due:
        raise Refused("extension_too_early")
    if until > due + FURTHEST:
        raise Refused("extension_too_far")
    return until


def checked_why(typed: str) -> str:
    return checked_lines(typed, WHY_LENGTH, "extension_why_missing", "extension_why_unusable")
