"""One change to many cases, and back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from server.domain.errors import Refused
from server.domain.ids import CaseId, UserId

MOST = 200
UNDO_FOR = timedelta(minutes=10)


class BulkVerb(StrEnum):
    DIFFICULTY = "difficulty"
    TYPE = "type"
    CLERK = "clerk"
    OFFER = "offer"
    """To a mediator, who takes it on or doesn't."""


@dataclass(frozen=True, slots=True)
class BulkItem:
    """`before` and `after` are the domain's words or ids. `refused`: why it was left as it was.

    `version` is the case's after the change; whoever changed it since has counted it up.
    """

    case: CaseId
    before: str = ""
    after: str = ""
    refused: str = ""
    version: int = 0
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Bulk:
    id: str
    user: UserId
    verb: BulkVerb
    at: datetime
    items: tuple[BulkItem, ...]
    undone_at: datetime | None = None

    @property
    def done(self) -> tuple[BulkItem, ...]:
        return tuple(item for item in self.items if not item.refused)

    @property
    def refused(self) -> tuple[BulkItem, ...]:
        return tuple(item for item in self.items if item.refused)

    def undoable(self, now: datetime) -> bool:
        return bool(self.done) and self.undone_at is None and now < self.at + UNDO_FOR


def checked_change(change: str) -> tuple[BulkVerb, str]:
    """What a form says: `difficulty:complex`. Raises Refused("change_missing")."""
    verb, _, value = change.partition(":")
    if verb not in set(BulkVerb) or not value:
        raise Refused("change_missing")
    return BulkVerb(verb), value


def checked_cases(chosen: list[str]) -> list[CaseId]:
    """Each once, always in the same order, so that two at work never wait for each other.

    Raises Refused: nothing_ticked, too_many_ticked.
    """
    if not chosen:
        raise Refused("nothing_ticked")
    if len(set(chosen)) > MOST:
        raise Refused("too_many_ticked")
    return [CaseId(case) for case in sorted(set(chosen))]
