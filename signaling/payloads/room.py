"""Commands of the room: its door, its calm, its chairs, and what everybody looks at."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from signaling.payloads.base import Command, Id

Minutes = Annotated[int, Field(ge=1, le=120)]
Names = Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=10)]


class TellBeside(Command):
    """Who is beside the person at this seat; an empty list says that nobody is."""

    names: Names


class AnswerBeside(Command):
    """Whether those at that seat's device, by the names that were shown, may stay."""

    seat: Id
    names: Names
    yes: bool


class Knock(Command):
    space: Id


class Pause(Command):
    minutes: Minutes


class Promise(Command):
    seats: Annotated[list[Id], Field(min_length=1, max_length=100)]
    minutes: Minutes


class Show(Command):
    """`exhibit` null puts away what is shown."""

    exhibit: Id | None
    page: Annotated[int, Field(ge=1, le=10_000)] = 1
