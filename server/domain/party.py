"""Party 当事人: a person or an organisation in a case, on a side; and who speaks for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from server.domain.errors import Refused
from server.domain.ids import PartyId, RepresentativeId
from server.domain.text import checked_text

NAME_LENGTH = 200
REASON_LENGTH = 200
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


class Why(StrEnum):
    """Why somebody looks at what is sealed of a person."""

    CONTACT = "contact"
    IDENTITY = "identity"
    PAPERS = "papers"
    ASKED = "asked"
    """The person, or a court or office that may, has asked for it."""
    OTHER = "other"
    """In words of their own."""


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

    def speaks(self, now: datetime) -> bool:
        """Whether their power has not ended yet."""
        return self.until is None or self.until > now


def signs(name: str, details: Details) -> frozenset[tuple[str, ...]]:
    """By what somebody is known to be the same: the ID number, or the name with the telephone.

    Two who share one of them are one person.
    """
    known: set[tuple[str, ...]] = set()
    if details.id_number:
        known.add(("id_number", details.id_number))
    if details.phone:
        known.add(("phone", "".join(name.split()).casefold(), details.phone))
    return frozenset(known)


def checked_why(typed: str, words: str) -> tuple[Why, str]:
    """The reason chosen, and what was written with it; one or the other there has to be."""
    words = checked_text(words, REASON_LENGTH, "", "reason_unusable") if words.strip() else ""
    if typed not in set(Why):
        if not words:
            raise Refused("reason_missing")
        return Why.OTHER, words
    if typed == Why.OTHER and not words:
        raise Refused("reason_missing")
    return Why(typed), words


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
