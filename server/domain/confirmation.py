"""Confirmation 司法确认: both parties have applied to a court to have their agreement confirmed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from server.domain.case import Case, CaseKind, CaseStatus, Outcome
from server.domain.errors import Refused
from server.domain.ids import ConfirmationId, UserId
from server.domain.text import checked_text

COURT_LENGTH = 100

CONFIRMABLE = frozenset({Outcome.AGREED, Outcome.PARTLY_AGREED})


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Written down by somebody who works on the case. `court` is sealed where it is kept.

    Taken back it stays, and is read as taken back.
    """

    id: ConfirmationId
    applied_on: date
    court: str
    by: UserId
    at: datetime
    taken_back_at: datetime | None = None


def may_apply(case: Case) -> bool:
    """Whether there is an agreement that somebody may have applied for."""
    closed = case.kind is CaseKind.MEDIATION and case.status is CaseStatus.CLOSED
    return closed and case.outcome in CONFIRMABLE


def of_now(found: Iterable[Confirmation], closed_at: datetime) -> Confirmation | None:
    """The one that holds, of those of a case: an agreement of before it was opened again, and was
    closed at `closed_at`, is another one.
    """
    hold = (x for x in found if x.taken_back_at is None and x.at >= closed_at)
    return next(hold, None)


def checked_applied_on(applied_on: date, case: Case, today: date) -> date:
    """Raises Refused: confirmation_in_future, confirmation_too_early."""
    if applied_on > today:
        raise Refused("confirmation_in_future")
    if case.accepted_on and applied_on < case.accepted_on:
        raise Refused("confirmation_too_early")
    return applied_on


def checked_court(typed: str) -> str:
    """Raises Refused: court_missing, court_unusable."""
    return checked_text(typed, COURT_LENGTH, "court_missing", "court_unusable")
