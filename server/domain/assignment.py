"""Giving a matter to somebody: offered, answered within days, taken on or handed over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from server.domain.case import HandlerRole
from server.domain.errors import Refused
from server.domain.ids import CaseId, OfferId, UserId
from server.domain.text import checked_lines

ANSWER_WITHIN = 3
"""Working days (court platform rules: the mediator accepts within 3)."""

WORDS_LENGTH = 1000

MEDIATING = frozenset({HandlerRole.MEDIATOR, HandlerRole.CO_MEDIATOR})
"""Who mediates, and so reads what a side has said in confidence before. A clerk does not."""


class Answer(StrEnum):
    ACCEPTED = "accepted"
    DECLINED = "declined"
    DISCLOSED = "disclosed"
    """Knows one of these people, and says why: somebody else decides."""
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True, slots=True)
class Offer:
    """`why` belongs to the answer, and is sealed where it is kept."""

    id: OfferId
    case: CaseId
    user: UserId
    role: HandlerRole
    by: UserId | None
    at: datetime
    answer_by: date
    answered_at: datetime | None = None
    answer: Answer | None = None
    why: str = ""

    def overdue(self, today: date) -> bool:
        return self.answer is None and today > self.answer_by


def checked_words(typed: str) -> str:
    """Why, in words of one's own. Raises Refused: words_missing, words_unusable."""
    return checked_lines(typed, WORDS_LENGTH, "words_missing", "words_unusable")


def checked_offer(offer: Offer | None) -> Offer:
    """One that can still be answered. Raises Refused("offer_over")."""
    if offer is None or offer.answer is not None:
        raise Refused("offer_over")
    return offer
