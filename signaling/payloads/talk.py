"""Commands of what is said and written in the room."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from server.domain.release import ReleaseKind
from signaling.payloads.base import Command, Id, Payload

Text = Annotated[str, Field(max_length=8000)]
Version = Annotated[int, Field(ge=0, le=1_000_000)]


class Say(Command):
    """`to`: from a host, the seat in whose lobby it is to be read. Else `space`: the one it was
    typed in; whoever is in another one by then has to read it again first."""

    text: Text
    to: Id | None = None
    space: Id | None = None


class TakeNote(Command):
    """`space`: the one it was typed in."""

    text: Text
    space: Id


class StrikeNote(Command):
    note: Id


class AskRelease(Command):
    kind: ReleaseKind
    thing: Id


class AnswerRelease(Command):
    kind: ReleaseKind
    thing: Id
    yes: bool


class AgendaItem(Payload):
    text: Annotated[str, Field(max_length=1000)]
    done: bool


class WriteAgenda(Command):
    """`version`: the one that was changed; 0 before anything was written."""

    version: Version
    items: Annotated[list[AgendaItem], Field(max_length=100)]


class WriteMinutes(Command):
    """Likewise."""

    version: Version
    text: Annotated[str, Field(max_length=100_000)]
