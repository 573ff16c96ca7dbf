"""Refusing a matter 不予受理: why, and where else its people can go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class RefusalGround(StrEnum):
    NOT_CIVIL = "not_civil"
    COURT_DECIDED = "court_decided"
    POLICE_MATTER = "police_matter"
    NO_JURISDICTION = "no_jurisdiction"
    WRONG_PARTY = "wrong_party"
    UNWILLING = "unwilling"
    HANDLED_ELSEWHERE = "handled_elsewhere"
    OTHER = "other"


class Elsewhere(StrEnum):
    COURT = "court"
    ARBITRATION = "arbitration"
    ADMINISTRATIVE = "administrative"
    POLICE = "police"
    COMMITTEE = "committee"
    LEGAL_AID = "legal_aid"


@dataclass(frozen=True, slots=True)
class Refusal:
    """`words`: what was added, as it was written; all else is chosen, and told in the language of
    whoever reads it. Before it was kept so, the words tell everything and there is no `ground`.
    """

    words: str
    ground: RefusalGround | None = None
    elsewhere: tuple[Elsewhere, ...] = ()


def as_kept(refusal: Refusal) -> dict[str, Any]:
    return {
        "ground": refusal.ground,
        "words": refusal.words,
        "elsewhere": list(refusal.elsewhere),
    }


def from_kept(kept: Mapping[str, Any] | str) -> Refusal:
    if isinstance(kept, str):
        return Refusal(kept)
    elsewhere = tuple(Elsewhere(place) for place in kept["elsewhere"])
    return Refusal(kept["words"], RefusalGround(kept["ground"]), elsewhere)
