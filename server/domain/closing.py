"""How a case is closed, and opened again."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from server.domain.case import Case, CaseStatus, Outcome
from server.domain.errors import Refused
from server.domain.text import checked_lines

WHY_LENGTH = 2000


class Remedy(StrEnum):
    """What is open to parties who have not agreed (人民调解法 art. 26)."""

    COURT = "court"
    ARBITRATION = "arbitration"
    ADMINISTRATIVE = "administrative"


CHOSEN = tuple(outcome for outcome in Outcome if outcome is not Outcome.JOINED)
"""What whoever closes a case may say; joining says the other itself."""

WITHOUT_AGREEMENT = frozenset(CHOSEN) - {Outcome.AGREED, Outcome.PARTLY_AGREED}
CLOSABLE = frozenset(
    {CaseStatus.ACCEPTED, CaseStatus.ASSIGNED, CaseStatus.MEDIATING, CaseStatus.SIGNING}
)


def checked_outcome(typed: str) -> Outcome:
    """Raises Refused("outcome_missing")."""
    if typed not in set(CHOSEN):
        raise Refused("outcome_missing")
    return Outcome(typed)


def checked_told(outcome: Outcome, told: Collection[str]) -> tuple[Remedy, ...]:
    """Which remedies the parties were told of; without an agreement, it has to be all of them.

    Raises Refused("remedies_missing").
    """
    if outcome in WITHOUT_AGREEMENT and not set(Remedy) <= set(told):
        raise Refused("remedies_missing")
    return tuple(remedy for remedy in Remedy if remedy in told)


def checked_why(typed: str) -> str:
    """Raises Refused: why_missing, why_unusable."""
    return checked_lines(typed, WHY_LENGTH, "why_missing", "why_unusable")


def reopens_as(case: Case) -> CaseStatus:
    """Where it goes on: with whoever handles it, or waiting for somebody.

    Raises Refused: not_closed, joined_stays.
    """
    if case.status is not CaseStatus.CLOSED:
        raise Refused("not_closed")
    if case.outcome is Outcome.JOINED:
        raise Refused("joined_stays")
    return CaseStatus.MEDIATING if case.handlers else CaseStatus.ACCEPTED
