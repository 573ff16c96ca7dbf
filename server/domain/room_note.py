"""Room note 笔记: what a host writes down in a space, for hosts who are in one of that scope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from server.domain.errors import Refused
from server.domain.ids import RoomNoteId, SeatId, SessionId
from server.domain.release import Release, scope
from server.domain.session import Session
from server.domain.text import checked_lines

BODY_LENGTH = 2000


@dataclass(frozen=True, slots=True)
class RoomNote:
    """`body` is sealed where it is kept. `scope`: whose privacy it belongs to (`release.scope`)."""

    id: RoomNoteId
    session: SessionId
    scope: str
    by: SeatId
    body: str
    at: datetime
    struck_at: datetime | None = None
    release: Release = Release.KEEP
    answered_at: datetime | None = None


def checked_body(typed: str) -> str:
    """Raises Refused: note_missing, room_note_unusable."""
    return checked_lines(typed, BODY_LENGTH, "note_missing", "room_note_unusable")


def scope_of(session: Session, by: SeatId) -> str:
    """Whose notes a host has before them: those of the space they are in now. Raises Refused."""
    session.host(by)
    _, space = session.inside(by)
    return scope(session, space)


def may_read(note: RoomNote, here: str) -> bool:
    """Of a host who is in a space of scope `here`. In the joint one, what a side has released too;
    in private nothing of anybody else's, whoever wrote it."""
    if note.scope == here:
        return True
    return here == "" and note.release is Release.RELEASED and note.struck_at is None


def strike(note: RoomNote, here: str) -> None:
    """It stays, struck out. What a side was asked about, or has agreed to, stays as it was asked.

    Raises Refused.
    """
    if note.scope != here:
        raise Refused("no_such_note")
    if note.release in (Release.ASKED, Release.RELEASED):
        raise Refused("words_fixed")
