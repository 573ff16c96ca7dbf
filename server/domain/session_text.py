"""Session text: what is written on in a meeting: the agenda 议程, and the minutes 笔录."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from server.domain.errors import Refused
from server.domain.ids import SeatId, SessionId
from server.domain.seat import Role, Seat
from server.domain.session import Session
from server.domain.space import SpaceKind
from server.domain.text import checked_text, shown

ITEMS = 30
ITEM_LENGTH = 200
MINUTES_LENGTH = 50_000
ONE_SITTING = timedelta(minutes=1)
"""What one hand saves within this time is one version, or autosaving would keep thousands."""


class TextKind(StrEnum):
    AGENDA = "agenda"
    MINUTES = "minutes"


@dataclass(frozen=True, slots=True)
class Item:
    """Something to be talked about."""

    text: str
    done: bool


@dataclass(frozen=True, slots=True)
class SessionText:
    """One version. `body` is sealed where it is kept; `begun_at`: when this version was."""

    id: str
    session: SessionId
    kind: TextKind
    version: int
    body: str
    by: SeatId
    at: datetime
    begun_at: datetime


def checked_items(items: Sequence[Item]) -> list[Item]:
    """Tidied. Raises Refused: agenda_unusable."""
    if len(items) > ITEMS:
        raise Refused("agenda_unusable")
    return [
        Item(checked_text(item.text, ITEM_LENGTH, "agenda_unusable", "agenda_unusable"), item.done)
        for item in items
    ]


def checked_minutes(typed: str) -> str:
    """As it was typed, without what can't be seen or kept; it may be empty. Raises Refused."""
    text = shown(typed.replace("\r\n", "\n").replace("\r", "\n"), also="\n\t")
    if len(text) > MINUTES_LENGTH:
        raise Refused("minutes_too_long")
    return text


def writes_minutes(seat: Seat) -> bool:
    """A clerk, or a host."""
    return seat.hosting or (seat.role is Role.CLERK and seat.admitted and seat.claim_of is None)


def writer(session: Session, by: SeatId) -> Seat:
    """This seat, if it is connected and keeps the minutes. Raises Refused."""
    seat = session.connected(by)
    if not writes_minutes(seat):
        raise Refused("not_writer")
    return seat


def may_read(session: Session, seat: Seat, kind: TextKind) -> bool:
    """The agenda is everybody's while they are in the joint space, and the hosts' always; the
    minutes are for those who keep them."""
    if seat.hosting or kind is TextKind.MINUTES:
        return writes_minutes(seat)
    return seat.admitted and session.kind_of(seat) is SpaceKind.JOINT


def readers(session: Session, kind: TextKind) -> list[SeatId]:
    """Who has it before them now."""
    return [s.id for s in session.seats.values() if s.present and may_read(session, s, kind)]


def next_version(newest: SessionText | None, seen: int) -> int:
    """The number of a version written by who had `seen` before them (0: none). Raises Refused."""
    have = newest.version if newest else 0
    if seen != have:
        raise Refused("edited_meanwhile")
    return have + 1


def replaces(newest: SessionText | None, by: SeatId, now: datetime) -> bool:
    """Whether what this seat writes now belongs to the version it has just begun."""
    return newest is not None and newest.by == by and now - newest.begun_at < ONE_SITTING
