"""Commands by which people come, go, and are moved."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from server.domain.consent import Purpose
from server.domain.result import ResultKind
from server.domain.seat import Ask
from server.domain.session import Destination
from signaling.payloads.base import Command, Id


class SayName(Command):
    name: Annotated[str, Field(max_length=400)]


class GiveConsent(Command):
    """`hash` is that of the very text that was on the screen; `person`: who of those beside agrees,
    empty for the one whose seat it is."""

    purpose: Purpose
    hash: Annotated[str, Field(max_length=80)]
    person: Annotated[str, Field(max_length=200)] = ""


class WithdrawConsent(Command):
    purpose: Purpose


class AskHost(Command):
    ask: Ask
    on: bool


class AnswerAsk(Command):
    seat: Id
    ask: Ask


class Move(Command):
    """An empty list with `joint` brings everyone admitted back."""

    seats: Annotated[list[Id], Field(max_length=100)]
    to: Destination


class End(Command):
    """`until`: an ISO date, with `adjourned` only."""

    result: ResultKind
    reason: Annotated[str, Field(max_length=4000)]
    until: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")] | None = None
