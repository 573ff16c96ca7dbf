"""Case 案件: one matter, with its parties and the history of its status."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from server.domain.errors import Refused
from server.domain.ids import CaseId, OrganisationId, UserId
from server.domain.party import Party
from server.domain.text import checked_text

TITLE_LENGTH = 200


class CaseKind(StrEnum):
    MEDIATION = "mediation"
    CONSULTATION = "consultation"


class DisputeType(StrEnum):
    """The 15 types of every figure that committees report."""

    FAMILY = "family"
    NEIGHBOURS = "neighbours"
    HOUSING = "housing"
    CONTRACT = "contract"
    BUSINESS = "business"
    DAMAGES = "damages"
    LAND = "land"
    EXPROPRIATION = "expropriation"
    POLLUTION = "pollution"
    LABOUR = "labour"
    CONSUMER = "consumer"
    MEDICAL = "medical"
    TRAFFIC = "traffic"
    PROPERTY = "property"
    OTHER = "other"


class Difficulty(StrEnum):
    SIMPLE = "simple"
    COMPLEX = "complex"
    MAJOR = "major"


class Regime(StrEnum):
    """调解类别: which texts, papers and limits apply."""

    PEOPLES = "peoples"
    """People's mediation: free of charge, a committee's seal."""
    COMMERCIAL = "commercial"


class Source(StrEnum):
    """How the matter came in."""

    APPLICATION = "application"
    """The party's own, from the public page."""
    VISIT = "visit"
    CALL = "call"
    DISCOVERY = "discovery"
    """Found by a grid worker."""
    COURT = "court"
    POLICE = "police"
    TRANSFER = "transfer"
    """Passed on by another body."""
    HOTLINE = "hotline"


REFERRED = (Source.COURT, Source.POLICE, Source.TRANSFER)
"""Come with a reference of whoever passed them on."""


OWN = frozenset({Source.APPLICATION, Source.VISIT, Source.CALL, Source.HOTLINE})
"""Matters that a party brought: they may take them back before they are accepted, and are told
what becomes of what they asked for. Of the others no party has asked for anything.
"""
PASSED_ON = frozenset({Source.COURT, Source.POLICE, Source.TRANSFER})
"""By another body, which is told."""


class CaseStatus(StrEnum):
    APPLIED = "applied"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    """Taken back by who applied, before it was accepted."""
    ACCEPTED = "accepted"
    ASSIGNED = "assigned"
    MEDIATING = "mediating"
    SIGNING = "signing"
    CLOSED = "closed"


_NEXT: dict[CaseStatus | None, frozenset[CaseStatus]] = {
    None: frozenset({CaseStatus.APPLIED}),
    # Closed at once: joined to another case.
    CaseStatus.APPLIED: frozenset(
        {CaseStatus.ACCEPTED, CaseStatus.DECLINED, CaseStatus.WITHDRAWN, CaseStatus.CLOSED}
    ),
    # A refusal may be thought over again.
    CaseStatus.DECLINED: frozenset({CaseStatus.APPLIED}),
    CaseStatus.WITHDRAWN: frozenset({CaseStatus.APPLIED}),
    CaseStatus.ACCEPTED: frozenset({CaseStatus.ASSIGNED, CaseStatus.CLOSED}),
    # Back to accepted: the mediator has handed it over and nobody has taken it yet.
    CaseStatus.ASSIGNED: frozenset({CaseStatus.ACCEPTED, CaseStatus.MEDIATING, CaseStatus.CLOSED}),
    CaseStatus.MEDIATING: frozenset({CaseStatus.ACCEPTED, CaseStatus.SIGNING, CaseStatus.CLOSED}),
    CaseStatus.SIGNING: frozenset({CaseStatus.MEDIATING, CaseStatus.CLOSED}),
    # Opened again, with a reason.
    CaseStatus.CLOSED: frozenset({CaseStatus.MEDIATING, CaseStatus.ACCEPTED}),
}

OVER = frozenset({CaseStatus.DECLINED, CaseStatus.WITHDRAWN, CaseStatus.CLOSED})
BOOKABLE = frozenset({CaseStatus.ASSIGNED, CaseStatus.MEDIATING, CaseStatus.SIGNING})
"""When a meeting may be booked: accepted, and with a mediator."""


class Outcome(StrEnum):
    """结案结果: how the case ended. All but the first two are the ways to end without agreement
    (court platform rules, art. 25, and joined to another case)."""

    AGREED = "agreed"
    PARTLY_AGREED = "partly_agreed"
    SETTLED_THEMSELVES = "settled_themselves"
    UNREACHABLE = "unreachable"
    UNWILLING = "unwilling"
    TOO_FAR_APART = "too_far_apart"
    TIME_EXPIRED = "time_expired"
    REFUSED_TO_SIGN = "refused_to_sign"
    JOINED = "joined"
    OTHER = "other"


class HandlerRole(StrEnum):
    MEDIATOR = "mediator"
    CO_MEDIATOR = "co_mediator"
    CLERK = "clerk"


@dataclass(frozen=True, slots=True)
class StatusChange:
    """One line of the history: rows are added, none is ever changed. `before` is None at first.

    `why` is sealed in what was loaded: services.statuses.why reads it.
    """

    before: CaseStatus | None
    status: CaseStatus
    at: datetime
    by: UserId | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """`number` is empty until acceptance. `due_on`: what is due next (`due_kind`), if anything.

    `handlers` are all who work on it now; `parties` also those who have left.
    """

    id: CaseId
    organisation: OrganisationId
    kind: CaseKind
    dispute_type: DisputeType
    title: str
    created_at: datetime
    handlers: frozenset[UserId]
    parties: tuple[Party, ...]
    history: tuple[StatusChange, ...]
    number: str = ""
    source: Source = Source.VISIT
    reference: str = ""
    referred_by: str = ""
    received_on: date | None = None
    difficulty: Difficulty = Difficulty.SIMPLE
    regime: Regime = Regime.PEOPLES
    outcome: Outcome | None = None
    accepted_on: date | None = None
    closed_on: date | None = None
    due_kind: str = ""
    due_on: date | None = None
    shuttle_only: bool = False
    version: int = 1

    @property
    def status(self) -> CaseStatus:
        return self.history[-1].status

    @property
    def present_parties(self) -> tuple[Party, ...]:
        """Those who have not left."""
        return tuple(party for party in self.parties if party.left_at is None)


def changed(
    before: CaseStatus | None, status: CaseStatus, at: datetime, by: UserId | None, why: str = ""
) -> StatusChange:
    """The next line of a history. Raises Refused("status_changed") for a step there is none of."""
    if status not in _NEXT[before]:
        raise Refused("status_changed")
    return StatusChange(before, status, at, by, why)


def checked_title(title: str) -> str:
    return checked_text(title, TITLE_LENGTH, "title_missing", "title_unusable")
