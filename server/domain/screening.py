"""Screening 会前了解: what a mediator learns from one side alone before the first meeting.

It is asked and kept per side, is read by nobody but the mediators of the case, and is never
changed: learning more adds another one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from server.domain.errors import Refused
from server.domain.text import checked_lines, checked_text

LINE_LENGTH = 200
NOTES_LENGTH = 3000


class Told(StrEnum):
    """What was said to a question about safety."""

    NOT_ASKED = "not_asked"
    NO = "no"
    UNSURE = "unsure"
    YES = "yes"


class Capacity(StrEnum):
    NOT_ASKED = "not_asked"
    FULL = "full"
    HELPED = "helped"
    """Understands with somebody's help."""
    DOUBTFUL = "doubtful"


class Authority(StrEnum):
    NOT_ASKED = "not_asked"
    OWN = "own"
    """Decides alone."""
    ASKS = "asks"
    """Has to ask somebody first."""
    NONE = "none"


class Equipment(StrEnum):
    NOT_ASKED = "not_asked"
    OWN = "own"
    HELPED = "helped"
    PUBLIC_PLACE = "public_place"
    """Has none: needs a public place that has it, or another time."""


class Advice(StrEnum):
    """What follows from an answer, told to the mediator."""

    SHUTTLE = "shuttle"
    POLICE = "police"
    ASK_AGAIN = "ask_again"
    GUARDIAN = "guardian"
    AUTHORISE = "authorise"
    PLACE = "place"
    INTERPRETER = "interpreter"
    ALONE = "alone"


@dataclass(frozen=True, slots=True)
class Screening:
    """`decides`: who has to be asked before settling. `nearby`: who can hear this person.

    `shuttle_only` is the mediator's decision, whatever the answers advise.
    """

    violence: Told = Told.NOT_ASKED
    threats: Told = Told.NOT_ASKED
    pressure: Told = Told.NOT_ASKED
    capacity: Capacity = Capacity.NOT_ASKED
    authority: Authority = Authority.NOT_ASKED
    decides: str = ""
    language: str = ""
    interpreter: bool = False
    nearby: str = ""
    equipment: Equipment = Equipment.NOT_ASKED
    code_word: str = ""
    notes: str = ""
    shuttle_only: bool = False


def checked(screening: Screening) -> Screening:
    """The same, tidied. Raises Refused: line_unusable, notes_unusable."""
    lines = {
        name: _line(getattr(screening, name))
        for name in ("decides", "language", "nearby", "code_word")
    }
    return Screening(**(asdict(screening) | lines | {"notes": _notes(screening.notes)}))


def read(kept: Mapping[str, Any]) -> Screening:
    """From what was kept of one; what was not asked then is not asked."""
    kinds: dict[str, type[StrEnum]] = {
        "violence": Told,
        "threats": Told,
        "pressure": Told,
        "capacity": Capacity,
        "authority": Authority,
        "equipment": Equipment,
    }
    known: dict[str, Any] = dict(kept)
    return Screening(**(known | {n: kind(known[n]) for n, kind in kinds.items() if n in known}))


def advice(screening: Screening) -> Iterable[Advice]:
    """The gravest first."""
    unsafe = (screening.violence, screening.threats, screening.pressure)
    if Told.YES in unsafe and not screening.shuttle_only:
        yield Advice.SHUTTLE
    if screening.violence is Told.YES:
        yield Advice.POLICE
    if Told.UNSURE in unsafe:
        yield Advice.ASK_AGAIN
    if screening.capacity in (Capacity.HELPED, Capacity.DOUBTFUL):
        yield Advice.GUARDIAN
    if screening.authority in (Authority.ASKS, Authority.NONE):
        yield Advice.AUTHORISE
    if screening.equipment is Equipment.PUBLIC_PLACE:
        yield Advice.PLACE
    if screening.interpreter:
        yield Advice.INTERPRETER
    if screening.nearby:
        yield Advice.ALONE


def _line(typed: str) -> str:
    return checked_text(typed, LINE_LENGTH, "", "line_unusable") if typed.strip() else ""


def _notes(typed: str) -> str:
    if not typed.strip():
        return ""
    try:
        return checked_lines(typed, NOTES_LENGTH, "", "notes_unusable")
    except Refused:
        raise Refused("notes_unusable") from None
