"""Conflicts of interest, as far as names tell: asked before anybody is given a matter.

A name is not a person, so what is found is a question, and the mediator's own word comes on top.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum


class Ground(StrEnum):
    SAME_NAME = "same_name"
    """A party or representative has their very name."""
    OWN_UNIT = "own_unit"
    """A party is the organisation where they work."""
    COLLEAGUE = "colleague"
    """A party or representative has the name of somebody at their unit."""
    REPRESENTED = "represented"
    """Somebody of their name spoke for one of these people in another matter."""
    ADVISED = "advised"
    """They advised one of these people in a consultation."""
    HANDLED = "handled"
    """They have handled a mediation of one of these people: to be told, and no more."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """`name`: of whom, as it is written in this matter."""

    ground: Ground
    name: str

    @property
    def serious(self) -> bool:
        return self.ground is not Ground.HANDLED


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one mediator: `colleagues` by name; `before` from other matters."""

    name: str
    unit: str
    colleagues: Collection[str] = ()
    before: Collection[tuple[Ground, str]] = ()


def conflicts(known: Known, people: Iterable[str]) -> tuple[Conflict, ...]:
    """What the names of parties and representatives say against this mediator."""
    colleagues = {plain(name) for name in known.colleagues}
    before: dict[str, list[Ground]] = {}
    for ground, name in known.before:
        before.setdefault(plain(name), []).append(ground)
    found: dict[Conflict, None] = {}
    for person in people:
        name = plain(person)
        if name == plain(known.name):
            found[Conflict(Ground.SAME_NAME, person)] = None
        elif name in colleagues:
            found[Conflict(Ground.COLLEAGUE, person)] = None
        if name == plain(known.unit):
            found[Conflict(Ground.OWN_UNIT, person)] = None
        for ground in before.get(name, ()):
            found[Conflict(ground, person)] = None
    return tuple(found)


def serious(found: Iterable[Conflict]) -> bool:
    """Whether somebody is not to be given the matter on the names alone."""
    return any(conflict.serious for conflict in found)


def plain(name: str) -> str:
    """As names are compared: width, case, spaces and points between them don't count."""
    return "".join(c for c in unicodedata.normalize("NFKC", name).casefold() if c.isalnum())
