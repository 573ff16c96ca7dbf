"""Result 本次结果: how a session ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from server.domain.errors import Refused
from server.domain.text import visible


class ResultKind(StrEnum):
    AGREED = "agreed"
    PARTLY_AGREED = "partly_agreed"
    NOT_AGREED = "not_agreed"
    ADJOURNED = "adjourned"
    BROKEN_OFF = "broken_off"
    PREPARED = "prepared"
    """Of a preparation, and of nothing else."""


REASON_LENGTH = 2000


@dataclass(frozen=True, slots=True)
class Result:
    """`until` is the date (in the organisation's zone) of the next meeting, if adjourned.

    An agreement is its own reason; whatever else a meeting ends with has one in words.
    """

    kind: ResultKind
    reason: str
    until: date | None = None

    def __post_init__(self) -> None:
        if not self.reason.strip() and self.kind is not ResultKind.AGREED:
            raise Refused("reason_missing")
        if self.reason.strip() and not visible(
            "".join(c for c in self.reason if c not in "\n\r\t")
        ):
            raise Refused("reason_unusable")
        if len(self.reason) > REASON_LENGTH:
            raise Refused("reason_too_long")
        if (self.kind is ResultKind.ADJOURNED) != (self.until is not None):
            raise Refused("adjourned_date")
