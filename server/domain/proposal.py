"""Who might mediate a matter, the fittest first, each with the reasons in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from server.domain.case import DisputeType
from server.domain.conflict import Conflict, plain, serious
from server.domain.ids import UserId
from server.domain.profile import Profile


class Reason(StrEnum):
    ALL_WISH = "all_wish"
    ONE_WISHES = "one_wishes"
    EXPERT = "expert"
    SPEAKS = "speaks"
    SAME_UNIT = "same_unit"
    NEAR = "near"
    FREE = "free"


_WORTH = {
    Reason.ALL_WISH: 40,
    Reason.EXPERT: 20,
    Reason.SPEAKS: 15,
    Reason.SAME_UNIT: 12,
    Reason.ONE_WISHES: 10,
    Reason.NEAR: 6,
    Reason.FREE: 2,
}
"""A joint choice comes before all else: the parties may choose (court platform rules)."""

_LOAD = 2
_HEAVIEST = 20
"""Points that open cases cost: each, and at most."""

_NEAR = 2
"""Steps in the tree: the unit above, the one above that, or one beside it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """`path`: of the unit they work at. `load`: how many open cases they handle now."""

    profile: Profile
    path: str
    load: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """`path`: of the case's unit. `wishes`: whom each side wishes for, by side."""

    dispute_type: DisputeType
    path: str
    sides: frozenset[str]
    languages: tuple[str, ...] = ()
    wishes: Mapping[str, UserId] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Proposal:
    """`conflicts` has nothing serious in it: what has is never proposed."""

    candidate: Candidate
    score: int
    reasons: tuple[Reason, ...]
    conflicts: tuple[Conflict, ...]


def propose(
    candidates: Iterable[Candidate],
    wanted: Wanted,
    conflicts: Mapping[UserId, tuple[Conflict, ...]],
) -> list[Proposal]:
    """The fittest first; never somebody with a serious conflict."""
    found = []
    for candidate in candidates:
        against = conflicts.get(candidate.profile.user, ())
        if not serious(against):
            reasons = tuple(_reasons(candidate, wanted))
            cost = min(candidate.load * _LOAD, _HEAVIEST)
            score = sum(_WORTH[reason] for reason in reasons) - cost
            found.append(Proposal(candidate, score, reasons, against))
    return sorted(
        found,
        key=lambda p: (
            -p.score,
            p.candidate.load,
            p.candidate.profile.name,
            p.candidate.profile.user,
        ),
    )


def distance(a: str, b: str) -> int:
    """Steps from one unit to another in the tree, by their paths."""
    one, other = a.rstrip("/").split("/"), b.rstrip("/").split("/")
    shared = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        shared += 1
    return len(one) + len(other) - 2 * shared


def _reasons(candidate: Candidate, wanted: Wanted) -> Iterable[Reason]:
    user = candidate.profile.user
    wished_by = {side for side, wished in wanted.wishes.items() if wished == user}
    if wished_by and wished_by >= wanted.sides:
        yield Reason.ALL_WISH
    elif wished_by:
        yield Reason.ONE_WISHES
    if wanted.dispute_type in candidate.profile.expertise:
        yield Reason.EXPERT
    spoken = [plain(language) for language in candidate.profile.languages]
    asked = [plain(language) for language in wanted.languages if plain(language)]
    # Dialects are in people's own words: 闽南话 is asked for, and 会说闽南话 is spoken.
    if asked and all(any(wish in language for language in spoken) for wish in asked):
        yield Reason.SPEAKS
    away = distance(candidate.path, wanted.path)
    if away == 0:
        yield Reason.SAME_UNIT
    elif away <= _NEAR:
        yield Reason.NEAR
    if candidate.load == 0:
        yield Reason.FREE
