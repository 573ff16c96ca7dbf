"""How cases are connected: one goes on in another, or was a part of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from server.domain.errors import Refused
from server.domain.ids import CaseId, PartyId, UserId
from server.domain.party import SIDES, Details, Party, signs


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


def sides_there(
    meets: Mapping[str, frozenset[str]], grows: Collection[str], used: Collection[str]
) -> dict[str, str]:
    """Which side of the other case each side of a joined one is there.

    `meets`: where those stand there already who are in both; `grows`: the sides that others come
    from; `used`: the letters that are taken there. A side is one of the other case only if all
    who are in both say the same and nobody of another side stands there too: else whoever comes
    gets a letter of their own, so as not to stand beside who they are against.
    Raises Refused("too_many_sides").
    """
    found: dict[str, str] = {}
    # Those first whose own letter is free there: they keep it.
    for side in sorted(meets, key=lambda side: (side in used, side)):
        there = meets[side]
        alone = len(there) == 1 and not any(there & meets[x] for x in meets if x != side)
        if alone or (there and side not in grows):
            found[side] = min(there)
            continue
        free = [x for x in (side, *SIDES) if x not in used and x not in found.values()]
        if not free:
            raise Refused("too_many_sides")
        found[side] = free[0]
    return found


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
