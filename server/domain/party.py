"""Party 当事人: a person or an organisation in a case, on a side; and who speaks for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from server.domain.errors import Refused
from server.domain.ids import PartyId, RepresentativeId
from server.domain.text import checked_text

NAME_LENGTH = 200
SIDES = ("A", "B", "C", "D")


class PartyKind(StrEnum):
    PERSON = "person"
    ORGANISATION = "organisation"


class Sex(StrEnum):
    FEMALE = "female"
    MALE = "male"


class RepresentativeKind(StrEnum):
    LEGAL = "legal"
    """A parent, a guardian; for an organisation who is registered for it 法定代表人."""
    LAWYER = "lawyer"
    RELATIVE = "relative"
    OTHER = "other"


class Power(StrEnum):
    GENERAL = "general"
    """May speak, and not settle 一般授权."""
    SPECIAL = "special"
    """May admit, waive, settle and sign 特别授权."""


@dataclass(frozen=True, slots=True)
class Party:
    """`name` is readable with the case; everything else about them is in `Details`, sealed."""

    id: PartyId
    side: str
    name: str
    kind: PartyKind = PartyKind.PERSON
    left_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Details:
    """What is sealed of a party or representative. Empty: not known.

    `id_number`: a resident's 18 characters or an organisation's unified code (GB 11643,
    GB 32100), or the number of another paper. `born` only of persons.
    """

    phone: str = ""
    id_number: str = ""
    address: str = ""
    sex: Sex | None = None
    born: date | None = None
    ethnicity: str = ""
    occupation: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Representative:
    id: RepresentativeId
    party: PartyId
    name: str
    kind: RepresentativeKind
    power: Power
    since: datetime
    until: datetime | None = None


def checked_name(name: str) -> str:
    return checked_text(name, NAME_LENGTH, "party_name_missing", "party_name_unusable")


def checked_side(side: str) -> str:
    if side not in SIDES:
        raise Refused("side_unknown")
    return side


def checked_party(
    party_id: PartyId, side: str, name: str, kind: PartyKind = PartyKind.PERSON
) -> Party:
    name = checked_name(name)
    return Party(party_id, checked_side(side), name, kind)
