"""Note 笔记: what staff write down in a case, and who reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from server.domain.ids import NoteId, UserId
from server.domain.text import checked_lines

BODY_LENGTH = 5000


class NoteKind(StrEnum):
    NOTE = "note"
    CALL = "call"
    VISIT = "visit"
    MESSAGE = "message"


CONTACTS = frozenset({NoteKind.CALL, NoteKind.VISIT, NoteKind.MESSAGE})
"""Somebody was spoken or written to."""


class Readers(StrEnum):
    CASE = "case"
    """All who read the case."""
    HANDLERS = "handlers"
    """Those who handle it, and who wrote it."""
    OWN = "own"
    """Who wrote it, and nobody else."""


@dataclass(frozen=True, slots=True)
class Note:
    """`body` is sealed where it is kept. Struck out it stays, and is read as struck out.

    `by` is None for what a party said by the status page.
    """

    id: NoteId
    kind: NoteKind
    readers: Readers
    body: str
    by: UserId | None
    at: datetime
    struck_at: datetime | None = None

    def may_read(self, user: UserId, handlers: frozenset[UserId]) -> bool:
        """Of somebody who may read the case."""
        match self.readers:
            case Readers.CASE:
                return True
            case Readers.HANDLERS:
                return user in handlers or user == self.by
            case Readers.OWN:
                return user == self.by

    def may_strike(self, user: UserId) -> bool:
        """Of somebody who may read it: whoever wrote it, and what is for all who read the case,
        anybody who works on it.
        """
        return self.struck_at is None and (user == self.by or self.readers is Readers.CASE)


def checked_body(typed: str) -> str:
    """Raises Refused: note_missing, note_unusable."""
    return checked_lines(typed, BODY_LENGTH, "note_missing", "note_unusable")
