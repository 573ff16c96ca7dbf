"""Case 案件: one matter, with its parties and the history of its status."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from server.domain.errors import Refused
from server.domain.ids import CaseId, OrganisationId, PartyId, UserId

TITLE_LENGTH = 200
PARTY_NAME_LENGTH = 200
CONTACT_LENGTH = 200
SIDES = ("A", "B", "C", "D")


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


class CaseStatus(StrEnum):
    APPLIED = "applied"
    DECLINED = "declined"
    ACCEPTED = "accepted"
    ASSIGNED = "assigned"
    MEDIATING = "mediating"
    SIGNING = "signing"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Party:
    id: PartyId
    side: str
    name: str
    contact: str = ""


@dataclass(frozen=True, slots=True)
class StatusChange:
    """One line of the history: rows are added, none is ever changed. `before` is None at first."""

    before: CaseStatus | None
    status: CaseStatus
    at: datetime
    by: UserId | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    id: CaseId
    organisation: OrganisationId
    kind: CaseKind
    dispute_type: DisputeType
    title: str
    created_at: datetime
    handlers: frozenset[UserId]
    parties: tuple[Party, ...]
    history: tuple[StatusChange, ...]

    @property
    def status(self) -> CaseStatus:
        return self.history[-1].status


def checked_text(text: str, longest: int, missing: str, unusable: str) -> str:
    """One line of printable text with its spaces tidied. Raises Refused with the code given."""
    text = " ".join(text.split())
    if not text:
        raise Refused(missing)
    if len(text) > longest or not text.isprintable():
        raise Refused(unusable)
    return text


def checked_title(title: str) -> str:
    return checked_text(title, TITLE_LENGTH, "title_missing", "title_unusable")


def checked_party(party_id: PartyId, side: str, name: str, contact: str = "") -> Party:
    name = checked_text(name, PARTY_NAME_LENGTH, "party_name_missing", "party_name_unusable")
    if contact.strip():
        contact = checked_text(contact, CONTACT_LENGTH, "", "contact_unusable")
    if side not in SIDES:
        raise Refused("side_unknown")
    return Party(party_id, side, name, contact.strip())
