"""Message 消息: words written in a space, for those who are in it at that moment (rule 3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from server.domain.errors import Refused
from server.domain.ids import MessageId, SeatId, SpaceId
from server.domain.seat import Seat
from server.domain.session import Session
from server.domain.space import SpaceKind
from server.domain.text import checked_lines

BODY_LENGTH = 2000


@dataclass(frozen=True, slots=True)
class Message:
    """`body` is sealed where it is kept. `to_lobby`: the seat in whose lobby it was written; only
    that seat and the hosts read it."""

    id: MessageId
    space: SpaceId
    kind: SpaceKind
    by: SeatId
    body: str
    at: datetime
    to_lobby: SeatId | None = None


@dataclass(frozen=True, slots=True)
class Addressed:
    """Where words go, and who reads them, now and later."""

    space: SpaceId
    kind: SpaceKind
    to_lobby: SeatId | None
    readers: frozenset[SeatId]


def checked_body(typed: str) -> str:
    """Raises Refused: message_missing, message_unusable."""
    return checked_lines(typed, BODY_LENGTH, "message_missing", "message_unusable")


def address(
    session: Session, by: SeatId, to: SeatId | None, written_for: SpaceId | None
) -> Addressed:
    """From this seat to its own space; from a host also to the lobby in which `to` waits.

    `written_for`: the space that the words were typed in, or the lobby they were typed for. Who
    was moved meanwhile must read them again first, for now they would be read by others; and who
    waits there by now may be somebody else. Who waits in a lobby writes to the hosts.
    Raises Refused.
    """
    seat = session.connected(by)
    waiting = session.host(by) and session.seat(to) if to is not None else seat
    if waiting.space != written_for:
        raise Refused("moved_meanwhile" if to is None else "not_waiting")
    space = session.space_of(waiting)
    if space is None:
        raise Refused("not_here")
    if to is not None and space.kind is not SpaceKind.LOBBY:
        raise Refused("not_waiting")
    here = {s.id for s in session.members(space.id) if s.present}
    if space.kind is not SpaceKind.LOBBY:
        return Addressed(space.id, space.kind, None, frozenset(here))
    # Also those who are still to come: what was asked of them before is there when they are.
    hosts = {s.id for s in session.seats.values() if s.chair}
    return Addressed(space.id, space.kind, waiting.id, frozenset({waiting.id} | hosts))


def may_read(seat: Seat, message: Message) -> bool:
    """Of a seat that it reached. Who waits reads the words of this very wait and no others: with
    the link in wrong hands, whoever waits here is not the person they were for."""
    return seat.admitted or message.space == seat.space
