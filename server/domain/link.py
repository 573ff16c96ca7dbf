"""How cases are connected: one goes on in another, or was a part of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from server.domain.errors import Refused
from server.domain.ids import CaseId, PartyId, UserId
from server.domain.party import Details, Party, signs


class LinkKind(StrEnum):
    JOINED_INTO = "joined_into"
    """`case` goes on in `other`."""
    SPLIT_FROM = "split_from"
    """`case` was a part of `other`."""


@dataclass(frozen=True, slots=True)
class Link:
    case: CaseId
    other: CaseId
    kind: LinkKind
    at: datetime
    by: UserId


class Goes(StrEnum):
    """Where a party is after a split."""

    STAYS = "stays"
    MOVES = "moves"
    BOTH = "both"


def checked_split(parties: Iterable[Party], goes: Mapping[PartyId, Goes]) -> None:
    """Somebody has to be in each of the two. Raises Refused: split_nobody_moves,
    split_nobody_stays.
    """
    said = [goes.get(party.id, Goes.STAYS) for party in parties]
    if all(where is Goes.STAYS for where in said):
        raise Refused("split_nobody_moves")
    if all(where is Goes.MOVES for where in said):
        raise Refused("split_nobody_stays")


def same_person(a: tuple[Party, Details], b: tuple[Party, Details]) -> bool:
    """Whether a party of one case is one of another: by what they are known by, or by a name
    that nothing known speaks against.
    """
    (one, of_one), (two, of_two) = a, b
    if signs(one.name, of_one) & signs(two.name, of_two):
        return True
    if (one.name, one.kind) != (two.name, two.kind):
        return False
    pairs = ((of_one.id_number, of_two.id_number), (of_one.phone, of_two.phone))
    return all(not x or not y or x == y for x, y in pairs)
